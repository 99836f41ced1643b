"""Which comparisons look for a text that a value never is; RC204 reports them, other checks do not."""

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
        known = type_.values if isinstance(type_, TextType) else None
        if isinstance(text, str) and known is not None and text not in known:
            return True
    return False
