"""Detail rows inside their records, where records are given from Python: ``{"unit": "U01", "votes": [{…}, {…}]}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.codes.tables import MALFORMED_ROWS, TOO_FEW_ROWS
from rulecore.contracts import BrokenRow
from rulecore.planned import Plan
from rulecore.records.nested import Lacking, Record, Splitter
from rulecore.records.table_fields import plain_fields

if TYPE_CHECKING:
    from rulecore.contracts import RawTable


def split_nested(records: object, plans: Sequence[Plan]) -> tuple[object, dict[str, list[dict[str, object]]]]:
    """Return a list of records without the lists of detail rows in them, and those rows by their table's name.

    Each row is given the fields that name its record, under the headers of its table. Where the table's rows are to
    stand in the records' own file, each becomes a record of its own with all that the record has; a record without such
    rows cannot stand there and is a broken row. Other forms of records are returned as they are.
    """
    splitter = Splitter(plans=plans)
    if not splitter.keys or not isinstance(records, Sequence) or isinstance(records, str | bytes):
        return records, {}
    if not all(isinstance(record, Mapping) for record in records):
        return records, {}
    plain = [row for record in records for row in splitter.plain(record)]
    if not splitter.lacking:
        return plain, splitter.details
    from rulecore.records.frames import raw_table

    headers = [planned.header for plan in plans for planned in plain_fields(plan)]
    table = raw_table(plain or {header: [] for header in headers})
    broken = [_broken(one, len(plain) + row, plans) for row, one in enumerate(splitter.lacking, start=1)]
    return evolve(table, broken=(*table.broken, *broken)), splitter.details


def _broken(lacking: Lacking, row: int, plans: Sequence[Plan]) -> BrokenRow:
    """Return a record that lacks rows as a row that could not be read, numbered after those that could."""
    names = (plan.policy.record.entity for plan in plans)
    entity = str(next((lacking.record[name] for name in names if name in lacking.record), ""))
    values: dict[str, object] = {"entity": entity, "table": lacking.table.label}
    if lacking.malformed:
        return BrokenRow(row=row, text=entity, code=MALFORMED_ROWS, values=values)
    values |= {"count": 0, "least": lacking.least}
    return BrokenRow(row=row, text=entity, code=TOO_FEW_ROWS, values=values)


def raw_rows(rows: Sequence[Record], name: str, plans: Sequence[Plan] = ()) -> RawTable:
    """Return nested rows as a table named after them; without any row it has the columns that ``plans`` want."""
    from rulecore.records.frames import raw_table

    tables = (table for plan in plans for table in plan.tables if table.name == name)
    wanted = next(((*table.headers, *(item.header for item in table.plan.fields)) for table in tables), ())
    return evolve(raw_table(list(rows) or {header: [] for header in wanted}), sheet=name)
