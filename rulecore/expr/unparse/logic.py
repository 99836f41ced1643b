"""How conditions and choices are written."""

from __future__ import annotations

from rulecore.expr import nodes
from rulecore.expr.earlier import PreviousRecord
from rulecore.expr.levels import ATOM, CHOICE, COMPARISON, CONJUNCTION, DISJUNCTION, NEGATION, SUM
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.unparse.writing import Written, at_level, listed, write, write_name


@write.register
def _(node: nodes.Compare) -> Written:
    return f"{at_level(node.left, SUM)} {node.operator} {at_level(node.right, SUM)}", COMPARISON


@write.register
def _(node: nodes.IsIn) -> Written:
    return _membership(node, "in"), COMPARISON


def _membership(node: nodes.IsIn, word: str) -> str:
    choices = node.choices
    if choices.name:
        shown = write_name(choices.name)
    elif len(choices.items) == 1 and isinstance(choices.items[0], nodes.Name):
        shown = write(choices.items[0])[0]
    else:
        shown = f"({listed(choices.items)})"
    return f"{at_level(node.operand, SUM)} {word} {shown}"


@write.register
def _(node: nodes.And) -> Written:
    return " and ".join(at_level(operand, NEGATION) for operand in node.operands), CONJUNCTION


@write.register
def _(node: nodes.Or) -> Written:
    return " or ".join(at_level(operand, CONJUNCTION) for operand in node.operands), DISJUNCTION


@write.register
def _(node: nodes.Not) -> Written:
    if isinstance(node.operand, nodes.IsIn):
        return _membership(node.operand, "not in"), COMPARISON
    operand = node.operand.node if isinstance(node.operand, SuppliedRef) else node.operand
    if operand == PreviousRecord(0):
        return "is_first_period()", ATOM
    return f"not {at_level(node.operand, NEGATION)}", NEGATION


@write.register
def _(node: nodes.Branch) -> Written:
    return f"if {at_level(node.condition, CHOICE)} then {at_level(node.value, CHOICE)}", CHOICE


@write.register
def _(node: nodes.Conditional) -> Written:
    branches = " else ".join(write(branch)[0] for branch in node.branches)
    # A conditional after else would join this one's branches: it keeps its brackets.
    return f"{branches} else {at_level(node.otherwise, DISJUNCTION)}", CHOICE
