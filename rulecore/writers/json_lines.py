"""JSON Lines: one object a row, numbers with every digit they are shown with, null for a blank cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.contracts import Document, Sheet, Writer
from rulecore.writers.cells import PLAIN_NUMBER, refuse_repeated_headers, texts

if TYPE_CHECKING:
    import polars as pl

_NUMBER = re.compile(PLAIN_NUMBER)
_CHUNK = 50_000


def write(document: Document, path: Path) -> None:
    """Write the document's sheet; raises :class:`rulecore.errors.OutputError` where two headers are the same.

    A number column's cell that is no number (不适用) is written as a text, and so is a flag other than true
    and false.
    """
    with stream(document, path) as add:
        add(document.sheets[0].frame)


@contextmanager
def stream(document: Document, path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Give a function that takes the rows of the document's sheet part by part; see :func:`write`."""
    sheet = document.sheets[0]
    refuse_repeated_headers(sheet, path.name, "JSON Lines")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield lambda frame: file.writelines(_objects(evolve(sheet, frame=frame)))


def _objects(sheet: Sheet) -> Iterator[str]:
    frame = texts(sheet)
    keys = [_quoted(header) + ": " for header in sheet.headers]
    for start in range(0, frame.height, _CHUNK):
        part = frame.slice(start, _CHUNK)
        columns = [
            [key + cell for cell in _encoded(kind, part.to_series(index).to_list())]
            for index, (key, kind) in enumerate(zip(keys, sheet.kinds, strict=True))
        ]
        yield from ("{" + ", ".join(cells) + "}\n" for cells in zip(*columns, strict=True))


def _encoded(kind: str, cells: Iterable[str | None]) -> Iterable[str]:
    for cell in cells:
        if cell is None:
            yield "null"
        elif (kind == "number" and _NUMBER.match(cell)) or (kind == "flag" and cell in ("true", "false")):
            yield cell
        else:
            yield _quoted(cell)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


WRITER: Final = Writer(name="json-lines", suffixes=(".jsonl", ".ndjson"), write=write, stream=stream)
