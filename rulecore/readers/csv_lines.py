"""The fast way through a CSV text: every line is a row, so Polars can count, sort out and parse lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from rulecore.codes.inputs import CELL_COUNT
from rulecore.contracts import BrokenRow
from rulecore.readers.header import Header

if TYPE_CHECKING:
    import polars as pl

EXCERPT = 200
"""How many characters of a broken row are kept to show it."""


@frozen(kw_only=True)
class Cells:
    """The body of a CSV text: columns of texts by position, the number of each row, and the broken rows."""

    frame: pl.DataFrame
    rows: pl.Series
    broken: tuple[BrokenRow, ...]


def read_plain(body: bytes, header: Header) -> Cells | None:
    """Read the rows below the header, given in UTF-8, if all are as plain as can be; else return None.

    Plain are rows without quotes, each with the header's number of cells. Then their separators add up, and Polars,
    which refuses longer rows, would have to find a shorter one for each longer.
    """
    import polars as pl

    width, mark = len(header.cells), header.separator.encode()
    if width < 2 or b'"' in body:
        return None
    if b"\r" in body:
        if body.count(b"\r") != body.count(b"\r\n"):
            return None
        body = body.replace(b"\r\n", b"\n")
    count = body.count(b"\n") + (not body.endswith(b"\n") and bool(body))
    if not count:
        return None
    schema = {str(index): pl.String for index in range(width)}
    try:
        frame = pl.read_csv(
            body, has_header=False, separator=header.separator, quote_char=None, schema=schema
        )
    except pl.exceptions.PolarsError:
        return None
    # Rows that are too short lack their last cell, as far as Polars says.
    complete = not frame.to_series(width - 1).null_count() or body.count(mark) == count * (width - 1)
    if frame.height != count or not complete:
        return None
    rows = pl.int_range(header.next_row, header.next_row + count, dtype=pl.UInt32, eager=True)
    return Cells(frame=frame, rows=rows, broken=())


def read_lines(body: str, header: Header) -> Cells | None:
    """Read the rows below the header, or return None if some row may take more or less than a line."""
    import polars as pl

    width = len(header.cells)
    if body.count("\r") != body.count("\r\n"):
        return None
    lines = _split(body)
    rows = pl.int_range(header.next_row, header.next_row + lines.len(), dtype=pl.UInt32, eager=True)
    filled = lines.is_not_null() & (lines.str.len_bytes() > 0)
    if not filled.all():
        lines, rows = lines.filter(filled), rows.filter(filled)
    quoted = '"' in body
    if quoted and not lines.str.contains(_well_formed(header.separator)).all():
        return None
    bare = lines.str.replace_all('"[^"]*"', "") if quoted else lines
    counts = bare.str.count_matches(header.separator, literal=True) + 1
    whole = counts == width
    broken = tuple(
        cell_count(row, text, count, width)
        for row, text, count in zip(
            rows.filter(~whole), lines.filter(~whole), counts.filter(~whole), strict=True
        )
    )
    rows = rows.filter(whole)
    frame = _parse(lines.filter(whole), header.separator, width, quoted)
    # A promise of the two steps above; if a Polars release breaks it, the slow way is still right.
    return Cells(frame=frame, rows=rows, broken=broken) if frame.height == rows.len() else None


def cell_count(row: int, text: str, count: int, expected: int) -> BrokenRow:
    """Return the broken row that has too few or too many cells."""
    values = {"count": count, "expected": expected}
    return BrokenRow(row=row, text=text[:EXCERPT], code=CELL_COUNT, values=values)


def _split(body: str) -> pl.Series:
    """Return the lines of a text; blank ones are null. Split at NUL, which no text holds here."""
    import polars as pl

    schema = {"0": pl.String}
    if not body:
        return pl.Series("0", [], dtype=pl.String)
    content = body.replace("\r\n", "\n").encode()
    return pl.read_csv(content, has_header=False, separator="\0", quote_char=None, schema=schema).to_series()


def _well_formed(separator: str) -> str:
    """Return the pattern of a line whose cells are either quoted as a whole or hold no quote at all."""
    mark = re.escape(separator)
    cell = f'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    return f"^{cell}(?:{mark}{cell})*$"


def _parse(lines: pl.Series, separator: str, width: int, quoted: bool) -> pl.DataFrame:
    import polars as pl

    schema = {str(index): pl.String for index in range(width)}
    if not lines.len():
        return pl.DataFrame(schema=schema)
    content = (lines.str.join("\n").item() + "\n").encode()
    frame = pl.read_csv(
        content,
        has_header=False,
        separator=separator,
        quote_char='"' if quoted else None,
        schema=schema,
    )
    return frame.with_columns(pl.all().replace("", None)) if quoted else frame
