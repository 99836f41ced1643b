"""A lint: conditions, as written, that come out the same for every record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.paths import owner, reached, rules_of
from rulecore.checks.places import is_written, place_of
from rulecore.checks.texts import looks_for_impossible_text
from rulecore.checks.wording import shown, why
from rulecore.checks.world import FALSE, TRUE, World
from rulecore.codes.checks import ALWAYS_FALSE, ALWAYS_TRUE
from rulecore.contracts import Check, Fault
from rulecore.expr.nodes import And, Compare, IsApplicable, IsIn, Node, Not, Or
from rulecore.planned import Plan, PlannedRule, RuleTable


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each written condition that is never true or never false; its smallest such part."""
    world = World.of(plan)
    for step in rules_of(plan):
        rule = owner(plan, step) or step
        done: set[int] = set()
        tables = {row.key[:-1] for claim in rule.claims if isinstance(claim, RuleTable) for row in claim.rows}
        for node, _path in reached(step.node):
            if node.span is not None and node.span.key[:-2] in tables:
                continue  # the cells of a table are looked at row by row
            if isinstance(node, And | Or | Not | Compare | IsIn | IsApplicable) and id(node) not in done:
                done |= {id(part) for part, _ in reached(node)}
                yield from _judged(world.at(step), rule, node)


def _judged(world: World, rule: PlannedRule, node: Node) -> Iterator[Fault]:
    """Yield the finding on a condition; where a part of it already has one, that stands for the whole."""
    parts = [*node.children()] if isinstance(node, And | Or | Not) else []
    found = [fault for part in parts for fault in _judged(world, rule, part)]
    yield from found
    if found or not isinstance(node, And | Or | Not | Compare | IsIn | IsApplicable) or not is_written(node):
        return
    if isinstance(node, Compare | IsIn) and looks_for_impossible_text(world, node):
        return  # RC204 says which text
    if not world.subjects(node):
        return  # a parameter decides it: that is what a switch is for
    for code, outcome in ((ALWAYS_FALSE, TRUE), (ALWAYS_TRUE, FALSE)):
        if not world.possible([(node, outcome)]):
            values = {"condition": shown(node), "why": why(world, node)}
            yield Fault(code=code, values=values, place=place_of(world.plan, rule, node))
            return


CONDITIONS: Final = Check(name="conditions", codes=(ALWAYS_TRUE, ALWAYS_FALSE), inspect=every_level(inspect))
