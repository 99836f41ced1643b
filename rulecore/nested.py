"""Detail rows inside their records: ``{"unit": "U01", "indicators": [{…}, {…}]}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.planned import Plan, PlannedTable

if TYPE_CHECKING:
    from rulecore.contracts import RawTable

Record = Mapping[str, object]


def split_nested(records: object, plans: Sequence[Plan]) -> tuple[object, dict[str, list[dict[str, object]]]]:
    """Return a list of records without the lists of detail rows in them, and those rows by their table's name.

    Each row is given the fields that name its record, under the headers of its table. Where the table's rows are to
    stand in the records' own file, each becomes a record of its own with all that the record has. Other forms of
    records are returned as they are.
    """
    tables = {key: table for plan in plans for table in plan.tables for key in _keys(table)}
    if not tables or not isinstance(records, Sequence) or isinstance(records, str | bytes):
        return records, {}
    if not all(isinstance(record, Mapping) for record in records):
        return records, {}
    plain: list[Record] = []
    found: dict[str, list[dict[str, object]]] = {}
    for record in records:
        own, nested = split_record(record, tables)
        long = [table for table in nested if tables[table].declaration.source == "records"]
        for key in (key for key in nested if key not in long):
            _add(tables[key], nested[key], _named(record, tables[key], plans), tables, found)
        rows = [own]
        for key in long:
            rows = [{**row, **inner} for row in rows for inner in nested[key]]
        plain += rows
    return plain, found


def split_record(
    record: Record, tables: Mapping[str, PlannedTable]
) -> tuple[dict[str, object], dict[str, list[Record]]]:
    """Return a record without its lists of detail rows, and the lists by the keys they stood under."""
    own: dict[str, object] = {}
    nested: dict[str, list[Record]] = {}
    for key, value in record.items():
        is_rows = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        if key in tables and is_rows and all(isinstance(row, Mapping) for row in value):  # type: ignore[attr-defined]
            nested[key] = list(value)  # type: ignore[call-overload]
        else:
            own[key] = value
    return own, nested


def _keys(table: PlannedTable) -> tuple[str, ...]:
    return tuple(dict.fromkeys((table.name, table.label)))


def _named(record: Record, table: PlannedTable, plans: Sequence[Plan]) -> dict[str, object]:
    """Return what names a record, under the headers of one of its tables."""
    found: dict[str, object] = {}
    for name, header in zip(table.identity, table.headers, strict=True):
        forms = {name, header}
        for plan in plans:
            for planned in plan.fields:
                if planned.name == name:
                    forms |= {planned.header, *planned.declaration.aliases}
        found[header] = next((record[form] for form in forms if form in record), None)
    return found


def _add(
    table: PlannedTable,
    rows: Sequence[Record],
    named: Mapping[str, object],
    tables: Mapping[str, PlannedTable],
    found: dict[str, list[dict[str, object]]],
) -> None:
    for row in rows:
        own, nested = split_record(row, tables)
        found.setdefault(table.name, []).append({**named, **own})
        for key, inner in nested.items():
            below = tables[key]
            names = dict(named)
            planned = next(item for item in table.plan.fields if item.name == table.declaration.row)
            header = below.headers[-1]
            names[header] = own.get(planned.header, own.get(planned.name))
            _add(below, inner, names, tables, found)


def raw_rows(rows: Sequence[Record], name: str) -> RawTable:
    """Return nested rows as a table named after them."""
    from rulecore.records.frames import raw_table

    return evolve(raw_table(list(rows)), sheet=name)
