"""Faults of inputs and records: columns that do not match, cells and rows that are refused.

Those about single cells and rows (from RC510) are the reasons of quarantined rows; those about whole tables
end the run.
"""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

# --- columns of a table ---------------------------------------------------------------------------

MISSING_COLUMN: Final = Code(
    id="RC501",
    message=N_("the input has no column {column} (field {field})"),
    hint=N_("the columns are: {columns}"),
)
AMBIGUOUS_COLUMN: Final = Code(
    id="RC502",
    message=N_("{count} columns of the input are the field {field}: {columns}"),
    hint=N_("leave one of them, or name the right one in the field's column"),
)
ABSENT_OPTIONAL_COLUMN: Final = Code(
    id="RC503",
    message=N_("the input has no column {column} (field {field}): every cell of it counts as blank"),
    hint=N_("add the column, or leave it as it is if blank is what you mean"),
    severity="warning",
)
UNUSED_COLUMNS: Final = Code(
    id="RC504",
    message=N_("columns of the input that no field uses: {columns}"),
    hint="",
    severity="note",
)
UNKNOWN_DATA: Final = Code(
    id="RC505",
    message=N_("records cannot be read from a value of type {type}"),
    hint=N_(
        "give a Polars, pandas or Arrow frame, a list of mappings, or a mapping of columns of equal length"
    ),
)
AMBIGUOUS_KEYS: Final = Code(
    id="RC506",
    message=N_("{count} keys of the record are the field {field}: {columns}"),
    hint=N_("give only one of them"),
)
MISSING_KEY: Final = Code(
    id="RC507",
    message=N_("the record has no value for {column} (field {field})"),
    hint=N_("the keys of the record are: {columns}"),
)

# --- cells ----------------------------------------------------------------------------------------

BLANK: Final = Code(
    id="RC510",
    message=N_("{column} is blank"),
    hint=N_("fill it in, or let the policy say what blank means (missing = …)"),
)
NOT_A_NUMBER: Final = Code(
    id="RC511",
    message=N_("{column}: {value} is not a number"),
    hint=N_("write digits with a point, such as 1234.5; 1,234.5 and 95% are read too"),
)
BAD_GROUPING: Final = Code(
    id="RC512",
    message=N_("{column}: the separators in {value} do not stand before groups of three digits"),
    hint=N_("write 1,234,567 or 1234567; the decimal point is a full stop"),
)
EXCESS_DIGITS: Final = Code(
    id="RC513",
    message=N_("{column}: {value} has more than {decimals} decimals"),
    hint=N_("correct the number, or let the policy round it (excess_digits = …)"),
)
NOT_WHOLE: Final = Code(
    id="RC514",
    message=N_("{column}: {value} is not a whole number"),
    hint=N_("correct the number, or declare decimals for the field"),
)
BELOW_MINIMUM: Final = Code(
    id="RC515",
    message=N_("{column}: {value} is below the minimum {bound}"),
    hint="",
)
ABOVE_MAXIMUM: Final = Code(
    id="RC516",
    message=N_("{column}: {value} is above the maximum {bound}"),
    hint="",
)
NOT_A_FLAG: Final = Code(
    id="RC517",
    message=N_("{column}: {value} is neither {true} nor {false}"),
    hint="",
)
NOT_A_DATE: Final = Code(
    id="RC518",
    message=N_("{column}: {value} is not a date"),
    hint=N_("write 2024-03-01, 2024/3/1, 2024年3月1日 or 20240301"),
)
TIME_OF_DAY: Final = Code(
    id="RC519",
    message=N_("{column}: {value} has a time of day where a date is wanted"),
    hint=N_("leave the time out"),
)
AMBIGUOUS_DATE: Final = Code(
    id="RC520",
    message=N_("{column}: {value} may be a year or month as well as a spreadsheet's day number"),
    hint=N_("write the whole date, such as 2024-03-01"),
)
NO_SUCH_DAY: Final = Code(
    id="RC521",
    message=N_("{column}: day number 60 is 1900-02-29, a day that only spreadsheets know"),
    hint=N_("write the date itself"),
)
NOT_AMONG_VALUES: Final = Code(
    id="RC522",
    message=N_("{column}: {value} is not one of {allowed}"),
    hint="",
)
CONTROL_CHARACTER: Final = Code(
    id="RC523",
    message=N_("{column}: {value} holds the invisible character {character}"),
    hint=N_("remove the character"),
)
TOKEN_NOT_ALLOWED: Final = Code(
    id="RC524",
    message=N_("{column}: {value} means not applicable, which the field does not allow"),
    hint=N_('give a value, or declare missing = "not_applicable" or not_applicable = […] for the field'),
)
WRONG_KIND: Final = Code(
    id="RC525",
    message=N_("{column}: {value} is a value of type {found}, not {expected}"),
    hint="",
)
UNFIT_DEFAULT: Final = Code(
    id="RC526",
    message=N_("{column} is blank, and its default {default} does not fit the field's own declaration"),
    hint=N_("correct missing, decimals, min or max of the field in the policy"),
)

# --- rows -----------------------------------------------------------------------------------------

DUPLICATE_ENTITY: Final = Code(
    id="RC530",
    message=N_("{entity} stands more than once: also in row {rows}"),
    hint=N_("leave one row for each entity and period"),
)
DUPLICATE_ENTITY_IN_PERIOD: Final = Code(
    id="RC531",
    message=N_("{entity} stands more than once in period {period}: also in row {rows}"),
    hint=N_("leave one row for each entity and period"),
)
NO_ENTITY: Final = Code(
    id="RC532",
    message=N_("{column} is not applicable or blank, but names the record"),
    hint=N_("every record needs an entity, and a period where the policy has one"),
)

# --- which policy ---------------------------------------------------------------------------------

NO_POLICY: Final = Code(
    id="RC540",
    message=N_("no policy applies to {entity} ({seen})"),
    hint=N_("check applies_to of the policies, or correct the record"),
)
NOT_EFFECTIVE: Final = Code(
    id="RC541",
    message=N_("no policy is effective for {entity} in {period}; nearest: {near}"),
    hint=N_("add the version for that period, or correct the period"),
)
SEVERAL_POLICIES: Final = Code(
    id="RC542",
    message=N_("{count} policies apply to {entity} ({seen}): {policies}"),
    hint=N_("make applies_to or effective of the policies exclude each other"),
)
UNREADABLE_PERIOD: Final = Code(
    id="RC543",
    message=N_("the period of {entity} cannot be read: {value}"),
    hint=N_("write a year (2024), quarter (2024Q1), month (2024-03) or date (2024-03-01)"),
)

# --- the policy's own conditions ------------------------------------------------------------------

RECORD_REFUSED: Final = Code(
    id="RC550",
    message=N_("the policy {policy} refuses this record: {reason}"),
    hint=N_("correct the record; the condition is in [record] refuse of the policy"),
)
