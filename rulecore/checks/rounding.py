"""A lint: values rounded twice, and values that decide with other decimals than people see."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.paths import owner, reached, rules_of
from rulecore.checks.places import place_of, place_of_key
from rulecore.checks.world import written
from rulecore.codes.checks import ROUNDED_TWICE, SHOWN_DIFFERS, SHOWN_TIE
from rulecore.contracts import Check, Fault
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import (
    Coalesce,
    Compare,
    Conditional,
    FieldRef,
    Literal,
    Maximum,
    Minimum,
    Node,
    Rank,
    Round,
    RuleRef,
    Step,
)
from rulecore.language import N_
from rulecore.numbers import Rounding
from rulecore.phrase import Phrase, phrase
from rulecore.planned import CohortStep, Plan, PlannedRule

_ONE_WAY: Final = frozenset((Rounding.FLOOR, Rounding.CEIL, Rounding.TRUNCATE, Rounding.UP))
"""Rounding one way twice is rounding once, where the coarser unit is a multiple of the finer one."""


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield the findings on rounding in rules, then those on what is shown."""
    for step in rules_of(plan):
        if not step.name.startswith("output@"):
            yield from _rounded_twice(plan, step)
    yield from _shown(plan)


def _rounded_twice(plan: Plan, step: PlannedRule) -> Iterator[Fault]:
    rule = owner(plan, step) or step
    for node, _path in reached(step.node):
        if not isinstance(node, Round):
            continue
        for source, inner in _rounded_sources(plan, node.operand):
            if node.unit <= inner.unit or _is_one_rounding(node, inner):
                continue
            values = {
                "rule": rule.name,
                "source": source.name if source is not None else phrase(N_("its own value")),
                "first": _unit(inner.unit),
            }
            places = ((N_("rounded first"), source.place),) if source is not None else ()
            at = rule.place if node.span is None else place_of(plan, rule, node)
            yield Fault(code=ROUNDED_TWICE, values=values, place=at, related=places)


def _is_one_rounding(outer: Round, inner: Round) -> bool:
    same_way = outer.rounding is inner.rounding and outer.rounding in _ONE_WAY
    return same_way and (outer.unit / inner.unit).denominator == 1


def _rounded_sources(plan: Plan, node: Node) -> Iterator[tuple[PlannedRule | None, Round]]:
    """Yield the roundings whose value comes through a node unchanged, with the rule they stand in."""
    waiting, seen = [node], set[str]()
    while waiting:
        part = waiting.pop()
        match part:
            case Round():
                yield None, part
            case RuleRef(name=name) if name not in seen:
                seen.add(name)
                rule = plan.rule(name)
                if rule is not None and isinstance(rule.node, Round):
                    yield rule, rule.node
                elif rule is not None:
                    waiting.append(rule.node)
            case _:
                waiting += _passed(part)


def _passed(node: Node) -> list[Node]:
    """Return the operands one of which is the node's value as it is."""
    match node:
        case Step():
            return [node.operand]
        case Minimum() | Maximum() | Coalesce():
            return [operand for operand in node.operands if not isinstance(operand, Literal)]
        case Conditional():
            return [*(branch.value for branch in node.branches), node.otherwise]
        case _:
            return []


def _unit(unit: Fraction) -> Phrase:
    """Return a unit of rounding in words."""
    decimals = len(str(1 / unit)) - 1 if unit <= 1 and str(1 / unit).strip("0") == "1" else None
    if decimals is None:
        return phrase(N_("steps of {unit}"), unit=written(unit))
    return phrase(N_("{decimals} decimal(s)"), decimals=str(decimals))


# --- shown and decided
# -----------------------------------------------------------------------------------------------


def _shown(plan: Plan) -> Iterator[Fault]:
    """Yield a finding for each column that shows fewer decimals of a value than those that decide."""
    for index, column in enumerate(plan.columns):
        if not column.step.startswith("output@") or column.scale is None:
            continue
        unit = Fraction(1, 10**column.scale)
        compared = next(_compared(plan, column.of, unit), None)
        place = place_of_key(plan, ("output", "columns", index))
        values: dict[str, object] = {"rule": column.of, "decimals": column.scale}
        if compared is not None:
            rule, node = compared
            values["bound"] = written(constant_value(node.right))
            at = place_of(plan, rule, node)
            yield Fault(code=SHOWN_DIFFERS, values=values, place=place, related=((N_("decided here"), at),))
        elif (ranked := _ranked(plan, column.of)) is not None:
            at = ranked.place
            yield Fault(code=SHOWN_TIE, values=values, place=place, related=((N_("ranked here"), at),))


def _compared(plan: Plan, name: str, unit: Fraction) -> Iterator[tuple[PlannedRule, Compare]]:
    """Yield the comparisons of a value with a bound that the shown decimals can write."""
    for step in rules_of(plan):
        for node, _path in reached(step.node):
            if isinstance(node, Compare) and _is_name(node.left, name):
                bound = constant_value(node.right)
                counts = bound != 0 or node.operator in ("<", ">=")
                if isinstance(bound, Fraction) and (bound / unit).denominator == 1 and counts:
                    yield owner(plan, step) or step, node


def _ranked(plan: Plan, name: str) -> PlannedRule | None:
    for step in plan.steps:
        keys = step.node.keys if isinstance(step, CohortStep) and isinstance(step.node, Rank) else ()
        if any(_is_name(key.operand, name) for key in keys):
            return owner(plan, step)
    return None


def _is_name(node: Node, name: str) -> bool:
    while isinstance(node, Step):
        node = node.operand
    return isinstance(node, FieldRef | RuleRef) and node.name == name


ROUNDING: Final = Check(
    name="rounding", codes=(ROUNDED_TWICE, SHOWN_DIFFERS, SHOWN_TIE), inspect=every_level(inspect)
)
