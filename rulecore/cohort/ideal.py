"""Distances from the best and the worst there is: TOPSIS and VIKOR, both exactly.

Sources: Hwang and Yoon, Multiple Attribute Decision Making (1981); Opricovic and Tzeng, Compromise solution by MCDM
methods, European Journal of Operational Research 156 (2004).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from rulecore.cohort.criteria import ALL_ALIKE, CRITERIA, Criteria, check_criteria, criteria_of, placed
from rulecore.cohort.operands import Options
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Unsettled, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

Values = Sequence[Fraction]

# The square of what a criterion's values are divided by; squares, so that no root is taken before the end.
_SQUARED_UNITS: Final[dict[str, Callable[[Values], Fraction]]] = {
    "vector": lambda values: sum((value * value for value in values), Fraction(0)),
    "max": lambda values: max(abs(value) for value in values) ** 2,
    "min_max": lambda values: (max(values) - min(values)) ** 2,
    "none": lambda _values: Fraction(1),
}


def _complete(cohort: Cohort) -> tuple[list[int], list[list[Fraction]], Criteria] | None:
    """Return the rows that have every criterion, their values by criterion, and the criteria."""
    criteria = criteria_of(cohort)
    rows = [] if criteria is None else criteria.complete_rows()
    if criteria is None or not rows:
        return None
    columns = [[value for row in rows if (value := column[row]) is not None] for column in criteria.columns]
    return rows, columns, criteria


# --- TOPSIS -----------------------------------------------------------------------------------------------------------


def _topsis_share(cohort: Cohort) -> Sequence[Value | Unsettled]:
    """Return d₋² / (d₋² + d₊²): the squared distance from the worst, as a part of both squared distances."""
    taken = _complete(cohort)
    if taken is None:
        return [None] * cohort.size
    rows, columns, criteria = taken
    from_worst, from_best = [Fraction(0)] * len(rows), [Fraction(0)] * len(rows)
    for values, weight in zip(columns, criteria.weights, strict=True):
        squared_unit = _SQUARED_UNITS[str(cohort.options["normalise"])](values)
        worst, best = min(values), max(values)
        if worst == best:
            continue  # a criterion in which all are alike sets nobody apart
        for place, value in enumerate(values):
            from_worst[place] += (weight * (value - worst)) ** 2 / squared_unit
            from_best[place] += (weight * (value - best)) ** 2 / squared_unit
    both = [first + second for first, second in zip(from_worst, from_best, strict=True)]
    shares = [part / whole if whole else ALL_ALIKE for part, whole in zip(from_worst, both, strict=True)]
    return placed(cohort.size, rows, shares)


def _share_type(types: tuple[Type, ...], _options: Options) -> Type:
    check_criteria(types)
    return NumberType(scale=None, low=Fraction(0), high=Fraction(1), nullable=True)


# --- VIKOR ------------------------------------------------------------------------------------------------------------


def _vikor(cohort: Cohort) -> Sequence[Value | Unsettled]:
    taken = _complete(cohort)
    if taken is None:
        return [None] * cohort.size
    rows, columns, criteria = taken
    regrets = [
        [weight * missed for missed in _missed(values)]
        for values, weight in zip(columns, criteria.weights, strict=True)
    ]
    utility = [sum(parts, Fraction(0)) for parts in zip(*regrets, strict=True)]
    worst = [max(parts) for parts in zip(*regrets, strict=True)]
    found: Sequence[Fraction] = utility if cohort.options["part"] == "group_utility" else worst
    if cohort.options["part"] == "compromise":
        if len(set(utility)) == 1 == len(set(worst)):
            return placed(cohort.size, rows, [ALL_ALIKE] * len(rows))
        majority = cohort.options["majority"]
        assert isinstance(majority, Fraction)  # noqa: S101 - the parameter is a number
        pairs = zip(_from_least(utility), _from_least(worst), strict=True)
        found = [majority * first + (1 - majority) * second for first, second in pairs]
    return placed(cohort.size, rows, found)


def _missed(values: Values) -> list[Fraction]:
    """Return what each value misses of the best, as a part of what the worst misses; 0 where all are alike."""
    best, width = max(values), max(values) - min(values)
    return [(best - value) / width if width else Fraction(0) for value in values]


def _from_least(values: Values) -> list[Fraction]:
    """Return where each value stands between the least (0) and the largest (1); 0 where all are alike."""
    least, width = min(values), max(values) - min(values)
    return [(value - least) / width if width else Fraction(0) for value in values]


TOPSIS_SHARE: Final = CohortFunction(
    name="topsis_share",
    summary=N_(
        "How far a record is from the worst there is, squared, as a part of that from worst and best."
    ),
    parameters=(
        CRITERIA,
        FunctionParameter(name="normalise", kind="text", default="vector", choices=tuple(_SQUARED_UNITS)),
    ),
    compute=_topsis_share,
    result_type=_share_type,
    aliases=("优劣解距离占比",),
    issues=(ALL_ALIKE.reason,),
)
VIKOR: Final = CohortFunction(
    name="vikor_distance",
    summary=N_("How far a record is from the best there is, as VIKOR weighs it; less is better."),
    parameters=(
        CRITERIA,
        FunctionParameter(
            name="part",
            kind="text",
            default="compromise",
            choices=("compromise", "group_utility", "individual_regret"),
        ),
        FunctionParameter(
            name="majority", kind="number", default=Fraction(1, 2), low=Fraction(0), high=Fraction(1)
        ),
    ),
    compute=_vikor,
    result_type=_share_type,
    aliases=("折衷距离",),
    issues=(ALL_ALIKE.reason,),
)
