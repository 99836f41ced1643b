"""When two exact values count as the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rulecore.engines.exact import ExactValue
from rulecore.reals import Real

BITS: Final = (64, 512)
"""Irrational values that no enclosure of 512 bits tells apart count as the same: such a rule is rounded before use."""


def same_value(one: ExactValue, other: ExactValue) -> bool:
    """Return whether two values are equal; irrational ones, whether 512 bits do not tell them apart."""
    if not isinstance(one, Real) and not isinstance(other, Real):
        return one == other and isinstance(one, bool) == isinstance(other, bool)
    if one is other:
        return True
    if not isinstance(one, Real | Fraction) or not isinstance(other, Real | Fraction):
        return False
    return not any(_apart(one, other, bits) for bits in BITS)


def _apart(one: Real | Fraction, other: Real | Fraction, bits: int) -> bool:
    first, second = _bounds(one, bits), _bounds(other, bits)
    if first is None or second is None:
        return False
    return first[1] < second[0] or second[1] < first[0]


def _bounds(value: Real | Fraction, bits: int) -> tuple[Fraction, Fraction] | None:
    return value.bounds(bits) if isinstance(value, Real) else (value, value)
