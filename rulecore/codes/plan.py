"""Faults found when a policy is compiled: scorers, dependencies, and what cannot be shown (RC142–145, RC41x)."""

from __future__ import annotations

from rulecore.errors import Code
from rulecore.language import N_

UNKNOWN_SCORER = Code(
    id="RC142",
    message=N_("unknown scorer {scorer}"),
    hint=N_("Known scorers: {known}. Is its plugin installed, or its folder given with --plugins-dir?"),
)
CYCLE = Code(
    id="RC143",
    message=N_("these rules need one another in a circle: {circle}"),
    hint=N_("Break the circle: one of them must be computed from fields or other rules."),
)
SCORER_FAILED = Code(
    id="RC144",
    message=N_("the scorer {scorer} of {origin} failed while making its expression: {error}"),
    hint=N_("This is a fault of the plugin. Tell its author, with this message and the rule."),
)
ROUNDING_NEEDS_NUMBER = Code(
    id="RC145",
    message=N_("{rule} gives a {found}, so it cannot be rounded"),
    hint=N_("Take 'decimals' and 'step' off this rule."),
)
DECIMALS_NEEDED = Code(
    id="RC410",
    message=N_("{column} has no fixed number of decimals, so it cannot be shown exactly"),
    hint=N_('Say how it is shown: {{ of = "{column}", decimals = 2 }}, or give the rule itself decimals.'),
)
TOO_LARGE_TO_SHOW = Code(
    id="RC411",
    message=N_("{column} could be larger than 128 bits can hold, so it cannot be a result"),
    hint=N_("Give its fields min and max, or keep it within bounds with clip()."),
)
SHOWN_DECIMALS_NEED_NUMBER = Code(
    id="RC412",
    message=N_("{column} is a {found}, so it has no decimals to show"),
    hint=N_("Take 'decimals' off this column."),
)
COHORT_IN_REFUSAL = Code(
    id="RC413",
    message=N_("whether a record is refused cannot depend on other records"),
    hint=N_(
        "Refusal conditions may use fields and rules of the record itself: refused records are in no cohort."
    ),
)
