# mypy: disable-error-code="attr-defined,override,operator,no-any-return,call-overload"
"""Fractions that calculate faster: the same values, without the checks that pure Python fractions make each time.

A ledger of a hundred thousand records makes some ten million sums and products; ``fractions.Fraction`` spends most of
the time on finding out what it was given. A result with one of these in it is one again, so it is enough that the
values of fields and rules are. Whatever is no fraction is left to ``Fraction``.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

from rulecore.contracts import Value
from rulecore.engines.decode import decode
from rulecore.expr.types import NumberType, Type
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl

_new = object.__new__


class QuickFraction(Fraction):
    """A fraction in lowest terms, like any other."""

    # Asking isinstance(other, Fraction) would take as long as the sum.
    __slots__ = ()

    def __new__(cls, numerator: int = 0, denominator: int = 1) -> QuickFraction:
        """Return the fraction of two integers, the denominator positive."""
        return _reduced(numerator, denominator)

    def __add__(self, other: Fraction) -> Fraction:
        """Return the sum."""
        try:
            numerator, denominator = other._numerator, other._denominator
        except AttributeError:
            return super().__add__(other)
        own = self._denominator
        if own == denominator:
            return _reduced(self._numerator + numerator, own)
        return _reduced(self._numerator * denominator + numerator * own, own * denominator)

    def __radd__(self, other: Fraction) -> Fraction:
        """Return the sum."""
        return self + other if hasattr(other, "_numerator") else super().__radd__(other)

    def __sub__(self, other: Fraction) -> Fraction:
        """Return the difference."""
        try:
            numerator, denominator = other._numerator, other._denominator
        except AttributeError:
            return super().__sub__(other)
        own = self._denominator
        if own == denominator:
            return _reduced(self._numerator - numerator, own)
        return _reduced(self._numerator * denominator - numerator * own, own * denominator)

    def __rsub__(self, other: Fraction) -> Fraction:
        """Return the difference, the other way round."""
        return -(self - other) if hasattr(other, "_numerator") else super().__rsub__(other)

    def __mul__(self, other: Fraction) -> Fraction:
        """Return the product."""
        try:
            return _reduced(self._numerator * other._numerator, self._denominator * other._denominator)
        except AttributeError:
            return super().__mul__(other)

    def __rmul__(self, other: Fraction) -> Fraction:
        """Return the product."""
        return self * other if hasattr(other, "_numerator") else super().__rmul__(other)

    def __truediv__(self, other: Fraction) -> Fraction:
        """Return the quotient."""
        try:
            numerator, denominator = other._numerator, other._denominator
        except AttributeError:
            return super().__truediv__(other)
        if numerator > 0:
            return _reduced(self._numerator * denominator, self._denominator * numerator)
        return super().__truediv__(other)

    def __bool__(self) -> bool:
        """Return whether the value is not zero."""
        return bool(self._numerator)

    def __neg__(self) -> Fraction:
        """Return the negative."""
        return _made(-self._numerator, self._denominator)

    def __eq__(self, other: object) -> bool:
        """Return whether the values are equal."""
        try:
            return self._numerator == other._numerator and self._denominator == other._denominator
        except AttributeError:
            return super().__eq__(other)

    def __lt__(self, other: Fraction) -> bool:
        """Return whether the value is smaller."""
        try:
            return self._numerator * other._denominator < other._numerator * self._denominator
        except AttributeError:
            return super().__lt__(other)

    __hash__ = Fraction.__hash__


def _made(numerator: int, denominator: int) -> QuickFraction:
    found: QuickFraction = _new(QuickFraction)
    found._numerator = numerator
    found._denominator = denominator
    return found


def _reduced(numerator: int, denominator: int) -> QuickFraction:
    if denominator != 1:
        common = gcd(numerator, denominator)
        if common != 1:
            numerator //= common
            denominator //= common
    found: QuickFraction = _new(QuickFraction)
    found._numerator = numerator
    found._denominator = denominator
    return found


def quick(value: Fraction) -> Fraction:
    """Return the same number as a fraction that calculates faster."""
    return _made(value.numerator, value.denominator)


def decode_quickly(column: pl.Series, type_: Type) -> list[Value]:
    """Return a stored column's exact values, as :func:`rulecore.engines.decode.decode` does."""
    kept = storage(type_) if isinstance(type_, NumberType) else None
    if kept is None:
        return [quick(value) if isinstance(value, Fraction) else value for value in decode(column, type_)]
    factor = 10**kept.scale
    scaled = column.to_list()
    # Most columns hold fewer values than records.
    known: dict[int | None, Value] = {
        one: QuickFraction(one, factor) for one in set(scaled) if one is not None
    }
    known[None] = None
    return [known[one] for one in scaled]
