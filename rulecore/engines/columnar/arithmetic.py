"""Arithmetic in columns: exact while it fits into 128 bits, guarded floats beyond."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
from attrs import evolve

from rulecore.engines.columnar import integers, values
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.lower import TINY, Column, Lowering, lowers, null_of
from rulecore.engines.columnar.values import Guarded, Numeric, Ratio
from rulecore.expr import nodes
from rulecore.expr.types import DateType, NumberType, Type


def one_sign(*types: Type) -> bool:
    """Return whether numbers are proven to be all non-negative or all non-positive."""
    known = [type_ for type_ in types if isinstance(type_, NumberType)]
    return all(type_.low is not None and type_.low >= 0 for type_ in known) or all(
        type_.high is not None and type_.high <= 0 for type_ in known
    )


@lowers(nodes.Add)
def _add(lowering: Lowering, node: nodes.Add) -> Column:
    left, right = lowering.number(node.left), lowering.number(node.right)
    return add_values(left, right, same=one_sign(lowering.type_of(node.left), lowering.type_of(node.right)))


def add_values(left: Numeric, right: Numeric, *, same: bool) -> Numeric:
    """Return a sum: exact while it fits, else guarded."""
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        try:
            return values.add(left, right)
        except TooWide:
            pass
    return values.guarded_add(values.guarded(left), values.guarded(right), one_sign=same)


@lowers(nodes.Subtract)
def _subtract(lowering: Lowering, node: nodes.Subtract) -> Column:
    left, right = lowering.number(node.left), lowering.number(node.right)
    negated = nodes.Negate(node.right)
    same = one_sign(lowering.type_of(node.left), lowering.type_of(negated))
    return add_values(left, negate_value(right), same=same)


def negate_value(value: Numeric) -> Numeric:
    """Return a number with its sign turned."""
    return values.negate(value) if isinstance(value, Ratio) else values.guarded_negate(value)


@lowers(nodes.Negate)
def _negate(lowering: Lowering, node: nodes.Negate) -> Column:
    return negate_value(lowering.number(node.operand))


def multiply_values(left: Numeric, right: Numeric) -> Numeric:
    """Return a product: exact while it fits, else guarded."""
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        try:
            return values.multiply(left, right)
        except TooWide:
            pass
    return values.guarded_multiply(values.guarded(left), values.guarded(right))


@lowers(nodes.Absolute)
def _absolute(lowering: Lowering, node: nodes.Absolute) -> Column:
    value = lowering.number(node.operand)
    if isinstance(value, Guarded):
        return values.guarded_absolute(value)
    value = lowering.bind_number(value)
    assert isinstance(value, Ratio)  # noqa: S101 - binding keeps the kind
    return Ratio(integers.absolute(value.numerator), value.denominator, value.scale)


@lowers(nodes.Divide)
def _divide(lowering: Lowering, node: nodes.Divide) -> Column:
    return divide_values(lowering, lowering.number(node.left), lowering.number(node.right))


def divide_values(lowering: Lowering, left: Numeric, right: Numeric) -> Numeric:
    """Return a quotient; where the divisor is zero it is not applicable, with an issue."""
    if isinstance(right, Guarded):
        divisor = lowering.bind_number(right)
        assert isinstance(divisor, Guarded)  # noqa: S101 - binding keeps the kind
        number = values.known(divisor)
        if number is None or abs(number) <= divisor.worst:
            lowering.doubt(divisor.value.abs() <= divisor.error() + TINY)
        return values.guarded_divide(values.guarded(left), divisor)
    bottom = lowering.bind_integer(right.numerator)
    right = Ratio(bottom, right.denominator, right.scale)
    if bottom.constant not in (None, 0) and right.denominator.constant is not None:
        return multiply_values(left, _inverse(right))
    left = lowering.bind_number(left)
    if bottom.low <= 0 <= bottom.high:
        lowering.issue("division_by_zero", (bottom.expr == 0) & ~null_of(right) & ~null_of(left))
    positive = lowering.positive(bottom)
    if isinstance(left, Ratio):
        turned = left
        if bottom.low < 0:
            flipped = integers.negate(left.numerator)
            turned = Ratio(
                integers.choose(bottom.expr < 0, flipped, left.numerator), left.denominator, left.scale
            )
        try:
            return values.divide(turned, positive, right)
        except TooWide:
            pass
    signed = Integer(pl.when(bottom.expr != 0).then(bottom.expr), bottom.low, bottom.high)
    divisor = values.guarded(Ratio(signed, right.denominator, right.scale))
    return values.guarded_divide(values.guarded(left), divisor)


def _inverse(constant: Ratio) -> Numeric:
    try:
        return values.inverse_of_constant(constant)
    except TooWide:
        assert constant.numerator.constant is not None  # noqa: S101 - the caller has seen it
        assert constant.denominator.constant is not None  # noqa: S101
        bottom = constant.numerator.constant
        return values.guarded_constant(Fraction(constant.denominator.constant * 10**constant.scale, bottom))


@lowers(nodes.Minimum)
@lowers(nodes.Maximum)
def _extreme(lowering: Lowering, node: nodes.Minimum | nodes.Maximum) -> Column:
    largest = isinstance(node, nodes.Maximum)
    if isinstance(lowering.type_of(node), DateType):
        dates = [lowering.bind(lowering.plain(operand, DateType())) for operand in node.operands]
        missing = pl.any_horizontal([item.is_null() for item in dates])
        chosen = pl.max_horizontal(dates) if largest else pl.min_horizontal(dates)
        return pl.when(~missing).then(chosen)
    result = lowering.number(node.operands[0])
    nullable = lowering.type_of(node.operands[0]).nullable
    for operand in node.operands[1:]:
        nullable = nullable or lowering.type_of(operand).nullable
        other = lowering.number(operand)
        result = _extreme_of(lowering, result, other, largest=largest, nullable=nullable)
    return result


def _extreme_of(
    lowering: Lowering, left: Numeric, right: Numeric, *, largest: bool, nullable: bool
) -> Numeric:
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        try:
            return _exact_extreme(lowering, left, right, largest=largest, nullable=nullable)
        except TooWide:
            pass
    if not nullable:
        return values.guarded_extreme([values.guarded(left), values.guarded(right)], largest=largest)
    first, second = lowering.bind_number(values.guarded(left)), lowering.bind_number(values.guarded(right))
    assert isinstance(first, Guarded) and isinstance(second, Guarded)  # noqa: S101, PT018 - binding keeps the kind
    chosen = values.guarded_extreme([first, second], largest=largest)
    missing = first.value.is_null() | second.value.is_null()
    return evolve(chosen, value=pl.when(~missing).then(chosen.value))


def _exact_extreme(lowering: Lowering, left: Ratio, right: Ratio, *, largest: bool, nullable: bool) -> Ratio:
    (first, second), denominator, scale = values.aligned([left, right])
    bound = first.constant if first.constant is not None else second.constant
    if bound is not None and denominator.constant is not None:
        other = second if first.constant is not None else first
        if other.constant is not None:
            bound = max(bound, other.constant) if largest else min(bound, other.constant)
            return Ratio(integers.constant(bound), denominator, scale)
        if nullable:
            kept = integers.clipped(other, bound, None) if largest else integers.clipped(other, None, bound)
            return Ratio(kept, denominator, scale)
    if not nullable:
        return Ratio(integers.extreme(first, second, largest=largest), denominator, scale)
    first, second = lowering.bind_integer(first), lowering.bind_integer(second)
    chosen = integers.extreme(first, second, largest=largest)
    missing = first.expr.is_null() | second.expr.is_null()
    return Ratio(Integer(pl.when(~missing).then(chosen.expr), chosen.low, chosen.high), denominator, scale)
