"""Numbers on their way through the columnar engine: exact ratios, or floats with a bound on their error.

A :class:`Ratio` is ``numerator / denominator × 10^-scale`` with integer columns and a positive denominator.
Where it would not fit into 128 bits, or where ln, exp and roots come in, a :class:`Guarded` float takes over:
``|true − value| ≤ rel·|value| + absolute``. Nothing is decided from a guarded float whose decision lies
within that bound: such rows are recomputed exactly.

The error bounds follow the standard model of floating-point arithmetic (Higham, Accuracy and Stability of
Numerical Algorithms, 2.2), with the unit roundoff doubled to cover the products of small terms. NaN counts as
infinitely wrong: Polars orders it above every number, and every decision is written so that it falls to
doubt.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, inf, isfinite, lcm, log10
from typing import Final

import polars as pl
from attrs import evolve, frozen

from rulecore.engines.columnar import integers
from rulecore.engines.columnar.integers import Integer
from rulecore.numbers import decimal_scale

ROUNDOFF: Final = 2.0**-52

SMALLEST: Final = 1e-300
"""More than any rounding below the smallest normal float (about 1e-308) can lose."""

_DIGITS: Final = 290
"""Sizes between 10^-290 and 10^290 neither underflow nor overflow."""

_LARGEST_DIVISOR: Final = 10**280
_SURE: Final = 2.0**-30
_ALIKE: Final = 2.0
"""Decades within which sizes count as alike: the largest error of any is then near enough to that of each."""
_TWICE: Final = 0.302  # log10(2), rounded up


@frozen
class Ratio:
    """An exact number: ``numerator / denominator / 10 ** scale``; the denominator is positive.

    ``least`` and ``most`` are what is known of its size besides its numerator and denominator, as for floats.
    """

    numerator: Integer
    denominator: Integer
    scale: int
    least: float = -inf
    most: float = inf

    @property
    def whole(self) -> bool:
        """Whether the number is simply a scaled integer."""
        return self.denominator.constant == 1


@frozen
class Guarded:
    """A float64 column and what bounds its error: a relative and an absolute part (a number or a column).

    ``least`` and ``most`` are decimal exponents: the value is zero or of a size between ``10 ** least`` and
    ``10 ** most``. Where they leave the range of floats, an operation adds what underflow loses and overflow
    hides.

    ``worst`` is more than the error of any row, where the bounds of all that the value is made of give such a number:
    the value is then finite wherever no doubt is noted, and deciding by this number takes no columns. It may be far
    more than the error of a small value; a decision for which it is too coarse takes :meth:`error`.
    """

    value: pl.Expr
    relative: float
    absolute: float | pl.Expr = 0.0
    least: float = -inf
    most: float = inf
    worst: float = inf

    def error(self) -> pl.Expr:
        """Return the bound on the error as a column."""
        if self.relative == 0.0:
            return pl.lit(self.absolute) if isinstance(self.absolute, float) else self.absolute
        part = self.value.abs() * self.relative
        return part + self.absolute if not is_zero(self.absolute) else part

    @property
    def simple(self) -> bool:
        """Whether using it several times costs nothing: plain columns and numbers."""
        return _is_plain(self.value) and (isinstance(self.absolute, float) or _is_plain(self.absolute))


def _is_plain(expr: pl.Expr) -> bool:
    return expr.meta.is_column()


def known(value: Guarded) -> float | None:
    """Return the number that a float is on every row, if it is a constant."""
    found = pl.select(value.value).item() if value.value.meta.is_literal() else None
    return None if found is None else float(found)


def folded_constant(value: float, worst: float) -> Guarded | None:
    """Return a number computed from constants; None where its error is too much of it, or there is no bound."""
    if not (isfinite(value) and worst < abs(value) * _SURE):
        return None
    exponent = log10(abs(value))
    return Guarded(pl.lit(value), worst / abs(value) * 1.01, 0.0, exponent - 0.01, exponent + 0.01, worst)


Numeric = Ratio | Guarded


def size(exponent: float) -> float:
    """Return ten to the power of an exponent that bounds a size from above; infinite beyond the range of floats."""
    return inf if exponent > _DIGITS else max(10.0**exponent * 1.0001, SMALLEST)


def at_least(exponent: float) -> float:
    """Return ten to the power of an exponent that bounds a size from below; zero beneath the range of floats."""
    return 0.0 if exponent < -_DIGITS else 10.0 ** min(exponent, _DIGITS) * 0.9999


def worst_of(bound: float) -> float:
    """Return a bound on errors with what its own computing and underflow lose; infinite where there is none."""
    return bound * 1.01 + SMALLEST if isfinite(bound) else inf


def is_zero(value: float | pl.Expr) -> bool:
    """Return whether an error is the number zero: nothing to add, and no column."""
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
    denominators = list({identity(value.denominator): value.denominator for value in same}.values())
    numerators = []
    for value in same:
        numerator, own = value.numerator, identity(value.denominator)
        for factor in denominators:
            if identity(factor) != own and numerator.constant != 0:
                numerator = integers.multiply(numerator, factor)
        numerators.append(numerator)
    denominator = denominators[0]
    for factor in denominators[1:]:
        denominator = integers.multiply(denominator, factor)
    return numerators, denominator, scale


def identity(value: Integer) -> object:
    """Return what is equal for integers known to be the same: constants, and one column read twice."""
    if value.constant is not None:
        return value.constant
    return value.expr.meta.output_name() if value.expr.meta.is_column() else id(value)


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
    """Cancel a constant denominator against the numerator, and turn powers of two and five into scale."""
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
    return exact_constant(Fraction(value.denominator.constant * 10**value.scale, value.numerator.constant))


def divide(left: Ratio, divisor_numerator: Integer, right: Ratio) -> Ratio:
    """Return the exact quotient by ``right``, whose numerator is given made positive, null where it was zero.

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
    top, bottom = value.numerator, value.denominator
    if top.constant is not None and bottom.constant is not None:
        return guarded_constant(Fraction(top.constant, bottom.constant * 10**value.scale))
    least = -value.scale - log10(max(bottom.high, 1))
    most = log10(max(abs(top.low), abs(top.high), 1)) - value.scale - log10(max(bottom.low, 1))
    # A value of zero has no size, so that it is the smaller bound and the larger that hold.
    least, most = max(least, value.least), min(most, value.most)
    floats = top.expr.cast(pl.Float64())
    divisor = 10**value.scale * (bottom.constant or 1)
    if divisor > _LARGEST_DIVISOR:
        return Guarded(floats * 0.0, ROUNDOFF, inf, least, most)
    if bottom.constant is None:
        floats = floats / bottom.expr.cast(pl.Float64())
    if divisor != 1:
        floats = floats / float(divisor)
    return Guarded(floats, 8 * ROUNDOFF, 0.0, least, most, worst_of(8 * ROUNDOFF * size(most)))


def guarded_constant(value: Fraction) -> Guarded:
    """Return a constant as a guarded float."""
    try:
        nearest = float(value)
    except OverflowError:
        return Guarded(pl.lit(0.0), ROUNDOFF, inf)
    if value == 0:
        return Guarded(pl.lit(0.0), ROUNDOFF, 0.0, 0.0, 0.0, 0.0)
    if abs(nearest) < SMALLEST:
        return Guarded(pl.lit(nearest), ROUNDOFF, SMALLEST)
    exponent = log10(abs(nearest))
    worst = worst_of(ROUNDOFF * abs(nearest))
    return Guarded(pl.lit(nearest), ROUNDOFF, 0.0, exponent - 0.01, exponent + 0.01, worst)


def _plus(first: float | pl.Expr, second: float | pl.Expr) -> float | pl.Expr:
    if is_zero(first):
        return second
    return first if is_zero(second) else first + second


def in_range(result: Guarded, *, least: float | None = None) -> Guarded:
    """Return a result with what underflow loses and overflow hides in its error, where they can happen.

    ``least``, if given, replaces the result's own afterwards: a sum can be small without anything being lost.
    """
    absolute = result.absolute
    if result.least < -_DIGITS:
        absolute = _plus(absolute, SMALLEST)
    if result.most > _DIGITS:
        hidden = pl.when(result.value.is_finite()).then(0.0).otherwise(inf)
        absolute = _plus(absolute, hidden)
    return evolve(result, absolute=absolute, least=result.least if least is None else least)


def guarded_add(left: Guarded, right: Guarded, *, one_sign: bool) -> Guarded:
    """Return the sum; ``one_sign``: both operands are proven to have one sign, so that nothing cancels."""
    absolute = _plus(left.absolute, right.absolute)
    value, most = left.value + right.value, max(left.most, right.most) + _TWICE
    worst = worst_of(left.worst + right.worst + ROUNDOFF * size(most))
    if (one := known(left)) is not None and (other := known(right)) is not None:
        folded = folded_constant(one + other, worst)
        if folded is not None:
            return folded
    if not one_sign and isfinite(worst) and all(part.most - part.least < _ALIKE for part in (left, right)):
        return Guarded(value, 0.0, worst, -inf, most, worst)
    if one_sign:
        relative = max(left.relative, right.relative) * 1.01 + ROUNDOFF
        return in_range(Guarded(value, relative, absolute, min(left.least, right.least), most, worst))
    lost = left.value.abs() * left.relative + right.value.abs() * right.relative
    return in_range(Guarded(value, ROUNDOFF, _plus(lost * 1.01, absolute), 0.0, most, worst), least=-inf)


def guarded_negate(value: Guarded) -> Guarded:
    """Return the value with its sign turned."""
    return evolve(value, value=-value.value)


def guarded_absolute(value: Guarded) -> Guarded:
    """Return the value without its sign."""
    return evolve(value, value=value.value.abs())


def guarded_multiply(left: Guarded, right: Guarded) -> Guarded:
    """Return the product; operands with an error column of their own are used several times."""
    relative = (left.relative + right.relative) * 1.01 + ROUNDOFF
    value, least, most = left.value * right.value, left.least + right.least, left.most + right.most
    worst = _worst_product(left, right)
    if is_zero(left.absolute) and is_zero(right.absolute):
        return in_range(Guarded(value, relative, 0.0, least, most, worst))
    lost = (left.value.abs() * right.absolute + right.value.abs() * left.absolute) * 1.01
    absolute = lost + _product(left.absolute, right.absolute)
    return in_range(Guarded(value, relative, absolute, least, most, worst))


def _worst_product(left: Guarded, right: Guarded) -> float:
    if not (isfinite(left.worst) and isfinite(right.worst)):
        return inf
    one, other = size(left.most) + left.worst, size(right.most) + right.worst
    return worst_of(one * right.worst + other * left.worst + ROUNDOFF * (one * other))


def _product(first: float | pl.Expr, second: float | pl.Expr) -> float | pl.Expr:
    return 0.0 if is_zero(first) or is_zero(second) else first * second


def guarded_divide(left: Guarded, right: Guarded) -> Guarded:
    """Return the quotient; where the divisor is not told from zero, the error is infinite."""
    value, least, most = left.value / right.value, left.least - right.most, left.most - right.least
    worst = _worst_quotient(left, right)
    if is_zero(right.absolute):
        relative = (left.relative + right.relative) * 1.01 + ROUNDOFF
        divisor = known(right)
        lost: float | pl.Expr = 0.0
        if divisor:
            lost = left.absolute / abs(divisor) * 1.01
        elif not is_zero(left.absolute):
            lost = left.absolute / right.value.abs() * 1.01
        return in_range(Guarded(value, relative, lost, least, most, worst))
    room = right.value.abs() - right.error()
    lost = (left.error() + value.abs() * right.error()) / room * 1.01
    sure = pl.when((room > 0) & right.value.is_finite()).then(lost).otherwise(inf)
    return in_range(Guarded(value, ROUNDOFF, sure, least, most, worst))


def _worst_quotient(left: Guarded, right: Guarded) -> float:
    """Return a bound where the divisor keeps away from zero; a divisor of zero is null, or its row in doubt."""
    smallest = at_least(right.least) - right.worst
    if not (isfinite(left.worst) and smallest > 0):
        return inf
    largest = (size(left.most) + left.worst) / smallest
    return worst_of((left.worst + largest * right.worst) / smallest + ROUNDOFF * largest)


def guarded_extreme(values: list[Guarded], *, largest: bool) -> Guarded:
    """Return the smallest or largest, which moves no more than its operands do; callers mask nulls."""
    choose = pl.max_horizontal if largest else pl.min_horizontal
    relative = max(value.relative for value in values) * 1.01
    absolute: float | pl.Expr = 0.0
    for value in values:
        absolute = _plus(absolute, value.absolute)
    chosen = choose([value.value for value in values])
    least, most = min(value.least for value in values), max(value.most for value in values)
    return Guarded(chosen, relative, absolute, least, most, max(value.worst for value in values))
