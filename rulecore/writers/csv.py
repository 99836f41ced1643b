"""CSV: UTF-8 without a byte order mark, line feeds, quotes only where needed, the first sheet of a document.

A text cell that a spreadsheet would take for a formula gets an apostrophe in front (``=1+1`` is written
``'=1+1``): those that begin with ``=``, ``+``, ``-``, ``@``, a tab or a line break. Plain numbers
(``-3.5``) and lone signs (``-``, ``--``) are no formulas and stay as they are. Headers are treated like
text cells.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.contracts import Document, Writer
from rulecore.writers.cells import texts

if TYPE_CHECKING:
    import polars as pl

FORMULA: Final = r"^[=+\-@\t\r\n]"
HARMLESS: Final = r"^(?:[-+]?[0-9]+(?:\.[0-9]+)?%?|[-+]+)$"


def write(document: Document, path: Path) -> None:
    """Write the document's sheet."""
    with stream(document, path) as add:
        add(document.sheets[0].frame)


@contextmanager
def stream(document: Document, path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Give a function that takes the rows of the document's sheet part by part."""
    import polars as pl

    sheet = document.sheets[0]
    header = pl.DataFrame(
        [sheet.headers], schema=[str(index) for index in range(len(sheet.headers))], orient="row"
    )
    with path.open("wb") as file:
        if header.width:  # a set of policies none of which has a record has no columns
            file.write(_lines(header.cast(pl.String)))
        yield lambda frame: file.writelines([_lines(texts(evolve(sheet, frame=frame)))])


def _protected(column: str) -> pl.Expr:
    import polars as pl

    cell = pl.col(column)
    risky = cell.str.contains(FORMULA) & ~cell.str.contains(HARMLESS)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell).alias(column)


def _lines(frame: pl.DataFrame) -> bytes:
    if not frame.width:
        return b""
    # A blank cell alone would be a blank line, which is no row to any reader.
    blank = '""' if frame.width == 1 else ""
    content = io.BytesIO()
    frame.with_columns(_protected(column) for column in frame.columns).write_csv(
        content, include_header=False, quote_style="necessary", null_value=blank
    )
    return content.getvalue()


WRITER: Final = Writer(name="csv", suffixes=(".csv",), write=write, stream=stream)
