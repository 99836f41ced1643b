"""The parameters that several functions share."""

from __future__ import annotations

from fractions import Fraction

from rulecore.contracts import FunctionParameter
from rulecore.numbers import Rounding

VALUE = FunctionParameter(name="value")
VALUES = FunctionParameter(name="values", many=True)
ROUNDING = FunctionParameter(
    name="rounding",
    kind="text",
    default=Rounding.HALF_UP.value,
    choices=tuple(mode.value for mode in Rounding),
)
DECIMALS = FunctionParameter(
    name="decimals", kind="number", default=Fraction(0), whole=True, low=Fraction(-12), high=Fraction(30)
)


def unit_of(decimals: Fraction) -> Fraction:
    """Return the unit that so many decimals mean: 1/100 for 2, 10 for −1."""
    return Fraction(10) ** -int(decimals)
