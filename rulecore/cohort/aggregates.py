"""Sums and extremes of a cohort, and how many records come before one: the same for all, or a running count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from rulecore.cohort.operands import Options, number_types, numbers
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type, kind
from rulecore.language import N_

LARGEST_COHORT: Final = 10**9
"""More records than any cohort is expected to have; the bound of sums and counts."""

VALUE: Final = FunctionParameter(name="value")


def _extreme_type(types: Sequence[Type], _options: Options) -> Type:
    (type_,) = number_types(("value",), types)
    _must_have_decimals(type_)
    return NumberType(scale=type_.scale, low=type_.low, high=type_.high, nullable=True)


def _sum_type(types: Sequence[Type], _options: Options) -> Type:
    (type_,) = number_types(("value",), types)
    _must_have_decimals(type_)
    low = None if type_.low is None else min(type_.low * LARGEST_COHORT, Fraction(0))
    high = None if type_.high is None else max(type_.high * LARGEST_COHORT, Fraction(0))
    return NumberType(scale=type_.scale, low=low, high=high, nullable=True)


def _must_have_decimals(type_: NumberType) -> None:
    if type_.scale is None or type_.low is None or type_.high is None:
        raise ValueError("value has no known number of decimals or no known bounds; round it first")


def _same_for_all(combine: Callable[[list[Fraction]], Fraction]) -> Callable[[Cohort], Sequence[Value]]:
    """Return a function that gives every record the one value made of the applicable values."""

    def compute(cohort: Cohort) -> Sequence[Value]:
        applicable = [value for value in numbers(cohort.arguments[0]) if value is not None]
        found = combine(applicable) if applicable else None
        return [found] * cohort.size

    return compute


def _total(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _before_type(types: Sequence[Type], _options: Options) -> Type:
    if not isinstance(types[0], FlagType):
        raise ValueError(f"condition must be a flag, not a {kind(types[0])}")
    for type_ in types[1:]:
        if not isinstance(type_, NumberType | DateType | TextType):
            raise ValueError(f"records cannot be put in order by a {kind(type_)}")
    if len(types) == 1:
        raise ValueError("say what the order is: one or more values after the condition")
    return NumberType(scale=0, low=Fraction(0), high=Fraction(LARGEST_COHORT), nullable=True)


def _before(cohort: Cohort) -> Sequence[Value]:
    """Return for each record how many others meet the condition and come before it; equals do not."""
    holds, *keys = cohort.arguments
    rows = list(zip(*keys, strict=True))
    taking_part = [row for row in range(cohort.size) if None not in rows[row]]
    ordered = sorted(taking_part, key=lambda row: rows[row])
    counts: list[Value] = [None] * cohort.size
    met = position = 0
    while position < len(ordered):
        end = position
        while end < len(ordered) and rows[ordered[end]] == rows[ordered[position]]:
            counts[ordered[end]] = Fraction(met)
            end += 1
        met += sum(holds[row] is True for row in ordered[position:end])
        position = end
    return counts


AGGREGATES: Final = (
    CohortFunction(
        name="cohort_sum",
        summary=N_("The sum of the applicable values of the cohort, the same for each of its records."),
        parameters=(VALUE,),
        compute=_same_for_all(_total),
        result_type=_sum_type,
        aliases=("组内合计",),
    ),
    CohortFunction(
        name="cohort_min",
        summary=N_("The smallest applicable value of the cohort, the same for each of its records."),
        parameters=(VALUE,),
        compute=_same_for_all(min),
        result_type=_extreme_type,
        aliases=("组内最小",),
    ),
    CohortFunction(
        name="cohort_max",
        summary=N_("The largest applicable value of the cohort, the same for each of its records."),
        parameters=(VALUE,),
        compute=_same_for_all(max),
        result_type=_extreme_type,
        aliases=("组内最大",),
    ),
    CohortFunction(
        name="count_before",
        summary=N_(
            "How many records of the cohort that meet a condition come before this one in a stated order."
        ),
        parameters=(FunctionParameter(name="condition"), FunctionParameter(name="order", many=True)),
        compute=_before,
        result_type=_before_type,
        aliases=("之前计数",),
    ),
)
