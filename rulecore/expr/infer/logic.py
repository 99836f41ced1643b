"""Types of comparisons, and/or/not and conditionals."""

from __future__ import annotations

from rulecore.codes import types as codes
from rulecore.expr import nodes, ranges
from rulecore.expr.infer.core import TYPES, Inference, join, range_of
from rulecore.expr.types import (
    FlagType,
    NothingType,
    NumberType,
    TextType,
    Type,
    as_nullable,
    kind,
)
from rulecore.language import N_


def _compare(inference: Inference, node: nodes.Compare) -> Type:
    left, right = inference.type_of(node.left), inference.type_of(node.right)
    nullable = left.nullable or right.nullable
    if isinstance(left, NothingType) or isinstance(right, NothingType):
        inference.fault(codes.NOTHING_KNOWN, node, what=N_("this comparison"))
        return FlagType(nullable=True)
    if kind(left) != kind(right):
        inference.fault(
            codes.KINDS_DIFFER, node, what=N_("this comparison"), left=kind(left), right=kind(right)
        )
        return FlagType(nullable=nullable)
    if isinstance(left, NumberType) and isinstance(right, NumberType):
        inference.number(node.left, N_("a comparison"), exact=True)
        inference.number(node.right, N_("a comparison"), exact=True)
        return FlagType(nullable=nullable, always=_always(node.operator, left, right))
    if isinstance(left, TextType | FlagType) and node.operator not in ("==", "!="):
        inference.fault(codes.NOT_ORDERED, node, found=kind(left), operator=node.operator)
    return FlagType(nullable=nullable)


def _always(operator: str, left: NumberType, right: NumberType) -> bool | None:
    """Return the only outcome the ranges allow, or None if both are possible."""
    difference = ranges.add(range_of(left), ranges.negate(range_of(right)))
    low, high = difference.low, difference.high
    less = high is not None and high < 0
    greater = low is not None and low > 0
    at_most = high is not None and high <= 0
    at_least = low is not None and low >= 0
    outcome: dict[str, tuple[bool, bool]] = {
        "<": (less, at_least),
        "<=": (at_most, greater),
        ">": (greater, at_most),
        ">=": (at_least, less),
        "==": (at_most and at_least, less or greater),
        "!=": (less or greater, at_most and at_least),
    }
    true, false = outcome[operator]
    return True if true else False if false else None


def _is_in(inference: Inference, node: nodes.IsIn) -> Type:
    operand = inference.type_of(node.operand)
    if isinstance(operand, NumberType):
        inference.number(node.operand, N_("'in'"), exact=True)
    for item in node.choices.items:
        found = inference.type_of(item)
        if kind(found) != kind(operand):
            inference.fault(codes.KINDS_DIFFER, item, what=N_("'in'"), left=kind(operand), right=kind(found))
    return FlagType(nullable=operand.nullable)


def _junction(inference: Inference, node: nodes.And | nodes.Or) -> Type:
    what = N_("'and'") if isinstance(node, nodes.And) else N_("'or'")
    types = [inference.condition(operand, what) for operand in node.operands]
    deciding = isinstance(node, nodes.Or)
    outcomes = [type_.always for type_ in types if isinstance(type_, FlagType)]
    always = None
    if deciding in outcomes:
        always = deciding
    elif outcomes and all(outcome is (not deciding) for outcome in outcomes):
        always = not deciding
    return FlagType(nullable=any(type_.nullable for type_ in types), always=always)


def _not(inference: Inference, node: nodes.Not) -> Type:
    operand = inference.condition(node.operand, N_("'not'"))
    always = operand.always if isinstance(operand, FlagType) else None
    return FlagType(nullable=operand.nullable, always=None if always is None else not always)


def _is_applicable(inference: Inference, node: nodes.IsApplicable) -> Type:
    operand = inference.type_of(node.operand)
    if isinstance(operand, NothingType):
        return FlagType(always=False)
    return FlagType(always=None if operand.nullable else True)


def _conditional(inference: Inference, node: nodes.Conditional) -> Type:
    conditions = [inference.condition(branch.condition, N_("a condition")) for branch in node.branches]
    parts = [*(branch.value for branch in node.branches), node.otherwise]
    types = [inference.type_of(part) for part in parts]
    before = len(inference.faults)
    joined = join(inference, parts, types, N_("if … then … else"))
    if len(inference.faults) == before and _exhausts(inference, node):
        types.pop()
        joined = join(inference, parts[:-1], types, N_("if … then … else"))
    nullable = any(type_.nullable for type_ in (*conditions, *types))
    return as_nullable(joined, nullable)


def _exhausts(inference: Inference, node: nodes.Conditional) -> bool:
    """Whether the branches ask for every text that a value can be, so that ``otherwise`` is never reached."""
    subject: nodes.Node | None = None
    asked: set[str] = set()
    for branch in node.branches:
        match branch.condition:
            case nodes.Compare(operator="==", left=left, right=nodes.Literal(value=str(text))):
                texts = {text}
            case nodes.IsIn(operand=left, choices=choices):
                texts = {
                    item.value
                    for item in choices.items
                    if isinstance(item, nodes.Literal) and isinstance(item.value, str)
                }
            case _:
                return False
        if not isinstance(left, nodes.FieldRef | nodes.RuleRef) or (subject is not None and left != subject):
            return False
        subject = left
        asked |= texts
    if subject is None:
        return False
    found = inference.type_of(subject)
    return isinstance(found, TextType) and found.values is not None and found.values <= asked


TYPES.update(
    {
        nodes.Compare: _compare,
        nodes.IsIn: _is_in,
        nodes.And: _junction,
        nodes.Or: _junction,
        nodes.Not: _not,
        nodes.IsApplicable: _is_applicable,
        nodes.Conditional: _conditional,
    }
)
