"""Sums, means, trimmed means, counts and first applicable values over a record's own columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf

import polars as pl
from attrs import evolve

from rulecore.engines.columnar import integers, values
from rulecore.engines.columnar.arithmetic import add_values, one_sign
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.logic import chosen_number
from rulecore.engines.columnar.lower import Column, Lowering, lowers, null_of
from rulecore.engines.columnar.values import Guarded, Numeric, Ratio
from rulecore.expr import nodes
from rulecore.expr.types import FlagType, NumberType


@lowers(nodes.Total)
def _total(lowering: Lowering, node: nodes.Total) -> Column:
    operands = _bound_operands(lowering, node.operands)
    return _sum_of_applicable(lowering, node.operands, operands)


def _bound_operands(lowering: Lowering, operands: Sequence[nodes.Node]) -> list[Numeric]:
    return [lowering.bind_number(lowering.number(operand)) for operand in operands]


def _sum_of_applicable(
    lowering: Lowering, parts: Sequence[nodes.Node], operands: Sequence[Numeric]
) -> Numeric:
    """Return the sum of the applicable operands, not applicable if none is."""
    same = one_sign(*(lowering.type_of(part) for part in parts))
    total: Numeric | None = None
    for part, operand in zip(parts, operands, strict=True):
        filled = _zero_where_absent(operand) if lowering.type_of(part).nullable else operand
        total = filled if total is None else add_values(total, filled, same=same)
        if isinstance(total, Guarded) and not isinstance(total.absolute, float):
            total = lowering.bind_number(total)
    assert total is not None  # noqa: S101 - inference refuses empty lists
    if not all(lowering.type_of(part).nullable for part in parts):
        return total
    return _masked(total, pl.all_horizontal([null_of(operand) for operand in operands]))


def _masked(value: Numeric, absent: pl.Expr) -> Numeric:
    if isinstance(value, Guarded):
        return evolve(value, value=pl.when(~absent).then(value.value))
    top = value.numerator
    return Ratio(Integer(pl.when(~absent).then(top.expr), top.low, top.high), value.denominator, value.scale)


def _zero_where_absent(value: Numeric) -> Numeric:
    if isinstance(value, Guarded):
        absolute = value.absolute if isinstance(value.absolute, float) else value.absolute.fill_null(0.0)
        return evolve(value, value=value.value.fill_null(0.0), absolute=absolute)
    absent, top, bottom = null_of(value), value.numerator, value.denominator
    numerator = Integer(pl.when(~absent).then(top.expr).otherwise(0), min(top.low, 0), max(top.high, 0))
    if bottom.constant is None:
        bottom = Integer(pl.when(~absent).then(bottom.expr).otherwise(1), 1, max(bottom.high, 1))
    return Ratio(numerator, bottom, value.scale)


def _divided_by_count(total: Numeric, count: Integer) -> Numeric:
    """Return a sum divided by how many it is made of; the count is null where it is zero."""
    if isinstance(total, Ratio):
        try:
            return values.divide(total, count, values.Ratio(count, integers.constant(1), 0))
        except TooWide:
            pass
    divisor = values.guarded(Ratio(count, integers.constant(1), 0))
    return values.guarded_divide(values.guarded(total), divisor)


@lowers(nodes.Mean)
def _mean(lowering: Lowering, node: nodes.Mean) -> Column:
    operands = _bound_operands(lowering, node.operands)
    total = _sum_of_applicable(lowering, node.operands, operands)
    return _mean_of(lowering, total, operands, node.operands)


def _mean_of(
    lowering: Lowering, total: Numeric, operands: Sequence[Numeric], parts: Sequence[nodes.Node]
) -> Numeric:
    if not any(lowering.type_of(part).nullable for part in parts):
        size = values.exact_constant(Fraction(1, len(parts)))
        return _scaled_by(total, size)
    present = pl.sum_horizontal([(~null_of(operand)).cast(pl.Int64()) for operand in operands])
    count = Integer(lowering.bind(pl.when(present > 0).then(present)), 1, len(parts))
    return _divided_by_count(total, count)


def _scaled_by(total: Numeric, factor: Ratio) -> Numeric:
    if isinstance(total, Ratio):
        try:
            return values.multiply(total, factor)
        except TooWide:
            pass
    return values.guarded_multiply(values.guarded(total), values.guarded(factor))


@lowers(nodes.TrimmedMean)
def _trimmed_mean(lowering: Lowering, node: nodes.TrimmedMean) -> Column:
    operands = _bound_operands(lowering, node.operands)
    ratios = [operand for operand in operands if isinstance(operand, Ratio)]
    if len(ratios) == len(operands):
        try:
            return _exact_trimmed_mean(lowering, node, ratios)
        except TooWide:
            pass
    return _guarded_trimmed_mean(lowering, node, [values.guarded(operand) for operand in operands])


def _exact_trimmed_mean(lowering: Lowering, node: nodes.TrimmedMean, operands: list[Ratio]) -> Ratio:
    numerators, denominator, scale = values.aligned(operands)
    if denominator.constant is None:
        raise TooWide
    low, high = min(part.low for part in numerators), max(part.high for part in numerators)
    size = len(numerators)
    span = max(abs(low), abs(high)) * size
    if span > integers.INT64_LIMIT:
        raise TooWide
    total, count = _kept(lowering, node, [part.expr.cast(pl.Int64()) for part in numerators])
    numerator = Integer(total, min(low * size, 0), max(high * size, 0))
    return Ratio(numerator, integers.multiply(denominator, Integer(count, 1, size)), scale)


def _kept(lowering: Lowering, node: nodes.TrimmedMean, columns: list[pl.Expr]) -> tuple[pl.Expr, pl.Expr]:
    """Return the sum and number of the values left without the extremes; null where none is left."""
    ordered = lowering.bind(pl.concat_list(columns).list.drop_nulls().list.sort())
    left = lowering.bind(ordered.list.len().cast(pl.Int64()) - (node.low + node.high))
    count = lowering.bind(pl.when(left > 0).then(left))
    total = ordered.list.slice(node.low, pl.max_horizontal(left, pl.lit(0, dtype=pl.Int64()))).list.sum()
    return lowering.bind(pl.when(left > 0).then(total)), count


def _guarded_trimmed_mean(lowering: Lowering, node: nodes.TrimmedMean, operands: list[Guarded]) -> Guarded:
    """Return the trimmed mean of floats: each value moves it by no more than its own error."""
    total, count = _kept(lowering, node, [operand.value for operand in operands])
    error = pl.max_horizontal([operand.error().fill_nan(inf) for operand in operands])
    largest = pl.max_horizontal([operand.value.abs() for operand in operands])
    slack = 2.0 * len(operands) * values.ROUNDOFF
    mean = total / count.cast(pl.Float64())
    return Guarded(mean, 4 * values.ROUNDOFF, error * 1.01 + largest * slack)


@lowers(nodes.Count)
def _count(lowering: Lowering, node: nodes.Count) -> Column:
    parts = [_counts(lowering, operand) for operand in node.operands]
    total = pl.sum_horizontal(parts) if parts else pl.lit(0, dtype=pl.Int64())
    return Ratio(Integer(total.cast(pl.Int64()), 0, len(parts)), integers.constant(1), 0)


def _counts(lowering: Lowering, node: nodes.Node) -> pl.Expr:
    if isinstance(lowering.type_of(node), FlagType):
        return lowering.plain(node).fill_null(False).cast(pl.Int64())
    return (~lowering.absent(node)).cast(pl.Int64())


@lowers(nodes.Coalesce)
def _coalesce(lowering: Lowering, node: nodes.Coalesce) -> Column:
    if isinstance(lowering.type_of(node), NumberType):
        return _coalesced_numbers(lowering, node)
    found: list[pl.Expr] = []
    absent = pl.lit(True)
    for operand in node.operands:
        with lowering.only_where(absent):
            value = lowering.bind(lowering.plain(operand, lowering.type_of(node)))
        found.append(value)
        absent = absent & value.is_null()
    return pl.coalesce(found)


def _coalesced_numbers(lowering: Lowering, node: nodes.Coalesce) -> Numeric:
    found: list[Numeric] = []
    absent = pl.lit(True)
    for operand in node.operands:
        with lowering.only_where(absent):
            value = lowering.bind_number(lowering.number(operand))
        found.append(value)
        absent = absent & null_of(value)
    return chosen_number([~null_of(value) for value in found[:-1]], found[:-1], found[-1])
