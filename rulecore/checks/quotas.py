"""A lint: shares of so few records that nobody gets a place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.paths import owner, reached, rules_of
from rulecore.checks.places import place_of
from rulecore.checks.world import written
from rulecore.codes.checks import QUOTA_NO_PLACE, QUOTA_TOO_SMALL
from rulecore.contracts import Check, Fault
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import CohortCount, CohortRef, Multiply, Node, Round, Step
from rulecore.numbers import round_to
from rulecore.planned import Plan

PLAUSIBLE: Final = 10
"""A cohort of this many records is nothing unusual; a quota that gives it no place is worth a word."""

PLAUSIBLE_GROUP: Final = 3
"""Where the quota holds for each group, groups of this size are nothing unusual either."""


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a note for each rounded share of a count that is no place for a cohort of plausible size."""
    for step in rules_of(plan):
        rule = owner(plan, step) or step
        done: set[Node] = set()
        for node, _path in reached(step.node):
            found = _share(node) if isinstance(node, Round) else None
            if found is None or not isinstance(node, Round):
                continue
            share_node, share, grouped = found
            if node in done:
                continue
            done.add(node)
            place = place_of(plan, rule, share_node)
            if share <= 0:
                yield Fault(code=QUOTA_NO_PLACE, values={"share": _percent(share)}, place=place)
                continue
            least = _least(share, node)
            if least > (PLAUSIBLE_GROUP if grouped else PLAUSIBLE):
                values = {"share": _percent(share), "least": least}
                yield Fault(code=QUOTA_TOO_SMALL, values=values, place=place)


def _share(node: Round) -> tuple[Node, Fraction, bool] | None:
    """Return the share, and whether it is of groups, if a rounding makes places of a share of a count."""
    product = _inside(node.operand)
    if not isinstance(product, Multiply) or node.unit != 1:
        return None
    for share_node, other in ((product.left, product.right), (product.right, product.left)):
        share, count = constant_value(share_node), _inside(other)
        if (
            isinstance(count, CohortRef)
            and isinstance(count.node, CohortCount)
            and isinstance(share, Fraction)
        ):
            return share_node, share, bool(count.node.by)
    return None


def _inside(node: Node) -> Node:
    while isinstance(node, Step):
        node = node.operand
    return node


def _least(share: Fraction, node: Round) -> int:
    """Return the smallest number of records whose share is a place, at most one more than 1 / share."""
    low, high = 1, int(1 / share) + 2
    while low < high:
        middle = (low + high) // 2
        if round_to(share * middle, Fraction(1), node.rounding) >= 1:
            high = middle
        else:
            low = middle + 1
    return low


def _percent(share: Fraction) -> str:
    return f"{written(share * 100)}%"


QUOTAS: Final = Check(name="quotas", codes=(QUOTA_TOO_SMALL, QUOTA_NO_PLACE), inspect=every_level(inspect))
