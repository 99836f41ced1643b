"""Records that hold their detail rows, ``{"unit": "U01", "votes": [{…}, {…}]}``, taken apart into plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import define, field, frozen

from rulecore.contracts import Value
from rulecore.planned import Plan, PlannedField, PlannedTable

Record = Mapping[str, object]


@frozen
class Nested:
    """A record, or a row: the exact values of its fields, and the rows that belong to it by the name of their table."""

    values: Mapping[str, Value]
    rows: Mapping[str, tuple[Nested, ...]] = field(factory=dict)


@frozen(kw_only=True)
class Lacking:
    """A record without rows of ``table`` where it needs some to be read at all; ``record`` are its cells.

    It could not stand in the records' own file, or, where it is ``malformed``, what stands under the table's name is no
    list of rows.
    """

    record: Record
    table: PlannedTable
    malformed: bool = False

    @property
    def least(self) -> int:
        """How many rows it needs."""
        return max(1, self.table.declaration.at_least)


@define(kw_only=True)
class Splitter:
    """Takes records apart.

    ``details`` collects the rows of tables of their own by the table's name, each with the fields that name its record;
    ``lacking`` the records that the records' own file cannot hold.
    """

    plans: Sequence[Plan]
    details: dict[str, list[dict[str, object]]] = field(factory=dict)
    lacking: list[Lacking] = field(factory=list)
    keys: dict[str, dict[str, PlannedTable]] = field(init=False)
    """By the table that rows belong to ("" for the records): the tables by the keys their lists may stand under."""

    def __attrs_post_init__(self) -> None:
        self.keys = {}
        for plan in reversed(self.plans):
            for table in plan.tables:
                below = self.keys.setdefault(table.declaration.parent, {})
                below |= {table.name: table, table.label: table}

    def plain(self, record: Record) -> list[dict[str, object]]:
        """Return a record as rows of the records' own file: one for each row of the last table that stands there."""
        before = len(self.lacking)
        rows = list(self.spread(record, "", {}))
        return rows if len(self.lacking) == before else []

    def spread(self, record: Record, parent: str, above: Mapping[str, object]) -> Iterator[dict[str, object]]:
        """Yield what a record, or a row of the table ``parent``, becomes in the records' own file."""
        own, nested = split_record(record, self.keys.get(parent, {}))
        known = {**above, **self.named(own, parent)}
        rows = [own]
        self.note_malformed(own, parent, known)
        for key, inner in nested.items():
            table = self.keys[parent][key]
            if table.declaration.source == "table":
                self.add(table, inner, known)
                continue
            if not inner:
                self.lacking.append(Lacking(record=known, table=table))
            spread = [row for one in inner for row in self.spread(one, table.name, known)]
            rows = [{**row, **one} for row in rows for one in spread]
        yield from rows

    def add(self, table: PlannedTable, rows: Sequence[Record], known: Mapping[str, object]) -> None:
        """Add the rows of a table of its own, and of those below it."""
        keys = {header: known.get(name) for name, header in zip(table.identity, table.headers, strict=True)}
        collected = self.details.setdefault(table.name, [])
        if not rows:
            self.no_rows_below(table)
        for row in rows:
            own, nested = split_record(row, self.keys.get(table.name, {}))
            collected.append({**keys, **own})
            inner = {**known, **self.named(own, table.name)}
            self.note_malformed(own, table.name, known)
            for key, below in nested.items():
                self.add(self.keys[table.name][key], below, inner)

    def note_malformed(self, cells: Record, parent: str, known: Mapping[str, object]) -> None:
        """Note what stands under the name of a table of ``parent`` and is no list of rows; nothing at all is none."""
        levels = [level for plan in self.plans for level in (plan, *(table.plan for table in plan.tables))]
        forms = {form for level in levels for item in level.fields for form in _forms(item)}
        for key, table in self.keys.get(parent, {}).items():
            if cells.get(key) is not None and key not in forms:
                self.lacking.append(Lacking(record=known, table=table, malformed=True))
                if table.declaration.source == "table":
                    self.details.setdefault(table.name, [])

    def no_rows_below(self, table: PlannedTable) -> None:
        """Note that tables below a table without rows have none either, and do not lack a source."""
        for below in self.keys.get(table.name, {}).values():
            self.details.setdefault(below.name, [])
            self.no_rows_below(below)

    def named(self, cells: Record, table: str) -> dict[str, object]:
        """Return the cells of a record or row by the names of their fields."""
        found: dict[str, object] = {}
        for plan in self.plans:
            for planned in plan.level(table).fields if not table or plan.level(table) is not plan else ():
                form = next((form for form in _forms(planned) if form in cells), None)
                if form is not None:
                    found.setdefault(planned.name, cells[form])
        return found


def split_record(
    record: Record, tables: Mapping[str, PlannedTable]
) -> tuple[dict[str, object], dict[str, list[Record]]]:
    """Return a record without its lists of detail rows, and the lists by the keys they stood under."""
    own: dict[str, object] = {}
    nested: dict[str, list[Record]] = {}
    for key, value in record.items():
        rows = _rows(value) if key in tables else None
        if rows is None:
            own[key] = value
        else:
            nested[key] = rows
    return own, nested


def _rows(value: object) -> list[Record] | None:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return None
    rows = [row for row in value if isinstance(row, Mapping)]
    return rows if len(rows) == len(value) else None


def _forms(planned: PlannedField) -> tuple[str, ...]:
    return (planned.header, *planned.declaration.aliases, planned.name)
