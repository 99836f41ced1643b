r"""The hash of a table of texts: of what its cells say, not of the format they are written in.

Each column has a SHA-256 of its own: over its header and its cells, each followed by a line feed; a backslash within
one is written ``\\``, a line feed ``\n``. The hash of the table is that of the columns' hashes in hexadecimal, each
followed by a line feed. So it can be made of a table that is read part by part, and of any file that keeps the texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

ROWS_AT_ONCE: Final = 100_000
"""Rows of which the cells of a column are held as one text at a time."""


class TableDigest:
    """The hash of a table whose rows are added part by part: how they are parted makes no difference."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._columns = [hashlib.sha256(_escaped(header.encode()) + b"\n") for header in headers]

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows: a column of texts for each header, in order; null counts as an empty text."""
        for part in frame.iter_slices(ROWS_AT_ONCE):
            for digest, column in zip(self._columns, part.get_columns(), strict=True):
                digest.update(_lines(column))

    def hexdigest(self) -> str:
        """Return the hash of all that was added so far."""
        lines = "".join(f"{digest.hexdigest()}\n" for digest in self._columns)
        return hashlib.sha256(lines.encode()).hexdigest()


def table_hash(frame: pl.DataFrame) -> str:
    """Return the hash of a table of texts."""
    digest = TableDigest(frame.columns)
    digest.add(frame)
    return digest.hexdigest()


def _lines(column: pl.Series) -> bytes:
    """Return the cells of a column of texts, one a line."""
    if not column.len():
        return b""
    if column.null_count():
        column = column.fill_null("")
    first = column[0]
    # Titles, versions and states are mostly the same in every row.
    if first == column[-1] and (column == first).all():
        return bytes((_escaped(first.encode()) + b"\n") * column.len())
    joined = column.str.join("\n").item().encode() + b"\n"
    if b"\\" in joined or joined.count(b"\n") != column.len():
        cells = column.str.replace_all("\\", r"\\", literal=True).str.replace_all("\n", r"\n", literal=True)
        joined = cells.str.join("\n").item().encode() + b"\n"
    return bytes(joined)


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", rb"\\").replace(b"\n", rb"\n")
