"""The reader and the writer as values; their libraries are imported when something is read or written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rulecore.contracts import Document, RawTable, Reader, ReadOptions, Writer

# fastexcel, xlsxwriter and Polars take half a second to import, which no other command should wait for.


def _read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    from rulecore_excel.reader import read

    return read(content, file, options)


def _write(document: Document, path: Path) -> None:
    from rulecore_excel.writer import write

    write(document, path)


READER: Final = Reader(name="excel", suffixes=(".xlsx", ".xlsm"), read=_read)
WRITER: Final = Writer(name="excel", suffixes=(".xlsx",), write=_write, holds_sheets=True)
