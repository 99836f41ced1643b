"""Rows that do not say, readably, which record they belong to, and the records that would be scored without them.

A line that cannot be taken apart, and a row whose name is blank (merged cells leave such rows), may be a row of a
record that is otherwise in order. A sum over its other rows would be a number that nobody meant.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rulecore.codes.tables import MALFORMED_ROWS, TOO_FEW_ROWS
from rulecore.contracts import RawTable
from rulecore.records.characters import trim
from rulecore.records.detail_levels import Level, Levels, cell_value
from rulecore.records.headers import match_headers
from rulecore.records.identity import ROW, TABLE, written
from rulecore.records.rows import table_name
from rulecore.records.table_fields import key_fields, tables_in_file
from rulecore.records.typed import field_named

Name = tuple[str, ...]
RECORDS: Final = (TOO_FEW_ROWS, MALFORMED_ROWS)
"""Why a record from Python is a broken row: it is a whole record, and no row of another."""


def strays(levels: Levels, roots: Mapping[str, Sequence[int | None]]) -> Iterator[tuple[int, str]]:
    """Yield each record that may lack a row which could not be told to it, by its position, and where that row stands.

    A broken line belongs to the record it names where its key stands, as far as that can be seen; else it belongs, like
    a row with a blank name, to the record of the row above it.
    """
    if not _any_strays(levels):
        return
    names = _names(levels)
    by_name = {name: root for root, name in enumerate(names) if all(name)}
    for level in levels.ordered():
        if level.virtual or level.table is None:
            continue
        for number, source in enumerate(levels.sources):
            rows = _rows(level, number, roots[level.name], names)
            if not rows and not (source.broken and _is_of(level, levels, number)):
                continue
            broken = {item.row: item.text for item in source.broken if item.code not in RECORDS}
            above: int | None = None
            for row, root, named in sorted([*rows, *((row, None, False) for row in broken)]):
                if root is not None and named:
                    above = root
                    continue
                found = above
                if row in broken:
                    found = next(
                        (
                            by_name[name]
                            for name in _named(levels, level, source, broken[row])
                            if name in by_name
                        ),
                        above,
                    )
                elif named:
                    continue
                if found is not None:
                    yield found, f"{table_name(source)}:{row}"


def _any_strays(levels: Levels) -> bool:
    """Return whether there is anything to look at row by row, which takes its time with a million rows."""
    names = levels.by_name[""].frame.select(levels.plan.policy.record.identity)
    return (
        any(source.broken for source in levels.sources)
        or any(sum(counts) for counts in names.null_count().iter_rows())
        or any(reason.field.startswith("#key:") for level in levels.ordered() for reason in level.refused)
    )


def _names(levels: Levels) -> list[Name]:
    """Return the texts that name each record, empty where they could not be read."""
    frame = levels.by_name[""].frame
    fields = [field_named(levels.plan.fields, name) for name in levels.plan.policy.record.identity]
    columns = [[written(cell_value(cell), planned) for cell in frame[planned.name]] for planned in fields]
    return list(zip(*columns, strict=True))


def _is_of(level: Level, levels: Levels, number: int) -> bool:
    """Return whether a source without readable rows can only be one of this level: it is where the records stand."""
    return level.table in tables_in_file(levels.plan) and number == 0


def _rows(
    level: Level, number: int, roots: Sequence[int | None], names: Sequence[Name]
) -> list[tuple[int, int | None, bool]]:
    """Return the rows of a level in a source: row, record, and whether the row says which record it belongs to."""
    blank = {
        reason.position
        for reason in level.refused
        if reason.field.startswith("#key:") and not reason.text.strip()
    }
    rows = zip(level.frame[TABLE], level.frame[ROW], roots, strict=True)
    return [
        (row, root, position not in blank and (root is None or all(names[root])))
        for position, (table, row, root) in enumerate(rows)
        if table == number
    ]


def _named(levels: Levels, level: Level, source: RawTable, text: str) -> Iterator[Name]:
    """Yield what may be the name in a broken line: the cells where its key stands, counted from either end."""
    plan, table = levels.plan, level.table
    apart = table is not None and table.declaration.source == "table"
    size = len(plan.policy.record.identity)
    fields = (
        key_fields(plan, table)[:size]
        if apart and table is not None
        else [field_named(plan.fields, name) for name in plan.policy.record.identity]
    )
    found = match_headers(source.headers, fields, source.file, source.sheet).positions
    positions = [found.get(planned.name) for planned in fields]
    cells = max((next(csv.reader([text], delimiter=mark), []) for mark in ",\t;"), key=len)
    for shift in (0, len(cells) - len(source.headers)):
        places = [-1 if place is None else place + shift for place in positions]
        if all(0 <= place < len(cells) for place in places):
            yield tuple(trim(cells[place]) for place in places)
