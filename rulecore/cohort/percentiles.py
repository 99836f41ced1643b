"""Percentile ranks: which part of a cohort a record leaves behind, by the definitions used in practice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from rulecore.cohort.operands import Options, number_types
from rulecore.cohort.ordering import wholes
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Unsettled, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

DEFINITIONS: Final[dict[str, Callable[[int, int, int], tuple[int, int]]]] = {
    "inclusive": lambda below, _equal, count: (below, count - 1),
    "exclusive": lambda below, _equal, count: (below + 1, count + 1),
    "mean_rank": lambda below, equal, count: (2 * below + equal, 2 * count),
    "below": lambda below, _equal, count: (below, count),
    "at_or_below": lambda below, equal, count: (below + equal, count),
}
"""Each definition's quotient, of how many values lie below, how many are equal (the own one too), and how many are."""


def _percentile_rank(cohort: Cohort) -> Sequence[Value | Unsettled]:
    values, _unit = wholes(cohort.arguments[0])
    if cohort.options["order"] == "descending":
        values = [None if value is None else -value for value in values]
    ordered = sorted(value for value in values if value is not None)
    quotient = DEFINITIONS[str(cohort.options["definition"])]
    known: dict[int | Fraction, Value | Unsettled] = {}
    found: list[Value | Unsettled] = []
    for value in values:
        if value is None:
            found.append(None)
            continue
        if value not in known:
            below = bisect_left(ordered, value)
            top, bottom = quotient(below, bisect_right(ordered, value) - below, len(ordered))
            known[value] = Fraction(top, bottom) if bottom else Unsettled("division_by_zero")
        found.append(known[value])
    return found


def _type(types: Sequence[Type], _options: Options) -> Type:
    number_types(("value",), types)
    return NumberType(scale=None, low=Fraction(0), high=Fraction(1), nullable=True)


PERCENTILE_RANK: Final = CohortFunction(
    name="percentile_rank",
    summary=N_("Which part of the cohort lies below a record's value, by a named definition."),
    parameters=(
        FunctionParameter(name="value"),
        FunctionParameter(name="definition", kind="text", choices=tuple(DEFINITIONS)),
        FunctionParameter(
            name="order", kind="text", default="ascending", choices=("ascending", "descending")
        ),
    ),
    compute=_percentile_rank,
    result_type=_type,
    aliases=("百分等级",),
    issues=("division_by_zero",),
)
