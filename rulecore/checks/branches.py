"""A lint: branches that are never chosen, labels nobody can get, and values that bands leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from rulecore.checks.levels import every_level
from rulecore.checks.paths import Path, owner, reached, rules_of
from rulecore.checks.places import is_written, place_of, span_of
from rulecore.checks.wording import covered, why
from rulecore.checks.world import (
    FALSE,
    NOT_TRUE,
    TRUE,
    TooManyCases,
    Wanted,
    World,
    described,
    is_certain,
    written,
)
from rulecore.codes.checks import DEAD_BRANCH, UNREACHABLE_LABEL, VALUE_LEFT_OUT
from rulecore.contracts import Check, Code, Fault
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Branch, Compare, Conditional, Literal, Node, Undecided
from rulecore.expr.types import NumberType
from rulecore.planned import Plan, PlannedRule, RuleTable

LEFT_OUT: Final = frozenset(("outside_bands", "not_in_order", "no_row"))
"""Issues that mean: the policy does not say what this value gives."""


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield the findings on every choice; rules that are tables are looked at as tables."""
    world = World.of(plan)
    for step in rules_of(plan):
        rule = owner(plan, step) or step
        if any(isinstance(claim, RuleTable) for claim in rule.claims):
            continue
        for node, path in reached(step.node):
            if isinstance(node, Conditional) and world.at(step).possible(path):
                yield from _Choice(world=world.at(step), rule=rule, node=node, path=path).findings()


@frozen(kw_only=True)
class _Choice:
    world: World
    rule: PlannedRule
    node: Conditional
    path: Path

    def findings(self) -> Iterator[Fault]:
        """Yield what is wrong with one conditional."""
        path: list[Wanted] = [*self.path]
        for branch in self.node.branches:
            here = [*path, (branch.condition, TRUE)]
            if not self.world.possible(here):
                yield from self._dead(branch)
            else:
                yield from self._left_out(branch.value, here)
            path.append((branch.condition, FALSE))
        if self.world.possible(path):
            yield from self._left_out(self.node.otherwise, path)
        else:
            yield from self._dead_rest()

    def _dead(self, branch: Branch) -> Iterator[Fault]:
        condition = branch.condition
        if self._is_switch():
            return
        alone = not self.world.possible([(condition, TRUE)])
        if is_written(condition):
            if not alone:  # else the check of conditions says so
                yield self._fault(DEAD_BRANCH, condition, None)
        elif _is_band(condition) and not self._at_the_end(condition) and isinstance(branch.value, Literal):
            yield self._fault(UNREACHABLE_LABEL, condition, branch.value, alone=alone)

    def _dead_rest(self) -> Iterator[Fault]:
        """Yield the finding on what is given otherwise, where the policy states it."""
        rest = self.node.otherwise
        if self._is_switch():
            return
        conditions = [branch.condition for branch in self.node.branches]
        by_bands = all(_is_band(condition) and not is_written(condition) for condition in conditions)
        if isinstance(rest, Literal) and by_bands and self.rule.scorer != "piecewise":
            yield self._fault(UNREACHABLE_LABEL, rest, rest)
        elif is_written(rest) and any(is_written(branch.condition) for branch in self.node.branches):
            # Where one condition is always true, or more conditions follow, the finding is about those.
            always = any(
                not self.world.possible([(branch.condition, NOT_TRUE)]) for branch in self.node.branches
            )
            if not always and not isinstance(rest, Conditional):
                yield self._fault(DEAD_BRANCH, rest, None)

    def _is_switch(self) -> bool:
        """Whether a parameter decides one of the conditions: other branches are for its other values."""
        return any(not self.world.subjects(branch.condition) for branch in self.node.branches)

    def _fault(self, code: Code, at: Node, value: Node | None, *, alone: bool = False) -> Fault:
        values: dict[str, object] = {
            "rule": self.rule.name,
            "why": why(self.world, at) if alone else covered(),
        }
        if value is not None:
            values["value"] = written(constant_value(value))
        return Fault(code=code, values=values, place=place_of(self.world.plan, self.rule, at))

    def _left_out(self, value: Node, path: list[Wanted]) -> Iterator[Fault]:
        """Yield a finding if a value that no band holds can occur."""
        if not isinstance(value, Undecided) or value.reason not in LEFT_OUT:
            return
        try:
            witness = self.world.find(path)
        except TooManyCases:
            return
        if witness and is_certain(witness):
            values = {"rule": self.rule.name, "example": described(witness)}
            yield Fault(code=VALUE_LEFT_OUT, values=values, place=self.rule.place)

    def _at_the_end(self, condition: Node) -> bool:
        """Whether a condition only says what holds beyond an end that the value keeps anyway."""
        assert isinstance(condition, Compare)  # noqa: S101 - _is_band asks for it
        type_, bound = self.world.type_of(condition.left), constant_value(condition.right)
        ends = {"<": "low", ">": "high"}
        end = ends.get(condition.operator)
        return isinstance(type_, NumberType) and end is not None and getattr(type_, end) == bound


def _is_band(condition: Node) -> bool:
    """Whether a condition is one that a scorer makes of a bound."""
    return (
        isinstance(condition, Compare)
        and condition.operator in ("<", "<=", ">", ">=")
        and constant_value(condition.right) is not None
        and span_of(condition) is not None
    )


BRANCHES: Final = Check(
    name="branches", codes=(DEAD_BRANCH, UNREACHABLE_LABEL, VALUE_LEFT_OUT), inspect=every_level(inspect)
)
