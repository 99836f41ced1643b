"""Types of sums, means and counts over a list of operands."""

from __future__ import annotations

from fractions import Fraction

from rulecore.codes import types as codes
from rulecore.expr import nodes, ranges
from rulecore.expr.infer.core import TYPES, Inference, join, range_of, ranged, widest
from rulecore.expr.ranges import Range
from rulecore.expr.types import (
    NothingType,
    NumberType,
    Type,
    as_nullable,
)
from rulecore.language import N_
from rulecore.numbers import decimal_scale


def _operands(
    inference: Inference, node: nodes.Total | nodes.Mean | nodes.TrimmedMean, what: str
) -> list[NumberType]:
    if not node.operands:
        inference.fault(codes.EMPTY_OPERANDS, node, what=what)
        return [NumberType(scale=None, nullable=True)]
    exact = isinstance(node, nodes.TrimmedMean)
    return [inference.number(operand, what, exact=exact) for operand in node.operands]


def _total(inference: Inference, node: nodes.Total) -> Type:
    types = _operands(inference, node, N_("sum()"))
    parts = [
        ranges.union((range_of(type_), Range(Fraction(0), Fraction(0))))
        if type_.nullable
        else range_of(type_)
        for type_ in types
    ]
    found = parts[0]
    for part in parts[1:]:
        found = ranges.add(found, part)
    return ranged(
        found,
        scale=widest(types),
        exact=all(type_.exact for type_ in types),
        nullable=all(type_.nullable for type_ in types),
    )


def _mean(inference: Inference, node: nodes.Mean) -> Type:
    types = _operands(inference, node, N_("mean()"))
    scale, inverse = widest(types), decimal_scale(Fraction(1, len(types)))
    fixed = scale is not None and inverse is not None and not any(type_.nullable for type_ in types)
    return ranged(
        ranges.union(range_of(type_) for type_ in types),
        scale=scale + inverse if fixed and scale is not None and inverse is not None else None,
        exact=all(type_.exact for type_ in types),
        nullable=all(type_.nullable for type_ in types),
    )


def _trimmed_mean(inference: Inference, node: nodes.TrimmedMean) -> Type:
    types = _operands(inference, node, N_("trimmed_mean()"))
    sure = sum(not type_.nullable for type_ in types)
    kept = len(types) - node.low - node.high
    scale, inverse = widest(types), decimal_scale(Fraction(1, kept)) if kept > 0 else None
    fixed = scale is not None and inverse is not None and sure == len(types)
    return ranged(
        ranges.union(range_of(type_) for type_ in types),
        scale=scale + inverse if fixed and scale is not None and inverse is not None else None,
        nullable=sure <= node.low + node.high,
    )


def _count(inference: Inference, node: nodes.Count) -> Type:
    for operand in node.operands:
        inference.type_of(operand)
    return NumberType(scale=0, low=Fraction(0), high=Fraction(len(node.operands)))


def _coalesce(inference: Inference, node: nodes.Coalesce) -> Type:
    if not node.operands:
        inference.fault(codes.EMPTY_OPERANDS, node, what=N_("coalesce()"))
        return NothingType()
    types = [inference.type_of(operand) for operand in node.operands]
    joined = join(inference, node.operands, types, N_("coalesce()"))
    return as_nullable(joined, all(type_.nullable for type_ in types))


TYPES.update(
    {
        nodes.Total: _total,
        nodes.Mean: _mean,
        nodes.TrimmedMean: _trimmed_mean,
        nodes.Count: _count,
        nodes.Coalesce: _coalesce,
    }
)
