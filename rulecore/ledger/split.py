"""Taking an expression apart from zero: each kind of node to the lines it gives, one line for what stays whole.

A part is taken apart as far as a reader follows it. On the way down from the rule (``top``) limits, roundings and
decisions are looked through; inside a sum or product only what is a sum itself, or a limit on one value.
"""

from __future__ import annotations

from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.ledger import choices, products, rows, sums
from rulecore.ledger.scope import Scope, Writer, bare, constant_value
from rulecore.ledger.values import LineKind

_REFERENCES = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)


def split(scope: Scope, node: Node, *, top: bool = True, kind: LineKind = "contribution") -> Writer:
    """Return the writer of a number's lines, which add up to its value times the factor it is called with."""
    inner = bare(node)
    if not scope.is_exact(inner):
        return sums.leaf(scope, node, "value")
    call = rows.over_rows(inner)
    if call is not None:
        return rows.rows_split(scope, node, call, kind)
    match inner:
        case nodes.Add() | nodes.Subtract() | nodes.Negate():
            return _sum(scope, inner, kind)
        case nodes.Total(operands=operands) | nodes.Mean(operands=operands):
            writers = [split(scope, operand, top=False, kind=kind) for operand in operands]
            return sums.total(scope, operands, writers, mean=isinstance(inner, nodes.Mean))
        case nodes.TrimmedMean():
            return sums.trimmed(scope, inner)
        case nodes.Multiply() | nodes.Divide():
            return _product(scope, node, kind, top=top)
        case nodes.Minimum() | nodes.Maximum():
            return _extreme(scope, node, inner, top, kind)
        case nodes.Coalesce():
            return choices.first_applicable(scope, inner, lambda part: split(scope, part, top=top, kind=kind))
        case nodes.Round() if top and scope.is_exact(inner.operand):
            return choices.then(split(scope, inner.operand, kind=kind), choices.rounding(scope, inner))
        case nodes.Conditional() if top:
            return choices.decided(scope, inner, lambda part: split(scope, part, kind=kind))
        case nodes.CohortRef():
            return sums.leaf(scope, node, "cohort")
        case _:
            return sums.leaf(scope, node, kind if isinstance(inner, _REFERENCES) or not top else "value")


def _sum(scope: Scope, node: Node, kind: LineKind) -> Writer:
    parts = list(sums.addends(node))
    return sums.added(
        [
            (sign, split(scope, part, top=False, kind=kind if sign > 0 else turned(kind)))
            for sign, part in parts
        ]
    )


def turned(kind: LineKind) -> LineKind:
    """Return what a line is called that is taken off instead of added."""
    return "deduction" if kind in ("contribution", "bonus", "adjustment") else "contribution"


def _product(scope: Scope, node: Node, kind: LineKind, *, top: bool) -> Writer:
    parts = products.sorted_out(scope, node)
    if parts is None:
        return sums.leaf(scope, node, kind)
    difference = isinstance(bare(parts.base), nodes.Subtract)
    base = None
    if is_sum(parts.base) or (top and difference):
        base = split(scope, parts.base, top=False, kind=kind)
    return products.product(scope, node, parts, base, kind, whole=difference)


def is_sum(node: Node) -> bool:
    """Return whether a part has lines of its own wherever it stands; a distance (x − target) is one value."""
    inner = bare(node)
    match inner:
        case nodes.Total(operands=operands) | nodes.Mean(operands=operands):
            return len(operands) > 1
        case nodes.Add():
            return all(sign > 0 for sign, _part in sums.addends(inner))
        case nodes.TrimmedMean():
            return True
        case SuppliedRef():
            return rows.over_rows(inner) is not None
        case nodes.Multiply() | nodes.Divide():
            found = products.product_of(inner)
            return any(is_sum(factor) for factor in found.factors[:1])
        case _:
            return False


def _extreme(
    scope: Scope, node: Node, inner: nodes.Minimum | nodes.Maximum, top: bool, kind: LineKind
) -> Writer:
    pair = choices.limit_of(inner)
    if pair is None:
        if all(constant_value(operand) is not None for operand in inner.operands):
            return sums.leaf(scope, node, kind)
        return choices.extreme(scope, inner, lambda part: split(scope, part, top=False, kind=kind))
    if top or _is_plain(pair[0]):
        return choices.then(split(scope, pair[0], top=top, kind=kind), choices.limiting(scope, inner))
    return sums.leaf(scope, node, kind)


def _is_plain(node: Node) -> bool:
    """Return whether a limited part may show its lines inside a sum: one value, or a sum of added ones."""
    inner = bare(node)
    match inner:
        case nodes.FieldRef() | nodes.RuleRef():
            return True
        case nodes.Total():
            return True
        case nodes.Minimum() | nodes.Maximum():
            pair = choices.limit_of(inner)
            return pair is not None and _is_plain(pair[0])
        case _:
            return False
