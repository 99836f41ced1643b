"""Statistics of a cohort: mean, variance, different values, the part of a total, the place between extremes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from rulecore.cohort.operands import LARGEST_COHORT, Options, number_types, whole
from rulecore.cohort.ordering import applicable, ratio, wholes
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Unsettled, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

VALUE: Final = FunctionParameter(name="value")
KIND: Final = FunctionParameter(
    name="kind", kind="text", default="population", choices=("population", "sample")
)
NO_QUOTIENT: Final = Unsettled("division_by_zero")


def _dropped(name: str) -> FunctionParameter:
    return FunctionParameter(name=name, kind="number", default=Fraction(0), whole=True, low=Fraction(0))


def _mean(cohort: Cohort) -> Sequence[Value]:
    values, unit = applicable(cohort.arguments[0])
    low, high = whole(cohort.options["drop_low"]), whole(cohort.options["drop_high"])
    if low or high:
        values = sorted(values)[low : max(len(values) - high, low)]
    found = ratio(sum(values), len(values) * unit) if values else None
    return [found] * cohort.size


def _mean_type(types: Sequence[Type], _options: Options) -> Type:
    (type_,) = number_types(("value",), types)
    return NumberType(scale=None, low=type_.low, high=type_.high, nullable=True)


def _variance(cohort: Cohort) -> Sequence[Value | Unsettled]:
    """Return the mean of the squared distances from the mean, from sums of whole numbers."""
    values, unit = applicable(cohort.arguments[0])
    count = len(values)
    divisor = count - (cohort.options["kind"] == "sample")
    if not values:
        return [None] * cohort.size
    if divisor == 0:
        return [NO_QUOTIENT] * cohort.size
    # n·Σx² − (Σx)² is exact, so that nothing is lost where the values lie close together.
    spread = count * sum(value * value for value in values) - sum(values) ** 2
    return [ratio(spread, count * divisor * unit * unit)] * cohort.size


def _variance_type(types: Sequence[Type], options: Options) -> Type:
    """Return the type: half the values at each end give the largest variance, of two values the largest sample's."""
    (type_,) = number_types(("value",), types)
    largest = None
    if type_.low is not None and type_.high is not None:
        largest = (type_.high - type_.low) ** 2 / (2 if options["kind"] == "sample" else 4)
    return NumberType(scale=None, low=Fraction(0), high=largest, nullable=True)


def _distinct(cohort: Cohort) -> Sequence[Value]:
    columns = [
        wholes(column)[0] if any(isinstance(value, Fraction) for value in column) else column
        for column in cohort.arguments
    ]
    found = {row for row in zip(*columns, strict=True) if None not in row}
    return [Fraction(len(found))] * cohort.size


def _distinct_type(types: Sequence[Type], _options: Options) -> Type:
    if not types:
        raise ValueError("say which values are to be counted")
    return NumberType(scale=0, low=Fraction(0), high=Fraction(LARGEST_COHORT))


def _each(
    relative: Callable[[list[int | Fraction]], tuple[int | Fraction, int | Fraction]],
) -> Callable[[Cohort], Sequence[Value | Unsettled]]:
    """Return a function that gives each record its distance from a point, measured by a length of the cohort's."""

    def compute(cohort: Cohort) -> Sequence[Value | Unsettled]:
        values, _unit = wholes(cohort.arguments[0])
        known = [value for value in values if value is not None]
        if not known:
            return [None] * cohort.size
        point, length = relative(known)
        if length == 0:
            return [None if value is None else NO_QUOTIENT for value in values]
        return [None if value is None else ratio(value - point, length) for value in values]

    return compute


def _share_type(types: Sequence[Type], _options: Options) -> Type:
    """Return the type: with no negative value a part is at most the whole, else a total may be as small as a unit."""
    (type_,) = number_types(("value",), types)
    if type_.low is not None and type_.low >= 0:
        return NumberType(scale=None, low=Fraction(0), high=Fraction(1), nullable=True)
    if type_.low is None or type_.high is None or type_.scale is None:
        return NumberType(scale=None, nullable=True)
    largest = max(abs(type_.low), abs(type_.high)) * 10**type_.scale
    return NumberType(scale=None, low=-largest, high=largest, nullable=True)


def _min_max_type(types: Sequence[Type], _options: Options) -> Type:
    number_types(("value",), types)
    return NumberType(scale=None, low=Fraction(0), high=Fraction(1), nullable=True)


STATISTICS: Final = (
    CohortFunction(
        name="cohort_mean",
        summary=N_(
            "The mean of the applicable values of the cohort, exact, without the extremes if so asked."
        ),
        parameters=(VALUE, _dropped("drop_low"), _dropped("drop_high")),
        compute=_mean,
        result_type=_mean_type,
        aliases=("组内均值",),
        aggregate="mean",
    ),
    CohortFunction(
        name="cohort_variance",
        summary=N_("The variance of the applicable values of the cohort, of the population or of a sample."),
        parameters=(VALUE, KIND),
        compute=_variance,
        result_type=_variance_type,
        aliases=("组内方差",),
        issues=("division_by_zero",),
    ),
    CohortFunction(
        name="count_distinct",
        summary=N_("How many different values, or combinations of values, the cohort has."),
        parameters=(FunctionParameter(name="values", many=True),),
        compute=_distinct,
        result_type=_distinct_type,
        aliases=("组内去重计数",),
    ),
    CohortFunction(
        name="share_of_total",
        summary=N_("A record's value as a part of the sum of the cohort's applicable values."),
        parameters=(VALUE,),
        compute=_each(lambda values: (0, sum(values))),
        result_type=_share_type,
        aliases=("组内占比",),
        issues=("division_by_zero",),
    ),
    CohortFunction(
        name="min_max",
        summary=N_("Where a record's value lies between the cohort's smallest (0) and its largest (1)."),
        parameters=(VALUE,),
        compute=_each(lambda values: (min(values), max(values) - min(values))),
        result_type=_min_max_type,
        aliases=("极差标准化",),
        issues=("division_by_zero",),
    ),
)
