"""Logarithms, exponentials, powers and products of roots in columns: mostly guarded floats."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
from attrs import evolve

from rulecore.engines.columnar import integers, transcendental, values
from rulecore.engines.columnar.arithmetic import divide_values, multiply_values
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.lower import TINY, Column, Lowering, lowers, null_of
from rulecore.engines.columnar.values import Guarded, Numeric, Ratio
from rulecore.expr import nodes


@lowers(nodes.NaturalLogarithm)
def _logarithm(lowering: Lowering, node: nodes.NaturalLogarithm) -> Column:
    value = lowering.bind_number(lowering.number(node.operand))
    _outside(lowering, value, "outside_domain", zero_too=True)
    floats = values.guarded(value)
    if not (isinstance(value, Ratio) and value.numerator.low > 0):
        floats = evolve(floats, value=pl.when(floats.value > 0).then(floats.value))
    return transcendental.guarded_logarithm(values.guarded(lowering.bind_number(floats)))


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
    return transcendental.guarded_exponential(floats)


@lowers(nodes.Power)
def _power(lowering: Lowering, node: nodes.Power) -> Column:
    value = lowering.bind_number(lowering.number(node.base))
    exponent = node.exponent
    if exponent.denominator == 1:
        powered = lowering.bind_number(_whole_power(lowering, value, abs(exponent.numerator)))
        return (
            powered if exponent >= 0 else divide_values(lowering, values.exact_constant(Fraction(1)), powered)
        )
    _outside(lowering, value, "outside_domain", zero_too=False)
    if exponent < 0 and isinstance(value, Ratio):
        lowering.issue("division_by_zero", (value.numerator.expr == 0) & ~null_of(value))
    return _root(lowering, value, exponent)


def _root(lowering: Lowering, value: Numeric, exponent: Fraction) -> Guarded:
    """Return a power with a fractional exponent, null where the base is negative (or zero below a line)."""
    floats, lowest = values.guarded(value), 1 if exponent < 0 else 0
    if not (isinstance(value, Ratio) and value.numerator.low >= lowest):
        inside = (floats.value > 0) if exponent < 0 else (floats.value >= 0)
        floats = evolve(floats, value=pl.when(inside).then(floats.value))
    return transcendental.guarded_power(values.guarded(lowering.bind_number(floats)), float(exponent))


@lowers(nodes.Multiply)
def _multiply(lowering: Lowering, node: nodes.Multiply) -> Column:
    """Return a product; of roots with one exponent, as in a geometric mean, exact bases are multiplied first.

    A root takes floats as long as a hundred multiplications, and a product of bases that are not negative has the
    root that is the product of their roots.
    """
    factors = _factors(node)
    exponent = next((part.exponent for part in factors if _is_root(part)), Fraction(1))  # type: ignore[attr-defined]
    roots = [part for part in factors if isinstance(part, nodes.Power) and part.exponent == exponent]
    if len(roots) < 2 or exponent.denominator == 1:
        return multiply_values(lowering.number(node.left), lowering.number(node.right))
    bases = [lowering.bind_number(lowering.number(root.base)) for root in roots]
    for base in bases:
        _outside(lowering, base, "outside_domain", zero_too=False)
    found: list[Numeric] = [_root(lowering, base, exponent) for base in _multiplied(bases)]
    found += [lowering.number(part) for part in factors if part not in roots]
    product = found[0]
    for factor in found[1:]:
        product = multiply_values(lowering.bind_number(product), factor)
    return product


def _factors(node: nodes.Node) -> list[nodes.Node]:
    """Return the factors of a product, from left to right."""
    if isinstance(node, nodes.Multiply):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _is_root(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Power) and node.exponent > 0 and node.exponent.denominator != 1


def _multiplied(bases: list[Numeric]) -> list[Numeric]:
    """Return numbers with those that are exact multiplied with one another, negative ones not applicable."""
    found: list[Numeric] = [base for base in bases if isinstance(base, Guarded)]
    product: Ratio | None = None
    for base in bases:
        if not isinstance(base, Ratio):
            continue
        top = base.numerator
        if top.low < 0:
            top = Integer(pl.when(top.expr >= 0).then(top.expr), 0, max(top.high, 0))
        inside = evolve(base, numerator=top)
        try:
            product = inside if product is None else values.multiply(product, inside)
        except TooWide:
            found.append(inside)
    return found if product is None else [product, *found]


def _whole_power(lowering: Lowering, value: Numeric, exponent: int) -> Numeric:
    if exponent == 0:
        return _one_where_applicable(value)
    if isinstance(value, Ratio):
        try:
            result = value
            for _ in range(exponent - 1):
                result = values.multiply(result, value)
        except TooWide:
            pass
        else:
            return result
    base = lowering.bind_number(values.guarded(value))
    power: Numeric = base
    for _ in range(exponent - 1):
        power = multiply_values(power, base)
        if isinstance(power, Guarded) and not isinstance(power.absolute, float):
            power = lowering.bind_number(power)
    return power


def _one_where_applicable(value: Numeric) -> Ratio:
    one = pl.when(~null_of(value)).then(pl.lit(1, dtype=pl.Int64()))
    return Ratio(Integer(one, 1, 1), integers.constant(1), 0)
