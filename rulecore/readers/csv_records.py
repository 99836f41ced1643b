"""The thorough way through a CSV text: line breaks in cells, and quotes that do not pair up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rulecore.codes.inputs import BROKEN_QUOTES, TOO_MANY_BROKEN_ROWS
from rulecore.contracts import BrokenRow
from rulecore.errors import Fault, InputError
from rulecore.readers.csv_lines import EXCERPT, Cells, cell_count
from rulecore.readers.header import Header
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

MAXIMUM_BROKEN_QUOTES: Final = 1000
"""After so many rows with broken quotes it is no CSV; each costs a new look at what follows it."""

_CHUNK = 50_000


def read_records(body: str, header: Header, file: str) -> Cells:
    """Read the rows below the header; a row that breaks the rules of quoting ends at its own line.

    Raises :class:`InputError` if too many rows do.
    """
    import polars as pl

    width = len(header.cells)
    broken: list[BrokenRow] = []
    rows: list[int] = []
    frames = [pl.DataFrame(schema={str(index): pl.String for index in range(width)})]
    chunk: list[list[str]] = []
    # Universal newlines, untranslated: a lone carriage return ends a line, cells keep the breaks they have.
    lines = list(io.StringIO(body, newline=""))
    for start, end, record in _records(lines, header, file):
        row = header.next_row + start
        if record is not None and len(record) == width:
            rows.append(row)
            chunk.append(record)
        elif record is None:
            broken.append(BrokenRow(row=row, text=lines[start][:EXCERPT].rstrip("\r\n"), code=BROKEN_QUOTES))
        elif record:
            text = "".join(lines[start:end]).rstrip("\r\n")
            broken.append(cell_count(row, text, len(record), width))
        if len(chunk) == _CHUNK:
            frames.append(_frame(chunk))
            chunk = []
    if chunk:
        frames.append(_frame(chunk))
    return Cells(frame=pl.concat(frames), rows=pl.Series(rows, dtype=pl.UInt32), broken=tuple(broken))


def _records(lines: list[str], header: Header, file: str) -> Iterator[tuple[int, int, list[str] | None]]:
    """Yield each record with the half-open range of its lines; None for one whose quotes are broken."""
    position, failures = 0, 0
    while position < len(lines):
        begin = start = position
        reader = csv.reader(
            map(lines.__getitem__, range(begin, len(lines))), delimiter=header.separator, strict=True
        )
        try:
            for record in reader:
                end = begin + reader.line_num
                yield start, end, record
                start = end
            return
        except csv.Error:
            failures += 1
            if failures > MAXIMUM_BROKEN_QUOTES:
                row = header.next_row + start
                values = {"file": file, "limit": MAXIMUM_BROKEN_QUOTES, "row": row}
                place = Place(file=file, line=row)
                raise InputError([Fault(code=TOO_MANY_BROKEN_ROWS, values=values, place=place)]) from None
            yield start, start + 1, None
            position = start + 1


def _frame(records: Sequence[Sequence[str]]) -> pl.DataFrame:
    import polars as pl

    columns = zip(*records, strict=True)
    return pl.DataFrame(
        [pl.Series(str(index), column, dtype=pl.String) for index, column in enumerate(columns)]
    ).with_columns(pl.all().replace("", None))
