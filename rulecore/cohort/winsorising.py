"""Winsorising: extreme values of a cohort moved to the nearest of the others.

Source: Tukey, The Future of Data Analysis, Annals of Mathematical Statistics 33 (1962).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Final

from rulecore.cohort.operands import Options, number_types, numbers
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Unsettled, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

NOBODY_LEFT: Final = Unsettled("too_few_applicable")


def _winsorise(cohort: Cohort) -> Sequence[Value | Unsettled]:
    values = numbers(cohort.arguments[0])
    ordered = sorted(value for value in values if value is not None)
    low, high = (_count(cohort.options[end], len(ordered)) for end in ("low", "high"))
    if low + high >= len(ordered):
        return [None if value is None else NOBODY_LEFT for value in values]
    least, most = ordered[low], ordered[len(ordered) - 1 - high]
    return [None if value is None else min(max(value, least), most) for value in values]


def _count(option: Fraction | str | bool, size: int) -> int:
    """Return how many values are moved at an end: as stated, or the whole part of a share of them."""
    assert isinstance(option, Fraction)  # noqa: S101 - the parameter is a number
    return floor(option * size) if option < 1 else int(option)


def _type(types: tuple[Type, ...], options: Options) -> Type:
    (type_,) = number_types(("value",), types)
    for end in ("low", "high"):
        option = options[end]
        if isinstance(option, Fraction) and option >= 1 and option.denominator != 1:
            raise ValueError(f"{end} is a part below 1 (5%) or a whole number of records")
    return NumberType(scale=type_.scale, low=type_.low, high=type_.high, nullable=True)


def _end(name: str) -> FunctionParameter:
    return FunctionParameter(name=name, kind="number", default=Fraction(0), low=Fraction(0))


WINSORISE: Final = CohortFunction(
    name="winsorise",
    summary=N_("The value, but the lowest and highest of the cohort moved to the nearest of the others."),
    parameters=(FunctionParameter(name="value"), _end("low"), _end("high")),
    compute=_winsorise,
    result_type=_type,
    aliases=("缩尾",),
    issues=(NOBODY_LEFT.reason,),
)
