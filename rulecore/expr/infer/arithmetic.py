"""Types of arithmetic, rounding, logarithms and powers."""

from __future__ import annotations

import math
from fractions import Fraction

from attrs import evolve

from rulecore.codes import types as codes
from rulecore.expr import nodes, ranges
from rulecore.expr.infer.core import TYPES, Inference, range_of, ranged, widest
from rulecore.expr.infer.spreads import standard_score_range
from rulecore.expr.ranges import Range
from rulecore.expr.types import (
    DateType,
    NumberType,
    Type,
)
from rulecore.language import N_
from rulecore.numbers import decimal_scale


def _sum(inference: Inference, node: nodes.Add | nodes.Subtract) -> Type:
    left = inference.number(node.left, N_("a sum") if isinstance(node, nodes.Add) else N_("a difference"))
    right = inference.number(node.right, N_("a sum") if isinstance(node, nodes.Add) else N_("a difference"))
    second = range_of(right) if isinstance(node, nodes.Add) else ranges.negate(range_of(right))
    return ranged(
        ranges.add(range_of(left), second),
        scale=widest((left, right)),
        exact=left.exact and right.exact,
        nullable=left.nullable or right.nullable,
    )


def _multiply(inference: Inference, node: nodes.Multiply) -> Type:
    left, right = inference.number(node.left, N_("a product")), inference.number(node.right, N_("a product"))
    scale = None if left.scale is None or right.scale is None else left.scale + right.scale
    return ranged(
        ranges.multiply(range_of(left), range_of(right)),
        scale=scale,
        exact=left.exact and right.exact,
        nullable=left.nullable or right.nullable,
    )


def _divide(inference: Inference, node: nodes.Divide) -> Type:
    left, right = (
        inference.number(node.left, N_("a quotient")),
        inference.number(node.right, N_("a quotient")),
    )
    scale = None
    if left.scale is not None and right.low is not None and right.low == right.high and right.low != 0:
        inverse = decimal_scale(1 / right.low)
        scale = None if inverse is None else left.scale + inverse
    found = ranges.divide(range_of(left), range_of(right), smallest=_smallest(right))
    return ranged(
        found if found.bounded else standard_score_range(node) or found,
        scale=scale,
        exact=left.exact and right.exact,
        nullable=left.nullable or right.nullable or range_of(right).holds(Fraction(0)),
    )


def _smallest(divisor: NumberType) -> Fraction | None:
    """Return the least size of a divisor that is not zero: one unit in its last decimal."""
    return None if divisor.scale is None else Fraction(1, 10**divisor.scale)


def _negate(inference: Inference, node: nodes.Negate) -> Type:
    operand = inference.number(node.operand, N_("a minus sign"))
    turned = ranges.negate(range_of(operand))
    return evolve(operand, low=turned.low, high=turned.high)


def _absolute(inference: Inference, node: nodes.Absolute) -> Type:
    operand = inference.number(node.operand, N_("abs()"))
    positive = ranges.absolute(range_of(operand))
    return evolve(operand, low=positive.low, high=positive.high)


def _extreme(inference: Inference, node: nodes.Minimum | nodes.Maximum) -> Type:
    what = N_("min()") if isinstance(node, nodes.Minimum) else N_("max()")
    if not node.operands:
        inference.fault(codes.EMPTY_OPERANDS, node, what=what)
        return NumberType(scale=None, nullable=True)
    if any(isinstance(inference.type_of(operand), DateType) for operand in node.operands):
        found = [inference.expect(operand, what, DateType, N_("date")) for operand in node.operands]
        return DateType(nullable=any(type_.nullable for type_ in found))
    types = [inference.number(operand, what) for operand in node.operands]
    combine = ranges.minimum if isinstance(node, nodes.Minimum) else ranges.maximum
    return ranged(
        combine(range_of(type_) for type_ in types),
        scale=widest(types),
        exact=all(type_.exact for type_ in types),
        nullable=any(type_.nullable for type_ in types),
    )


def _round(inference: Inference, node: nodes.Round) -> Type:
    operand = inference.number(node.operand, N_("rounding"))
    return ranged(
        ranges.rounded(range_of(operand), node.unit, node.rounding),
        scale=decimal_scale(node.unit),
        nullable=operand.nullable or not operand.exact,
    )


def _logarithm(inference: Inference, node: nodes.NaturalLogarithm) -> Type:
    operand = inference.number(node.operand, N_("ln()"))
    positive = operand.low is not None and operand.low > 0
    source = range_of(operand) if positive else Range(None, operand.high)
    return ranged(
        ranges.monotone(math.log, source, below=None),
        scale=None,
        exact=False,
        nullable=operand.nullable or not positive,
    )


def _exponential(inference: Inference, node: nodes.Exponential) -> Type:
    operand = inference.number(node.operand, N_("exp()"))
    found = ranges.monotone(math.exp, range_of(operand), below=Fraction(0))
    return ranged(found, scale=None, exact=False, nullable=operand.nullable)


def _normal_probability(inference: Inference, node: nodes.NormalProbability) -> Type:
    operand = inference.number(node.operand, N_("normal_probability()"))
    found = ranges.monotone(
        lambda value: math.erfc(-value / math.sqrt(2)) / 2, range_of(operand), below=Fraction(0)
    )
    high = Fraction(1) if found.high is None else min(found.high, Fraction(1))
    return ranged(Range(found.low, high), scale=None, exact=False, nullable=operand.nullable)


def _power(inference: Inference, node: nodes.Power) -> Type:
    operand = inference.number(node.base, N_("power()"))
    exponent = node.exponent
    if exponent.denominator == 1 and exponent >= 0:
        scale = None if operand.scale is None else operand.scale * exponent.numerator
        found = ranges.whole_power(range_of(operand), exponent.numerator)
        return ranged(found, scale=scale, exact=operand.exact, nullable=operand.nullable)
    if exponent.denominator == 1:
        powered = ranges.whole_power(range_of(operand), -exponent.numerator)
        found = ranges.divide(Range(Fraction(1), Fraction(1)), powered)
        nullable = operand.nullable or range_of(operand).holds(Fraction(0))
        return ranged(found, scale=None, exact=operand.exact, nullable=nullable)
    safe = operand.low is not None and (operand.low >= 0 if exponent > 0 else operand.low > 0)
    found = Range(Fraction(0), None)
    if exponent > 0:
        found = ranges.monotone(
            lambda value: max(value, 0.0) ** float(exponent), range_of(operand), below=Fraction(0)
        )
    return ranged(
        Range(max(found.low or Fraction(0), Fraction(0)), found.high),
        scale=None,
        exact=False,
        nullable=operand.nullable or not safe,
    )


TYPES.update(
    {
        nodes.Add: _sum,
        nodes.Subtract: _sum,
        nodes.Multiply: _multiply,
        nodes.Divide: _divide,
        nodes.Negate: _negate,
        nodes.Absolute: _absolute,
        nodes.Minimum: _extreme,
        nodes.Maximum: _extreme,
        nodes.Round: _round,
        nodes.NaturalLogarithm: _logarithm,
        nodes.Exponential: _exponential,
        nodes.NormalProbability: _normal_probability,
        nodes.Power: _power,
    }
)
