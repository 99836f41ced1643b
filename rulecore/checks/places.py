"""Where in the policy a part of a rule stands."""

from __future__ import annotations

from rulecore.expr.nodes import Compare, Literal, Node, ParameterRef
from rulecore.planned import Plan, PlannedRule
from rulecore.source import KeyPath, Place, Span


def is_written(node: Node) -> bool:
    """Whether an expression stands in the policy as text of its own, not put together by a scorer."""
    return node.span is not None and bool(node.span.key) and node.span.end > 0


def place_of(plan: Plan, rule: PlannedRule, node: Node) -> Place:
    """Return where a node stands, or what it was made from; the rule's own place where neither is known."""
    span = span_of(node)
    return rule.place if span is None else place_at(plan, rule, span)


def place_at(plan: Plan, rule: PlannedRule, span: Span) -> Place:
    """Return where a span stands."""
    if plan.document is None or plan.document.value_at(span.key) is None:
        return rule.place  # an expression over the rows of a table, written at another level
    if span.end == 0:
        return plan.document.place(span.key)
    return plan.document.place(span.key, start=span.start, end=span.end)


def place_of_key(plan: Plan, key: KeyPath, *, value: bool = True) -> Place:
    """Return where a key's value stands."""
    return Place(file=plan.file) if plan.document is None else plan.document.place(key, value=value)


def span_of(node: Node) -> Span | None:
    """Return the span of a node; of a comparison that a scorer made, that of its constant."""
    if node.span is not None and node.span.key:
        return node.span
    if isinstance(node, Compare):
        for side in (node.right, node.left):
            if isinstance(side, Literal | ParameterRef) and side.span is not None and side.span.key:
                return side.span
    for child in node.children():
        span = span_of(child)
        if span is not None:
            return span
    return None
