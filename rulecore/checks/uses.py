"""Which names of a policy something uses: rules and conditions, the output, and what records are known by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from rulecore.expr.nodes import FieldRef, Node, RuleRef
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.planned import Plan, PlannedRule


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


def used_elsewhere(plan: Plan) -> dict[str, set[str]]:
    """Return what other levels use of each level, "" for the records: values of rows, and of the record above."""
    found: dict[str, set[str]] = {"": set(), **{table.name: set() for table in plan.tables}}
    for value in plan.supplied:
        _add_used(found, value.node, "")
    for table in plan.tables:
        for value in table.plan.supplied:
            _add_used(found, value.node, table.declaration.parent)
    return found


def _add_used(found: dict[str, set[str]], node: Node, above: str) -> None:
    match node:
        case ParentValue(name=name):
            found[above].add(name)
        case TableCall(table=table) as call:
            over = [part for part in (call.argument, call.where, *call.order) if part is not None]
            found[table] |= names_in(part.node for part in over)


def refusal_nodes(plan: Plan) -> list[Node]:
    """Return the conditions under which records are refused."""
    steps = {refusal.step for refusal in plan.refusals}
    return [rule.node for rule in plan.refusal_rules if rule.name in steps]


def unused_rules(plan: Plan, elsewhere: Collection[str]) -> list[PlannedRule]:
    """Return the rules of a level that no other rule, condition or output column uses, nor another level."""
    shown = shown_names(plan) | {*elsewhere}
    conditions = names_in(refusal_nodes(plan))
    rules = [step for step in plan.steps if isinstance(step, PlannedRule) and not step.hidden]
    found = []
    for rule in rules:
        # Hidden rules and cohort steps of a rule are named after it: "grade@1.1" belongs to grade.
        others = [step.node for step in plan.steps if step.name.split("@")[0] != rule.name]
        if rule.name not in shown | conditions | names_in(others):
            found.append(rule)
    return found
