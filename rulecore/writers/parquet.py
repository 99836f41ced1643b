"""Parquet: numbers as exact decimals, dates and flags as such, blank as null, the same bytes every time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rulecore.contracts import Document, Writer
from rulecore.writers.cells import FLAG_WORDS, PLAIN_NUMBER, refuse_repeated_headers, texts

if TYPE_CHECKING:
    import polars as pl

_PRECISION = 38


def write(document: Document, path: Path) -> None:
    """Write the document's sheet; raises :class:`rulecore.errors.OutputError` where two headers are the same.

    A number column has the decimals of its cell with the most. A column in which some cell is not of its kind
    (不适用 among numbers) stays a column of texts, so that nothing is lost.
    """
    import polars as pl

    sheet = document.sheets[0]
    refuse_repeated_headers(sheet, path.name, "Parquet")
    frame = texts(sheet)
    frame = pl.DataFrame(
        [
            _typed(frame.to_series(index), kind).alias(header)
            for index, (header, kind) in enumerate(zip(sheet.headers, sheet.kinds, strict=True))
        ]
    )
    content = io.BytesIO()
    frame.write_parquet(content)
    path.write_bytes(content.getvalue())


def _typed(cells: pl.Series, kind: str) -> pl.Series:
    import polars as pl

    match kind:
        case "number":
            return _decimals(cells)
        case "flag" if cells.drop_nulls().is_in(list(FLAG_WORDS)).all():
            return cells.replace_strict(FLAG_WORDS, default=None, return_dtype=pl.Boolean)
        case "date" if cells.drop_nulls().str.contains(r"^\d{4}-\d{2}-\d{2}$").all():
            dates = cells.str.to_date("%Y-%m-%d", strict=False)
            return dates if dates.null_count() == cells.null_count() else cells
        case _:
            return cells


def _decimals(cells: pl.Series) -> pl.Series:
    import polars as pl

    filled = cells.drop_nulls()
    if not filled.str.contains(PLAIN_NUMBER).all():
        return cells
    places = filled.str.extract(r"\.([0-9]+)$").str.len_bytes().fill_null(0)
    scale = places.max() if len(places) else 0
    assert isinstance(scale, int)  # noqa: S101 - lengths are whole numbers
    whole = filled.str.extract(r"^-?([0-9]+)").str.len_bytes().max() if len(filled) else 0
    assert isinstance(whole, int)  # noqa: S101
    # Text to Decimal rounds what does not fit, silently; with the widest scale all of it fits.
    return cells.cast(pl.Decimal(_PRECISION, scale)) if whole + scale <= _PRECISION else cells


WRITER: Final = Writer(name="parquet", suffixes=(".parquet",), write=write)
