"""A third opinion on expressions: recursive, over fractions, sharing no code with the engines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from rulecore.contracts import Value
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.numbers import Rounding


class NoOpinion(Exception):  # noqa: N818 - not an error: the part is outside of what is judged here
    """The expression has a part that this evaluator does not know."""


def value_of(node: Node, record: Mapping[str, Value]) -> Value:
    """Return the value of an expression for one record; None is not applicable."""
    match node:
        case nodes.Literal():
            return node.value
        case nodes.NotApplicable() | nodes.Undecided():
            return None
        case nodes.FieldRef() | nodes.RuleRef() | nodes.CohortRef():
            return record[node.name]
        case nodes.Step():
            return value_of(node.operand, record)
        case (
            nodes.And()
            | nodes.Or()
            | nodes.Not()
            | nodes.IsApplicable()
            | nodes.Conditional()
            | nodes.Coalesce()
        ):
            return _logic(node, record)
        case nodes.Total() | nodes.Mean() | nodes.TrimmedMean() | nodes.Count():
            return _list(node, [value_of(operand, record) for operand in node.operands])
        case nodes.IsIn():
            found = value_of(node.operand, record)
            return None if found is None else found in [value_of(item, record) for item in node.choices.items]
    if not isinstance(node, _STRICT) or (isinstance(node, nodes.Power) and node.exponent.denominator != 1):
        raise NoOpinion
    operands = [value_of(child, record) for child in node.children()]
    return None if None in operands else _strict(node, operands)


_STRICT = (
    nodes.Add,
    nodes.Subtract,
    nodes.Multiply,
    nodes.Divide,
    nodes.Negate,
    nodes.Absolute,
    nodes.Minimum,
    nodes.Maximum,
    nodes.Compare,
    nodes.Round,
    nodes.Power,
)


def _logic(node: Node, record: Mapping[str, Value]) -> Value:
    match node:
        case nodes.And():
            found = [value_of(operand, record) for operand in node.operands]
            return False if False in found else None if None in found else True
        case nodes.Or():
            found = [value_of(operand, record) for operand in node.operands]
            return True if True in found else None if None in found else False
        case nodes.Not():
            flag = value_of(node.operand, record)
            return None if flag is None else not flag
        case nodes.IsApplicable():
            return value_of(node.operand, record) is not None
        case nodes.Coalesce():
            found = [value_of(operand, record) for operand in node.operands]
            return next((item for item in found if item is not None), None)
        case nodes.Conditional(branches=(), otherwise=otherwise):
            return value_of(otherwise, record)
        case nodes.Conditional(branches=(first, *others), otherwise=otherwise):
            met = value_of(first.condition, record)
            if met is None:
                return None
            rest = nodes.Conditional(tuple(others), otherwise)
            return value_of(first.value if met else rest, record)
    raise NoOpinion


def _list(node: nodes.Total | nodes.Mean | nodes.TrimmedMean | nodes.Count, operands: list[Value]) -> Value:
    if isinstance(node, nodes.Count):
        return Fraction(len([item for item in operands if item is not None and item is not False]))
    numbers = sorted(item for item in operands if isinstance(item, Fraction))
    if isinstance(node, nodes.TrimmedMean):
        for _ in range(node.low):
            numbers = numbers[1:]
        for _ in range(node.high):
            numbers = numbers[:-1]
    if not numbers:
        return None
    return sum(numbers) if isinstance(node, nodes.Total) else sum(numbers) / Fraction(len(numbers))


def _strict(node: Node, operands: list[Value]) -> Value:  # noqa: C901 - a table, a line for each node
    numbers = [item for item in operands if isinstance(item, Fraction)]
    if len(numbers) < len(operands):
        return _of_others(node, operands)
    match node:
        case nodes.Add():
            return numbers[0] + numbers[1]
        case nodes.Subtract():
            return numbers[0] - numbers[1]
        case nodes.Multiply():
            return numbers[0] * numbers[1]
        case nodes.Divide():
            return numbers[0] / numbers[1] if numbers[1] else None
        case nodes.Negate():
            return -numbers[0]
        case nodes.Absolute():
            return max(numbers[0], -numbers[0])
        case nodes.Minimum():
            return sorted(numbers)[0]
        case nodes.Maximum():
            return sorted(numbers)[-1]
        case nodes.Compare():
            return _holds(node.operator, numbers[0] - numbers[1])
        case nodes.Round():
            return rounded(numbers[0] / node.unit, node.rounding) * node.unit
        case nodes.Power(exponent=exponent):
            if numbers[0] == 0 and exponent < 0:
                return None
            return math.prod(
                [numbers[0] if exponent >= 0 else 1 / numbers[0]] * abs(int(exponent)), start=Fraction(1)
            )
    raise NoOpinion


def _holds(operator: str, difference: Fraction) -> bool:
    signs = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[operator]
    return (difference > 0) - (difference < 0) in signs


def rounded(value: Fraction, rounding: Rounding) -> int:
    """Return the whole number that a value rounds to, told from its distance to both neighbours."""
    below = math.floor(value)
    if value == below:
        return below
    nearer_zero, farther = (below, below + 1) if value > 0 else (below + 1, below)
    match rounding:
        case Rounding.FLOOR:
            return below
        case Rounding.CEIL:
            return below + 1
        case Rounding.TRUNCATE:
            return nearer_zero
        case Rounding.UP:
            return farther
    if abs(value - nearer_zero) != abs(value - farther):
        return min(nearer_zero, farther, key=lambda whole: abs(value - whole))
    if rounding is Rounding.HALF_UP:
        return farther
    return nearer_zero if nearer_zero % 2 == 0 else farther


def _of_others(node: Node, operands: list[Value]) -> Value:
    if isinstance(node, nodes.Compare) and node.operator in ("==", "!="):
        return (operands[0] == operands[1]) is (node.operator == "==")
    raise NoOpinion
