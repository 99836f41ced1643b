"""A function of the expression language: the middle one of three values."""

from __future__ import annotations

from rulecore.contracts import Function, FunctionParameter, Node
from rulecore.expr.nodes import Maximum, Minimum


def build(first: Node, second: Node, third: Node) -> Node:
    """Return max(min(a, b), min(max(a, b), c)), which is the middle one whatever their order."""
    return Maximum((Minimum((first, second)), Minimum((Maximum((first, second)), third))))


MIDDLE = Function(
    name="middle",
    aliases=("居中值",),
    summary="The middle one of three numbers.",
    parameters=tuple(FunctionParameter(name=name) for name in ("first", "second", "third")),
    build=build,
    example="middle(3, 9, 5)",
    result="5",
)
