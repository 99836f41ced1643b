"""What the conditions of a branch say about the numbers in it: ``if x < 60 then … else …`` bounds x in either value.

A value proven to be of one sign is rounded without asking for its sign, record by record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from attrs import evolve

from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import NumberType, Type

_NAMED: Final = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)
_OPPOSITE: Final[dict[str, nodes.Comparison]] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
}
_TURNED: Final[dict[str, nodes.Comparison]] = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "==": "==",
    "!=": "!=",
}

Bound = tuple[str, nodes.Comparison, Fraction]
"""A name, a comparison and the constant it is compared with."""


def signs(names: Mapping[str, Type], node: nodes.Conditional) -> tuple[bool, bool]:
    """Return whether all the values of a conditional are proven to be at least 0, and whether at most 0."""
    at_least = at_most = True
    known: list[Bound] = []
    for branch in node.branches:
        type_ = _narrowed(names, [*known, *_bounds(branch.condition, holds=True)], branch.value)
        at_least, at_most = at_least and _from_zero(type_), at_most and _to_zero(type_)
        known += _bounds(branch.condition, holds=False)
        if not (at_least or at_most):
            return False, False
    type_ = _narrowed(names, known, node.otherwise)
    return at_least and _from_zero(type_), at_most and _to_zero(type_)


def _from_zero(type_: Type) -> bool:
    return not isinstance(type_, NumberType) or (type_.low is not None and type_.low >= 0)


def _to_zero(type_: Type) -> bool:
    return not isinstance(type_, NumberType) or (type_.high is not None and type_.high <= 0)


def _narrowed(names: Mapping[str, Type], bounds: list[Bound], node: nodes.Node) -> Type:
    """Return the type of a value where some comparisons hold."""
    known = dict(names)
    for name, operator, constant in bounds:
        type_ = known.get(name)
        if not isinstance(type_, NumberType) or not type_.exact:
            continue
        if operator in ("<", "<=", "==") and (type_.high is None or type_.high > constant):
            type_ = evolve(type_, high=constant)
        if operator in (">", ">=", "==") and (type_.low is None or type_.low < constant):
            type_ = evolve(type_, low=constant)
        if type_.low is None or type_.high is None or type_.low <= type_.high:
            known[name] = type_  # otherwise no record ever comes here
    return Inference(known).type_of(node)


def _bounds(condition: nodes.Node, *, holds: bool) -> Iterator[Bound]:
    """Yield what a condition that holds (or does not) says about names compared with constants."""
    match condition:
        case nodes.And() if holds:
            for operand in condition.operands:
                yield from _bounds(operand, holds=True)
        case nodes.Or() if not holds:
            for operand in condition.operands:
                yield from _bounds(operand, holds=False)
        case nodes.Not():
            yield from _bounds(condition.operand, holds=not holds)
        case nodes.Compare():
            operator = condition.operator if holds else _OPPOSITE[condition.operator]
            left, right = condition.left, condition.right
            if isinstance(left, _NAMED) and (constant := _constant(right)) is not None:
                yield left.name, operator, constant
            elif isinstance(right, _NAMED) and (constant := _constant(left)) is not None:
                yield right.name, _TURNED[operator], constant


def _constant(node: nodes.Node) -> Fraction | None:
    literal = node.value if isinstance(node, nodes.ParameterRef) else node
    return (
        literal.value if isinstance(literal, nodes.Literal) and isinstance(literal.value, Fraction) else None
    )
