"""Whether a value may be not applicable, closer than its type says: impossible ways are left out."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attrs import define, field

from rulecore.checks.paths import Path
from rulecore.checks.world import FALSE, NOT_TRUE, TRUE, World
from rulecore.expr import nodes
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.planned import PlannedRule

ZERO: Final = nodes.Literal(Fraction(0))


def may_be_zero(world: World, divisor: Node, path: Path) -> bool:
    """Whether a divisor may be 0 where the conditions of a path hold."""
    return world.possible([*path, (nodes.Compare("==", divisor, ZERO), TRUE)])


def may_be_none(world: World, operand: Node, path: Path) -> bool:
    """Whether an operand may have no logarithm, being 0 or less, where the conditions of a path hold."""
    while isinstance(operand, nodes.Divide) and _is_positive(operand.right):
        operand = operand.left
    return world.possible([*path, (nodes.Compare("<=", operand, ZERO), TRUE)])


def _is_positive(node: Node) -> bool:
    value = constant_value(node)
    return isinstance(value, Fraction) and value > 0


@define
class Absence:
    """Says of expressions whether records exist for which they are not applicable."""

    world: World
    _rules: dict[str, bool] = field(factory=dict)
    _parts: dict[tuple[int, Path], tuple[Node, bool]] = field(factory=dict)

    def of(self, node: Node, path: Path = ()) -> bool:
        """Whether an expression may be not applicable where the conditions of a path hold."""
        known = self._parts.get((id(node), path))
        if known is None:
            known = self._parts[(id(node), path)] = (node, self._of(node, path))
        return known[1]

    def _of(self, node: Node, path: Path) -> bool:
        # A list of constants has no type of its own: it only stands on the right of "in".
        if isinstance(node, nodes.ListLiteral) or not self.world.type_of(node).nullable:
            return False
        match node:
            case nodes.RuleRef(name=name):
                return self._rule(name) and self._possible(node, path)
            case nodes.FieldRef() | SuppliedRef():
                return self._possible(node, path)
            case nodes.Divide():
                return any(self.of(part, path) for part in node.children()) or may_be_zero(
                    self.world, node.right, path
                )
            case nodes.IsIn(operand=operand):
                return self.of(operand, path)
            case nodes.Conditional():
                return self._conditional(node, path)
            case nodes.Coalesce() | nodes.Total() | nodes.Mean() | nodes.Concatenate():
                return all(self.of(part, path) for part in node.children())
            case nodes.CohortRef(node=nodes.Rank() as rank):
                return self._rank(rank, path)
            case nodes.NaturalLogarithm(operand=operand):
                return self.of(operand, path) or may_be_none(self.world, operand, path)
            case nodes.TrimmedMean() | nodes.Power() | nodes.CohortRef():
                return True
            case nodes.NotApplicable() | nodes.Undecided():
                return True
            case _:
                return any(self.of(part, path) for part in node.children())

    def _rank(self, rank: nodes.Rank, path: Path) -> bool:
        """Whether a record may have no rank: left out, without a score or a group, or tied."""
        if rank.method == "ordinal" or any(self.of(part, path) for part in (*rank.by, rank.keys[0].operand)):
            return True
        return rank.where is not None and self.world.possible([*path, (rank.where, NOT_TRUE)])

    def _possible(self, node: Node, path: Path) -> bool:
        return self.world.possible([*path, (nodes.IsApplicable(node), FALSE)])

    def _rule(self, name: str) -> bool:
        if name not in self._rules:
            rule = self.world.rules.get(name)
            self._rules[name] = True
            if isinstance(rule, PlannedRule):
                self._rules[name] = self.of(rule.node)
        return self._rules[name]

    def _conditional(self, node: nodes.Conditional, path: Path) -> bool:
        for branch in node.branches:
            if self.of(branch.condition, path):
                return True
            inside = (*path, (branch.condition, TRUE))
            if self.world.possible(inside) and self.of(branch.value, inside):
                return True
            path = (*path, (branch.condition, FALSE))
        return self.world.possible(path) and self.of(node.otherwise, path)
