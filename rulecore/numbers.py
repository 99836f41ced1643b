"""Exact numbers: decimals read from text, rational values, and the ways to round them.

Every number in rulecore is an integer scaled by a power of ten, or a :class:`fractions.Fraction`; binary floats
never carry a result. The rounding modes are those of official rules: 四舍五入 (half up, by absolute value) and
GB/T 8170 (half even).
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from rulecore.errors import InternalError


class Rounding(StrEnum):
    """How a value between two neighbours is decided.

    ``half_up`` rounds a tie away from zero (四舍五入: −0.125 → −0.13), ``half_even`` to the even neighbour
    (GB/T 8170-2008), ``floor`` and ``ceil`` towards −∞ and +∞, ``truncate`` towards zero, ``up`` away from zero.
    """

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    FLOOR = "floor"
    CEIL = "ceil"
    TRUNCATE = "truncate"
    UP = "up"


def round_ratio(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Return the integer that ``numerator / denominator`` rounds to; the denominator must be positive."""
    if denominator <= 0:
        raise InternalError(f"a denominator must be positive, not {denominator}")
    floor, rest = divmod(numerator, denominator)
    if rest == 0:
        return floor
    match rounding:
        case Rounding.FLOOR:
            return floor
        case Rounding.CEIL:
            return floor + 1
        case Rounding.TRUNCATE:
            return floor + (numerator < 0)
        case Rounding.UP:
            return floor + (numerator > 0)
        case Rounding.HALF_UP:
            return floor + (2 * rest > denominator or (2 * rest == denominator and numerator > 0))
        case Rounding.HALF_EVEN:
            return floor + (2 * rest > denominator or (2 * rest == denominator and floor % 2 == 1))


def round_to(value: Fraction, unit: Fraction, rounding: Rounding) -> Fraction:
    """Return ``value`` rounded to a whole multiple of ``unit`` (``1/100`` for two decimals)."""
    steps = value / unit
    return round_ratio(steps.numerator, steps.denominator, rounding) * unit


def decimal_scale(value: Fraction) -> int | None:
    """Return how many decimals ``value`` needs, or None if no finite number of decimals holds it (1/3)."""
    denominator = value.denominator
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def unit_scale(unit: Fraction) -> int | None:
    """Return the decimals needed to write every whole multiple of ``unit``, or None if there is no such number."""
    return decimal_scale(unit)


def from_decimal(value: Decimal | int) -> Fraction:
    """Return a decimal or an integer as the fraction that equals it."""
    return Fraction(value)


def from_scaled(scaled: int, scale: int) -> Fraction:
    """Return the value of an integer scaled by ``10 ** scale``."""
    return Fraction(scaled, 10**scale)


def to_scaled(value: Fraction, scale: int) -> int:
    """Return ``value * 10 ** scale`` as an integer; the value must have at most ``scale`` decimals."""
    factor: int = 10**scale
    scaled = value * factor
    if scaled.denominator != 1:
        raise InternalError(f"{value} has more than {scale} decimals")
    return scaled.numerator


def format_scaled(scaled: int, scale: int) -> str:
    """Return a scaled integer as text with exactly ``scale`` decimals: ``format_scaled(8899, 2)`` is 88.99."""
    if scale <= 0:
        return str(scaled * 10**-scale)
    digits = str(abs(scaled)).rjust(scale + 1, "0")
    return f"{'-' if scaled < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def format_number(value: Fraction, scale: int | None = None) -> str:
    """Return an exact value as text: with ``scale`` decimals, or with as many as it needs, or as ``1140/13``."""
    needed = decimal_scale(value)
    if needed is None:
        return f"{value.numerator}/{value.denominator}"
    places = needed if scale is None else max(scale, needed)
    return format_scaled(to_scaled(value, places), places)


def common_denominator(values: list[Fraction]) -> int:
    """Return the least common denominator of some fractions (1 for none)."""
    return lcm(*(value.denominator for value in values)) if values else 1
