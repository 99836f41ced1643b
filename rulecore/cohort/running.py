"""Running statistics: what a cohort comes to up to each record of an order, and the records before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from rulecore.cohort.operands import LARGEST_COHORT, Options, number_types, whole
from rulecore.cohort.ordering import KEYS, ORDER, check_keys, places, ratio, wholes
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Unsettled, Value
from rulecore.expr.types import FlagType, NumberType, Type, as_nullable, kind
from rulecore.language import N_

_VALUE: Final = FunctionParameter(name="value")
_CONDITION: Final = FunctionParameter(name="condition")
_OFFSET: Final = FunctionParameter(
    name="offset", kind="number", default=Fraction(1), whole=True, low=Fraction(1)
)
DIFFERENT_NEIGHBOURS: Final = Unsettled("different_neighbours")

Number = int | Fraction


# --- up to each record ----------------------------------------------------------------------------------------------


def _running(combine: Callable[[Number, Number], Number]) -> Callable[[Cohort], Sequence[Value]]:
    """Return a function that combines the applicable values up to each record's place, that place included."""

    def compute(cohort: Cohort) -> Sequence[Value]:
        column, *keys = cohort.arguments
        values, unit = wholes(column)
        found: list[Value] = [None] * cohort.size
        reached: Number | None = None
        for rows in places(keys, cohort.options):
            for row in rows:
                value = values[row]
                if value is not None:
                    reached = value if reached is None else combine(reached, value)
            shared = None if reached is None else ratio(reached, unit)
            for row in rows:
                found[row] = shared
        return found

    return compute


def _total_type(types: Sequence[Type], options: Options) -> Type:
    (type_,) = number_types(("value",), types[:1])
    check_keys(types[1:], options)
    low = None if type_.low is None else min(type_.low * LARGEST_COHORT, type_.low)
    high = None if type_.high is None else max(type_.high * LARGEST_COHORT, type_.high)
    return NumberType(scale=type_.scale, low=low, high=high, nullable=True)


def _extreme_type(types: Sequence[Type], options: Options) -> Type:
    (type_,) = number_types(("value",), types[:1])
    check_keys(types[1:], options)
    return as_nullable(type_)


# --- counts ---------------------------------------------------------------------------------------------------------


def _counted(*, before: bool) -> Callable[[Cohort], Sequence[Value]]:
    """Return a function that counts who meets a condition up to each record's place, or only before it."""

    def compute(cohort: Cohort) -> Sequence[Value]:
        holds, *keys = cohort.arguments
        found: list[Value] = [None] * cohort.size
        met = 0
        for rows in places(keys, cohort.options):
            here = sum(holds[row] is True for row in rows)
            count = Fraction(met if before else met + here)
            met += here
            for row in rows:
                found[row] = count
        return found

    return compute


def _count_type(types: Sequence[Type], options: Options) -> Type:
    if not isinstance(types[0], FlagType):
        raise ValueError(f"condition must be a flag, not a {kind(types[0])}")
    check_keys(types[1:], options)
    return NumberType(scale=0, low=Fraction(0), high=Fraction(LARGEST_COHORT), nullable=True)


# --- neighbours -----------------------------------------------------------------------------------------------------


def _neighbour(direction: int) -> Callable[[Cohort], Sequence[Value | Unsettled]]:
    """Return a function that gives the value of the record so many places before (−1) or after (1)."""

    def compute(cohort: Cohort) -> Sequence[Value | Unsettled]:
        column, *keys = cohort.arguments
        found: list[Value | Unsettled] = [None] * cohort.size
        standing = places(keys, cohort.options)
        shown = [_agreed([column[row] for row in rows]) for rows in standing]
        step = direction * whole(cohort.options["offset"])
        for place, rows in enumerate(standing):
            if 0 <= place + step < len(standing):
                for row in rows:
                    found[row] = shown[place + step]
        return found

    return compute


def _agreed(values: Sequence[Value]) -> Value | Unsettled:
    first = values[0]
    return first if all(value == first for value in values) else DIFFERENT_NEIGHBOURS


def _neighbour_type(types: Sequence[Type], options: Options) -> Type:
    check_keys(types[1:], options)
    return as_nullable(types[0])


def _total(first: Number, second: Number) -> Number:
    return first + second


RUNNING: Final = (
    CohortFunction(
        name="count_before",
        summary=N_(
            "How many records of the cohort that meet a condition come before this one in a stated order."
        ),
        parameters=(_CONDITION, KEYS, ORDER),
        compute=_counted(before=True),
        result_type=_count_type,
        aliases=("之前计数",),
    ),
    CohortFunction(
        name="running_count",
        summary=N_("How many records that meet a condition stand at or before this one in a stated order."),
        parameters=(_CONDITION, KEYS, ORDER),
        compute=_counted(before=False),
        result_type=_count_type,
        aliases=("累计计数",),
    ),
    CohortFunction(
        name="running_total",
        summary=N_("The sum of the applicable values at or before this record in a stated order."),
        parameters=(_VALUE, KEYS, ORDER),
        compute=_running(_total),
        result_type=_total_type,
        aliases=("累计合计",),
    ),
    CohortFunction(
        name="running_min",
        summary=N_("The smallest applicable value at or before this record in a stated order."),
        parameters=(_VALUE, KEYS, ORDER),
        compute=_running(min),
        result_type=_extreme_type,
        aliases=("累计最小",),
    ),
    CohortFunction(
        name="running_max",
        summary=N_("The largest applicable value at or before this record in a stated order."),
        parameters=(_VALUE, KEYS, ORDER),
        compute=_running(max),
        result_type=_extreme_type,
        aliases=("累计最大",),
    ),
    CohortFunction(
        name="lag",
        summary=N_("The value of the record that comes before this one in a stated order."),
        parameters=(_VALUE, KEYS, ORDER, _OFFSET),
        compute=_neighbour(-1),
        result_type=_neighbour_type,
        aliases=("前一值",),
        issues=("different_neighbours",),
    ),
    CohortFunction(
        name="lead",
        summary=N_("The value of the record that comes after this one in a stated order."),
        parameters=(_VALUE, KEYS, ORDER, _OFFSET),
        compute=_neighbour(1),
        result_type=_neighbour_type,
        aliases=("后一值",),
        issues=("different_neighbours",),
    ),
)
