"""Parquet: numbers as exact decimals, dates and flags as such, blank as null, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.contracts import Document, Sheet, Writer
from rulecore.writers.cells import refuse_repeated_headers, texts
from rulecore.writers.parquet_columns import Seen, see, texts_again, typed
from rulecore.writers.parquet_file import ParquetFile, parts_of

if TYPE_CHECKING:
    import polars as pl


def write(document: Document, path: Path) -> None:
    """Write the document's sheet; raises :class:`rulecore.errors.OutputError` where two headers are the same.

    A number column has the decimals of its cell with the most. A column in which some cell is not of its kind
    (不适用 among numbers) stays a column of texts, so that nothing is lost.
    """
    sheet = document.sheets[0]
    with stream(evolve(document, sheets=(evolve(sheet, frame=sheet.frame.clear()),)), path) as add:
        add(sheet.frame)


@contextmanager
def stream(document: Document, path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Give a function that takes the rows of the document's sheet part by part; see :func:`write`."""
    sheet = document.sheets[0]
    refuse_repeated_headers(sheet, path.name, "Parquet")
    table = _Table(sheet, path)
    try:
        yield table.add
        table.end()
    finally:
        table.file.abandon()


class _Table:
    """A table that is written part by part: cells are kept in the types that all cells so far allow."""

    def __init__(self, sheet: Sheet, path: Path) -> None:
        self.sheet = sheet
        self.path = path
        self.seen = [Seen(kind=kind) for kind in sheet.kinds]
        self.file = self.opened()

    def opened(self) -> ParquetFile:
        """Begin the file in the types that cells are held in."""
        dtypes = [seen.held for seen in self.seen]
        return ParquetFile(self.path, dict(zip(self.sheet.headers, dtypes, strict=True)))

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows."""
        cells = texts(evolve(self.sheet, frame=frame)).get_columns()
        looked = [see(column, known.kind) for known, column in zip(self.seen, cells, strict=True)]
        before = self.seen
        self.seen = [known.joined(new) for known, (new, _column) in zip(before, looked, strict=True)]
        held = [known.held for known in self.seen]
        if any(old.held != dtype for old, dtype in zip(before, held, strict=True)):
            self.begin_again(before)
        made = [
            column if column.dtype == dtype else text
            for text, (_seen, column), dtype in zip(cells, looked, held, strict=True)
        ]
        self.file.add(self.frame(made, held))

    def begin_again(self, before: list[Seen]) -> None:
        """Write what is there once more, in the types that cells are held in from now on."""
        self.rewrite(before, [known.held for known in self.seen])

    def end(self) -> None:
        """Finish the file, in the types that the table has as a whole."""
        if any(known.held != known.dtype for known in self.seen):
            self.rewrite(self.seen, [known.dtype for known in self.seen])
        self.file.close()

    def rewrite(self, before: list[Seen], dtypes: list[pl.DataType]) -> None:
        """Write the rows that are there once more, in other types, and leave the file open for more."""
        self.file.close()
        with self.file.set_aside() as old:
            self.file = ParquetFile(self.path, dict(zip(self.sheet.headers, dtypes, strict=True)))
            for part in parts_of(old):
                pairs = zip(part.get_columns(), before, strict=True)
                self.file.add(self.frame([texts_again(column, known) for column, known in pairs], dtypes))

    def frame(self, cells: list[pl.Series], dtypes: list[pl.DataType]) -> pl.DataFrame:
        """Return columns of texts in some types, under the headers of the table."""
        import polars as pl

        named = zip(self.sheet.headers, cells, dtypes, strict=True)
        return pl.DataFrame([typed(column, dtype).alias(header) for header, column, dtype in named])


WRITER: Final = Writer(name="parquet", suffixes=(".parquet",), write=write, stream=stream)
