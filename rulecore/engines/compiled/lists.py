"""Sums, means and counts over a list of operands."""

from __future__ import annotations

import ast
from fractions import Fraction

from rulecore.engines.compiled import code
from rulecore.engines.compiled.code import NONE, ONE, product, whole
from rulecore.engines.compiled.emitter import Emitter, emits
from rulecore.engines.compiled.forms import Form, Inexact, Number, Plain, times_in, unit_of
from rulecore.expr import nodes
from rulecore.expr.types import NothingType


@emits(nodes.Total)
def _total(emitter: Emitter, node: nodes.Total) -> Form:
    found = _summed(emitter, node)
    if found is None:
        return emitter.fallback(node)
    unit, top, count, sure = found
    if sure:
        return Number(unit, top)
    present = code.compared(count, ast.NotEq(), whole(0))
    return Number(unit, emitter.assign(code.either(present, top, NONE)), ONE, nullable=True)


@emits(nodes.Mean)
def _mean(emitter: Emitter, node: nodes.Mean) -> Form:
    found = _summed(emitter, node)
    if found is None:
        return emitter.fallback(node)
    unit, top, count, sure = found
    if sure and isinstance(count, ast.Constant):
        return Number(unit / len(node.operands), top)
    if sure:
        return Number(unit, top, count, parts=1)
    present = code.compared(count, ast.NotEq(), whole(0))
    bottom = emitter.assign(code.either(present, count, ONE))
    return Number(unit, emitter.assign(code.either(present, top, NONE)), bottom, nullable=True, parts=1)


def _summed(
    emitter: Emitter, node: nodes.Total | nodes.Mean
) -> tuple[Fraction, ast.expr, ast.expr, bool] | None:
    """Write the sum and the number of the applicable operands; None where one of them is a quotient.

    Returned are the unit, the sum, the count and whether there is always one.
    """
    kinds = [emitter.type_of(operand) for operand in node.operands]
    if any(isinstance(kind, NothingType) for kind in kinds):
        return None
    values = [emitter.number(operand) for operand in node.operands]
    if not all(value.is_whole for value in values):
        return None  # computed again by the closures: a sum of quotients of which some may be missing is rare
    unit = Fraction(0)
    for value in values:
        unit = abs(value.factor) if unit == 0 else unit_of(unit, value.factor)
    sure = [value for value in values if not value.nullable]
    total: ast.expr = whole(0)
    for value in sure:
        total = _plus(total, product(times_in(value.factor, unit), [value.top]))
    if len(sure) == len(values):
        return unit, emitter.assign(total), whole(len(values)), True
    total_name, count_name = emitter.local(), emitter.local()
    emitter.assign(total, total_name)
    emitter.assign(whole(len(sure)), count_name)
    for value in values:
        if value.nullable:
            with emitter.inside() as block:
                emitter.assign(
                    _plus(code.name(total_name), product(times_in(value.factor, unit), [value.top])),
                    total_name,
                )
                emitter.assign(_plus(code.name(count_name), ONE), count_name)
            emitter.add(ast.If(code.is_not_none(value.top), block, []))
    return unit, code.name(total_name), code.name(count_name), bool(sure)


def _plus(left: ast.expr, right: ast.expr) -> ast.expr:
    return right if code.constant_of(left) == 0 else code.total(left, right)


@emits(nodes.Count)
def _count(emitter: Emitter, node: nodes.Count) -> Form:
    found: ast.expr = whole(0)
    for operand in node.operands:
        form = emitter.emit(operand)
        if isinstance(emitter.type_of(operand), NothingType):
            continue
        match form:
            case Number(top=top, nullable=nullable):
                counted: ast.expr = code.is_not_none(top) if nullable else ONE
            case Plain(expression=expression):
                atom = emitter.assign(expression)
                counted = code.every(
                    [code.is_not_none(atom), code.compared(atom, ast.IsNot(), ast.Constant(False))]
                )
            case Inexact(local):
                counted = code.is_not_none(local)
        found = _plus(found, counted)
    top = ast.BinOp(whole(0), ast.Add(), found)  # one flag alone is no number yet
    return Number(Fraction(1), emitter.assign(top))
