"""Bounds of conditions: which of true, false and not applicable they can be, given what their parts can be."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rulecore.expr import nodes, ranges
from rulecore.expr.ranges import Range
from rulecore.reach.possible import Flags, Nothing, Numbers, Possible, Texts, flags_of

if TYPE_CHECKING:
    from rulecore.reach.bounds import Bounds


def compare(bounds: Bounds, node: nodes.Compare) -> Possible:
    """Return the outcomes of a comparison of two parts."""
    left, right = bounds.of(node.left), bounds.of(node.right)
    null = left.null or right.null
    match left, right:
        case (Nothing(), _) | (_, Nothing()):
            return Flags(true=False, false=False, null=True)
        case Numbers(), Numbers():
            return _compared(node.operator, ranges.add(left.range, ranges.negate(right.range)), null)
        case Texts(values=frozenset() as ours), Texts(values=frozenset() as theirs):
            same, differ = bool(ours & theirs), not (len(ours) == 1 and ours == theirs)
        case Flags(), Flags():
            same = (left.true and right.true) or (left.false and right.false)
            differ = (left.true and right.false) or (left.false and right.true)
        case _:
            return Flags(null=null)
    return (
        Flags(true=same, false=differ, null=null)
        if node.operator == "=="
        else Flags(true=differ, false=same, null=null)
    )


def _compared(operator: str, difference: Range, null: bool) -> Flags:
    """Return the outcomes of a comparison, given what the left side less the right one can be."""
    low, high = difference.low, difference.high
    less, more = low is None or low < 0, high is None or high > 0
    equal = difference.holds(Fraction(0))
    true = {
        "<": less,
        "<=": less or equal,
        ">": more,
        ">=": more or equal,
        "==": equal,
        "!=": less or more,
    }
    false = {
        "<": more or equal,
        "<=": more,
        ">": less or equal,
        ">=": less,
        "==": less or more,
        "!=": equal,
    }
    return Flags(true=true[operator], false=false[operator], null=null)


def is_in(bounds: Bounds, node: nodes.IsIn) -> Possible:
    """Return whether a part is one of some constants."""
    operand = bounds.of(node.operand)
    if isinstance(operand, Nothing):
        return Flags(true=False, false=False, null=True)
    found = Flags(true=False, false=True, null=operand.null)
    for item in node.choices.items:
        one = flags_of(compare(bounds, nodes.Compare("==", node.operand, item)))
        if not one.false:
            return Flags(true=True, false=False, null=operand.null)
        found = Flags(true=found.true or one.true, null=operand.null)
    return found


def junction(bounds: Bounds, node: nodes.And | nodes.Or) -> Possible:
    """Return the outcomes of an ``and`` or ``or``."""
    flags = [flags_of(bounds.of(operand)) for operand in node.operands]
    null = any(flag.null for flag in flags)
    if isinstance(node, nodes.And):
        true = all(flag.true for flag in flags)
        false = any(flag.false for flag in flags)
        certain = any(flag.false and not flag.true and not flag.null for flag in flags)
    else:
        true = any(flag.true for flag in flags)
        false = all(flag.false for flag in flags)
        certain = any(flag.true and not flag.false and not flag.null for flag in flags)
    return Flags(true=true, false=false, null=null and not certain)


def negation(bounds: Bounds, node: nodes.Not) -> Possible:
    """Return the outcomes of a ``not``."""
    flag = flags_of(bounds.of(node.operand))
    return Flags(true=flag.false, false=flag.true, null=flag.null)


def is_applicable(bounds: Bounds, node: nodes.IsApplicable) -> Possible:
    """Return whether a part may be applicable, and may be not."""
    operand = bounds.of(node.operand)
    return Flags(true=not isinstance(operand, Nothing), false=operand.null)
