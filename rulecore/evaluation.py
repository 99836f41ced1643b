"""One run: rows routed to their policies, typed, refused where the policy says so, computed, and all accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.codes.records import RECORD_REFUSED, UNUSED_COLUMNS
from rulecore.contracts import Engine, RawTable
from rulecore.errors import Fault, InternalError
from rulecore.planned import Origin, Plan
from rulecore.records.identity import ROW, TABLE, written
from rulecore.records.quarantine import Quarantined
from rulecore.records.typed import TypedRecords, type_tables
from rulecore.results import ORDER, ROWS_OF_A_TABLE, PolicyResults, Results
from rulecore.routing import route
from rulecore.source import Place as SourcePlace

if TYPE_CHECKING:
    import polars as pl

Place = tuple[str, str, int]
"""File, sheet and row number of an input row."""


def evaluate(
    plans: Sequence[Plan],
    tables: Sequence[RawTable],
    engine: Engine,
    *,
    as_of: date | None = None,
    origins: Sequence[Origin] = (),
) -> Results:
    """Return the results of applying each row's one fitting plan to it.

    Raises :class:`rulecore.errors.InputError` where a table lacks columns that its policies need.
    """
    routed = route(tables, plans, as_of)
    places = _Places(tables)
    parts, typed = [], []
    quarantined, blank, refused_rows = list(routed.quarantined), routed.blank_rows, routed.quarantined_rows
    for plan, share in zip(plans, routed.tables, strict=True):
        if not share:
            continue
        record = plan.policy.record
        records = type_tables(share, plan.fields, record.entity, record.period, record.key)
        part, refused = _evaluate_plan(plan, records, engine, places)
        parts.append(part)
        typed.append(records)
        quarantined += [*records.quarantined, *refused]
        blank += records.blank_rows
        # A record that meets several conditions is one row with several reasons.
        refused_rows += records.quarantined_rows + len(
            {(item.file, item.sheet, item.row) for item in refused}
        )
    return Results(
        parts=tuple(parts),
        quarantined=tuple(
            sorted(quarantined, key=lambda item: places.order((item.file, item.sheet, item.row)))
        ),
        rows_in=routed.rows_in,
        rows_quarantined=refused_rows,
        rows_blank=blank,
        tables=places.tables(),
        notes=(*(note for table in tables for note in table.notes), *_notes(typed)),
        inputs=tuple(_input(table) for table in tables),
        origins=tuple(origins),
        engine=engine.name,
    )


class _Places:
    """Where each input row stands among all of them: first by table, then by row number."""

    def __init__(self, tables: Sequence[RawTable]) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        for table in tables:
            self._numbers.setdefault((table.file, table.sheet), len(self._numbers))

    def tables(self) -> tuple[tuple[str, str], ...]:
        """Return the file and sheet of each table, in the order of their numbers."""
        return tuple(self._numbers)

    def order(self, place: Place) -> int:
        """Return a whole number that grows with the place in the input."""
        file, sheet, row = place
        return self._numbers[(file, sheet)] * ROWS_OF_A_TABLE + row

    def orders(self, records: TypedRecords) -> pl.Series:
        """Return that number for each typed record."""
        import polars as pl

        numbers = [self._numbers[table] * ROWS_OF_A_TABLE for table in records.tables]
        base = pl.Series("base", numbers, dtype=pl.Int64())
        return (base.gather(records.frame[TABLE]) + records.frame[ROW]).alias(ORDER)


def _evaluate_plan(
    plan: Plan, records: TypedRecords, engine: Engine, places: _Places
) -> tuple[PolicyResults, list[Quarantined]]:
    """Return a policy's results, and the records that its own conditions refuse."""
    import polars as pl

    frame = records.frame.with_columns(places.orders(records))
    refused, kept = _refused(plan, frame, records, engine)
    frame = frame.filter(kept) if kept is not None else frame
    names = [field.name for field in plan.fields]
    steps = engine.evaluate(plan, frame.select(names))
    if steps.height != frame.height and steps.width:
        raise InternalError(f"the engine {engine.name} gave {steps.height} rows for {frame.height} records")
    shown = [*records.quarantined, *refused]
    order = {places.order((item.file, item.sheet, item.row)): item.entity for item in shown}
    part = PolicyResults(
        plan=plan,
        records=frame.select(*names, pl.col(ORDER)),
        steps=steps,
        refused=tuple(sorted(order.items())),
        rows_in=records.rows_in,
    )
    return part, refused


def _refused(
    plan: Plan, frame: pl.DataFrame, records: TypedRecords, engine: Engine
) -> tuple[list[Quarantined], pl.Series | None]:
    """Return the records that a condition of ``[record] refuse`` holds for, and which ones stay."""
    if not plan.refusals or not frame.height:
        return [], None
    conditions = evolve(plan, steps=plan.refusal_rules, refusals=(), refusal_rules=(), columns=())
    flags = engine.evaluate(conditions, frame.select([field.name for field in plan.fields]))
    entity = next(field for field in plan.fields if field.name == plan.policy.record.entity)
    kept = flags[plan.refusals[0].step].not_()
    found: list[tuple[int, Quarantined]] = []
    for refusal in plan.refusals:
        holds = flags[refusal.step]
        kept = kept & ~holds
        hit = frame.filter(holds).select(TABLE, ROW, entity.name)
        for row, (number, line, name) in zip(holds.arg_true().to_list(), hit.rows(), strict=True):
            file, sheet = records.tables[number]
            values: Mapping[str, object] = {"reason": refusal.reason, "policy": plan.policy.policy.name}
            item = Quarantined(
                file=file,
                sheet=sheet,
                row=line,
                code=RECORD_REFUSED,
                values=values,
                entity=written(name, entity),
            )
            found.append((row, item))
    positions = {row for row, _item in found}
    if len(positions) != kept.len() - kept.sum():
        raise InternalError("refused records do not add up")
    return [item for _row, item in sorted(found, key=lambda pair: pair[0])], kept


def _notes(typed: Sequence[TypedRecords]) -> tuple[Fault, ...]:
    """Return the notes on the inputs, each said once: a column is unused only if no policy uses it."""
    found: dict[str, Fault] = {}
    for records in typed:
        for note in records.notes:
            if note.code is not UNUSED_COLUMNS:
                found.setdefault(note.render("en"), note)
    for file in dict.fromkeys(table for records in typed for table in records.tables):
        lists = [_unused(records, file) for records in typed if file in records.tables]
        names = [name for name in lists[0] if all(name in other for other in lists)]
        if names:
            place = SourcePlace(file=file[0], sheet=file[1])
            note = Fault(code=UNUSED_COLUMNS, values={"columns": ", ".join(names)}, place=place)
            found.setdefault(note.render("en"), note)
    return tuple(found.values())


def _unused(records: TypedRecords, table: tuple[str, str]) -> tuple[str, ...]:
    """Return the headers of a table that no field of one policy uses."""
    for note in records.notes:
        if (
            note.code is UNUSED_COLUMNS
            and note.place is not None
            and (note.place.file, note.place.sheet) == table
        ):
            headers = note.values["headers"]
            return headers if isinstance(headers, tuple) else ()
    return ()


def _input(table: RawTable) -> Mapping[str, object]:
    rows = table.frame.height + len(table.broken)
    return {"file": table.file, "sheet": table.sheet, "sha256": table.sha256, "rows": rows}
