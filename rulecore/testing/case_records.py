"""The records of a case as tables that are read like files: one for the records, one for each detail table apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from rulecore.contracts import RawTable
from rulecore.declarations import Scalar
from rulecore.detail_sources import Details
from rulecore.planned import Plan, PlannedTable
from rulecore.testing.names import PlanNames

Cells = dict[str, Scalar | None]


@frozen(kw_only=True)
class CaseRecord:
    """A record, or a row of a detail table, as a case writes it: cells by header, rows by the name of their table."""

    cells: Mapping[str, Scalar]
    rows: Mapping[str, Sequence[CaseRecord]] = field(factory=dict)


@frozen(kw_only=True)
class CaseRecords:
    """The tables of a case. ``numbers`` are those of the records, by sheet and row; ``count`` is how many there are."""

    table: RawTable
    details: Details
    count: int
    numbers: Mapping[tuple[str, int], int] | None = None


def lacking(record: CaseRecord, names: Iterable[PlanNames]) -> str:
    """Return the table in the records' own file that a record has no row of: it could not stand in that file."""
    chains = [_long(plan) for plan in names]
    if not all(chains):
        return ""
    rows: Sequence[CaseRecord] = (record,)
    for table in chains[0]:
        if any(not row.rows.get(table.name) for row in rows):
            return table.label
        rows = [inner for row in rows for inner in row.rows[table.name]]
    return ""


def case_records(records: Sequence[CaseRecord], names: Sequence[PlanNames], file: str) -> CaseRecords:
    """Return the records of a case as tables."""
    headers = [planned.header for plan in names for planned in plan.plan.fields]
    headers += [planned.header for plan in names for table in _long(plan) for planned in table.plan.fields]
    apart = {
        table.name: table
        for plan in reversed(names)
        for table in plan.plan.tables
        if table.declaration.source == "table"
    }
    rows: list[Cells] = []
    details: dict[str, list[Cells]] = {name: [] for name in apart}
    numbers: dict[tuple[str, int], int] = {}
    for number, record in enumerate(records, start=1):
        for cells in _long_rows(record, {table.name for plan in names for table in _long(plan)}):
            rows.append({header: cells.get(header) for header in headers})
            numbers["", len(rows)] = number
        known = _named(record, [plan.plan for plan in names])
        for name, row in _rows_apart(record, known, apart):
            details[name].append(row)
            numbers[name, len(details[name])] = number
    return CaseRecords(
        table=_raw(rows, headers, file),
        details={
            name: (evolve(_raw(found, _headers(apart[name]), file), sheet=name),)
            for name, found in details.items()
        },
        count=len(records),
        numbers=numbers,
    )


def _long(plan: PlanNames) -> tuple[PlannedTable, ...]:
    return tuple(table for table in plan.plan.tables if table.declaration.source == "records")


def _long_rows(record: CaseRecord, long: set[str]) -> Iterator[dict[str, Scalar]]:
    """Yield a record as the rows of a file: one for each row of the last table that stands there."""
    below = [row for name, rows in record.rows.items() if name in long for row in rows]
    if not below:
        yield dict(record.cells)
    for row in below:
        for cells in _long_rows(row, long):
            yield {**record.cells, **cells}


def _rows_apart(
    record: CaseRecord, known: Mapping[str, Scalar], apart: Mapping[str, PlannedTable]
) -> Iterator[tuple[str, Cells]]:
    """Yield the rows of tables of their own, each with what names the record (and rows) it belongs to."""
    for name, rows in record.rows.items():
        table = apart.get(name)
        for row in rows:
            if table is None:
                continue
            keys = {
                header: known.get(part) for part, header in zip(table.identity, table.headers, strict=True)
            }
            yield name, {header: {**keys, **row.cells}.get(header) for header in _headers(table)}
            yield from _rows_apart(row, {**known, **_named(row, [table.plan])}, apart)


def _named(record: CaseRecord, plans: Iterable[Plan]) -> dict[str, Scalar]:
    """Return the cells of a record or row by the names of their fields."""
    return {
        planned.name: record.cells[planned.header]
        for plan in plans
        for planned in plan.fields
        if planned.header in record.cells
    }


def _headers(table: PlannedTable) -> list[str]:
    return list(dict.fromkeys((*table.headers, *(planned.header for planned in table.plan.fields))))


def _raw(rows: Sequence[Cells], headers: Sequence[str], file: str) -> RawTable:
    from rulecore.records.frames import raw_table

    if rows:
        return raw_table(list(rows), file)
    return raw_table({header: [] for header in headers}, file)
