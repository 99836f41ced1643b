"""Who a record is: rows without an entity, and rows that claim the same entity and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.codes.records import DUPLICATE_ENTITY, DUPLICATE_ENTITY_IN_PERIOD, NO_ENTITY
from rulecore.contracts import RawTable
from rulecore.errors import Code
from rulecore.numbers import format_scaled
from rulecore.planned import PlannedField
from rulecore.records.characters import shown
from rulecore.records.outcome import CellValue
from rulecore.records.rows import table_name
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl

ROW: Final = "#row"
"""The column of typed records that holds the row number in the source."""
TABLE: Final = "#table"
"""The column of typed records that holds the position of the source among the tables, from 0."""

MOST_NAMED: Final = 10
"""The most other rows that a duplicate's reason names."""


@frozen(kw_only=True)
class Refused:
    """Why the record at ``position`` is refused; ``order`` is the field's place among the fields."""

    position: int
    order: int
    column: str
    field: str
    text: str = ""
    code: Code
    values: Mapping[str, object]
    hint: str | None = None


def written(value: CellValue, field: PlannedField) -> str:
    """Return a typed value as text: numbers with their point, ISO dates, nothing for not applicable."""
    if value is None:
        return ""
    held = storage(field.type)
    if isinstance(value, int) and not isinstance(value, bool) and held is not None:
        return format_scaled(value, held.scale)
    return value.isoformat() if isinstance(value, date) else str(value)


def nameless(frame: pl.DataFrame, field: PlannedField, order: int, bad: set[int]) -> list[Refused]:
    """Return the records whose entity or period is null; ``bad`` are those whose cell is refused anyway."""
    if not frame[field.name].null_count():
        return []
    values = {"column": field.header or field.name}
    return [
        Refused(
            position=position,
            order=order,
            column=field.header or field.name,
            field=field.name,
            code=NO_ENTITY,
            values=values,
        )
        for position in frame[field.name].is_null().arg_true()
        if position not in bad
    ]


def duplicates(
    frame: pl.DataFrame,
    entity: PlannedField,
    period: PlannedField | None,
    order: int,
    tables: Sequence[RawTable],
    key: Sequence[PlannedField] = (),
) -> list[Refused]:
    """Return every record whose entity, key and period another record has too, each naming the others' rows."""
    import polars as pl

    parts = [entity, *key] if period is None else [entity, *key, period]
    keys = list(dict.fromkeys(field.name for field in parts))
    if all_distinct(key_hashes(frame, keys)):
        return []
    known = frame.select(*keys, ROW, TABLE).with_row_index("#position").drop_nulls(keys)
    if known.select(keys).n_unique() == known.height:
        return []
    shared = known.filter(pl.struct(keys).is_duplicated())
    groups = shared.group_by(keys, maintain_order=True).agg("#position", ROW, TABLE)
    found: list[Refused] = []
    for group in groups.iter_rows(named=True):
        found += _duplicates_of(group, (entity, *key), period, order, tables)
    return found


def key_hashes(frame: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Return a hash of what names each record: the same for the same keys, and nearly always another for others."""
    import polars as pl

    return frame[keys[0]].hash() if len(keys) == 1 else frame.select(pl.struct(keys).hash()).to_series()


def all_distinct(hashes: pl.Series) -> bool:
    """Return whether no two hashes are the same; then no two records have the same keys."""
    return hashes.n_unique() == hashes.len()


def _duplicates_of(
    group: Mapping[str, object],
    identity: Sequence[PlannedField],
    period: PlannedField | None,
    order: int,
    tables: Sequence[RawTable],
) -> list[Refused]:
    positions, rows, numbers = (_numbers(group[name]) for name in ("#position", ROW, TABLE))
    entity = identity[0]
    name = " / ".join(shown(written(_value(group[field.name]), field)) for field in identity)
    when = "" if period is None else shown(written(_value(group[period.name]), period))
    found = []
    for place, position in enumerate(positions):
        # A few more than are named, so that leaving out the row itself still leaves enough.
        others = [
            str(row) if number == numbers[place] else f"{row} ({table_name(tables[number])})"
            for other, row, number in zip(positions[: MOST_NAMED + 1], rows, numbers, strict=False)
            if other != position
        ][:MOST_NAMED]
        if len(positions) - 1 > len(others):
            others.append("…")
        found.append(
            Refused(
                position=position,
                order=order,
                column=entity.header or entity.name,
                field=entity.name,
                text=name,
                code=DUPLICATE_ENTITY if period is None else DUPLICATE_ENTITY_IN_PERIOD,
                values={"entity": name, "period": when, "rows": ", ".join(others)},
            )
        )
    return found


def _numbers(value: object) -> list[int]:
    return [number for number in value if isinstance(number, int)] if isinstance(value, list) else []


def _value(value: object) -> CellValue:
    return value if isinstance(value, int | str | date) else None
