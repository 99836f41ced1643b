"""Rounding, logarithms and powers in columns: where guarded floats become exact integers, or doubts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd

import polars as pl

from rulecore.engines.columnar import integers, values
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.lower import (
    TINY,
    Column,
    Lowering,
    divide_values,
    lowers,
    multiply_values,
    null_of,
)
from rulecore.engines.columnar.values import ROUNDOFF, Guarded, Numeric, Ratio
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.types import NumberType
from rulecore.numbers import Rounding, decimal_scale

LARGEST_CERTAIN = 2.0**51
"""Floats above this have no digit left for the place where a rounding is decided."""


@lowers(nodes.Round)
def _round(lowering: Lowering, node: nodes.Round) -> Column:
    value = lowering.number(node.operand)
    if isinstance(value, Ratio):
        try:
            return _round_exactly(lowering, value, node.unit, node.rounding)
        except TooWide:
            pass
    type_ = lowering.type_of(node)
    assert isinstance(type_, NumberType)  # noqa: S101 - rounding gives numbers
    return _round_guarded(lowering, values.guarded(value), node, type_)


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
    return _steps(integers.round_divide(scaled, divisor, rounding), unit)


def _steps(steps: Integer, unit: Fraction) -> Ratio:
    scale = decimal_scale(unit)
    if scale is None:
        return Ratio(
            integers.multiply(steps, integers.constant(unit.numerator)), integers.constant(unit.denominator), 0
        )
    return Ratio(
        integers.multiply(steps, integers.constant(int(unit * 10**scale))), integers.constant(1), scale
    )


def _round_guarded(lowering: Lowering, value: Guarded, node: nodes.Round, type_: NumberType) -> Ratio:
    """Round a float where its error bound leaves no doubt; doubtful rows are noted."""
    if type_.low is None or type_.high is None:
        return _all_in_doubt(lowering, value)
    in_steps = Guarded(
        value.value * float(1 / node.unit) if node.unit.numerator == 1 else value.value / float(node.unit),
        value.relative + 4 * ROUNDOFF,
        value.absolute if value.absolute == 0.0 and isinstance(value.absolute, float) else value.absolute / float(node.unit),
    )
    steps = lowering.bind_number(in_steps)
    assert isinstance(steps, Guarded)  # noqa: S101 - binding keeps the kind
    certain, whole = _whole_steps(steps, node.rounding)
    unsure = ~(certain & (steps.value.abs() < LARGEST_CERTAIN))
    lowering.doubt(unsure.fill_null(False) | steps.value.is_nan().fill_null(False))
    low, high = floor(type_.low / node.unit), ceil(type_.high / node.unit)
    if max(abs(low), abs(high)) > integers.INT128_LIMIT:
        return _all_in_doubt(lowering, value)
    dtype = pl.Int64() if max(abs(low), abs(high)) <= integers.INT64_LIMIT else pl.Int128()
    kept = whole.clip(float(low), float(high)).cast(dtype, strict=False)
    return _steps(Integer(kept, low, high), node.unit)


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


def _all_in_doubt(lowering: Lowering, value: Guarded) -> Ratio:
    """Leave every applicable row to the exact engine: the value has no bound that 128 bits could hold."""
    lowering.doubt(value.value.is_not_null())
    zero = value.value.is_not_null().cast(pl.Int64()) * 0
    return Ratio(Integer(zero, 0, 0), integers.constant(1), 0)


@lowers(nodes.NaturalLogarithm)
def _logarithm(lowering: Lowering, node: nodes.NaturalLogarithm) -> Column:
    value = lowering.bind_number(lowering.number(node.operand))
    _outside(lowering, value, "outside_domain", zero_too=True)
    floats = values.guarded(value)
    return values.guarded_logarithm(_only_positive(floats))


def _only_positive(value: Guarded) -> Guarded:
    return Guarded(pl.when(value.value > 0).then(value.value), value.relative, value.absolute)


def _outside(lowering: Lowering, value: Numeric, reason: str, *, zero_too: bool) -> None:
    """Note the records whose value is negative (or zero), or not told from it."""
    if isinstance(value, Guarded):
        lowering.doubt((value.value <= value.error() + TINY).fill_null(False))
        return
    if value.numerator.low < 0 or (zero_too and value.numerator.low <= 0):
        numerator = value.numerator.expr
        lowering.issue(reason, ((numerator <= 0) if zero_too else (numerator < 0)) & ~null_of(value))


@lowers(nodes.Exponential)
def _exponential(lowering: Lowering, node: nodes.Exponential) -> Column:
    floats = lowering.bind_number(values.guarded(lowering.number(node.operand)))
    assert isinstance(floats, Guarded)  # noqa: S101 - binding keeps the kind
    return values.guarded_exponential(floats)


@lowers(nodes.Power)
def _power(lowering: Lowering, node: nodes.Power) -> Column:
    value = lowering.bind_number(lowering.number(node.base))
    exponent = node.exponent
    if exponent.denominator == 1:
        powered = _whole_power(value, abs(exponent.numerator))
        return powered if exponent >= 0 else divide_values(lowering, values.exact_constant(Fraction(1)), powered)
    _outside(lowering, value, "outside_domain", zero_too=False)
    floats = values.guarded(value)
    if exponent < 0 and isinstance(value, Ratio):
        lowering.issue("division_by_zero", (value.numerator.expr == 0) & ~null_of(value))
    inside = (floats.value > 0) if exponent < 0 else (floats.value >= 0)
    kept = Guarded(pl.when(inside).then(floats.value), floats.relative, floats.absolute)
    return values.guarded_power(kept, float(exponent))


def _whole_power(value: Numeric, exponent: int) -> Numeric:
    if isinstance(value, Ratio):
        try:
            result = values.exact_constant(Fraction(1))
            for _ in range(exponent):
                result = values.multiply(result, value)
        except TooWide:
            pass
        else:
            return result
    result_float = values.guarded(values.exact_constant(Fraction(1)))
    base = values.guarded(value)
    for _ in range(exponent):
        product = multiply_values(result_float, base)
        assert isinstance(product, Guarded)  # noqa: S101 - guarded times guarded
        result_float = product
    return result_float
