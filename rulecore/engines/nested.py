"""The exact engine for records that hold the rows of their detail tables: every level over Python fractions.

:mod:`rulecore.engines.reference` computes one level that stands in columns; here a record is one value with all its
rows, which single records, coverage and the search for cases look at as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import define

from rulecore.contracts import Value
from rulecore.engines.exact import ExactValue
from rulecore.engines.reference import Computed, add_cohort_step, add_rule
from rulecore.engines.rows import over_rows
from rulecore.engines.schedule import Task, schedule
from rulecore.errors import InternalError
from rulecore.expr.constants import constant_value
from rulecore.expr.earlier import UNKNOWN, EarlierStanding
from rulecore.expr.nodes import CohortRef, FieldRef, Node, RuleRef
from rulecore.expr.supplied import RECORD_NUMBER, ParentValue, SuppliedRef, TableCall
from rulecore.planned import Plan, PlannedRule, SuppliedValue
from rulecore.reals import Real
from rulecore.records.nested import Nested


@define(kw_only=True)
class LevelValues:
    """One level: what is computed of its rows so far, and for each row the position of what it belongs to."""

    plan: Plan
    above: str
    computed: Computed
    owners: list[int]


Levels = dict[str, LevelValues]
"""The records under "", the tables by name."""

DoStep = Callable[[Task, LevelValues], None]
"""Computes a rule or a cohort step of one level."""


def flattened(plan: Plan, records: Sequence[Nested]) -> Levels:
    """Return records with their rows level by level, nothing computed yet."""
    levels = {"": _level(plan, "", [record.values for record in records], list(range(len(records))))}
    nested = {"": list(records)}
    for table in plan.tables:
        above = table.declaration.parent
        owned = [
            (number, row) for number, one in enumerate(nested[above]) for row in one.rows.get(table.name, ())
        ]
        nested[table.name] = [row for _number, row in owned]
        owners = [number for number, _row in owned]
        levels[table.name] = _level(table.plan, above, [row.values for _number, row in owned], owners)
    return levels


def _level(plan: Plan, above: str, rows: Iterable[Mapping[str, Value]], owners: list[int]) -> LevelValues:
    values: list[dict[str, ExactValue]] = [dict(row) for row in rows]
    return LevelValues(plan=plan, above=above, computed=Computed(values, [{} for _ in values]), owners=owners)


def compute_nested(plan: Plan, records: Sequence[Nested]) -> Levels:
    """Return every level of a plan computed for the records of one cohort scope."""
    levels = flattened(plan, records)
    run(schedule(plan), levels)
    return levels


def run(tasks: Iterable[Task], levels: Levels, step: DoStep | None = None) -> None:
    """Do tasks in their order; ``step`` computes a rule or a cohort step, where that is not to be the exact engine."""
    for task in tasks:
        if isinstance(task.item, SuppliedValue):
            add_supplied(task.item, levels[task.level], levels)
        else:
            (step or exact_step)(task, levels[task.level])


def exact_step(task: Task, level: LevelValues) -> None:
    """Compute a rule or a cohort step of every row of a level."""
    assert not isinstance(task.item, SuppliedValue)  # noqa: S101 - told apart by the caller
    if isinstance(task.item, PlannedRule):
        add_rule(task.item, level.computed)
    else:
        add_cohort_step(task.item, level.plan, level.computed)


def add_supplied(value: SuppliedValue, level: LevelValues, levels: Levels) -> None:
    """Give every row of a level what it is given from the level above or below."""
    rows = level.computed.values
    match value.node:
        case ParentValue(name=name):
            above = levels[level.above].computed.values
            found: Sequence[ExactValue] = [
                Fraction(owner) if name == RECORD_NUMBER else above[owner][name] for owner in level.owners
            ]
        case TableCall(table=table) as call:
            found = _over_rows(call, levels[table], len(rows))
        case node:  # from outside the records: there from the start, or unknown
            otherwise = UNKNOWN if isinstance(node, EarlierStanding) else None
            found = [row.get(value.name, otherwise) for row in rows]
    for row, given in zip(rows, found, strict=True):
        row[value.name] = given


def _over_rows(call: TableCall, below: LevelValues, size: int) -> list[Value]:
    values = None if call.argument is None else operand(call.argument.node, below)
    met = None if call.where is None else [value is True for value in operand(call.where.node, below)]
    order = [operand(key.node, below) for key in call.order]
    return over_rows(call, values, met, order, below.owners, size)


def operand(node: Node, level: LevelValues) -> list[Value]:
    """Return an operand of a call over rows, a name or a constant, for every row of a level."""
    rows = level.computed.values
    if not isinstance(node, FieldRef | RuleRef | CohortRef | SuppliedRef):
        return [constant_value(node)] * len(rows)
    return [_settled(row[node.name]) for row in rows]


def _settled(value: ExactValue) -> Value:
    if isinstance(value, Real):
        raise InternalError("an inexact value reached a call over rows")
    return value
