"""Records with detail tables: every row typed, joined to its record, and a record taken whole or not at all.

A record's rows stand in the records' own file (one row of the file is one row of the table, the record's columns
repeat), or in tables of their own. One bad row refuses the record with all its rows: a sum over some of its rows would
be a number that nobody meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import define, evolve
from attrs import field as attribute

from rulecore.codes import tables as codes
from rulecore.contracts import RawTable
from rulecore.errors import Fault, InputError
from rulecore.planned import Plan, PlannedField, PlannedTable
from rulecore.records.characters import shown
from rulecore.records.detail_checks import check_rows, note_differences
from rulecore.records.detail_levels import OWNER, Level, Levels, TypedLevels, cell_value, reason_of
from rulecore.records.detail_settling import settled
from rulecore.records.headers import Matched, match_headers
from rulecore.records.identity import ROW, TABLE, Refused, duplicates, nameless, written
from rulecore.records.table_fields import (
    file_fields,
    key_fields,
    tables_apart,
    tables_in_file,
)
from rulecore.records.typed import field_named, joined, type_part

if TYPE_CHECKING:
    import polars as pl

__all__ = ["OWNER", "TypedLevels", "type_levels"]


def type_levels(
    plan: Plan, records: Sequence[RawTable], details: Mapping[str, Sequence[RawTable]]
) -> TypedLevels:
    """Return records with their detail rows, typed; ``details`` holds the tables that have sources of their own.

    Raises :class:`rulecore.errors.InputError` where required columns are missing or stand twice.
    """
    return _Reading(plan=plan, sources=[*records], details=details).typed()


@define(kw_only=True)
class _Reading:
    plan: Plan
    sources: list[RawTable]
    details: Mapping[str, Sequence[RawTable]]
    levels: Levels = attribute(init=False)
    identities: dict[str, pl.DataFrame] = attribute(factory=dict)
    """For each level its rows' full identity: the record's fields and the row fields of the tables down to it."""
    notes: list[Fault] = attribute(factory=list)
    blank: int = 0
    chain: tuple[PlannedTable, ...] = ()

    def typed(self) -> TypedLevels:
        """Read the records and every table, check them together, and keep the records that are whole."""
        self.chain = tables_in_file(self.plan)
        self.levels = Levels(plan=self.plan, sources=self.sources)
        count = len(self.sources)
        read = [self.read(range(count), file_fields(self.plan), self.plan.policy.record.entity)]
        own = tables_apart(self.plan)
        for table in own:
            first = len(self.sources)
            self.sources += self.details.get(table.name, ())
            fields = (*key_fields(self.plan, table), *table.plan.fields)
            read.append(self.read(range(first, len(self.sources)), fields, fields[0].name))
        faults = [fault for matched, _frame, _refused in read for match in matched for fault in match.faults]
        if faults:
            raise InputError(faults)
        self.add_records(*read[0][1:])
        for table, (_matched, frame, refused) in zip(own, read[1:], strict=True):
            self.add_table(table, frame, refused)
        for table in self.plan.tables:
            check_rows(self.levels, table)
        return settled(self.levels, self.notes, self.blank)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(
        self, numbers: Iterable[int], fields: Sequence[PlannedField], entity: str
    ) -> tuple[list[Matched], pl.DataFrame, list[Refused]]:
        """Return the typed rows of some sources, with null where a cell was refused."""
        matched, parts = [], []
        for number in numbers:
            source = self.sources[number]
            # A header may be the name of a field, which stands after the table's: TABLE.FIELD
            plain = [evolve(item, name=item.name.rpartition(".")[2]) for item in fields]
            match = match_headers(source.headers, plain, source.file, source.sheet)
            matched.append(match)
            self.notes += match.notes
            if not match.faults:
                found = {
                    item.name: match.positions[own.name] for item, own in zip(fields, plain, strict=True)
                }
                part = type_part(source, number, fields, entity, found)
                self.blank += part.blank
                parts.append(part)
        frame, refused = joined(parts, fields)
        return matched, frame, refused

    # --- the records, and the tables in their file ------------------------------------------------------------------

    def add_records(self, frame: pl.DataFrame, refused: list[Refused]) -> None:
        """Add the records; where tables stand in their file, the rows of the file are the last table's."""
        import polars as pl

        identity = list(self.plan.policy.record.identity)
        fields = self.plan.fields
        for order, planned in enumerate(file_fields(self.plan)):
            if planned.name in identity:
                bad = {reason.position for reason in refused if reason.field == planned.name}
                refused += nameless(frame, planned, order, bad)
        if not self.chain:
            record = self.plan.policy.record
            parts = [field_named(fields, name) for name in dict.fromkeys((record.entity, *record.key))]
            when = field_named(fields, record.period) if record.period else None
            order = [item.name for item in fields].index(record.entity)
            refused += duplicates(frame, parts[0], when, order, self.sources, parts[1:])
            level = Level("", fields, frame.with_columns(pl.lit(None, pl.Int64).alias(OWNER)), None, refused)
            self.levels.by_name[""] = level
            self.identities[""] = frame.select(identity)
            return
        rows = frame.with_row_index("#position").with_columns(pl.col("#position").cast(pl.Int64))
        keys = identity
        owners: pl.Series | None = None
        for table in (None, *self.chain):
            last = table is self.chain[-1]
            name = table.name if table is not None else ""
            prefix = f"{name}." if table is not None else ""
            own = fields if table is None else table.plan.fields
            if table is not None and table.declaration.row:
                keys = [*keys, f"{name}.{table.declaration.row}"]
            numbers = rows["#position"] if last else _group_numbers(rows, keys)
            first = rows.with_columns(numbers.alias("#group")).unique(
                "#group", keep="first", maintain_order=True
            )
            columns = [pl.col(f"{prefix}{item.name}").alias(item.name) for item in own]
            owner = pl.Series(OWNER, [None] * first.height, dtype=pl.Int64)
            if owners is not None:
                owner = owners.gather(first["#position"]).alias(OWNER)
            level_frame = first.select(*columns, ROW, TABLE).with_columns(owner)
            level = Level(name, own, level_frame, table, virtual=not last)
            self.levels.by_name[name] = level
            self.identities[name] = first.select(
                pl.col(key).alias(key.partition(".")[2] or key) for key in keys
            )
            if not last:
                note_differences(self.levels, rows, numbers, name, own, prefix, keys, refused)
            owners = numbers
        self.levels.by_name[self.chain[-1].name].refused += refused

    # --- tables of their own ----------------------------------------------------------------------------------------

    def add_table(self, table: PlannedTable, frame: pl.DataFrame, refused: list[Refused]) -> None:
        """Add the rows of a table of its own, each with the record it belongs to."""
        import polars as pl

        keys = key_fields(self.plan, table)
        for order, planned in enumerate(keys):
            bad = {reason.position for reason in refused if reason.field == planned.name}
            refused += nameless(frame, planned, order, bad)
        names = list(table.identity)
        ids = frame.select(pl.col(f"#key:{name}").alias(name) for name in names)
        parents = self.identities[table.declaration.parent].with_row_index("#owner")
        parents = parents.unique(names, keep="first", maintain_order=True)
        found = ids.join(parents, on=names, how="left", maintain_order="left")["#owner"].cast(pl.Int64)
        known = {reason.position for reason in refused if reason.field.startswith("#key:")}
        for position in found.is_null().arg_true():
            if position not in known:
                name = " / ".join(
                    shown(written(cell_value(frame[f"#key:{key}"][position]), planned))
                    for key, planned in zip(names, keys, strict=True)
                )
                values = {"entity": name, "table": table.label}
                refused.append(reason_of(position, codes.ORPHAN_ROW, values, keys[0], 0, name))
        own = frame.select(*(item.name for item in table.plan.fields), ROW, TABLE).with_columns(
            found.alias(OWNER)
        )
        self.levels.by_name[table.name] = Level(table.name, table.plan.fields, own, table, refused)
        row = table.plan.policy.record.entity
        if row:
            self.identities[table.name] = ids.with_columns(frame[row])


def _group_numbers(rows: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Return the number of each row's group, counted from 0 in the order groups first appear.

    A row whose key cannot be read is a group of its own.
    """
    import polars as pl

    known = pl.all_horizontal([pl.col(key).is_not_null() for key in keys])
    apart = pl.when(known).then(None).otherwise(pl.col("#position"))
    key = rows.select(pl.struct([*keys, apart.alias("#apart")]).alias("#key")).to_series()
    groups = key.to_frame().unique(maintain_order=True).with_row_index("#group")
    found = key.to_frame().join(groups, on="#key", how="left", maintain_order="left", nulls_equal=True)
    return found["#group"].cast(pl.Int64)
