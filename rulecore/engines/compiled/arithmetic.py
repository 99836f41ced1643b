"""Leaves, arithmetic and rounding in whole numbers."""

from __future__ import annotations

import ast
from fractions import Fraction

from attrs import evolve

from rulecore.engines.compiled import code
from rulecore.engines.compiled.code import NONE, ONE, constant_of, product, whole
from rulecore.engines.compiled.emitter import Emitter, emits
from rulecore.engines.compiled.forms import (
    NOTHING,
    Form,
    Number,
    Plain,
    constant_number,
    times_in,
    unit_of,
)
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import DateType, NumberType, Type
from rulecore.numbers import Rounding, round_ratio

# --- leaves ---------------------------------------------------------------------------------------------------------


@emits(nodes.Literal)
def _literal(emitter: Emitter, node: nodes.Literal) -> Form:
    match node.value:
        case bool() | str():
            return Plain(ast.Constant(node.value))
        case Fraction():
            return constant_number(node.value)
        case _:
            return Plain(emitter.keep(node.value))


@emits(nodes.NotApplicable)
def _not_applicable(_emitter: Emitter, _node: nodes.NotApplicable) -> Form:
    return NOTHING


@emits(nodes.Undecided)
def _undecided(emitter: Emitter, node: nodes.Undecided) -> Form:
    emitter.note(node.reason)
    return NOTHING


@emits(nodes.FieldRef)
@emits(nodes.RuleRef)
@emits(nodes.CohortRef)
@emits(SuppliedRef)
def _reference(
    emitter: Emitter, node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | SuppliedRef
) -> Form:
    return emitter.names[node.name]


@emits(nodes.ParameterRef)
def _parameter(emitter: Emitter, node: nodes.ParameterRef) -> Form:
    return emitter.emit(node.value)


@emits(nodes.Step)
def _step(emitter: Emitter, node: nodes.Step) -> Form:
    return emitter.emit(node.operand)


# --- sums and products ----------------------------------------------------------------------------------------------


def aligned(left: Number, right: Number) -> tuple[Fraction, ast.expr, ast.expr, ast.expr, int]:
    """Return two numbers as expressions over one unit and one bottom: unit, left, right, bottom and its parts."""
    unit = unit_of(left.factor, right.factor)
    if left.constant == 0 or right.constant == 0:  # zero is a multiple of whatever the other is counted in
        unit = abs(right.factor if left.constant == 0 else left.factor)
    first, second = times_in(left.factor, unit), times_in(right.factor, unit)
    if code.same(left.bottom, right.bottom):
        parts = max(left.parts, right.parts)
        return unit, product(first, [left.top]), product(second, [right.top]), left.bottom, parts
    bottom = product(1, [left.bottom, right.bottom])
    one, other = product(first, [left.top, right.bottom]), product(second, [right.top, left.bottom])
    return unit, one, other, bottom, left.parts + right.parts


def _add(emitter: Emitter, left: Number, right: Number) -> Number:
    if left.constant is not None and right.constant is not None:
        return constant_number(left.constant + right.constant)
    if left.constant == 0:
        return right
    if right.constant == 0:
        return left
    unit, first, second, bottom, parts = aligned(left, right)
    top = emitter.guarded([left, right], code.total(first, second))
    nullable = left.nullable or right.nullable
    return emitter.reduced(Number(unit, top, emitter.assign(bottom), nullable, parts))


@emits(nodes.Add)
def _sum(emitter: Emitter, node: nodes.Add) -> Form:
    return _add(emitter, emitter.number(node.left), emitter.number(node.right))


@emits(nodes.Subtract)
def _difference(emitter: Emitter, node: nodes.Subtract) -> Form:
    left, right = emitter.number(node.left), emitter.number(node.right)
    return _add(emitter, left, evolve(right, factor=-right.factor))


@emits(nodes.Negate)
def _negate(emitter: Emitter, node: nodes.Negate) -> Form:
    value = emitter.number(node.operand)
    return evolve(value, factor=-value.factor)


@emits(nodes.Absolute)
def _absolute(emitter: Emitter, node: nodes.Absolute) -> Form:
    value = emitter.number(node.operand)
    emitter.constants["abs"] = abs
    top = emitter.guarded([value], code.call("abs", [value.top]))
    return evolve(value, factor=abs(value.factor), top=top)


@emits(nodes.Multiply)
def _product(emitter: Emitter, node: nodes.Multiply) -> Form:
    return multiplied(emitter, emitter.number(node.left), emitter.number(node.right))


def multiplied(emitter: Emitter, left: Number, right: Number) -> Number:
    """Write a product; a constant other than zero goes into the factor."""
    for value, other in ((left, right), (right, left)):
        if value.constant is not None and value.constant != 0:
            return evolve(other, factor=other.factor * value.constant)
    top = emitter.guarded([left, right], product(1, [left.top, right.top]))
    bottom = emitter.assign(product(1, [left.bottom, right.bottom]))
    nullable, parts = left.nullable or right.nullable, left.parts + right.parts
    return emitter.reduced(Number(left.factor * right.factor, top, bottom, nullable, parts))


@emits(nodes.Divide)
def _divide(emitter: Emitter, node: nodes.Divide) -> Form:
    left, right = emitter.number(node.left), emitter.number(node.right)
    if right.constant:
        return evolve(left, factor=left.factor / right.constant)
    factor, parts = left.factor / right.factor, left.parts + right.parts + 1
    above, below = product(1, [left.top, right.bottom]), product(1, [left.bottom, right.top])
    # ``right`` has the sign of its factor times its top.
    positive = _sign(emitter.type_of(node.right)) * (1 if right.factor > 0 else -1)
    if positive > 0 and not right.nullable:
        top = emitter.guarded([left], above)
        return emitter.reduced(Number(factor, top, emitter.assign(below), left.nullable, parts))
    top_name, bottom_name = emitter.local(), emitter.local()
    missing = [code.is_none(value.top) for value in (left, right) if value.nullable]
    choices: list[tuple[ast.expr | None, list[ast.stmt]]] = []
    if missing:
        choices.append((code.any_of(missing), _assigned(emitter, top_name, NONE, bottom_name, ONE)))
    with emitter.inside() as zero:
        emitter.note("division_by_zero")
    zero += _assigned(emitter, top_name, NONE, bottom_name, ONE)
    choices.append((code.compared(right.top, ast.Eq(), whole(0)), zero))
    turned = _assigned(
        emitter,
        top_name,
        product(-1, [left.top, right.bottom]),
        bottom_name,
        product(-1, [left.bottom, right.top]),
    )
    choices.append((code.compared(right.top, ast.Lt(), whole(0)), turned))
    choices.append((None, _assigned(emitter, top_name, above, bottom_name, below)))
    emitter.add(chain(choices))
    return emitter.reduced(Number(factor, code.name(top_name), code.name(bottom_name), True, parts))


def _assigned(
    emitter: Emitter, top_name: str, top: ast.expr, bottom_name: str, bottom: ast.expr
) -> list[ast.stmt]:
    with emitter.inside() as block:
        emitter.assign(top, top_name)
        emitter.assign(bottom, bottom_name)
    return block


def chain(choices: list[tuple[ast.expr | None, list[ast.stmt]]]) -> ast.stmt:
    """Return ``if … elif … else``; the last choice has no condition."""
    condition, block = choices[0]
    assert condition is not None  # noqa: S101 - only the last has none
    rest = choices[1:]
    otherwise = rest[0][1] if rest[0][0] is None else [chain(rest)]
    return ast.If(condition, block, otherwise)


def _sign(type_: Type) -> int:
    """Return 1 or -1 for numbers proven to be positive or negative, else 0."""
    if isinstance(type_, NumberType):
        if type_.low is not None and type_.low > 0:
            return 1
        if type_.high is not None and type_.high < 0:
            return -1
    return 0


# --- the smallest and the largest -----------------------------------------------------------------------------------


@emits(nodes.Minimum)
@emits(nodes.Maximum)
def _extreme(emitter: Emitter, node: nodes.Minimum | nodes.Maximum) -> Form:
    largest = isinstance(node, nodes.Maximum)
    if isinstance(emitter.type_of(node), DateType):
        return _extreme_date(emitter, node, largest=largest)
    found = emitter.number(node.operands[0])
    known = _range(emitter.type_of(node.operands[0]))
    for operand in node.operands[1:]:
        other, other_range = emitter.number(operand), _range(emitter.type_of(operand))
        found = _extreme_of(emitter, found, other, known, other_range, largest=largest)
        known = _extreme_range(known, other_range, largest=largest)
    return found


Bounds = tuple[Fraction | None, Fraction | None]


def _range(type_: Type) -> Bounds:
    return (type_.low, type_.high) if isinstance(type_, NumberType) else (None, None)


def _extreme_range(first: Bounds, second: Bounds, *, largest: bool) -> Bounds:
    """Return bounds of the smallest (largest) of two numbers; unknown stays unknown on the safe side."""
    lows, highs = [first[0], second[0]], [first[1], second[1]]
    known_lows, known_highs = (
        [low for low in lows if low is not None],
        [high for high in highs if high is not None],
    )
    if largest:
        return max(known_lows, default=None), max(known_highs) if len(known_highs) == 2 else None
    return min(known_lows) if len(known_lows) == 2 else None, min(known_highs, default=None)


def _extreme_of(
    emitter: Emitter, left: Number, right: Number, first: Bounds, second: Bounds, *, largest: bool
) -> Number:
    if not (left.nullable or right.nullable):
        if _below(first, second):
            return right if largest else left
        if _below(second, first):
            return left if largest else right
    unit, one, other, bottom, parts = aligned(left, right)
    nullable = [value for value in (left, right) if value.nullable]
    if nullable:
        one = emitter.guarded(nullable, one)
        other = emitter.guarded(nullable, other)
    one, other = emitter.assign(one), emitter.assign(other)
    chosen = code.either(code.compared(one, ast.GtE() if largest else ast.LtE(), other), one, other)
    top = emitter.guarded(nullable, chosen)
    return Number(unit, top, emitter.assign(bottom), bool(nullable), parts)


def _below(first: Bounds, second: Bounds) -> bool:
    return first[1] is not None and second[0] is not None and first[1] <= second[0]


def _extreme_date(emitter: Emitter, node: nodes.Minimum | nodes.Maximum, *, largest: bool) -> Plain:
    dates = [emitter.plain(operand) for operand in node.operands]
    function = "max" if largest else "min"
    emitter.constants[function] = max if largest else min
    if len(dates) == 1:
        return dates[0]
    chosen = code.call(function, [item.expression for item in dates])
    missing = [code.is_not_none(item.expression) for item in dates if item.nullable]
    whole_ = code.either(code.every(missing), chosen, NONE) if missing else chosen
    return Plain(whole_, bool(missing), atom=False)


# --- rounding -------------------------------------------------------------------------------------------------------


@emits(nodes.Round)
def _round(emitter: Emitter, node: nodes.Round) -> Form:
    value = emitter.number(node.operand)
    if value.constant is not None:
        steps = value.constant / node.unit
        return constant_number(round_ratio(steps.numerator, steps.denominator, node.rounding) * node.unit)
    ratio = value.factor / node.unit
    if ratio.denominator == 1 and value.is_whole:
        return value  # it is a multiple of the unit already
    top = emitter.assign(product(ratio.numerator, [value.top])) if not value.nullable else None
    if top is None:
        top = emitter.guarded([value], product(ratio.numerator, [value.top]))
    bottom = emitter.assign(product(ratio.denominator, [value.bottom]))
    rounded = _rounded(emitter, top, bottom, node.rounding, emitter.type_of(node.operand))
    return Number(node.unit, emitter.guarded([value], rounded), ONE, value.nullable)


def _rounded(emitter: Emitter, top: ast.expr, bottom: ast.expr, rounding: Rounding, type_: Type) -> ast.expr:
    low, high = _range(type_)
    not_negative, not_positive = low is not None and low >= 0, high is not None and high <= 0
    minus = ast.UnaryOp(ast.USub(), top)
    down: ast.expr = code.quotient(top, bottom)
    up: ast.expr = ast.UnaryOp(ast.USub(), code.quotient(minus, bottom))
    match rounding:
        case Rounding.FLOOR:
            return down
        case Rounding.CEIL:
            return up
        case Rounding.HALF_EVEN:
            emitter.constants["round_ratio"] = round_ratio
            return code.call("round_ratio", [top, bottom, emitter.keep(rounding)])
        case Rounding.TRUNCATE:
            above, below = down, up
        case Rounding.UP:
            above, below = up, down
        case Rounding.HALF_UP:
            known = constant_of(bottom)
            half = whole(known // 2) if known is not None else code.quotient(bottom, whole(2))
            above = code.quotient(ast.BinOp(top, ast.Add(), half), bottom)
            away = code.quotient(ast.BinOp(half, ast.Sub(), top), bottom)
            below = ast.UnaryOp(ast.USub(), away)
        case _:
            raise InternalError(f"unknown rounding {rounding}")
    if not_negative:
        return above
    return below if not_positive else code.either(code.compared(top, ast.GtE(), whole(0)), above, below)
