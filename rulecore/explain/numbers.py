"""Values as explanations write them: exact where they are short, their first digits where they are not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from rulecore.engines.exact import ExactValue
from rulecore.explain.values import ExplainedValue, Inexact
from rulecore.language import N_, Language, translate
from rulecore.numbers import Rounding, decimal_scale, format_number, format_scaled, round_ratio
from rulecore.reals import FIRST_PRECISION, LAST_PRECISION, Real, rational

LONGEST_DECIMALS: Final = 12
"""A number with more decimals than this is shown by its first digits."""
SHOWN_DIGITS: Final = 6
"""The decimals of a number that is shown by its first digits."""

CUT_OFF: Final = "…"
NOT_APPLICABLE: Final = N_("not applicable")


def explained(value: ExactValue) -> ExplainedValue:
    """Return a value of the exact engine as explanations hold it; roots whose product is rational are that number."""
    if not isinstance(value, Real):
        return value
    known = rational(value)
    return Inexact(digits=_digits_of(value)) if known is None else known


def number_text(value: Fraction, scale: int | None = None) -> str:
    """Return a number as text: all its decimals (at least ``scale``), or its first ones and ``…``.

    The digits before ``…`` are cut off, never rounded: 1140/13 is 87.692307….
    """
    needed = decimal_scale(value)
    if needed is not None and needed <= LONGEST_DECIMALS:
        return format_number(value, scale)
    scaled = round_ratio(value.numerator * 10**SHOWN_DIGITS, value.denominator, Rounding.TRUNCATE)
    sign = "-" if scaled == 0 and value < 0 else ""
    return sign + format_scaled(scaled, SHOWN_DIGITS) + CUT_OFF


def exact_text(value: Fraction) -> str:
    """Return a number as exact text: ``88.985`` or ``1140/13``."""
    return format_number(value)


def value_text(value: ExplainedValue, language: Language, scale: int | None = None) -> str:
    """Return a value as people read it in ``language``; texts as they are, not applicable as its word."""
    match value:
        case None:
            return translate(NOT_APPLICABLE, language)
        case bool():
            return translate(N_("yes") if value else N_("no"), language)
        case Fraction():
            return number_text(value, scale)
        case Inexact():
            return value.digits
        case date():
            return value.isoformat()
        case _:
            return value


def _digits_of(value: Real) -> str:
    """Return the first digits of an irrational value, which at some precision are the same at both ends."""
    bits = FIRST_PRECISION
    while bits <= LAST_PRECISION:
        bounds = value.bounds(bits)
        if bounds is not None:
            low, high = (int(bound * 10**SHOWN_DIGITS) for bound in bounds)
            if low == high:
                return format_scaled(low, SHOWN_DIGITS) + CUT_OFF
        bits *= 2
    return CUT_OFF
