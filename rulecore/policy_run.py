"""One policy's share of a run: its records typed, refused where it says so, computed level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rulecore.adjustments.share import NO_SHARE, Share
from rulecore.codes.records import RECORD_REFUSED
from rulecore.codes.tables import OTHER_ROW_REFUSED
from rulecore.contracts import Engine, RawTable
from rulecore.errors import InternalError
from rulecore.levels import evaluate_levels, limited
from rulecore.places import Places
from rulecore.plan.earlier import EARLIER_PLACES
from rulecore.planned import Plan
from rulecore.records.detail_levels import rows_that_stay, with_owners
from rulecore.records.details import OWNER, TypedLevels, type_levels
from rulecore.records.identity import ROW, TABLE, written
from rulecore.records.quarantine import Quarantined
from rulecore.records.rows import place_text
from rulecore.records.typed import SameRecords, field_named, type_tables
from rulecore.results import ORDER, PolicyResults, TableResults

if TYPE_CHECKING:
    import polars as pl


def read_levels(
    plan: Plan,
    share: Sequence[RawTable],
    details: Mapping[str, Sequence[RawTable]],
    same: SameRecords | None = None,
) -> TypedLevels:
    """Return the records of a policy, typed, with the rows of their detail tables.

    ``same`` tells which records of a plan without detail tables are there twice, where not all are at hand.
    """
    import polars as pl

    if plan.tables:
        return type_levels(plan, share, details)
    record = plan.policy.record
    records = type_tables(share, plan.fields, record.entity, record.period, record.key, same)
    numbers = pl.arange(0, records.frame.height, eager=True, dtype=pl.Int64()).alias(OWNER)
    rows = records.frame.select(TABLE, ROW).with_columns(numbers)
    first = {(item.file, item.sheet, item.row): item.entity for item in records.quarantined}
    refused = tuple((*place, entity) for place, entity in first.items())
    return TypedLevels(records=records, tables={}, rows=rows, refused=refused)


def evaluate_plan(
    plan: Plan, levels: TypedLevels, engine: Engine, places: Places, decided: Share = NO_SHARE
) -> tuple[PolicyResults, list[Quarantined]]:
    """Return a policy's results, and the rows of the records that its own conditions refuse.

    ``decided`` are the adjustments of its records; conditions of refusal look at computed values only.
    """
    import polars as pl

    records = levels.records
    frame = records.frame.with_columns(places.orders(records))
    tables = {
        name: rows.with_columns(places.orders_of(rows, records.tables))
        for name, rows in levels.tables.items()
    }
    frame, tables = decided.blank(plan, frame, tables)
    hits = _refusals(plan, frame, tables, engine)
    refused = _refused_rows(plan, frame, levels, hits)
    if hits:
        frame, tables = _without(plan, frame, tables, {row for row, _reason in hits})
    placed = decided.place(plan, frame, tables, engine)
    computed = evaluate_levels(plan, engine, placed.frame, placed.tables)
    shown = {places.order(row[:3]): row[3] for row in levels.refused}
    entity = field_named(plan.fields, plan.policy.record.entity)
    for row, _reason in hits:
        source = records.tables[records.frame[TABLE][row]]
        name = written(records.frame[entity.name][row], entity)
        shown[places.order((*source, records.frame[ROW][row]))] = name
    inputs = [item.name for item in plan.inputs]
    places_of_earlier = [name for name in computed[""].inputs.columns if name.startswith(EARLIER_PLACES)]
    # A record that meets several conditions is one row with several reasons.
    rows_refused = len({(item.file, item.sheet, item.row) for item in refused})
    part = PolicyResults(
        plan=plan,
        # With what explanations need besides: where earlier records stand. (No selection: it copies every column where
        # one of them is in several pieces.)
        records=pl.DataFrame([computed[""].inputs[name] for name in (*inputs, ORDER, *places_of_earlier)]),
        steps=computed[""].steps,
        tables={
            table.name: TableResults(
                table=table, records=computed[table.name].inputs, steps=computed[table.name].steps
            )
            for table in plan.tables
        },
        refused=tuple(sorted(shown.items())),
        rows_in=records.rows_in,
        rows_scored=levels.rows.height - rows_refused,
        rows_quarantined=records.quarantined_rows + rows_refused,
        adjusted=placed.settled(computed),
    )
    return part, refused


def _refusals(
    plan: Plan, frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame], engine: Engine
) -> list[tuple[int, str]]:
    """Return the records (by position) that a condition of ``[record] refuse`` holds for, with each reason."""
    if not plan.refusals or not frame.height:
        return []
    conditions = limited(plan, plan.refusal_rules)
    flags = evaluate_levels(conditions, engine, frame, tables)[""].steps
    found = [
        (row, refusal.reason) for refusal in plan.refusals for row in flags[refusal.step].arg_true().to_list()
    ]
    return sorted(found, key=lambda pair: pair[0])


def _refused_rows(
    plan: Plan, frame: pl.DataFrame, levels: TypedLevels, hits: Sequence[tuple[int, str]]
) -> list[Quarantined]:
    """Return every row of the records that are refused: those of tables of their own name the record's row."""
    if not hits:
        return []
    entity = field_named(plan.fields, plan.policy.record.entity)
    reasons: dict[int, list[str]] = {}
    for row, reason in hits:
        reasons.setdefault(row, []).append(reason)
    own = {(int(table), int(row)) for table, row in frame.select(TABLE, ROW).rows()}
    in_file = any(table.declaration.source == "records" for table in plan.tables)
    first_tables = {table for table, _row in own}
    rows = levels.rows.filter(levels.rows[OWNER].is_in(list(reasons))).sort(OWNER, maintain_order=True)
    found: list[Quarantined] = []
    for number, line, owner in rows.select(TABLE, ROW, OWNER).rows():
        file, sheet = levels.records.tables[number]
        name = written(frame[entity.name][owner], entity)
        direct = (number, line) in own or (in_file and number in first_tables)
        for reason in reasons[owner] if direct else ("",):
            where = _place(levels, frame, owner)
            item = Quarantined(
                file=file,
                sheet=sheet,
                row=line,
                code=RECORD_REFUSED if direct else OTHER_ROW_REFUSED,
                values={"reason": reason, "policy": plan.policy.policy.name}
                if direct
                else {"entity": name, "where": where},
                entity=name,
            )
            found.append(item)
    return found


def _place(levels: TypedLevels, frame: pl.DataFrame, row: int) -> str:
    file, sheet = levels.records.tables[frame[TABLE][row]]
    return place_text(file, sheet, frame[ROW][row])


def _without(
    plan: Plan, frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame], refused: set[int]
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the records that stay, and their rows, numbered anew."""
    kept, numbers = rows_that_stay(frame, [row not in refused for row in range(frame.height)])
    if frame.height - kept.height != len(refused):
        raise InternalError("refused records do not add up")
    found: dict[str, pl.DataFrame] = {}
    known = {"": numbers}
    for table in plan.tables:
        above = known[table.declaration.parent]
        owners = tables[table.name][OWNER].to_list()
        rows, known[table.name] = rows_that_stay(tables[table.name], [owner in above for owner in owners])
        found[table.name] = with_owners(rows, above)
    return kept, found
