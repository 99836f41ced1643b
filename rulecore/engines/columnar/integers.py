"""Integer columns that know their bounds: 64 bits while they fit, 128 bits beyond, and a refusal past that.

Polars wraps silently when an integer overflows, so nothing is computed whose bounds are not proven to fit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import polars as pl
from attrs import frozen

from rulecore.numbers import Rounding, round_ratio

INT64_LIMIT: Final = 2**63 - 1
INT128_LIMIT: Final = 2**127 - 1


class TooWide(Exception):  # noqa: N818 - a signal between functions of this package, not an error of anyone's
    """The value may not fit into 128 bits; the caller goes on with guarded floats."""


@frozen
class Integer:
    """A column of integers between ``low`` and ``high``; ``constant`` where it is one known number."""

    expr: pl.Expr
    low: int
    high: int
    constant: int | None = None

    @property
    def wide(self) -> bool:
        """Whether the column needs 128 bits."""
        return self.low < -INT64_LIMIT or self.high > INT64_LIMIT

    @property
    def sign_known(self) -> bool:
        """Whether the values are all non-negative or all non-positive."""
        return self.low >= 0 or self.high <= 0


@lru_cache(maxsize=4096)
def constant(value: int) -> Integer:
    """Return a constant column; making one costs Polars some ten microseconds, and the same few are asked for again."""
    if abs(value) > INT128_LIMIT:
        raise TooWide
    dtype = pl.Int64() if abs(value) <= INT64_LIMIT else pl.Int128()
    return Integer(pl.lit(value, dtype=dtype), value, value, value)


def column(name: str, low: int, high: int) -> Integer:
    """Return a column of a frame by name; its bounds decide the width it must have there."""
    return Integer(pl.col(name), low, high)


def _fit(low: int, high: int) -> pl.DataType:
    if low < -INT128_LIMIT or high > INT128_LIMIT:
        raise TooWide
    return pl.Int128() if low < -INT64_LIMIT or high > INT64_LIMIT else pl.Int64()


def width(low: int, high: int) -> pl.DataType:
    """Return the type of a column for numbers between ``low`` and ``high``; raises :class:`TooWide`."""
    return _fit(low, high)


@lru_cache(maxsize=4096)
def _literal(value: int, *, wide: bool) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int128() if wide else pl.Int64())


def _as(value: Integer, dtype: pl.DataType) -> pl.Expr:
    if value.constant is not None:
        return _literal(value.constant, wide=dtype == pl.Int128())
    return value.expr.cast(dtype) if dtype == pl.Int128() and not value.wide else value.expr


def as_width_of(value: Integer, low: int, high: int) -> pl.Expr:
    """Return the column in the width that values between ``low`` and ``high`` need."""
    return _as(value, _fit(min(low, value.low), max(high, value.high)))


def _made(expr: pl.Expr, dtype: pl.DataType, low: int, high: int) -> Integer:
    """Return a result column, brought back to 64 bits where its own bounds allow."""
    if dtype == pl.Int128() and low >= -INT64_LIMIT and high <= INT64_LIMIT:
        expr = expr.cast(pl.Int64())
    return Integer(expr, low, high)


def _pair(left: Integer, right: Integer, low: int, high: int) -> tuple[pl.Expr, pl.Expr, pl.DataType]:
    """Return both operands in a width that holds them and the result, and that width."""
    dtype = _fit(min(low, left.low, right.low), max(high, left.high, right.high))
    return _as(left, dtype), _as(right, dtype), dtype


def add(left: Integer, right: Integer) -> Integer:
    """Return the sum."""
    if left.constant is not None and right.constant is not None:
        return constant(left.constant + right.constant)
    if left.constant == 0:
        return right
    if right.constant == 0:
        return left
    low, high = left.low + right.low, left.high + right.high
    first, second, dtype = _pair(left, right, low, high)
    return _made(first + second, dtype, low, high)


def negate(value: Integer) -> Integer:
    """Return the value with its sign turned (128-bit columns have no unary minus)."""
    return multiply(value, constant(-1))


def multiply(left: Integer, right: Integer) -> Integer:
    """Return the product."""
    if left.constant is not None and right.constant is not None:
        return constant(left.constant * right.constant)
    if right.constant == 1:
        return left
    if left.constant == 1:
        return right
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = min(corners), max(corners)
    first, second, dtype = _pair(left, right, low, high)
    if right.constant == -1:
        return _made(pl.lit(0, dtype=dtype) - first, dtype, low, high)
    return _made(first * second, dtype, low, high)


def absolute(value: Integer) -> Integer:
    """Return the value without its sign."""
    if value.low >= 0:
        return value
    if value.high <= 0:
        return negate(value)
    return Integer(value.expr.abs(), 0, max(-value.low, value.high))


def floor_divide(value: Integer, divisor: Integer) -> Integer:
    """Return the quotient rounded down; the divisor must be positive."""
    if value.constant is not None and divisor.constant is not None:
        return constant(value.constant // divisor.constant)
    corners = [a // b for a in (value.low, value.high) for b in (max(divisor.low, 1), divisor.high)]
    low, high = min(corners), max(corners)
    first, second, dtype = _pair(value, divisor, low, high)
    return _made(first // second, dtype, low, high)


def ceiling_divide(value: Integer, divisor: Integer) -> Integer:
    """Return the quotient rounded up; the divisor must be positive."""
    return negate(floor_divide(negate(value), divisor))


def bounded(value: Integer, low: int, high: int) -> Integer:
    """Return the column with tighter bounds that are known from elsewhere."""
    if value.constant is not None or (low <= value.low and high >= value.high):
        return value
    if max(low, value.low) > min(high, value.high):
        return value  # a stand-in for values that only the exact engine can hold
    dtype = _fit(value.low, value.high)
    return _made(value.expr, dtype, max(low, value.low), min(high, value.high))


def choose(condition: pl.Expr, then: Integer, otherwise: Integer) -> Integer:
    """Return ``then`` where the condition is true, else ``otherwise`` (also where it is null)."""
    low, high = min(then.low, otherwise.low), max(then.high, otherwise.high)
    first, second, dtype = _pair(then, otherwise, low, high)
    return _made(pl.when(condition).then(first).otherwise(second), dtype, low, high)


def extreme(first: Integer, second: Integer, *, largest: bool) -> Integer:
    """Return the larger or smaller of two values; a null is passed over, so callers mask where one may be."""
    above, below = (first, second) if first.low >= second.low else (second, first)
    if above.low >= below.high:  # the ranges alone decide
        return above if largest else below
    low = max(first.low, second.low) if largest else min(first.low, second.low)
    high = max(first.high, second.high) if largest else min(first.high, second.high)
    left, right, dtype = _pair(first, second, low, high)
    chosen = pl.max_horizontal(left, right) if largest else pl.min_horizontal(left, right)
    return _made(chosen, dtype, low, high)


def clipped(value: Integer, low: int | None, high: int | None) -> Integer:
    """Return the value kept within constant bounds; null stays null."""
    raised = low is not None and low > value.low
    lowered = high is not None and high < value.high
    if not (raised or lowered):
        return value
    known = [value.low, value.high, *(bound for bound in (low, high) if bound is not None)]
    dtype = _fit(min(known), max(known))
    column, new_low, new_high = _as(value, dtype), value.low, value.high
    if low is not None and raised:
        column, new_low, new_high = column.clip(lower_bound=pl.lit(low, dtype=dtype)), low, max(new_high, low)
    if high is not None and lowered:
        column, new_low, new_high = (
            column.clip(upper_bound=pl.lit(high, dtype=dtype)),
            min(new_low, high),
            high,
        )
    return _made(column, dtype, new_low, new_high)


def _unbound(value: Integer) -> Integer:
    return value


def round_divide(
    value: Integer, divisor: Integer, rounding: Rounding, bind: Callable[[Integer], Integer] = _unbound
) -> Integer:
    """Return ``value / divisor`` rounded; the divisor must be positive. ``value`` is used several times."""
    if divisor.constant == 1:
        return value
    if value.constant is not None and divisor.constant is not None:
        return constant(round_ratio(value.constant, divisor.constant, rounding))
    match rounding:
        case Rounding.FLOOR:
            return floor_divide(value, divisor)
        case Rounding.CEIL:
            return ceiling_divide(value, divisor)
        case Rounding.TRUNCATE:
            return _by_sign(value, lambda part: floor_divide(part, divisor), bind)
        case Rounding.UP:
            return _by_sign(value, lambda part: ceiling_divide(part, divisor), bind)
        case Rounding.HALF_UP:
            return _by_sign(value, lambda part: _half_up(part, divisor), bind)
        case Rounding.HALF_EVEN:
            return _half_even(value, divisor)


def _by_sign(
    value: Integer, of_positive: Callable[[Integer], Integer], bind: Callable[[Integer], Integer]
) -> Integer:
    """Apply a function of non-negative values by absolute value, giving the result the value's sign."""
    if value.low >= 0:
        return of_positive(value)
    if value.high <= 0:
        return negate(of_positive(negate(value)))
    positive = bind(of_positive(absolute(value)))
    return choose(value.expr < 0, negate(positive), positive)


def _half_up(value: Integer, divisor: Integer) -> Integer:
    """Round a non-negative quotient half up: (n + d // 2) // d, right for even and odd divisors."""
    half = (
        constant(divisor.constant // 2)
        if divisor.constant is not None
        else floor_divide(divisor, constant(2))
    )
    return floor_divide(add(value, half), divisor)


def _half_even(value: Integer, divisor: Integer) -> Integer:
    down = floor_divide(value, divisor)
    rest = add(value, negate(multiply(down, divisor)))
    twice = multiply(Integer(rest.expr, 0, divisor.high), constant(2))
    over, tie = compare(">", twice, divisor), compare("==", twice, divisor)
    odd = (down.expr % 2) == 1
    return choose(over | (tie & odd), add(down, constant(1)), down)


def compare(operator: str, left: Integer, right: Integer) -> pl.Expr:
    """Return the comparison as a flag column."""
    first, second, _dtype = _pair(left, right, 0, 0)
    return {
        "==": first.eq,
        "!=": first.ne,
        "<": first.lt,
        "<=": first.le,
        ">": first.gt,
        ">=": first.ge,
    }[operator](second)
