"""One record with its detail rows from a mapping, typed without Polars: what ``details`` does for columns.

The mapping is taken apart into the rows it would be in files, each is read as strictly as there, and the same is
refused: rows that belong to another record, rows twice, too few, too many or not all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import define, field, frozen

from rulecore.codes import tables as codes
from rulecore.errors import Code, Fault
from rulecore.planned import Plan, PlannedField, PlannedTable
from rulecore.records.characters import shown
from rulecore.records.nested import Nested, Record, Splitter
from rulecore.records.single import ExactValue, RecordTyper
from rulecore.records.table_fields import (
    key_fields,
    plain_fields,
    tables_in_file,
)
from rulecore.source import Place

Values = dict[str, ExactValue]


@frozen(slots=False)
class WholeRecordTyper:
    """Types one record after another with the rows of its detail tables."""

    plan: Plan

    @cached_property
    def _file(self) -> RecordTyper:
        return RecordTyper(plain_fields(self.plan))

    @cached_property
    def _apart(self) -> dict[str, RecordTyper]:
        return {
            table.name: RecordTyper((*key_fields(self.plan, table), *table.plan.fields), table.name)
            for table in self.plan.tables
            if table.declaration.source == "table"
        }

    def type_record(self, record: Record) -> tuple[Nested, tuple[Fault, ...]]:
        """Return a record's exact values with its rows, and every fault found; with faults it must not be used."""
        splitter = Splitter(plans=(self.plan,))
        plain = splitter.plain(record)
        reading = _Reading(plan=self.plan)
        for lacking in splitter.lacking:
            name = _name(self.plan, lacking.record)
            if lacking.malformed:
                reading.fault(codes.MALFORMED_ROWS, name, lacking.table)
            else:
                reading.fault(codes.TOO_FEW_ROWS, name, lacking.table, count=0, least=lacking.least)
        rows = [self._typed(self._file, row, reading) for row in plain]
        details = {
            name: [self._typed(typer, row, reading) for row in splitter.details.get(name, ())]
            for name, typer in self._apart.items()
        }
        if reading.faults:
            return Nested({}), tuple(reading.faults)
        found = reading.record(rows, details)
        return found, tuple(reading.faults)

    def _typed(self, typer: RecordTyper, row: Record, reading: _Reading) -> Values:
        values, faults = typer.type_record(row)
        reading.faults += faults
        return values


@define(kw_only=True)
class _Row:
    """A row on its way: its values, and the rows below it."""

    values: Values
    key: tuple[ExactValue, ...]
    rows: dict[str, list[_Row]] = field(factory=dict)

    def nested(self) -> Nested:
        rows = {name: tuple(row.nested() for row in rows) for name, rows in self.rows.items()}
        return Nested(self.values, rows)


@define(kw_only=True)
class _Reading:
    plan: Plan
    faults: list[Fault] = field(factory=list)

    def fault(self, code: Code, entity: str, table: PlannedTable, **values: object) -> None:
        place = Place(file="record", key=table.name)
        self.faults.append(
            Fault(code=code, values={"entity": entity, "table": table.label, **values}, place=place)
        )

    def record(self, rows: Sequence[Values], details: Mapping[str, Sequence[Values]]) -> Nested:
        """Return the record that rows of its file and of other tables make."""
        identity = self.plan.policy.record.identity
        root = _Row(values=self.own(self.plan.fields, rows[0]), key=tuple(rows[0][name] for name in identity))
        levels: dict[str, list[_Row]] = {"": [root]}
        self.same(self.plan.fields, [(number, row) for number, row in enumerate(rows, start=1)])
        chain = tables_in_file(self.plan)
        groups = {root.key: (root, list(enumerate(rows, start=1)))}
        for table in chain:
            below: dict[tuple[ExactValue, ...], tuple[_Row, list[tuple[int, Values]]]] = {}
            found = levels.setdefault(table.name, [])
            for above, mine in groups.values():
                for number, row in mine:
                    apart = table is chain[-1] or not table.declaration.row
                    name: ExactValue = Fraction(number) if apart else row[table.declaration.row]
                    key = (*above.key, name)
                    if key not in below:
                        made = _Row(
                            values=self.own(table.plan.fields, row),
                            key=(*above.key, row[table.declaration.row]) if table.declaration.row else key,
                        )
                        above.rows.setdefault(table.name, []).append(made)
                        found.append(made)
                        below[key] = made, []
                    below[key][1].append((number, row))
            if table is not chain[-1]:
                for _made, mine in below.values():
                    self.same(table.plan.fields, mine)
            groups = below
        for table in self.plan.tables:
            if table.declaration.source == "table":
                self.add(table, details[table.name], levels)
            self.check(table, levels[table.declaration.parent])
        return root.nested()

    def own(self, fields: Sequence[PlannedField], row: Values) -> Values:
        return {planned.name: row[planned.name] for planned in fields}

    def same(self, fields: Sequence[PlannedField], rows: Sequence[tuple[int, Values]]) -> None:
        """Note values of a record that are not the same in all of its rows."""
        first, start = rows[0]
        for planned in fields:
            for number, row in rows[1:]:
                if row[planned.name] != start[planned.name]:
                    values = {
                        "entity": _name(self.plan, start),
                        "column": planned.header,
                        "first": _text(start[planned.name]),
                        "row": first,
                        "other": _text(row[planned.name]),
                        "other_row": number,
                    }
                    place = Place(file="record", key=planned.header)
                    self.faults.append(Fault(code=codes.DIFFERS_WITHIN_RECORD, values=values, place=place))
                    break

    def add(self, table: PlannedTable, rows: Sequence[Values], levels: dict[str, list[_Row]]) -> None:
        """Put the rows of a table of its own to the records (or rows) that they name."""
        above = {row.key: row for row in reversed(levels[table.declaration.parent])}
        found = levels.setdefault(table.name, [])
        for row in rows:
            key = tuple(row[f"#key:{name}"] for name in table.identity)
            owner = above.get(key)
            if owner is None:
                self.fault(codes.ORPHAN_ROW, " / ".join(_text(part) for part in key), table)
                continue
            name = table.declaration.row
            made = _Row(values=self.own(table.plan.fields, row), key=(*key, row[name]) if name else key)
            owner.rows.setdefault(table.name, []).append(made)
            found.append(made)

    def check(self, table: PlannedTable, above: Sequence[_Row]) -> None:
        """Note rows that are there twice, and how many there are, where that is not as declared."""
        declared = table.declaration
        for owner in above:
            entity, rows = _text(owner.key[0]), owner.rows.get(table.name, [])
            if len(rows) < declared.at_least:
                self.fault(codes.TOO_FEW_ROWS, entity, table, count=len(rows), least=declared.at_least)
            if len(rows) > declared.at_most:
                self.fault(codes.TOO_MANY_ROWS, entity, table, count=len(rows), most=declared.at_most)
            if not declared.row:
                continue
            names = [row.values[declared.row] for row in rows]
            for name in dict.fromkeys(name for name in names if names.count(name) > 1):
                numbers = ", ".join(str(place) for place, other in enumerate(names, start=1) if other == name)
                self.fault(codes.ROW_TWICE, entity, table, row=_text(name), rows=numbers)
            wanted = declared.fields[declared.row].values if declared.complete else ()
            lacking = [value for value in wanted if value not in names]
            if lacking and rows:
                self.fault(codes.ROW_LACKING, entity, table, lacking="、".join(lacking))


def _name(plan: Plan, values: Mapping[str, object]) -> str:
    return _text(values.get(plan.policy.record.entity))


def _text(value: object) -> str:
    return "—" if value is None else shown(str(value))
