"""Lints: adjustments that change nothing shown, go beyond what their rule can be, or that nobody signs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.uses import parts
from rulecore.codes.adjustments import BEYOND_RANGE, NOT_SHOWN, UNSIGNED
from rulecore.contracts import Check, Fault
from rulecore.declarations import AdjustmentDeclaration, rule_key
from rulecore.expr.nodes import CohortRef, FieldRef, Node, RuleRef
from rulecore.expr.supplied import ParentValue, SuppliedRef, TableCall
from rulecore.expr.types import NumberType, TextType, Type
from rulecore.numbers import format_number
from rulecore.planned import Plan
from rulecore.policy.words import listed


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each own adjustment that can hardly be meant as it is written."""
    if plan.adjustable is None or plan.document is None:
        return
    shown = shown_rules(plan)
    for name, declared in plan.policy.adjustments.items():
        key = ("adjustments", name)
        if not is_own(plan, key):
            continue
        place = plan.document.place(key, value=False)
        if not shown & {rule_key(rule) for rule in declared.rules}:
            values = {"name": name, "rule": ", ".join(declared.rules)}
            yield Fault(code=NOT_SHOWN, values=values, place=place)
        beyond = beyond_range(plan, declared)
        if beyond is not None:
            values = {"name": name, "rule": declared.rules[0], "allowed": beyond[0], "range": beyond[1]}
            yield Fault(code=BEYOND_RANGE, values=values, place=place)
        if not declared.signatures:
            yield Fault(code=UNSIGNED, values={"name": name}, place=plan.document.place((*key, "signatures")))


def shown_rules(plan: Plan) -> set[tuple[str, str]]:
    """Return the rules, by level and name, that something shown comes from."""
    wanted = {("", column.step) for column in plan.columns}
    for table in plan.tables:
        wanted |= {(table.name, column.step) for column in table.plan.columns}
    above = {table.name: table.declaration.parent for table in plan.tables}
    levels = {"": plan, **{table.name: table.plan for table in plan.tables}}
    nodes = {
        (level, item.name): item.node for level, of in levels.items() for item in (*of.supplied, *of.steps)
    }
    found: set[tuple[str, str]] = set()
    while wanted:
        key = wanted.pop()
        if key not in found:
            found.add(key)
            wanted |= set(_reads(key[0], nodes.get(key), above))
    return found


def _reads(level: str, node: Node | None, above: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a step of a level reads, by level and name."""
    match node:
        case None:
            return
        case ParentValue(name=name):
            yield above[level], name
        case TableCall(table=table) as call:
            for over in (call.argument, call.where, *call.order):
                if over is not None:
                    yield from _reads(table, over.node, above)
        case _:
            for part in parts([node]):
                if isinstance(part, FieldRef | RuleRef | CohortRef | SuppliedRef):
                    yield level, part.name


def beyond_range(plan: Plan, declared: AdjustmentDeclaration) -> tuple[str, str] | None:
    """Return what may be decided and what the rule itself can be, where the first is more than the second."""
    level, name = rule_key(declared.rules[0])
    rule = plan.level(level).rule(name)
    if declared.kind != "override" or rule is None:
        return None
    match rule.type:
        case TextType(values=values) if values is not None:
            more = [value for value in declared.may_be if value not in values]
            return (listed(map(str, more)), listed(sorted(values))) if more else None
        case NumberType():
            return _numbers_beyond(rule.type, declared)
    return None


def _numbers_beyond(type_: NumberType, declared: AdjustmentDeclaration) -> tuple[str, str] | None:
    limits = [limit for limit in (declared.min, declared.max) if limit is not None]
    stated = (value for value in (*limits, *declared.may_be) if isinstance(value, int | Decimal))
    numbers = [Fraction(value) for value in stated if not isinstance(value, bool)]
    more = [
        number
        for number in numbers
        if (type_.low is not None and number < type_.low) or (type_.high is not None and number > type_.high)
    ]
    if not more:
        return None
    return listed(map(format_number, more)), range_words(type_)


def range_words(type_: Type) -> str:
    """Return a range as a message names it: ``0 … 100``."""
    if not isinstance(type_, NumberType):
        return "—"
    ends = (format_number(end) if end is not None else "" for end in (type_.low, type_.high))
    return " … ".join(ends)


ADJUSTMENTS: Final = Check(name="adjustments", codes=(NOT_SHOWN, BEYOND_RANGE, UNSIGNED), inspect=inspect)
