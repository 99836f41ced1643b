"""Raw tables to typed records: every row is typed, quarantined with all its reasons, or counted as blank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field as attribute
from attrs import frozen

from rulecore.contracts import RawTable
from rulecore.errors import Fault, InputError, InternalError
from rulecore.planned import PlannedField
from rulecore.records.columns import type_columns
from rulecore.records.headers import match_headers
from rulecore.records.identity import ROW, TABLE, Refused, duplicates, nameless, written
from rulecore.records.quarantine import Quarantined
from rulecore.records.rows import blank_rows, broken_rows
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl

SameRecords = Callable[["pl.DataFrame"], list[Refused]]
"""What finds the rows that claim the same identity: it gets typed rows and says which of them are refused for it."""


@frozen(kw_only=True)
class TypedRecords:
    """Records typed under one policy's fields.

    ``frame`` has one column for each field, named by the field, with the dtype of its storage (numbers as
    scaled integers, null for not applicable), and the columns ``#row`` (row number in the source) and
    ``#table`` (position in ``tables``, which holds file and sheet). ``rows_in`` is the height of ``frame``
    + ``quarantined_rows`` + ``blank_rows``, always. ``notes`` are warnings and notes on the columns, once
    for each table.
    """

    frame: pl.DataFrame = attribute(eq=False)
    quarantined: tuple[Quarantined, ...]
    rows_in: int
    quarantined_rows: int
    blank_rows: int
    tables: tuple[tuple[str, str], ...]
    notes: tuple[Fault, ...] = ()


def type_records(
    table: RawTable,
    fields: Sequence[PlannedField],
    entity: str,
    period: str = "",
    key: Sequence[str] = (),
) -> TypedRecords:
    """Return the typed records of one table; see :func:`type_tables`."""
    return type_tables((table,), fields, entity, period, key)


def type_tables(
    tables: Sequence[RawTable],
    fields: Sequence[PlannedField],
    entity: str,
    period: str = "",
    key: Sequence[str] = (),
    same: SameRecords | None = None,
) -> TypedRecords:
    """Return the typed records of several tables as one, in the order given.

    ``entity`` and ``period`` name the fields (``period`` may be empty) that identify a record: where two
    rows of all the tables have both in common, each is quarantined and names the others, also where one of
    them has faults of its own. ``same`` finds such rows where the tables are only a part of all: it gets the
    typed rows and returns what it knows of them. Raises :class:`rulecore.errors.InputError` where required columns are
    missing or stand twice.
    """
    matched = [match_headers(table.headers, fields, table.file, table.sheet) for table in tables]
    faults = [fault for match in matched for fault in match.faults]
    if faults:
        raise InputError(faults)
    parts = [
        type_part(table, number, fields, entity, match.positions)
        for number, (table, match) in enumerate(zip(tables, matched, strict=True))
    ]
    frame, refused = joined(parts, fields)
    refused += _identity_faults(frame, refused, fields, (entity, *key), period, tables, same)
    bad = sorted({reason.position for reason in refused})
    broken = [item for table in tables for item in broken_rows(table)]
    blank = sum(part.blank for part in parts)
    return TypedRecords(
        frame=_without(frame, bad),
        quarantined=tuple(broken + as_quarantined(refused, frame, bad, tables, field_named(fields, entity))),
        rows_in=frame.height + blank + len(broken),
        quarantined_rows=len(bad) + len(broken),
        blank_rows=blank,
        tables=tuple((table.file, table.sheet) for table in tables),
        notes=tuple(note for match in matched for note in match.notes),
    )


@frozen(kw_only=True)
class Part:
    """One table, typed: all its rows that are not blank, with null where a cell was refused."""

    frame: pl.DataFrame
    refused: list[Refused]
    blank: int


def type_part(
    table: RawTable,
    number: int,
    fields: Sequence[PlannedField],
    entity: str,
    positions: Mapping[str, int | None],
) -> Part:
    """Return one table typed; ``number`` is its place among the inputs."""
    import polars as pl

    raw, rows = table.frame, table.rows
    blank = blank_rows(table, positions.get(entity) or 0)
    if blank is not None:
        raw, rows = raw.filter(~blank), rows.filter(~blank)
    columns: list[pl.Series] = []
    refused: list[Refused] = []
    absent = pl.repeat(None, rows.len(), dtype=pl.String, eager=True).alias("absent")
    cells = raw.with_columns(absent) if None in positions.values() else raw
    names = {None: "absent"} | dict(enumerate(raw.columns))
    named = [(names[positions[field.name]], field) for field in fields]
    for order, (field, typed) in enumerate(zip(fields, type_columns(cells, named), strict=True)):
        position = positions[field.name]
        columns.append(typed.values)
        header = field.header or field.name if position is None else table.headers[position]
        refused += [
            Refused(
                position=bad.position,
                order=order,
                column=header,
                field=field.name,
                text=bad.text,
                code=bad.fault.code,
                values=bad.fault.values,
                hint=bad.fault.hint,
            )
            for bad in typed.bad
        ]
    columns.append(rows.cast(pl.Int64).alias(ROW))
    columns.append(pl.repeat(number, rows.len(), dtype=pl.UInt32, eager=True).alias(TABLE))
    return Part(frame=pl.DataFrame(columns), refused=refused, blank=table.frame.height - rows.len())


def joined(parts: Sequence[Part], fields: Sequence[PlannedField]) -> tuple[pl.DataFrame, list[Refused]]:
    """Return the parts below each other, the positions of their faults moved along."""
    import polars as pl
    from attrs import evolve

    if not parts:
        schema: dict[str, pl.DataType] = {}
        for field in fields:
            held = storage(field.type)
            if held is None:
                raise InternalError(f"field {field.name} has no storage")
            schema[field.name] = held.dtype()
        return pl.DataFrame(schema=schema | {ROW: pl.Int64(), TABLE: pl.UInt32()}), []
    if len(parts) == 1:
        return parts[0].frame, parts[0].refused
    refused: list[Refused] = []
    offset = 0
    for part in parts:
        refused += [evolve(reason, position=reason.position + offset) for reason in part.refused]
        offset += part.frame.height
    return pl.concat([part.frame for part in parts]), refused


def _identity_faults(
    frame: pl.DataFrame,
    refused: Iterable[Refused],
    fields: Sequence[PlannedField],
    identity: Sequence[str],
    period: str,
    tables: Sequence[RawTable],
    same: SameRecords | None,
) -> list[Refused]:
    found: list[Refused] = []
    names = [field.name for field in fields]
    for name in dict.fromkeys(name for name in (*identity, period) if name):
        bad = {reason.position for reason in refused if reason.field == name}
        found += nameless(frame, field_named(fields, name), names.index(name), bad)
    if same is not None:
        return found + same(frame)
    when = field_named(fields, period) if period else None
    entity, *key = (field_named(fields, name) for name in identity)
    return found + duplicates(frame, entity, when, names.index(entity.name), tables, key)


def field_named(fields: Iterable[PlannedField], name: str) -> PlannedField:
    """Return the field of that name."""
    for field in fields:
        if field.name == name:
            return field
    raise InternalError(f"{name} is not a field")


def _without(frame: pl.DataFrame, positions: Sequence[int]) -> pl.DataFrame:
    import polars as pl

    if not positions:
        return frame
    keep = pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    return frame.filter(keep.scatter(pl.Series(positions), False))


def as_quarantined(
    refused: list[Refused],
    frame: pl.DataFrame,
    bad: Sequence[int],
    tables: Sequence[RawTable],
    entity: PlannedField,
) -> list[Quarantined]:
    """Return the reasons in reading order, with the file and row of each."""
    import polars as pl

    if not bad:
        return []
    sources = frame.select(TABLE, ROW, pl.col(entity.name).alias("#entity"))[list(bad)].rows()
    source = dict(zip(bad, sources, strict=True))
    items = []
    for reason in sorted(refused, key=lambda reason: (reason.position, reason.order)):
        number, row, name = source[reason.position]
        items.append(
            Quarantined(
                file=tables[number].file,
                sheet=tables[number].sheet,
                row=row,
                column=reason.column,
                field=reason.field,
                value=reason.text,
                code=reason.code,
                values=reason.values,
                hint=reason.hint,
                entity=written(name, entity),
            )
        )
    return items
