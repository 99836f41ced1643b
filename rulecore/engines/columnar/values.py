"""Numbers on their way through the columnar engine: exact ratios of integers, or floats with a bound on their error.

A :class:`Ratio` is ``numerator / denominator × 10^-scale`` with integer columns and a positive denominator. Where it would
not fit into 128 bits, or where ln, exp and roots come in, a :class:`Guarded` float takes over: ``|true − value| ≤ rel·|value| +
absolute``. Nothing is decided from a guarded float whose decision lies within that bound: such rows are recomputed exactly.

The error bounds follow the standard model of floating-point arithmetic (Higham, Accuracy and Stability of Numerical
Algorithms, 2.2), with the unit roundoff doubled to cover the products of small terms.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Final

import polars as pl
from attrs import frozen

from rulecore.engines.columnar import integers
from rulecore.engines.columnar.integers import Integer
from rulecore.numbers import decimal_scale

ROUNDOFF: Final = 2.0**-52


@frozen
class Ratio:
    """An exact number: ``numerator / denominator`` scaled down by ``10 ** scale``; the denominator is positive."""

    numerator: Integer
    denominator: Integer
    scale: int

    @property
    def whole(self) -> bool:
        """Whether the number is simply a scaled integer."""
        return self.denominator.constant == 1


@frozen
class Guarded:
    """A float64 column and what bounds its error: a relative part, and an absolute part (a number or a column)."""

    value: pl.Expr
    relative: float
    absolute: float | pl.Expr = 0.0

    def error(self) -> pl.Expr:
        """Return the bound on the error as a column."""
        part = self.value.abs() * self.relative
        return part + self.absolute if not _is_zero(self.absolute) else part


Numeric = Ratio | Guarded


def _is_zero(value: float | pl.Expr) -> bool:
    return isinstance(value, float) and value == 0.0


def exact_constant(value: Fraction) -> Ratio:
    """Return a constant, as a scaled integer where a finite number of decimals holds it."""
    scale = decimal_scale(value)
    if scale is not None:
        return Ratio(integers.constant(int(value * 10**scale)), integers.constant(1), scale)
    return Ratio(integers.constant(value.numerator), integers.constant(value.denominator), 0)


def scaled_column(name: str, low: int, high: int, scale: int) -> Ratio:
    """Return a stored column of scaled integers."""
    return Ratio(integers.column(name, low, high), integers.constant(1), scale)


def with_scale(value: Ratio, scale: int) -> Ratio:
    """Return the same number with a larger scale."""
    if value.scale == scale:
        return value
    factor = integers.constant(10 ** (scale - value.scale))
    return Ratio(integers.multiply(value.numerator, factor), value.denominator, scale)


def aligned(values: list[Ratio]) -> tuple[list[Integer], Integer, int]:
    """Return the numerators of some numbers over one common denominator and scale."""
    scale = max(value.scale for value in values)
    same = [with_scale(value, scale) for value in values]
    if all(value.denominator.constant is not None for value in same):
        common = lcm(*(value.denominator.constant or 1 for value in same))
        numerators = [
            integers.multiply(value.numerator, integers.constant(common // (value.denominator.constant or 1)))
            for value in same
        ]
        return numerators, integers.constant(common), scale
    numerators = []
    for index, value in enumerate(same):
        numerator = value.numerator
        for other, factor in enumerate(same):
            if other != index:
                numerator = integers.multiply(numerator, factor.denominator)
        numerators.append(numerator)
    denominator = same[0].denominator
    for value in same[1:]:
        denominator = integers.multiply(denominator, value.denominator)
    return numerators, denominator, scale


def add(left: Ratio, right: Ratio) -> Ratio:
    """Return the exact sum."""
    (first, second), denominator, scale = aligned([left, right])
    return Ratio(integers.add(first, second), denominator, scale)


def negate(value: Ratio) -> Ratio:
    """Return the number with its sign turned."""
    return Ratio(integers.negate(value.numerator), value.denominator, value.scale)


def multiply(left: Ratio, right: Ratio) -> Ratio:
    """Return the exact product."""
    return _reduced(
        Ratio(
            integers.multiply(left.numerator, right.numerator),
            integers.multiply(left.denominator, right.denominator),
            left.scale + right.scale,
        )
    )


def _reduced(value: Ratio) -> Ratio:
    """Cancel a constant denominator against a constant numerator, and turn powers of two and five into scale."""
    if value.denominator.constant is None or value.denominator.constant == 1:
        return value
    if value.numerator.constant is not None:
        common = gcd(value.numerator.constant, value.denominator.constant)
        value = Ratio(
            integers.constant(value.numerator.constant // common),
            integers.constant(value.denominator.constant // common),
            value.scale,
        )
    inverse = Fraction(1, value.denominator.constant or 1)
    scale = decimal_scale(inverse)
    if scale is None:
        return value
    factor = integers.constant(int(inverse * 10**scale))
    return Ratio(integers.multiply(value.numerator, factor), integers.constant(1), value.scale + scale)


def inverse_of_constant(value: Ratio) -> Ratio:
    """Return one divided by a constant number other than zero."""
    assert value.numerator.constant is not None  # noqa: S101 - callers ask only for constants
    assert value.denominator.constant is not None  # noqa: S101
    return exact_constant(
        Fraction(value.denominator.constant * 10**value.scale, value.numerator.constant)
    )


def divide(left: Ratio, divisor_numerator: Integer, right: Ratio) -> Ratio:
    """Return the exact quotient; ``divisor_numerator`` is the divisor's numerator made positive, null where it was zero.

    The caller has turned the sign of ``left`` where the divisor is negative.
    """
    numerator = integers.multiply(left.numerator, right.denominator)
    denominator = integers.multiply(left.denominator, divisor_numerator)
    scale = left.scale - right.scale
    if scale < 0:
        return Ratio(integers.multiply(numerator, integers.constant(10**-scale)), denominator, 0)
    return Ratio(numerator, denominator, scale)


def guarded(value: Numeric) -> Guarded:
    """Return a number as a guarded float: conversion and two divisions cost a few units in the last place."""
    if isinstance(value, Guarded):
        return value
    numerator = value.numerator
    if numerator.constant is not None and value.denominator.constant is not None:
        exact = Fraction(numerator.constant, value.denominator.constant * 10**value.scale)
        return Guarded(pl.lit(float(exact), dtype=pl.Float64()), ROUNDOFF)
    floats = numerator.expr.cast(pl.Float64())
    if value.denominator.constant is None:
        floats = floats / value.denominator.expr.cast(pl.Float64())
        if value.scale:
            floats = floats / 10.0**value.scale
    else:
        divisor = value.denominator.constant * 10**value.scale
        if divisor != 1:
            floats = floats / float(divisor)
    return Guarded(floats, 8 * ROUNDOFF)


def _plus(first: float | pl.Expr, second: float | pl.Expr) -> float | pl.Expr:
    if _is_zero(first):
        return second
    return first if _is_zero(second) else first + second


def guarded_add(left: Guarded, right: Guarded, *, one_sign: bool) -> Guarded:
    """Return the sum; ``one_sign``: both operands are proven to have the same sign, so that nothing cancels."""
    absolute = _plus(left.absolute, right.absolute)
    if one_sign:
        relative = max(left.relative, right.relative) * 1.01 + ROUNDOFF
        return Guarded(left.value + right.value, relative, absolute)
    lost = left.value.abs() * left.relative + right.value.abs() * right.relative
    return Guarded(left.value + right.value, ROUNDOFF, _plus(lost * 1.01, absolute))


def guarded_negate(value: Guarded) -> Guarded:
    """Return the value with its sign turned."""
    return Guarded(-value.value, value.relative, value.absolute)


def guarded_multiply(left: Guarded, right: Guarded) -> Guarded:
    """Return the product."""
    relative = (left.relative + right.relative) * 1.01 + ROUNDOFF
    if _is_zero(left.absolute) and _is_zero(right.absolute):
        return Guarded(left.value * right.value, relative)
    lost = (left.value.abs() * right.absolute + right.value.abs() * left.absolute) * 1.01
    return Guarded(left.value * right.value, relative, lost + left.absolute * right.absolute)


def guarded_divide(left: Guarded, right: Guarded) -> Guarded:
    """Return the quotient; where the divisor is not told from zero, the error is infinite."""
    value = left.value / right.value
    if _is_zero(right.absolute):
        relative = (left.relative + right.relative) * 1.01 + ROUNDOFF
        if _is_zero(left.absolute):
            return Guarded(value, relative)
        return Guarded(value, relative, left.absolute / right.value.abs() * 1.01)
    room = right.value.abs() - right.error()
    lost = (left.error() + value.abs() * right.error()) / room * 1.01
    return Guarded(value, ROUNDOFF, pl.when(room > 0).then(lost).otherwise(float("inf")))


def guarded_extreme(values: list[Guarded], *, largest: bool) -> Guarded:
    """Return the smallest or largest; nulls must be masked by the caller. It moves no more than its operands do."""
    choose = pl.max_horizontal if largest else pl.min_horizontal
    relative = max(value.relative for value in values) * 1.01
    absolute: float | pl.Expr = 0.0
    for value in values:
        absolute = _plus(absolute, value.absolute)
    return Guarded(choose([value.value for value in values]), relative, absolute)


def guarded_logarithm(value: Guarded) -> Guarded:
    """Return the natural logarithm of a positive value."""
    result = value.value.log()
    if _is_zero(value.absolute):
        return Guarded(result, 4 * ROUNDOFF, value.relative * 1.01 + ROUNDOFF)
    room = value.value - value.error()
    lost = value.error() / room * 1.01 + ROUNDOFF
    return Guarded(result, 4 * ROUNDOFF, pl.when(room > 0).then(lost).otherwise(float("inf")))


def guarded_exponential(value: Guarded) -> Guarded:
    """Return e to the power of a value."""
    result, error = value.value.exp(), value.error()
    lost = pl.when(error < 0.5).then(result * error * 1.3 + 1e-300).otherwise(float("inf"))
    return Guarded(result, 4 * ROUNDOFF, lost)


def guarded_power(value: Guarded, exponent: float) -> Guarded:
    """Return a value to a constant power; the exponent's own rounding moves it by at most |exponent · ln value| units."""
    result = value.value.pow(exponent)
    own = (8 + 710 * abs(exponent)) * ROUNDOFF
    if _is_zero(value.absolute):
        return Guarded(result, abs(exponent) * value.relative * 1.1 + own)
    share = value.error() / value.value.abs()
    lost = result.abs() * share * (2.0 * abs(exponent) + 1.0)
    safe = (share < 0.1) & (share * abs(exponent) < 0.1)
    return Guarded(
        result, own, pl.when(safe).then(lost).otherwise(float("inf"))
    )


