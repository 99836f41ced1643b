"""The levels of records with detail tables while they are read, and what they are handed on as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from attrs import define, frozen
from attrs import field as attribute

from rulecore.contracts import RawTable
from rulecore.errors import Code
from rulecore.expr.supplied import RECORD_NUMBER
from rulecore.planned import Plan, PlannedField, PlannedTable
from rulecore.records.characters import shown
from rulecore.records.identity import ROW, TABLE, Refused, written
from rulecore.records.outcome import CellValue
from rulecore.records.rows import table_name
from rulecore.records.typed import TypedRecords, field_named

if TYPE_CHECKING:
    import polars as pl

OWNER: Final = RECORD_NUMBER
"""The column that says which record (or row of the table above) a row belongs to, by its position from 0."""


@frozen(kw_only=True)
class TypedLevels:
    """Records and the rows of their detail tables, typed and complete.

    ``records`` are the records as :class:`~rulecore.records.typed.TypedRecords` (its counts are of all rows read);
    ``tables`` the rows of each table with ``#record``; ``rows`` every row that belongs to a record that stays:
    ``#table``, ``#row`` and ``#record``.
    """

    records: TypedRecords
    tables: Mapping[str, pl.DataFrame] = attribute(eq=False)
    rows: pl.DataFrame = attribute(eq=False)
    refused: tuple[tuple[str, str, int, str], ...] = ()
    """Refused records as they stay in results: file, sheet and row of the first of their rows, and the entity."""


@define
class Level:
    """The rows of one level: ``name`` is empty for the records.

    ``frame`` holds the level's fields under their own names, ``#table`` and ``#row`` of each row (of the first row,
    where several rows of a file make one of this level) and ``#record``, the position of what it belongs to (null:
    unknown).
    """

    name: str
    fields: tuple[PlannedField, ...]
    frame: pl.DataFrame
    table: PlannedTable | None = None
    refused: list[Refused] = attribute(factory=list)
    virtual: bool = False
    """Whether its rows are made from several rows of a file, and do not count themselves."""


@define(kw_only=True)
class Levels:
    """The levels of a plan: the records under "", the tables by name; ``sources`` are what they were read from."""

    plan: Plan
    sources: Sequence[RawTable]
    by_name: dict[str, Level] = attribute(factory=dict)

    def ordered(self) -> list[Level]:
        """Return the levels, each after the one its rows belong to."""
        return [self.by_name[""], *(self.by_name[table.name] for table in self.plan.tables)]

    def roots(self, level: Level) -> list[int | None]:
        """Return for each row of a level the position of its record."""
        found: list[int | None] = list(range(level.frame.height))
        while level.table is not None:
            owners = level.frame[OWNER].to_list()
            found = [None if position is None else owners[position] for position in found]
            level = self.by_name[level.table.declaration.parent]
        return found

    def place_of(self, level: Level, position: int) -> str:
        """Return where a row of a level stands, as messages name it."""
        number, row = level.frame[TABLE][position], level.frame[ROW][position]
        return f"{table_name(self.sources[number])}:{row}"

    def name_of(self, level: Level, position: int) -> str:
        """Return the name of the record that a row of a level belongs to (or is)."""
        while level.table is not None:
            above = self.by_name[level.table.declaration.parent]
            position = level.frame[OWNER][position]
            level = above
        return self.entity_of(level.frame.row(position, named=True))

    def entity_of(self, row: Mapping[str, object]) -> str:
        """Return the name of a record from a row that holds its fields."""
        entity = field_named(self.plan.fields, self.plan.policy.record.entity)
        return shown(written(cell_value(row[entity.name]), entity))


def reason_of(
    position: int,
    code: Code,
    values: Mapping[str, object],
    planned: PlannedField,
    order: int,
    text: str,
    *,
    whole: bool = False,
) -> Refused:
    """Return a reason to refuse a row; ``whole`` says that it concerns the row (or record) and no column."""
    return Refused(
        position=position,
        order=order,
        column="" if whole else planned.header,
        field="" if whole else planned.name,
        text=text,
        code=code,
        values=values,
    )


def cell_value(value: object) -> CellValue:
    """Return a stored value as a cell."""
    from datetime import date

    return value if isinstance(value, int | str | date) else None


def rows_that_stay(frame: pl.DataFrame, stays: Sequence[bool]) -> tuple[pl.DataFrame, dict[int, int]]:
    """Return the rows that stay, and their new positions by the old ones."""
    import polars as pl

    old = [position for position, stay in enumerate(stays) if stay]
    kept = frame.filter(pl.Series(stays, dtype=pl.Boolean))
    return kept, {position: index for index, position in enumerate(old)}


def with_owners(rows: pl.DataFrame, numbers: Mapping[int, int]) -> pl.DataFrame:
    """Return rows with the new positions of the records that they belong to."""
    import polars as pl

    owners = [numbers[position] for position in rows[OWNER]]
    return rows.with_columns(pl.Series(OWNER, owners, dtype=pl.Int64))
