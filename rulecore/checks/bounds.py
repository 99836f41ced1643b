"""A lint: bounds that a value's decimals cannot tell, and bounds outside what a value can be."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.paths import owner, reached, rules_of
from rulecore.checks.places import is_written, place_of
from rulecore.checks.wording import range_text, shown
from rulecore.checks.world import World, written
from rulecore.codes.checks import BOUND_OUT_OF_REACH, BOUND_TOO_FINE
from rulecore.contracts import Check, Fault
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Compare, Conditional, Literal, Node
from rulecore.expr.types import NumberType
from rulecore.numbers import decimal_scale
from rulecore.planned import Plan, PlannedRule

_EFFECTIVE: Final = {">=": (ceil, "≥"), ">": (floor, ">"), "<=": (floor, "≤"), "<": (ceil, "<")}


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each bound that means another one in effect, or that nothing reaches."""
    world = World.of(plan)
    for step in rules_of(plan):
        rule = owner(plan, step) or step
        labelled: set[int] = set()
        for node, _path in reached(step.node):
            if isinstance(node, Conditional):
                labelled |= {
                    id(branch.condition) for branch in node.branches if isinstance(branch.value, Literal)
                }
            if isinstance(node, Compare) and node.operator in _EFFECTIVE:
                yield from _bound(world, rule, node, gives_label=id(node) in labelled)


def _bound(world: World, rule: PlannedRule, node: Compare, *, gives_label: bool) -> Iterator[Fault]:
    subject, bound = node.left, constant_value(node.right)
    type_ = world.type_of(subject)
    if not isinstance(bound, Fraction) or not isinstance(type_, NumberType):
        return
    finer = decimal_scale(bound)
    if type_.scale is not None and (finer is None or finer > type_.scale):
        yield _too_fine(world, rule, node, bound, type_.scale)
    # A condition that is written has its own finding, it is always or never true, and so has a label nobody
    # gets.
    if not is_written(node) and not gives_label and _beyond(bound, type_) and _has_place(node.right):
        values = {"bound": written(bound), "subject": shown(subject), "range": range_text(type_)}
        yield Fault(code=BOUND_OUT_OF_REACH, values=values, place=place_of(world.plan, rule, node))


def _too_fine(world: World, rule: PlannedRule, node: Compare, bound: Fraction, scale: int) -> Fault:
    to_grid, sign = _EFFECTIVE[node.operator]
    effective = Fraction(to_grid(bound * 10**scale), 10**scale)
    values = {
        "bound": written(bound),
        "subject": shown(node.left),
        "decimals": scale,
        "effective": f"{sign} {written(effective)}",
    }
    return Fault(code=BOUND_TOO_FINE, values=values, place=place_of(world.plan, rule, node))


def _beyond(bound: Fraction, type_: NumberType) -> bool:
    return (type_.high is not None and bound > type_.high) or (type_.low is not None and bound < type_.low)


def _has_place(node: Node) -> bool:
    return node.span is not None and bool(node.span.key)


BOUNDS: Final = Check(name="bounds", codes=(BOUND_TOO_FINE, BOUND_OUT_OF_REACH), inspect=every_level(inspect))
