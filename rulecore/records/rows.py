"""Rows of a raw table: which are blank, which are broken, and how a row is named in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.contracts import RawTable
from rulecore.records.characters import BLANKS, shown, trim
from rulecore.records.quarantine import Quarantined

if TYPE_CHECKING:
    import polars as pl


def blank_rows(table: RawTable, first: int = 0) -> pl.Series | None:
    """Return which rows have only blank cells, or None if none has.

    ``first`` is the position of the column to look at first: one that is rarely blank makes this fast.
    """
    frame = table.frame
    if not frame.width or not frame.height:
        return None
    order = [first, *(position for position in range(frame.width) if position != first)]
    candidates = _blank_cells(frame.to_series(first)).arg_true()
    for position in order[1:]:
        if not candidates.len():
            return None
        candidates = candidates.filter(_blank_cells(frame.to_series(position).gather(candidates)))
    if not candidates.len():
        return None
    import polars as pl

    return pl.repeat(False, frame.height, eager=True).scatter(candidates, True)


def broken_rows(table: RawTable) -> list[Quarantined]:
    """Return the rows that could not be taken apart into cells, as quarantined ones."""
    return [
        Quarantined(
            file=table.file,
            sheet=table.sheet,
            row=broken.row,
            value=shown(broken.text),
            code=broken.code,
            values=broken.values,
        )
        for broken in table.broken
    ]


def table_name(table: RawTable) -> str:
    """Return the file, with the sheet where there is one: ``records.xlsx[2024]``."""
    return f"{table.file}[{table.sheet}]" if table.sheet else table.file


def place_text(file: str, sheet: str, row: int) -> str:
    """Return where a row stands as messages name it: ``records.xlsx[2024]:12``."""
    return f"{file}[{sheet}]:{row}" if sheet else f"{file}:{row}"


def _blank_cells(cells: pl.Series) -> pl.Series:
    import polars as pl

    if cells.dtype == pl.String:
        return cells.is_null() | (cells.str.strip_chars(BLANKS) == "")
    if cells.dtype in (pl.Categorical, pl.Enum):
        return _blank_cells(cells.cast(pl.String))
    if cells.dtype == pl.Object:
        blank = [cell is None or (isinstance(cell, str) and not trim(cell)) for cell in cells]
        return pl.Series(blank, dtype=pl.Boolean)
    return cells.is_null()
