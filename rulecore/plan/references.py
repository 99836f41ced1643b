"""What an expression refers to, and for which reasons it can raise an issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from rulecore.expr.nodes import (
    CohortRef,
    Divide,
    FieldRef,
    NaturalLogarithm,
    Node,
    Power,
    ReadNumber,
    Round,
    RuleRef,
    ShiftDate,
    ShiftWorkdays,
    Undecided,
)
from rulecore.expr.supplied import PARENT_MARK, ParentValue, SuppliedRef, TableCall


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, but nothing behind a reference to a cohort step."""
    yield node
    if not isinstance(node, CohortRef | SuppliedRef):
        for child in node.children():
            yield from walk(child)


def parts(node: Node) -> Iterator[Node]:
    """Yield a node and all below it as :func:`walk` does, but each node once, also where it is shared."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if not isinstance(part, CohortRef | SuppliedRef):
            waiting += part.children()


def rule_names(node: Node) -> set[str]:
    """Return the names of the rules an expression reads."""
    return {part.name for part in parts(node) if isinstance(part, RuleRef)}


def row_parts(call: TableCall) -> Iterator[Node]:
    """Yield the expressions over rows that a call over a table holds."""
    if call.argument is not None:
        yield call.argument.node
    if call.where is not None:
        yield call.where.node
    for key in call.order:
        yield key.node


def names_read(node: Node) -> Iterator[str]:
    """Yield the names of the columns of its level that an expression reads."""
    for part in parts(node):
        if isinstance(part, FieldRef | RuleRef | CohortRef | SuppliedRef):
            yield part.name


Rule = tuple[str, str]
"""A rule: the table it belongs to ("" for the records) and its name."""


class Placed(Protocol):
    """The records ("") or a table by name, and what its rows belong to."""

    @property
    def name(self) -> str:
        """The table's name, "" for the records."""
        ...

    @property
    def above(self) -> Placed | None:
        """What the rows belong to."""
        ...


def rules_read(node: Node, level: Placed, levels: Mapping[str, Placed]) -> Iterator[Rule]:
    """Yield the rules that an expression of a level reads, also those of rows below it and of the record above."""
    for part in parts(node):
        match part:
            case RuleRef(name=name):
                yield level.name, name
            case SuppliedRef(node=ParentValue(name=name, is_field=False)):
                above = level.above
                while name.startswith(PARENT_MARK) and above is not None:
                    name, above = name[len(PARENT_MARK) :], above.above
                if above is not None:
                    yield above.name, name
            case TableCall() if part.table in levels:
                for inner in row_parts(part):
                    yield from rules_read(inner, levels[part.table], levels)


def field_names(node: Node) -> set[str]:
    """Return the names of the fields an expression reads."""
    return {part.name for part in parts(node) if isinstance(part, FieldRef)}


def issue_reasons(node: Node) -> tuple[str, ...]:
    """Return the reasons for which computing an expression can raise an issue, sorted."""
    reasons: set[str] = set()
    for part in parts(node):
        match part:
            case Undecided(reason=reason):
                reasons.add(reason)
            case ReadNumber():
                reasons.add("not_a_number")
            case Divide():
                reasons.add("division_by_zero")
            case Power(exponent=exponent):
                if exponent < 0:
                    reasons.add("division_by_zero")
                if exponent.denominator != 1:
                    reasons.add("outside_domain")
            case NaturalLogarithm():
                reasons.add("outside_domain")
            case ShiftDate() | ShiftWorkdays():
                reasons.add("outside_calendar")
            case Round():
                reasons.add("cannot_round")
    return tuple(sorted(reasons))
