"""Records compared two by two over several criteria: Copeland's score and Condorcet's wins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Final

from rulecore.cohort.criteria import CRITERIA, Criteria, check_criteria, criteria_of, placed
from rulecore.cohort.operands import LARGEST_COHORT, Options
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Unsettled, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

_GIVES: Final[dict[str, Callable[[int, int, int], Fraction]]] = {
    "wins_less_losses": lambda wins, losses, _ties: Fraction(wins - losses),
    "wins_and_half_ties": lambda wins, _losses, ties: Fraction(2 * wins + ties, 2),
    "wins": lambda wins, _losses, _ties: Fraction(wins),
    "losses": lambda _wins, losses, _ties: Fraction(losses),
    "ties": lambda _wins, _losses, ties: Fraction(ties),
}
"""What is told of a record's comparisons, from how many it wins, loses, and leaves undecided."""


def _pairwise(cohort: Cohort) -> Sequence[Value | Unsettled]:
    criteria = criteria_of(cohort)
    if criteria is None:
        return [None] * cohort.size
    if cohort.options["missing"] == "leave_out":
        rows = criteria.complete_rows()
    else:
        rows = [
            row for row, values in enumerate(zip(*criteria.columns, strict=True)) if set(values) != {None}
        ]
    told = _GIVES[str(cohort.options["gives"])]
    return placed(cohort.size, rows, [told(*counts) for counts in _counts(criteria, rows)])


def _counts(criteria: Criteria, rows: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return how many comparisons each row wins, loses and leaves undecided."""
    factor = lcm(*(weight.denominator for weight in criteria.weights))
    weights = [int(weight * factor) for weight in criteria.weights]
    # Whole numbers in the values' order compare much faster than fractions do.
    places = [_places([column[row] for row in rows]) for column in criteria.columns]
    standings = list(zip(*places, strict=True))
    wins, losses = [0] * len(rows), [0] * len(rows)
    for first, second in combinations(range(len(rows)), 2):
        lead = 0
        for one, other, weight in zip(standings[first], standings[second], weights, strict=True):
            if one and other and one != other:
                lead += weight if one > other else -weight
        if lead:
            winner, loser = (first, second) if lead > 0 else (second, first)
            wins[winner] += 1
            losses[loser] += 1
    others = len(rows) - 1
    return [(won, lost, others - won - lost) for won, lost in zip(wins, losses, strict=True)]


def _places(values: Sequence[Fraction | None]) -> list[int]:
    """Return whole numbers in the order of the values, from 1; 0 for what is not applicable."""
    order = {value: place for place, value in enumerate(sorted({*values} - {None}), start=1)}  # type: ignore[type-var]
    return [0 if value is None else order[value] for value in values]


def _type(types: tuple[Type, ...], options: Options) -> Type:
    check_criteria(types)
    low = -LARGEST_COHORT if options["gives"] == "wins_less_losses" else 0
    scale = 1 if options["gives"] == "wins_and_half_ties" else 0
    return NumberType(scale=scale, low=Fraction(low), high=Fraction(LARGEST_COHORT), nullable=True)


PAIRWISE_WINS: Final = CohortFunction(
    name="pairwise_wins",
    summary=N_("How a record fares against every other when criteria vote with their weights (Copeland)."),
    parameters=(
        CRITERIA,
        FunctionParameter(name="gives", kind="text", default="wins_less_losses", choices=tuple(_GIVES)),
        FunctionParameter(
            name="missing", kind="text", default="leave_out", choices=("leave_out", "compare_the_rest")
        ),
    ),
    compute=_pairwise,
    result_type=_type,
    aliases=("两两比较",),
)
