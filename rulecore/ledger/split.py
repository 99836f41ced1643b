"""Taking an expression apart from zero: each kind of node to the lines it gives, one line for what stays whole.

A part is taken apart as far as a reader follows it. On the way down from the rule (``top``) limits, roundings and
decisions are looked through; inside a sum or product only what is a sum itself, or a limit on one value.
"""

from __future__ import annotations

from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.ledger import choices, products, rows, sums
from rulecore.ledger.effects import with_effects
from rulecore.ledger.pools import pool_split
from rulecore.ledger.scope import Scope, Writer, bare, constant_value
from rulecore.ledger.values import LineKind

_REFERENCES = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)


def split(scope: Scope, node: Node, *, top: bool = True, kind: LineKind = "contribution") -> Writer:
    """Return the writer of a number's lines, which add up to its value times the factor it is called with."""
    key = (id(node), top, kind)
    known = scope.writers.get(key)
    if known is None:
        # Scorers share parts freely: each is taken apart once, however often it stands in the rule.
        # The node is kept, so that its id stays its own.
        known = scope.writers[key] = node, _split(scope, node, top=top, kind=kind)
    return known[1]


def _split(scope: Scope, node: Node, *, top: bool, kind: LineKind) -> Writer:
    inner = bare(node)
    if not scope.is_exact(inner):
        # Nothing but a sum is taken apart there: its parts with logarithms or roots are lines of their own.
        added = isinstance(inner, nodes.Add | nodes.Subtract | nodes.Negate)
        return _sum(scope, inner, kind) if added else sums.leaf(scope, node, "value")
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
        case nodes.Conditional():
            plain = choices.decided(scope, inner, lambda part: split(scope, part, top=top, kind=kind))
            return with_effects(scope, inner, plain) if top else plain
        case nodes.CohortRef():
            return pool_split(scope, node, lambda part: split(scope, part, top=False, kind=kind))
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
    inner = bare(parts.base)
    difference = isinstance(inner, nodes.Subtract)
    deducts = difference and not (parts.scalers or parts.divisors) and _deducts(scope, inner)
    base = None
    if is_sum(parts.base) or isinstance(inner, nodes.Conditional) or deducts or (top and difference):
        base = split(scope, parts.base, top=False, kind=kind)
    return products.product(scope, node, parts, base, kind, whole=difference)


def _deducts(scope: Scope, node: Node) -> bool:
    """Return whether a difference takes points off, (score − deduction), and is no distance, (actual − target).

    What is compared with a target has the same unit, and so the same largest value.
    """
    ranges = [
        found for _sign, part in sums.addends(node) if (found := scope.range_of(bare(part))) is not None
    ]
    signs = [sign for sign, _part in sums.addends(node)]
    variable = all(constant_value(part) is None for _sign, part in sums.addends(node))
    first = ranges[0].high if ranges else None
    return (
        variable
        and signs[0] > 0
        and all(
            found.high is not None and first is not None and found.high < first
            for sign, found in zip(signs, ranges, strict=False)
            if sign < 0
        )
    )


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
        lines = [split(scope, part, top=False, kind=kind) for part in inner.operands]
        if isinstance(inner, nodes.Minimum) and not _alike(scope, inner.operands):
            return choices.capped(scope, inner, lines[0])
        return choices.extreme(scope, inner, lines)
    if top or _is_plain(pair[0]):
        return choices.then(split(scope, pair[0], top=top, kind=kind), choices.limiting(scope, inner))
    return sums.leaf(scope, node, kind)


def _alike(scope: Scope, operands: tuple[Node, ...]) -> bool:
    """Return whether values are of one kind, such as scores of one range, and not an amount and its caps."""
    ranges = [scope.range_of(bare(operand)) for operand in operands]
    bounds = {(found.low, found.high) for found in ranges if found is not None}
    return len(bounds) <= 1


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
