"""Comparisons, and/or/not, conditionals and dates in code; None is not applicable, as everywhere."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Final

from attrs import evolve

from rulecore.engines.compiled import code
from rulecore.engines.compiled.arithmetic import aligned
from rulecore.engines.compiled.code import NONE, ONE, product
from rulecore.engines.compiled.emitter import Emitter, emits
from rulecore.engines.compiled.forms import Form, Inexact, Number, Plain, times_in, unit_of
from rulecore.expr import nodes
from rulecore.expr.types import NothingType, NumberType

MOST_BRANCHES: Final = 40
"""Longer tables are left to the closures: in code their branches stand one inside the other."""

_OPERATORS: Final[dict[str, ast.cmpop]] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}


def masked(expression: ast.expr, needed: list[ast.expr]) -> Plain:
    """Return a flag that is None where one of some atoms is."""
    if not needed:
        return Plain(expression, atom=False)
    present = code.every([code.is_not_none(atom) for atom in needed])
    return Plain(code.either(present, expression, NONE), nullable=True, atom=False)


@emits(nodes.Compare)
def _compare(emitter: Emitter, node: nodes.Compare) -> Form:
    operator = _OPERATORS[node.operator]
    if isinstance(emitter.type_of(node.left), NumberType):
        left, right = emitter.number(node.left), emitter.number(node.right)
        _unit, first, second, _bottom, _parts = aligned(left, right)
        needed = [value.top for value in (left, right) if value.nullable]
        return masked(code.compared(first, operator, second), needed)
    one, other = emitter.plain(node.left), emitter.plain(node.right)
    needed = [item.expression for item in (one, other) if item.nullable]
    return masked(code.compared(one.expression, operator, other.expression), needed)


@emits(nodes.IsIn)
def _is_in(emitter: Emitter, node: nodes.IsIn) -> Form:
    choices = [item.value if isinstance(item, nodes.ParameterRef) else item for item in node.choices.items]
    known = [item.value for item in choices if isinstance(item, nodes.Literal)]
    if len(known) < len(choices) or isinstance(emitter.type_of(node.operand), NothingType):
        return emitter.fallback(node)
    if not isinstance(emitter.type_of(node.operand), NumberType):
        item = emitter.plain(node.operand)
        inside = code.compared(item.expression, ast.In(), emitter.keep(frozenset(known)))
        return masked(inside, [item.expression] if item.nullable else [])
    value = emitter.number(node.operand)
    if not value.is_whole:
        return emitter.fallback(node)
    multiples = [choice / value.factor for choice in known if isinstance(choice, Fraction)]
    wanted = frozenset(multiple.numerator for multiple in multiples if multiple.denominator == 1)
    inside = code.compared(value.top, ast.In(), emitter.keep(wanted))
    return masked(inside, [value.top] if value.nullable else [])


# --- and, or, not ---------------------------------------------------------------------------------------------------


@emits(nodes.And)
def _and(emitter: Emitter, node: nodes.And) -> Form:
    return _junction(emitter, node, deciding=False)


@emits(nodes.Or)
def _or(emitter: Emitter, node: nodes.Or) -> Form:
    return _junction(emitter, node, deciding=True)


def _junction(emitter: Emitter, node: nodes.And | nodes.Or, *, deciding: bool) -> Plain:
    """Read flags from left to right; once one decides, the rest is not evaluated."""
    found = emitter.plain(node.operands[0], atom=False)
    for operand in node.operands[1:]:
        outcome = ast.Constant(deciding)
        with emitter.inside() as block:
            other = emitter.plain(operand, atom=False)
        if not block and not (found.nullable or other.nullable):
            joined: list[ast.expr] = [found.expression, other.expression]
            found = Plain(ast.BoolOp(ast.Or() if deciding else ast.And(), joined), atom=False)
            continue
        local = emitter.local()
        emitter.assign(found.expression, local)
        nullable = found.nullable or other.nullable
        with emitter.inside() as rest:
            rest += block
            second = emitter.assign(other.expression)
            if found.nullable:
                # The first is undecided or not applicable: only a deciding second settles what is not applicable.
                settled = code.either(code.compared(second, ast.Is(), outcome), outcome, NONE)
                emitter.assign(code.either(code.is_none(code.name(local)), settled, second), local)
            else:
                emitter.assign(second, local)
        emitter.add(ast.If(code.compared(code.name(local), ast.IsNot(), outcome), rest, []))
        found = Plain(code.name(local), nullable)
    return found


@emits(nodes.Not)
def _not(emitter: Emitter, node: nodes.Not) -> Form:
    flag = emitter.plain(node.operand)
    return masked(ast.UnaryOp(ast.Not(), flag.expression), [flag.expression] if flag.nullable else [])


@emits(nodes.IsApplicable)
def _is_applicable(emitter: Emitter, node: nodes.IsApplicable) -> Form:
    form = emitter.emit(node.operand)
    if isinstance(emitter.type_of(node.operand), NothingType):
        return Plain(ast.Constant(False))
    match form:
        case Number(top=top, nullable=nullable):
            return Plain(code.is_not_none(top), atom=False) if nullable else Plain(ast.Constant(True))
        case Plain():
            atom = emitter.assign(form.expression)
            return Plain(code.is_not_none(atom), atom=False) if form.nullable else Plain(ast.Constant(True))
        case Inexact(local):
            return Plain(code.is_not_none(local), atom=False)


# --- choices --------------------------------------------------------------------------------------------------------


class Choice:
    """Values of which one is taken, each in the block that computes it; all get one form in the end."""

    def __init__(self, emitter: Emitter, node: nodes.Node) -> None:
        self.emitter = emitter
        self.is_number = isinstance(emitter.type_of(node), NumberType)
        self.values: list[tuple[list[ast.stmt], Number | Plain]] = []

    def take(self, node: nodes.Node) -> None:
        """Write a value into the present block, which is that of its choice."""
        value = self.emitter.number(node) if self.is_number else self.emitter.plain(node, atom=False)
        self.values.append((self.emitter.block, value))

    def take_nothing(self) -> None:
        """Make the present block choose what is not applicable."""
        nothing = Number(Fraction(1), NONE, nullable=True) if self.is_number else Plain(NONE, nullable=True)
        self.values.append((self.emitter.block, nothing))

    def settle(self) -> Form:
        """Write at the end of each block what its value is in the common form, and return that form."""
        if not self.is_number:
            return self._settle_plain()
        numbers = [(block, value) for block, value in self.values if isinstance(value, Number)]
        unit = _common_unit([value for _block, value in numbers])
        bottoms = any(not value.is_whole for _block, value in numbers)
        top, bottom = self.emitter.local(), self.emitter.local()
        for block, value in numbers:
            applicable = not (isinstance(value.top, ast.Constant) and value.top.value is None)
            count = times_in(value.factor, unit) if applicable else 1
            scaled = product(count, [value.top])
            if value.nullable and applicable and count != 1:
                scaled = code.either(code.is_not_none(value.top), scaled, NONE)
            block.append(ast.Assign([ast.Name(top, ast.Store())], scaled))
            if bottoms:
                block.append(ast.Assign([ast.Name(bottom, ast.Store())], value.bottom))
        nullable = any(value.nullable for _block, value in numbers)
        parts = max(value.parts for _block, value in numbers)
        return Number(unit, code.name(top), code.name(bottom) if bottoms else ONE, nullable, parts)

    def _settle_plain(self) -> Plain:
        local = self.emitter.local()
        nullable = False
        for block, value in self.values:
            assert isinstance(value, Plain)  # noqa: S101 - told by is_number
            nullable = nullable or value.nullable
            block.append(ast.Assign([ast.Name(local, ast.Store())], value.expression))
        return Plain(code.name(local), nullable)


def _common_unit(numbers: list[Number]) -> Fraction:
    unit: Fraction | None = None
    for value in numbers:
        if isinstance(value.top, ast.Constant) and not value.top.value:
            continue  # zero and not applicable fit every unit
        unit = value.factor if unit is None else unit_of(unit, value.factor)
    return Fraction(1) if unit is None else abs(unit)


@emits(nodes.Conditional)
def _conditional(emitter: Emitter, node: nodes.Conditional) -> Form:
    if len(node.branches) > MOST_BRANCHES:
        return emitter.fallback(node)
    choice = Choice(emitter, node)
    _branches(emitter, node, 0, choice)
    return choice.settle()


def _branches(emitter: Emitter, node: nodes.Conditional, index: int, choice: Choice) -> None:
    """Write the branches from one on into the present block."""
    if index == len(node.branches):
        choice.take(node.otherwise)
        return
    branch = node.branches[index]
    condition = emitter.plain(branch.condition, atom=emitter.type_of(branch.condition).nullable)
    with emitter.inside() as met:
        choice.take(branch.value)
    with emitter.inside() as unmet:
        _branches(emitter, node, index + 1, choice)
    decided = ast.If(condition.expression, met, unmet)
    if condition.nullable:
        with emitter.inside() as missing:
            choice.take_nothing()
        emitter.add(ast.If(code.is_none(condition.expression), missing, [decided]))
    else:
        emitter.add(decided)


@emits(nodes.Coalesce)
def _coalesce(emitter: Emitter, node: nodes.Coalesce) -> Form:
    choice = Choice(emitter, node)
    _first_applicable(emitter, node, 0, choice)
    return choice.settle()


def _first_applicable(emitter: Emitter, node: nodes.Coalesce, index: int, choice: Choice) -> None:
    operand = node.operands[index]
    if index == len(node.operands) - 1 or not emitter.type_of(operand).nullable:
        choice.take(operand)
        return
    value = emitter.number(operand) if choice.is_number else emitter.plain(operand)
    atom = value.top if isinstance(value, Number) else value.expression
    if not value.nullable:
        choice.values.append((emitter.block, value))
        return
    with emitter.inside() as present:
        choice.values.append((present, evolve(value, nullable=False)))
    with emitter.inside() as absent:
        _first_applicable(emitter, node, index + 1, choice)
    emitter.add(ast.If(code.is_not_none(atom), present, absent))


# --- dates ----------------------------------------------------------------------------------------------------------


@emits(nodes.DatePart)
def _date_part(emitter: Emitter, node: nodes.DatePart) -> Form:
    moment = emitter.plain(node.operand)
    part: ast.expr = ast.Attribute(moment.expression, node.part, ast.Load())
    if moment.nullable:
        part = code.either(code.is_not_none(moment.expression), part, NONE)
    return Number(Fraction(1), emitter.assign(part), ONE, moment.nullable)


@emits(nodes.DaysBetween)
def _days_between(emitter: Emitter, node: nodes.DaysBetween) -> Form:
    start, end = emitter.plain(node.start), emitter.plain(node.end)
    between = ast.BinOp(end.expression, ast.Sub(), start.expression)
    days: ast.expr = ast.Attribute(between, "days", ast.Load())
    needed = [code.is_not_none(item.expression) for item in (start, end) if item.nullable]
    if needed:
        days = code.either(code.every(needed), days, NONE)
    return Number(Fraction(1), emitter.assign(days), ONE, bool(needed))
