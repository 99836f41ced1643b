"""Issues on records: why a value became not applicable while scoring (RC7xx). They stand in results, not in errors."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

_LOOK = N_("Look at the rule in 'rulecore explain' for this record; decide in the policy what holds then.")

DIVISION_BY_ZERO = Code(id="RC701", message=N_("{rule}: division by zero"), hint=_LOOK, severity="warning")
OUTSIDE_DOMAIN = Code(
    id="RC702",
    message=N_("{rule}: logarithm or root of a number that has none"),
    hint=_LOOK,
    severity="warning",
)
CANNOT_ROUND = Code(
    id="RC703",
    message=N_("{rule}: the rounding cannot be decided with 6,000 bits of precision"),
    hint=_LOOK,
    severity="warning",
)
NO_ROW = Code(id="RC704", message=N_("{rule}: no row of its table fits"), hint=_LOOK, severity="warning")
SEVERAL_ROWS = Code(
    id="RC705", message=N_("{rule}: several rows of its table fit"), hint=_LOOK, severity="warning"
)
ROWS_DISAGREE = Code(
    id="RC706",
    message=N_("{rule}: the rows of its table that fit give different results"),
    hint=_LOOK,
    severity="warning",
)
FULL_TIE = Code(
    id="RC707", message=N_("{rule}: a full tie leaves the rank undecided"), hint=_LOOK, severity="warning"
)
NEEDS_COHORT = Code(
    id="RC708",
    message=N_("{rule}: one record alone has no cohort to be compared with"),
    hint=N_("Evaluate the record together with the others: policy.evaluate(records)."),
    severity="warning",
)
OTHER_ISSUE = Code(id="RC709", message=N_("{rule}: {reason}"), hint=_LOOK, severity="warning")

OUTSIDE_BANDS = Code(
    id="RC710", message=N_("{rule}: the value lies outside all bands"), hint=_LOOK, severity="warning"
)
NOT_IN_ORDER = Code(
    id="RC711", message=N_("{rule}: the grade is not in the stated order"), hint=_LOOK, severity="warning"
)
TOO_FEW_APPLICABLE = Code(
    id="RC712", message=N_("{rule}: too few of its parts are applicable"), hint=_LOOK, severity="warning"
)

NOT_A_NUMBER = Code(
    id="RC713", message=N_("{rule}: a text that should be a number is none"), hint=_LOOK, severity="warning"
)

OUTSIDE_CALENDAR = Code(
    id="RC714", message=N_("{rule}: a date outside the years 1 to 9999"), hint=_LOOK, severity="warning"
)

DIFFERENT_NEIGHBOURS = Code(
    id="RC715",
    message=N_("{rule}: several records stand at the place it looks at, with different values"),
    hint=N_("Order the records by a further value, so that no two of them are equal."),
    severity="warning",
)

ALL_ALIKE = Code(
    id="RC718",
    message=N_("{rule}: the records do not differ, so none is nearer to the best than another"),
    hint=_LOOK,
    severity="warning",
)

NO_VOTES = Code(id="RC716", message=N_("{rule}: nobody was there to vote"), hint=_LOOK, severity="warning")

MERGED_ENTITY = Code(
    id="RC720",
    message=N_("{rule}: the entity was made of several, so its earlier value is not known"),
    hint=N_("Decide what holds for a merged entity, and say so in the records or in the policy."),
    severity="warning",
)
REFUSED_BEFORE = Code(
    id="RC721",
    message=N_("{rule}: the record of the earlier period was refused, so it has no value"),
    hint=N_("Put the record of that period right, run that period again, and give its results."),
    severity="warning",
)
NEEDS_HISTORY = Code(
    id="RC722",
    message=N_("{rule}: one record alone has no history to look back at"),
    hint=N_("Evaluate it with its history: policy.evaluate(records, history=FILES)."),
    severity="warning",
)
NO_TRANSITION = Code(
    id="RC723",
    message=N_("{rule}: no transition leads on from the state of the period before"),
    hint=_LOOK,
    severity="warning",
)
UNKNOWN_STATE = Code(
    id="RC724",
    message=N_("{rule}: the state of the period before is not known"),
    hint=_LOOK,
    severity="warning",
)
HISTORY_GAP = Code(
    id="RC725",
    message=N_("{rule}: there are earlier periods, but not the one just before"),
    hint=N_("Give the results of the period just before, or say in the policy what follows from a gap."),
    severity="warning",
)

BY_REASON: Final = {
    "division_by_zero": DIVISION_BY_ZERO,
    "outside_domain": OUTSIDE_DOMAIN,
    "cannot_round": CANNOT_ROUND,
    "no_row": NO_ROW,
    "several_rows": SEVERAL_ROWS,
    "rows_disagree": ROWS_DISAGREE,
    "full_tie": FULL_TIE,
    "needs_cohort": NEEDS_COHORT,
    "merged_entity": MERGED_ENTITY,
    "refused_before": REFUSED_BEFORE,
    "needs_history": NEEDS_HISTORY,
    "no_transition": NO_TRANSITION,
    "unknown_state": UNKNOWN_STATE,
    "history_gap": HISTORY_GAP,
    "outside_bands": OUTSIDE_BANDS,
    "not_in_order": NOT_IN_ORDER,
    "too_few_applicable": TOO_FEW_APPLICABLE,
    "not_a_number": NOT_A_NUMBER,
    "different_neighbours": DIFFERENT_NEIGHBOURS,
    "outside_calendar": OUTSIDE_CALENDAR,
    "no_votes": NO_VOTES,
    "all_alike": ALL_ALIKE,
}


def issue_code(reason: str) -> Code:
    """Return the code of a reason; reasons of plugins have the general one."""
    return BY_REASON.get(reason, OTHER_ISSUE)
