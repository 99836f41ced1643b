"""What the oracles share: reading decimals, rounding half up and writing cells, all with fractions.

Nothing here (nor in the oracles) imports rulecore: they are written from the schemes' text alone.
"""

from __future__ import annotations

from fractions import Fraction


def number(text: str) -> Fraction:
    """Return the exact value of a decimal written as text; a blank is refused, never zero."""
    if not text.strip():
        raise ValueError("a blank is not a number")
    return Fraction(text.strip())


def half_up(value: Fraction, places: int) -> Fraction:
    """Return ``value`` rounded to ``places`` decimals, ties away from zero (四舍五入)."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 10**places)


def cell(value: Fraction, places: int) -> str:
    """Return ``value`` as a cell with exactly ``places`` decimals, rounded half up for showing."""
    scaled = half_up(value, places) * 10**places
    whole = scaled.numerator
    digits = str(abs(whole)).rjust(places + 1, "0")
    sign = "-" if whole < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def clip(value: Fraction, low: int, high: int) -> Fraction:
    """Return ``value`` kept between two bounds."""
    return max(Fraction(low), min(value, Fraction(high)))
