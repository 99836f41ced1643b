"""Which names of a policy something uses: rules and conditions, the output, and what records are known by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulecore.expr.nodes import FieldRef, Node, RuleRef
from rulecore.planned import Plan


def parts(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield some nodes and all below them, each once however often it is shared."""
    seen: set[int] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting += node.children()


def names_in(nodes: Iterable[Node]) -> set[str]:
    """Return the fields and rules that some expressions read."""
    return {node.name for node in parts(nodes) if isinstance(node, FieldRef | RuleRef)}


def shown_names(plan: Plan) -> set[str]:
    """Return the fields and rules that stand in the output."""
    return {column.of for column in plan.columns}


def refusal_nodes(plan: Plan) -> list[Node]:
    """Return the conditions under which records are refused."""
    steps = {refusal.step for refusal in plan.refusals}
    return [rule.node for rule in plan.refusal_rules if rule.name in steps]
