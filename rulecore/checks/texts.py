"""Which comparisons look for a text that a value never is; RC204 reports them, so that other checks need not."""

from __future__ import annotations

from rulecore.checks.world import World
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Compare, IsIn, Node
from rulecore.expr.types import TextType


def looks_for_impossible_text(world: World, node: Node) -> bool:
    """Whether a condition compares a value with a text that it can never be."""
    match node:
        case Compare(left=left, right=right):
            pairs = [(left, right), (right, left)]
        case IsIn(operand=operand, choices=choices):
            pairs = [(operand, item) for item in choices.items]
        case _:
            return False
    for operand, other in pairs:
        text, type_ = constant_value(other), world.type_of(operand)
        if isinstance(text, str) and isinstance(type_, TextType) and type_.values is not None:
            if text not in type_.values:
                return True
    return False
