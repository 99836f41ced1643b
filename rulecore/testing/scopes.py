"""The records of a case as exact values, each with its detail rows and under the policy it was routed to.

What coverage and mutation run on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from rulecore.adjustments.given import Adjustments
from rulecore.contracts import Engine, Value
from rulecore.detail_sources import OwnedDetails, owned_details
from rulecore.engines.decode import decode
from rulecore.engines.exact import ExactValue
from rulecore.engines.nested import Levels, LevelValues, compute_nested
from rulecore.errors import Fault
from rulecore.evaluation import plan_runs
from rulecore.levels import limited
from rulecore.numbers import format_number
from rulecore.places import Places
from rulecore.plan.earlier import reads_earlier
from rulecore.plan.sources import sourced_fields
from rulecore.planned import Plan
from rulecore.policy_run import read_levels
from rulecore.records.details import OWNER, TypedLevels
from rulecore.records.identity import ROW, written
from rulecore.records.nested import Nested
from rulecore.records.outcome import CellValue
from rulecore.routing import Routed, route
from rulecore.testing.bind import BoundCase, Suite, WantedRow

if TYPE_CHECKING:
    import polars as pl

Record = Nested
"""A record's exact values, with the rows of its detail tables."""


@frozen(kw_only=True)
class Scope:
    """The records of a case that one policy applies to, in input order.

    ``typed`` are all records that could be read; ``refusals`` for each of them the reasons for which the
    policy refuses it; ``kept`` the positions in ``typed`` of the others. ``positions`` number them in the
    case, from 1.
    """

    number: int
    plan: Plan = field(repr=False)
    typed: tuple[Record, ...] = field(repr=False)
    positions: tuple[int, ...]
    entities: tuple[str, ...]
    periods: tuple[str, ...]
    refusals: tuple[tuple[str, ...], ...] = ()

    @property
    def kept(self) -> tuple[int, ...]:
        """The positions in ``typed`` of the records that are scored."""
        return tuple(index for index, reasons in enumerate(self.refusals) if not reasons)

    @property
    def records(self) -> list[Record]:
        """The records that are scored."""
        return [self.typed[index] for index in self.kept]

    def computed(self) -> Levels:
        """Return every value of the policy for the records that are scored, and for the rows of each table."""
        return compute_nested(self.plan, self.records)


def scopes(suite: Suite, case: BoundCase) -> tuple[tuple[Scope, ...], tuple[Fault, ...]]:
    """Return the scopes of a case, one for each policy that has records, and the notes on its columns.

    Raises :class:`rulecore.errors.InputError` where columns are missing.
    """
    plans = case.adjustments.plans([suite.policies.plans[number] for number in case.plans])
    routed = route([case.table], plans, case.case.as_of)
    owned = owned_details(plans, routed.tables, case.details)
    found: list[Scope] = []
    notes: list[Fault] = []
    for number, levels in sorted(_levels(suite, case, plans, routed, owned).items()):
        found.append(scope_of(case.plans[number], plans[number], levels, case))
        notes += levels.records.notes
    return tuple(found), tuple(notes)


def _levels(
    suite: Suite, case: BoundCase, plans: Sequence[Plan], routed: Routed, owned: OwnedDetails
) -> dict[int, TypedLevels]:
    """Return the records of each policy that has any; what they are given from elsewhere is computed exactly first."""
    alone = not case.adjustments.given and not any(
        reads_earlier(plan) or next(sourced_fields(plan), None) for plan in plans
    )
    if alone:
        shares = enumerate(zip(plans, routed.tables, strict=True))
        return {
            index: read_levels(plan, share, owned.of_plan(index)) for index, (plan, share) in shares if share
        }
    engine = suite.policies.registry.engines["exact"].value
    every = [case.table, *(table for each in case.details.values() for table in each)]
    decided = case.adjustments
    runs = plan_runs(plans, routed, owned, engine, Places(every), case.history, decided)
    return {run.number: _decided(plans[run.number], run.levels, decided, engine) for run in runs}


def _decided(plan: Plan, levels: TypedLevels, adjustments: Adjustments, engine: Engine) -> TypedLevels:
    """Return the records of a policy with what was decided about them."""
    share = adjustments.of(plan)
    frame, tables = share.blank(plan, levels.records.frame, levels.tables)
    placed = share.place(plan, frame, tables, engine)
    return evolve(levels, records=evolve(levels.records, frame=placed.frame), tables=placed.tables)


def scope_of(number: int, plan: Plan, levels: TypedLevels, case: BoundCase) -> Scope:
    """Return the records of one policy; ``number`` is its number in the set."""
    frame, record = levels.records.frame, plan.policy.record
    records = nested_records(plan, levels)
    scope = Scope(
        number=number,
        plan=plan,
        typed=records,
        positions=tuple(case.position(case.table.sheet, row) for row in frame[ROW].to_list()),
        entities=_written(plan, record.entity, frame[record.entity].to_list()),
        periods=_written(plan, record.period, frame[record.period].to_list())
        if record.period
        else ("",) * len(records),
    )
    return evolve(scope, refusals=refusals(plan, records))


def nested_records(plan: Plan, levels: TypedLevels) -> tuple[Record, ...]:
    """Return typed records as exact values, each with its rows."""
    below: dict[str, dict[int, dict[str, list[Nested]]]] = {}
    for table in reversed(plan.tables):  # the rows of a table below others first
        own = _exact(table.plan, levels.tables[table.name])
        owners = levels.tables[table.name][OWNER].to_list()
        above = below.setdefault(table.declaration.parent, {})
        for position, (owner, values) in enumerate(zip(owners, own, strict=True)):
            row = Nested(values, _held(below.get(table.name, {}).get(position)))
            above.setdefault(owner, {}).setdefault(table.name, []).append(row)
    roots = below.get("", {})
    records = _exact(plan, levels.records.frame)
    return tuple(Nested(values, _held(roots.get(position))) for position, values in enumerate(records))


def _held(rows: Mapping[str, list[Nested]] | None) -> dict[str, tuple[Nested, ...]]:
    return {name: tuple(of_table) for name, of_table in (rows or {}).items()}


def _exact(plan: Plan, frame: pl.DataFrame) -> list[dict[str, Value]]:
    given = [item for item in plan.inputs if item.name in frame.columns]
    columns = {item.name: decode(frame[item.name], item.type) for item in given}
    if not columns:
        return [{} for _row in range(frame.height)]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def refusals(plan: Plan, records: Sequence[Record]) -> tuple[tuple[str, ...], ...]:
    """Return for each record the reasons of ``[record] refuse`` that hold for it."""
    if not plan.refusals:
        return ((),) * len(records)
    found = compute_nested(limited(plan, plan.refusal_rules), records)
    return tuple(
        tuple(refusal.reason for refusal in plan.refusals if values[refusal.step] is True)
        for values in found[""].computed.values
    )


def _written(plan: Plan, name: str, cells: Sequence[CellValue]) -> tuple[str, ...]:
    planned = next(item for item in plan.fields if item.name == name)
    return tuple(written(cell, planned) for cell in cells)


def row_places(levels: Levels, record: int) -> Iterator[tuple[str, int]]:
    """Yield where a record and its rows stand: the level, and the position there."""
    mine = {"": {record}}
    yield "", record
    for name, level in levels.items():
        if name:
            mine[name] = {row for row, owner in enumerate(level.owners) if owner in mine[level.above]}
            yield from ((name, row) for row in sorted(mine[name]))


def rows_meant(wanted: WantedRow, level: LevelValues, owner: int) -> list[int]:
    """Return the positions of the rows that an expected row means, among those of the record (or row) at ``owner``."""
    name = level.plan.policy.record.entity
    mine = [row for row, belongs in enumerate(level.owners) if belongs == owner]
    return [
        row
        for number, row in enumerate(mine, start=1)
        if (not wanted.position or wanted.position == number)
        and (not wanted.row or cell_text(name, level.computed.values[row]) == wanted.row)
    ]


def cell_text(name: str, values: Mapping[str, ExactValue]) -> str:
    """Return a field as it is written, to find a row by its name."""
    value = values.get(name)
    return format_number(value) if isinstance(value, Fraction) else "" if value is None else str(value)
