"""Detail tables: what can be wrong with their declaration, with expressions over them, and with their rows."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

# --- the declaration ------------------------------------------------------------------------------

UNKNOWN_PARENT: Final = Code(
    id="RC167",
    message=N_("{name} is no table that rows of {table} can belong to"),
    hint=N_("tables: {known}; leave parent out where the rows belong to the record"),
)
ROW_FIELD: Final = Code(
    id="RC168",
    message=N_("{key} of table {table}: {reason}"),
    hint=N_("row names the field that tells the rows of one record apart; complete needs its values"),
)
TABLE_KEY: Final = Code(
    id="RC169",
    message=N_("{name} does not say which record a row of {table} belongs to"),
    hint=N_("key may give the headers of: {known}"),
)
ROW_LIMITS: Final = Code(
    id="RC172",
    message=N_("table {table} allows from {low} to {high} rows a record"),
    hint=N_("at_least is 0 or more, at_most at least 1 and no less than at_least, and no more than {limit}"),
)
TABLE_SOURCE: Final = Code(
    id="RC173",
    message=N_("the rows of {table} cannot be read: {reason}"),
    hint=N_('source = "records" means that each row of the records\' own file is one row of the table'),
)

# --- expressions ----------------------------------------------------------------------------------

NO_SUCH_TABLE: Final = Code(
    id="RC333",
    message=N_("{table} is no detail table of these records"),
    hint=N_("tables: {known}"),
)
MANY_VALUES: Final = Code(
    id="RC334",
    message=N_("{name} has a value in every row of {table}, and here one value is needed"),
    hint=N_("say what to make of the rows: sum({name}), first({name} where …); functions: {known}"),
)
SEVERAL_TABLES: Final = Code(
    id="RC335",
    message=N_("{function} is over rows of one table, and this names several: {tables}"),
    hint=N_("work out what is needed of the one table in a rule of its own"),
)

# --- sources --------------------------------------------------------------------------------------

UNKNOWN_TABLE: Final = Code(
    id="RC028",
    message=N_("no policy has a detail table {table} with a file of its own"),
    hint=N_("tables that need a file: {known}"),
)
TABLE_WITHOUT_FILE: Final = Code(
    id="RC029",
    message=N_("the rows of the detail table {table} are not given"),
    hint=N_("give them with --table {table}=FILE, or tables= in Python"),
)

TABLES_BY_NAME: Final = Code(
    id="RC027",
    message=N_("the detail tables are given as {found}, so it is not known which is which"),
    hint=N_('give each under its name: tables={{"votes": "votes.csv"}}'),
)
TABLE_FILE_TWICE: Final = Code(
    id="RC039",
    message=N_("{file} is given twice for the detail table {table}: each of its rows would count twice"),
    hint=N_("name each file once"),
)

# --- rows -----------------------------------------------------------------------------------------

ORPHAN_ROW: Final = Code(
    id="RC560",
    message=N_("no record is called {entity}, so this row of {table} belongs to none"),
    hint=N_("correct the name, or add the record"),
)
TOO_FEW_ROWS: Final = Code(
    id="RC561",
    message=N_("{entity} has {count} rows of {table}, and at least {least} are needed"),
    hint=N_("add the rows; a policy that allows none says at_least = 0"),
)
TOO_MANY_ROWS: Final = Code(
    id="RC562",
    message=N_("{entity} has {count} rows of {table}, and at most {most} are allowed"),
    hint=N_("remove what does not belong there, or let the policy allow more (at_most)"),
)
ROW_TWICE: Final = Code(
    id="RC563",
    message=N_("{entity} has the row {row} of {table} several times: rows {rows}"),
    hint=N_("keep one of them"),
)
ROW_LACKING: Final = Code(
    id="RC564",
    message=N_("{entity} lacks rows of {table}: {lacking}"),
    hint=N_("add them; every one is needed (complete = true)"),
)
DIFFERS_WITHIN_RECORD: Final = Code(
    id="RC565",
    message=N_(
        "{entity} has different values of {column} in its rows: {first} (row {row}), {other} (row {other_row})"
    ),
    hint=N_("a value of the record itself must be the same in all of its rows"),
)
OTHER_ROW_REFUSED: Final = Code(
    id="RC566",
    message=N_("{entity} is refused because of {where}"),
    hint=N_("a record is scored with all of its rows or not at all: correct that first"),
)
MALFORMED_ROWS: Final = Code(
    id="RC567",
    message=N_("what {entity} has under {table} is no list of rows"),
    hint=N_("give a list of mappings, one for each row; an empty list where there are none"),
)
