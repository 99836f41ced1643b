"""Rounding in columns: where guarded floats become exact integers, or doubts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd

import polars as pl

from rulecore.engines.columnar import integers, values
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.lower import TINY, Column, Lowering, lowers
from rulecore.engines.columnar.values import ROUNDOFF, Guarded, Numeric, Ratio
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.types import NumberType
from rulecore.numbers import Rounding, decimal_scale

LARGEST_CERTAIN = 2.0**51
"""Floats above this have no digit left for the place where a rounding is decided."""


FINE = 1e-7
"""An error, in steps, small enough to decide roundings by it on every row: one in millions is in doubt by chance."""


@lowers(nodes.Round)
def _round(lowering: Lowering, node: nodes.Round) -> Column:
    type_ = lowering.type_of(node)
    assert isinstance(type_, NumberType)  # noqa: S101 - rounding gives numbers
    return round_value(lowering, lowering.number(node.operand), node.unit, node.rounding, type_)


def round_value(
    lowering: Lowering, value: Numeric, unit: Fraction, rounding: Rounding, type_: NumberType
) -> Ratio:
    """Return a number rounded to multiples of ``unit``; ``type_`` is what inference knows of the result."""
    if isinstance(value, Ratio):
        try:
            return _round_exactly(lowering, value, unit, rounding)
        except TooWide:
            pass
    floats = values.guarded(value)
    try:
        return _round_guarded(lowering, floats, unit, rounding, type_)
    except TooWide:
        return _all_in_doubt(lowering, floats, type_)


def _round_exactly(lowering: Lowering, value: Ratio, unit: Fraction, rounding: Rounding) -> Ratio:
    """Return the exactly rounded number as whole steps of ``unit``."""
    up, down = unit.denominator, unit.numerator * 10**value.scale
    if value.denominator.constant is not None:
        down *= value.denominator.constant
        common = gcd(up, down)
        up, down = up // common, down // common
        divisor = integers.constant(down)
    else:
        common = gcd(up, down)
        up, down = up // common, down // common
        divisor = integers.multiply(value.denominator, integers.constant(down))
    scaled = integers.multiply(value.numerator, integers.constant(up))
    if divisor.constant is None:
        divisor = lowering.bind_integer(divisor)
    if rounding is Rounding.HALF_EVEN or scaled.low < 0 < scaled.high:
        scaled = lowering.bind_integer(scaled)
    return _steps(integers.round_divide(scaled, divisor, rounding, lowering.bind_integer), unit)


def _steps(steps: Integer, unit: Fraction) -> Ratio:
    scale = decimal_scale(unit)
    if scale is None:
        return Ratio(
            integers.multiply(steps, integers.constant(unit.numerator)),
            integers.constant(unit.denominator),
            0,
        )
    return Ratio(
        integers.multiply(steps, integers.constant(int(unit * 10**scale))), integers.constant(1), scale
    )


def _round_guarded(
    lowering: Lowering, value: Guarded, unit: Fraction, rounding: Rounding, type_: NumberType
) -> Ratio:
    """Round a float where its error bound leaves no doubt; doubtful rows are noted."""
    if type_.low is None or type_.high is None:
        raise TooWide
    low, high = floor(type_.low / unit), ceil(type_.high / unit)
    dtype = integers.width(low, high)
    # 1 / unit rather than unit where it is whole: 10^n is a float, 10^-n is not.
    factor, divisor = (float(1 / unit), 1.0) if unit.numerator == 1 else (1.0, float(unit))
    column = value.value * factor if unit.numerator == 1 else value.value / divisor
    most = (values.size(value.most) + value.worst) * factor / divisor
    worst = value.worst * factor / divisor + (4 * most + 2) * ROUNDOFF
    if worst < FINE and rounding in (Rounding.HALF_UP, Rounding.HALF_EVEN):
        column = lowering.bind(column)
        whole = lowering.bind((column + 0.5).floor())
        # Half a step away, or not a number at all, which stands above every number for Polars.
        lowering.doubt((whole - column).abs() > 0.5 - worst * 1.01 - TINY)
    else:
        absolute = value.absolute * factor / divisor * 1.01
        steps = lowering.bind_number(Guarded(column, value.relative + 4 * ROUNDOFF, absolute))
        assert isinstance(steps, Guarded)  # noqa: S101 - binding keeps the kind
        certain, whole = _whole_steps(steps, rounding)
        unsure = ~(certain & (steps.value.abs() < LARGEST_CERTAIN))
        lowering.doubt((unsure | steps.value.is_nan()).fill_null(value=False))
    return _steps(Integer(_within(whole, low, high, type_).cast(dtype, strict=False), low, high), unit)


def _within(whole: pl.Expr, low: int, high: int, type_: NumberType) -> pl.Expr:
    """Return rounded floats within the bounds of their type, which those in doubt may lie beyond."""
    if type_.nullable:
        return whole.clip(float(low), float(high))  # slower, but null stays null
    return pl.min_horizontal(pl.max_horizontal(whole, pl.lit(float(low))), pl.lit(float(high)))


def _whole_steps(steps: Guarded, rounding: Rounding) -> tuple[pl.Expr, pl.Expr]:
    """Return whether the rounding is certain, and the rounded float."""
    value, error = steps.value, steps.error() + TINY
    below = value.floor()
    if rounding in (Rounding.HALF_UP, Rounding.HALF_EVEN):
        distance = (value - below - 0.5).abs()
        return distance > error, (value + 0.5).floor()
    fraction = value - below
    certain = (fraction > error) & ((1.0 - fraction) > error)
    match rounding:
        case Rounding.FLOOR:
            return certain, below
        case Rounding.CEIL:
            return certain, below + 1.0
        case Rounding.TRUNCATE:
            return certain, pl.when(value < 0).then(below + 1.0).otherwise(below)
        case Rounding.UP:
            return certain, pl.when(value > 0).then(below + 1.0).otherwise(below)
    raise InternalError(f"unknown rounding {rounding}")


def _all_in_doubt(lowering: Lowering, value: Guarded, type_: NumberType) -> Ratio:
    """Leave every applicable row to the exact engine: the value has no bound that 128 bits could hold.

    What stands there until then is a whole number within the type's bounds (as near to zero as they allow).
    """
    present = value.value.is_not_null()
    lowering.doubt(present)
    stand_in = max(ceil(type_.low), 0) if type_.low is not None else 0
    stand_in = min(floor(type_.high), stand_in) if type_.high is not None else stand_in
    if abs(stand_in) > integers.INT64_LIMIT:
        stand_in = 0
    column = pl.when(present).then(pl.lit(stand_in, dtype=pl.Int64()))
    return Ratio(Integer(column, stand_in, stand_in), integers.constant(1), 0)
