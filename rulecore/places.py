"""Where rows stand in the whole input: results and the quarantine come out in that order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecore.contracts import RawTable
from rulecore.records.identity import ROW, TABLE
from rulecore.records.typed import TypedRecords
from rulecore.results import ORDER, ROWS_OF_A_TABLE

if TYPE_CHECKING:
    import polars as pl

Place = tuple[str, str, int]
"""File, sheet and row number of an input row."""


class Places:
    """Where each input row stands among all of them: first by table, then by row number."""

    def __init__(self, tables: Sequence[RawTable]) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        for table in tables:
            self._numbers.setdefault((table.file, table.sheet), len(self._numbers))

    def tables(self) -> tuple[tuple[str, str], ...]:
        """Return the file and sheet of each table, in the order of their numbers."""
        return tuple(self._numbers)

    def order(self, place: Place) -> int:
        """Return a whole number that grows with the place in the input."""
        file, sheet, row = place
        return self._numbers[(file, sheet)] * ROWS_OF_A_TABLE + row

    def orders(self, records: TypedRecords) -> pl.Series:
        """Return that number for each typed record."""
        return self.orders_of(records.frame, records.tables)

    def orders_of(self, rows: pl.DataFrame, tables: Sequence[tuple[str, str]]) -> pl.Series:
        """Return that number for rows with ``#table`` and ``#row``; ``tables`` says what the numbers of tables mean."""
        import polars as pl

        numbers = [self._numbers[table] * ROWS_OF_A_TABLE for table in tables]
        base = pl.Series("base", numbers, dtype=pl.Int64())
        return (base.gather(rows[TABLE]) + rows[ROW]).alias(ORDER)
