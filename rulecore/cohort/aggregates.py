"""The sum and the extremes of a cohort, the same for each of its records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from rulecore.cohort.operands import LARGEST_COHORT, Options, number_types
from rulecore.cohort.ordering import applicable, ratio
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import DateType, NumberType, Type, as_nullable
from rulecore.language import N_

VALUE: Final = FunctionParameter(name="value")


def _sum(cohort: Cohort) -> Sequence[Value]:
    values, unit = applicable(cohort.arguments[0])
    return [ratio(sum(values), unit) if values else None] * cohort.size


def _sum_type(types: Sequence[Type], _options: Options) -> Type:
    (type_,) = number_types(("value",), types)
    low = None if type_.low is None else min(type_.low * LARGEST_COHORT, Fraction(0))
    high = None if type_.high is None else max(type_.high * LARGEST_COHORT, Fraction(0))
    return NumberType(scale=type_.scale, low=low, high=high, nullable=True)


def _smallest(cohort: Cohort) -> Sequence[Value]:
    return [_least(cohort.arguments[0], largest=False)] * cohort.size


def _largest(cohort: Cohort) -> Sequence[Value]:
    return [_least(cohort.arguments[0], largest=True)] * cohort.size


def _least(column: Sequence[Value], *, largest: bool) -> Value:
    """Return the smallest, or the largest, of some numbers or dates; None if none is applicable."""
    days = [value for value in column if isinstance(value, date)]
    if days:
        return max(days) if largest else min(days)
    values, unit = applicable(column)
    if not values:
        return None
    return ratio(max(values) if largest else min(values), unit)


def _extreme_type(types: Sequence[Type], _options: Options) -> Type:
    if isinstance(types[0], DateType):
        return as_nullable(types[0])
    (type_,) = number_types(("value",), types)
    return as_nullable(type_)


AGGREGATES: Final = (
    CohortFunction(
        name="cohort_sum",
        summary=N_("The sum of the applicable values of the cohort, the same for each of its records."),
        parameters=(VALUE,),
        compute=_sum,
        result_type=_sum_type,
        aliases=("组内合计",),
        aggregate="sum",
    ),
    CohortFunction(
        name="cohort_min",
        summary=N_("The smallest applicable value of the cohort, the same for each of its records."),
        parameters=(VALUE,),
        compute=_smallest,
        result_type=_extreme_type,
        aliases=("组内最小",),
        aggregate="min",
    ),
    CohortFunction(
        name="cohort_max",
        summary=N_("The largest applicable value of the cohort, the same for each of its records."),
        parameters=(VALUE,),
        compute=_largest,
        result_type=_extreme_type,
        aliases=("组内最大",),
        aggregate="max",
    ),
)
