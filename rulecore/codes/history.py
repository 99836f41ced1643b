"""Earlier periods and other policies: what can be wrong with asking for them, and with the files they come from."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

# --- the policy -----------------------------------------------------------------------------------

NEEDS_PERIOD: Final = Code(
    id="RC188",
    message=N_("{function}() reads earlier periods, and {reason}"),
    hint=N_(
        "name the field that holds the period in [record] period; where it is a date, say in period_length which "
        '"year", "half_year", "quarter", "month" or "day" it stands for'
    ),
)
PERIOD_LENGTH: Final = Code(
    id="RC189",
    message=N_("period_length says what a date stands for, and {reason}"),
    hint=N_("leave it out: years, half-years, quarters and months are known by how they are written"),
)
UNKNOWN_SOURCE: Final = Code(
    id="RC192",
    message=N_("field {name} cannot be taken from another policy: {reason}"),
    hint=N_(
        'write from = {{ policy = "its name", rule = "its rule", by = {{ its_field = "field_of_this_record" }} }}'
    ),
)
SOURCE_CYCLE: Final = Code(
    id="RC193",
    message=N_("policies need each other's results in a circle: {circle}"),
    hint=N_("take one of these fields from the records instead"),
)

# --- expressions ----------------------------------------------------------------------------------

PREVIOUS_NEEDS_NAME: Final = Code(
    id="RC340",
    message=N_("{function}() needs the name of a rule or field; its value is in the results of that period"),
    hint=N_("make the expression a rule of its own, show it in [output], and name that rule here"),
)
PREVIOUS_IN_TABLE: Final = Code(
    id="RC341",
    message=N_("{function}() cannot look at the rows of a detail table: results keep records, not rows"),
    hint=N_("make what the rows amount to a rule of the record, and look at that rule's earlier value"),
)
PREVIOUS_NOT_SHOWN: Final = Code(
    id="RC342",
    message=N_("the earlier value of {name} cannot be read: the results do not show it whole"),
    hint=N_("add {name} to the columns of [output], with all its decimals"),
)
PREVIOUS_GROWS: Final = Code(
    id="RC343",
    message=N_("the range of {name} depends on its own earlier value, so it has no bounds"),
    hint=N_("say how far it can go: previous({name}, low = 0, high = 100, decimals = 0)"),
)
PREVIOUS_OUTSIDE: Final = Code(
    id="RC344",
    message=N_("{name} may be {found}, but its earlier value is said to be {stated}"),
    hint=N_("let the rule keep within these bounds (clip, decimals), or widen them"),
)
PREVIOUS_BLANK: Final = Code(
    id="RC345",
    message=N_('in the results {name} = "{text}" looks like a {name} that is not applicable'),
    hint=N_("give the column another not_applicable text in [output], or the rule another text"),
)
CONSECUTIVE_NEEDS_RECORD: Final = Code(
    id="RC346",
    message=N_("consecutive() looks at one record's earlier values: ranks and rows cannot be computed again"),
    hint=N_("make the rank or count a rule of its own, show it in [output], and name that rule here"),
)

# --- files ----------------------------------------------------------------------------------------

NO_MANIFEST: Final = Code(
    id="RC570",
    message=N_("{file} has no manifest beside it: nobody can say that it is the result of a run"),
    hint=N_("put {manifest} beside it; 'rulecore run' writes it together with the results"),
)
BROKEN_MANIFEST: Final = Code(
    id="RC571",
    message=N_("{manifest} is not the manifest of a run: {reason}"),
    hint=N_("restore the file that 'rulecore run' wrote"),
)
CHANGED_SINCE: Final = Code(
    id="RC572",
    message=N_("{file} was changed after its run: its SHA-256 is {found}, the manifest has {sealed}"),
    hint=N_("restore the file as it was written; a mistake in it is put right by running that period again"),
)
NOT_IN_MANIFEST: Final = Code(
    id="RC573",
    message=N_("the manifest {manifest} does not speak of {file}"),
    hint=N_("files in it: {known}; keep the name under which the results were written"),
)
OTHER_POLICY: Final = Code(
    id="RC574",
    message=N_("{file} is a result of {found}, not of {name}"),
    hint=N_(
        'give the results of {name}; if the policy was called otherwise then, add [policy] formerly = ["…"]'
    ),
)
HISTORY_COLUMN: Final = Code(
    id="RC575",
    message=N_("{file} has no column {column}, which holds {name}"),
    hint=N_("its columns are: {columns}"),
)
HISTORY_CELL: Final = Code(
    id="RC576",
    message=N_("{column} of {entity} in {period} is {value}, which {name} cannot be today"),
    hint=N_("the policy has changed: let its fields and rules allow what was decided in earlier periods"),
)
TWICE_IN_HISTORY: Final = Code(
    id="RC577",
    message=N_("{entity} has two different results for {period}: {places}"),
    hint=N_("give only the results that stand"),
)
UNREADABLE_HISTORY_PERIOD: Final = Code(
    id="RC578",
    message=N_("{value} is no period that can be counted back from"),
    hint=N_("write periods as 2024, 2024H1, 2024Q1, 2024-03 or, for numbered ones, 1, 2, 3"),
)
OTHER_PERIODS: Final = Code(
    id="RC579",
    message=N_("the records are of {found}, the history of {earlier}: they cannot be counted back"),
    hint=N_("give the history of the same kind of periods"),
)
MAPPING_ROW: Final = Code(
    id="RC580",
    message=N_("row {row} of the mapping: {reason}"),
    hint=N_("a mapping has the columns old, new and, if a name holds only from some period on, from"),
)
NO_HISTORY: Final = Code(
    id="RC581",
    message=N_(
        "{policy} reads earlier periods, and no history was given: what these records do not hold counts as not there"
    ),
    hint=N_("give the results of the earlier periods with --history FILE"),
    severity="warning",
)
HISTORY_UNUSED: Final = Code(
    id="RC582",
    message=N_("no policy of this run reads earlier periods: the history is not used"),
    hint="",
    severity="note",
)
SOURCE_ABSENT: Final = Code(
    id="RC583",
    message=N_("field {name} comes from the policy {policy}, which neither runs here nor was given"),
    hint=N_("run both policies together (a folder of policies), or give its results with --results FILE"),
)
SOURCE_REFUSED: Final = Code(
    id="RC584",
    message=N_("{column} cannot be known: {policy} refused the record of {key}"),
    hint=N_("put that record right first"),
)
SOURCE_COLUMN: Final = Code(
    id="RC585",
    message=N_("the results of {policy} do not show {name}"),
    hint=N_("they show: {known}; add it to that policy's [output]"),
)
SOURCE_TWICE: Final = Code(
    id="RC586",
    message=N_("the results of {policy} hold {key} several times"),
    hint=N_("name in by every field that tells its records apart: {known}"),
)
GIVEN_AND_COMPUTED: Final = Code(
    id="RC587",
    message=N_("{column} stands in the records, and is also computed by {policy}"),
    hint=N_("leave the column out of the records, or the policy out of the run"),
)
