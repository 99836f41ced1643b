"""What every reader does with a table it has taken apart: limits, and rows and columns that hold nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from rulecore.codes.inputs import NO_SHEETS, TOO_MANY_COLUMNS
from rulecore.errors import Fault, InputError
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

MAXIMUM_COLUMNS: Final = 4096
"""The most columns a table may have; more is a broken export, and would cost memory before anyone noticed."""


def sha256(content: bytes) -> str:
    """Return the SHA-256 of an input's bytes, as the manifest names it."""
    return hashlib.sha256(content).hexdigest()


def refuse_sheet(sheet: str, file: str, format_name: str) -> None:
    """Raise an :class:`InputError` where a sheet is asked of a format that has none."""
    if sheet:
        values = {"sheet": sheet, "file": file, "format": format_name}
        raise InputError([Fault(code=NO_SHEETS, values=values, place=Place(file=file))])


def refuse_width(count: int, file: str) -> None:
    """Raise an :class:`InputError` if a table has more than :data:`MAXIMUM_COLUMNS` columns."""
    if count > MAXIMUM_COLUMNS:
        values = {"file": file, "count": count, "limit": MAXIMUM_COLUMNS}
        raise InputError([Fault(code=TOO_MANY_COLUMNS, values=values, place=Place(file=file, line=1))])


def drop_nothing(
    headers: tuple[str, ...], frame: pl.DataFrame, rows: pl.Series
) -> tuple[tuple[str, ...], pl.DataFrame, pl.Series]:
    """Drop rows without any cell, and columns without header and without any cell.

    Spreadsheets leave both behind wherever something was deleted or formatted. Rows keep their numbers; the
    remaining columns are numbered anew.
    """
    import polars as pl

    if frame.height and frame.width:
        holds = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        if not holds.all():
            frame, rows = frame.filter(holds), rows.filter(holds)
    kept = [
        index
        for index, header in enumerate(headers)
        if header.strip() or frame.to_series(index).null_count() < frame.height
    ]
    if len(kept) < len(headers):
        headers = tuple(headers[index] for index in kept)
        frame = frame.select(pl.col(str(old)).alias(str(new)) for new, old in enumerate(kept))
    return headers, frame, rows
