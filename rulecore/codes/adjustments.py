"""Adjustments: what can be wrong with how a policy allows them, and with the files in which they are decided."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

# --- the policy -----------------------------------------------------------------------------------

DECLARED_WRONGLY: Final = Code(
    id="RC820",
    message=N_("the adjustment {name} cannot be used as it is written: {reason}"),
    hint=N_("docs/adjustments.md shows what each kind of adjustment may say"),
)
UNKNOWN_RULE: Final = Code(
    id="RC821",
    message=N_("the adjustment {name} is about {rule}, which is not among {known}"),
    hint=N_("name the rule that may be adjusted; a rule of a detail table is written votes.points"),
)
UNFIT_RULE: Final = Code(
    id="RC822",
    message=N_("the rule {rule} cannot be adjusted as {name} says: {reason}"),
    hint=N_("docs/adjustments.md shows which rules each kind of adjustment fits"),
)
LOCKED_RULE: Final = Code(
    id="RC823",
    message=N_("the adjustment {name} would open {key}, which a guardrail of {base} locks"),
    hint=N_(
        "only the policy that locks it may say who adjusts it: ask for the adjustment to be declared there"
    ),
)
UNWAIVABLE_NAMED: Final = Code(
    id="RC824",
    message=N_("the adjustment {name} would waive {reason}, which the policy marks as unwaivable"),
    hint=N_("take it off the list; what is unwaivable holds whoever decides otherwise"),
)

# --- lints ----------------------------------------------------------------------------------------

NOT_SHOWN: Final = Code(
    id="RC270",
    message=N_("the adjustment {name} changes nothing that is shown: no output column comes from {rule}"),
    hint=N_("show the rule in [output], or leave the adjustment out"),
    severity="warning",
)
BEYOND_RANGE: Final = Code(
    id="RC271",
    message=N_("the adjustment {name} allows {allowed}, and the rule {rule} itself can only be {range}"),
    hint=N_("narrow min, max or may_be, unless a committee is meant to go beyond what the rule can give"),
    severity="warning",
)
UNSIGNED: Final = Code(
    id="RC272",
    message=N_("the adjustment {name} asks for no signature"),
    hint=N_("set signatures = 1 or 2: a decision that nobody signed cannot be defended later"),
    severity="warning",
)

# --- the files ------------------------------------------------------------------------------------

COLUMNS: Final = Code(
    id="RC588",
    message=N_("this is not a table of adjustments: {reason}"),
    hint=N_("docs/adjustments.md lists the columns, in Chinese and in English"),
)
INCOMPLETE: Final = Code(
    id="RC589",
    message=N_("the decision {number} is incomplete: {columns} is blank"),
    hint=N_("every decision says who decided, why, when and where it is written down"),
)
UNKNOWN: Final = Code(
    id="RC590",
    message=N_("the decision {number} is about the adjustment {name}, which the policy does not allow"),
    hint=N_("allowed are: {known}"),
)
NO_RECORD: Final = Code(
    id="RC591",
    message=N_("the decision {number} is about {entity}, and {reason}"),
    hint=N_("write the entity, the period and the row as the records do"),
)
QUARANTINED: Final = Code(
    id="RC592",
    message=N_("the decision {number} is about {entity}, whose record was refused: {reason}"),
    hint=N_("mend the record first; what was not scored cannot be adjusted"),
)
OUT_OF_BOUNDS: Final = Code(
    id="RC593",
    message=N_("the decision {number} sets {value}, and {reason}"),
    hint=N_("what a committee may decide stands in [adjustments.{name}] of the policy"),
)
SIGNATURES: Final = Code(
    id="RC594",
    message=N_("the decision {number} is not signed as {name} demands: {reason}"),
    hint=N_("have it signed; the policy says how many different people must sign"),
)
DATE: Final = Code(
    id="RC595",
    message=N_("the decision {number} is dated {date}, and {reason}"),
    hint=N_("write the day of the decision as 2024-12-31"),
)
REVOKES: Final = Code(
    id="RC596",
    message=N_("the decision {number} revokes {revoked}, and {reason}"),
    hint=N_("the column names the number of one earlier decision that is still in force"),
)
TWICE: Final = Code(
    id="RC597",
    message=N_("the decisions {number} and {other} {reason}"),
    hint=N_("revoke one of them: what is in force must be one decision"),
)
UNWAIVABLE: Final = Code(
    id="RC598",
    message=N_("{decision} would lift {reason} of {entity}, which the policy marks as unwaivable"),
    hint=N_("what is unwaivable holds whoever decides otherwise; take the decision out of the file"),
)
TIE: Final = Code(
    id="RC599",
    message=N_("the decision {number} puts {entity} in order, and {reason}"),
    hint=N_("give every record of the tie its place, 1 for the first, each place once"),
)
