"""Every part of an expression with the conditions under which it is computed at all."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from rulecore.checks.world import FALSE, NOT_FALSE, NOT_TRUE, TRUE, Wanted
from rulecore.expr.nodes import And, CohortRef, Conditional, Node, Or
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.transform import repeated
from rulecore.planned import CohortStep, Plan, PlannedRule

Path = tuple[Wanted, ...]
LONGEST_PATH = 40
"""Conditions further in are left out: fewer of them only make less impossible."""


def reached(node: Node) -> Iterator[tuple[Node, Path]]:
    """Yield each part once with the conditions on the way to it; a part at several places has none."""
    shared = repeated(node)
    seen: set[int] = set()
    waiting: list[tuple[Node, Path]] = [(node, ())]
    while waiting:
        part, path = waiting.pop()
        if id(part) in shared:
            path = ()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part, path
        waiting += reversed([*_below(part, path[-LONGEST_PATH:])])


def _below(node: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    match node:
        case CohortRef() | SuppliedRef():
            return
        case Conditional():
            for branch in node.branches:
                yield branch.condition, path
                yield branch.value, (*path, (branch.condition, TRUE))
                path = (*path, (branch.condition, FALSE))
            yield node.otherwise, path
        case And() | Or():
            outcomes = NOT_FALSE if isinstance(node, And) else NOT_TRUE
            for operand in node.operands:
                yield operand, path
                path = (*path, (operand, outcomes))
        case _:
            for child in node.children():
                yield child, path


def rules_of(plan: Plan) -> Iterator[PlannedRule]:
    """Yield the rules of a plan once each: refusals, rules, and what was lifted out of them."""
    known = {step.name for step in plan.steps}
    yield from (rule for rule in plan.refusal_rules if rule.name not in known)
    yield from (step for step in plan.steps if isinstance(step, PlannedRule))


def owner(plan: Plan, step: PlannedRule | CohortStep) -> PlannedRule | None:
    """Return the rule a step was written in: ``grade@1.1`` belongs to ``grade``.

    A step of a table that a rule of another level needs is called by the name of that rule.
    """
    name = step.name.split("@")[0]
    rule = plan.rule(name)
    if rule is None and isinstance(step, PlannedRule) and name != "refuse":
        return evolve(step, name=name)
    return rule
