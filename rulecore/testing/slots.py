"""Places in a record where a value can be changed: its own fields, and those of its detail rows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, frozen

from rulecore.contracts import Value
from rulecore.planned import Plan, PlannedField
from rulecore.testing.scopes import Record

RowPath = tuple[tuple[str, int], ...]
"""Where a row stands in a record: the table and the number (from 0) of each row on the way to it."""


@frozen(kw_only=True)
class Slot:
    """One field of a record, or of the row at ``path``."""

    field: PlannedField
    path: RowPath = ()

    def value(self, record: Record) -> Value:
        """Return what stands there."""
        return row_at(record, self.path).values[self.field.name]

    def beside(self, record: Record) -> list[Value]:
        """Return the values of the same record or row, which the field may be compared with."""
        return list(row_at(record, self.path).values.values())

    def changed(self, record: Record, value: Value) -> Record:
        """Return the record with another value there."""
        row = row_at(record, self.path)
        return with_row(record, self.path, evolve(row, values={**row.values, self.field.name: value}))


def row_paths(record: Record) -> Iterator[RowPath]:
    """Yield where every row of a record stands, each row before those below it."""
    for table, rows in record.rows.items():
        for number, row in enumerate(rows):
            yield ((table, number),)
            yield from (((table, number), *path) for path in row_paths(row))


def row_at(record: Record, path: RowPath) -> Record:
    """Return the row at a path, the record itself at the empty one."""
    for table, number in path:
        record = record.rows[table][number]
    return record


def with_row(record: Record, path: RowPath, row: Record) -> Record:
    """Return the record with another row at a path."""
    if not path:
        return row
    (table, number), *rest = path
    rows = list(record.rows[table])
    rows[number] = with_row(rows[number], tuple(rest), row)
    return evolve(record, rows={**record.rows, table: tuple(rows)})


def renamed(record: Record, name: str, number: int) -> Record:
    """Return a record or row under another name: ``name`` is the field that holds it."""
    value = record.values[name]
    new: Value = (
        f"{value}-{number}"
        if isinstance(value, str)
        else value + number
        if isinstance(value, Fraction)
        else value
    )
    return evolve(record, values={**record.values, name: new})


def fewer_or_more_rows(plan: Plan, record: Record) -> Iterator[Record]:
    """Yield the record with one row left out, or with a copy of one, where the table allows as many."""
    for path in row_paths(record):
        (table, number), above = path[-1], row_at(record, path[:-1])
        declared = next(found.declaration for found in plan.tables if found.name == table)
        rows = above.rows[table]
        least = max(declared.at_least, 1 if declared.source == "records" else 0)
        if len(rows) > least and not declared.complete:
            fewer = (*rows[:number], *rows[number + 1 :])
            yield with_row(record, path[:-1], evolve(above, rows={**above.rows, table: fewer}))
        if len(rows) < declared.at_most and not (declared.row and declared.fields[declared.row].values):
            copy = renamed(rows[number], declared.row, len(rows) + 1) if declared.row else rows[number]
            more = (*rows, copy)
            yield with_row(record, path[:-1], evolve(above, rows={**above.rows, table: more}))
