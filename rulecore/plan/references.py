"""What an expression refers to, and for which reasons it can raise an issue."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.expr.nodes import (
    CohortRef,
    Divide,
    FieldRef,
    NaturalLogarithm,
    Node,
    Power,
    ReadNumber,
    Round,
    RuleRef,
    Undecided,
)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, but nothing behind a reference to a cohort step."""
    yield node
    if not isinstance(node, CohortRef):
        for child in node.children():
            yield from walk(child)


def parts(node: Node) -> Iterator[Node]:
    """Yield a node and all below it as :func:`walk` does, but each node once, also where it is shared."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if not isinstance(part, CohortRef):
            waiting += part.children()


def rule_names(node: Node) -> set[str]:
    """Return the names of the rules an expression reads."""
    return {part.name for part in parts(node) if isinstance(part, RuleRef)}


def field_names(node: Node) -> set[str]:
    """Return the names of the fields an expression reads."""
    return {part.name for part in parts(node) if isinstance(part, FieldRef)}


def issue_reasons(node: Node) -> tuple[str, ...]:
    """Return the reasons for which computing an expression can raise an issue, sorted."""
    reasons: set[str] = set()
    for part in parts(node):
        match part:
            case Undecided(reason=reason):
                reasons.add(reason)
            case ReadNumber():
                reasons.add("not_a_number")
            case Divide():
                reasons.add("division_by_zero")
            case Power(exponent=exponent):
                if exponent < 0:
                    reasons.add("division_by_zero")
                if exponent.denominator != 1:
                    reasons.add("outside_domain")
            case NaturalLogarithm():
                reasons.add("outside_domain")
            case Round():
                reasons.add("cannot_round")
    return tuple(sorted(reasons))
