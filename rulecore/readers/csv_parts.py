"""CSV part by part: for text in UTF-8 in which every line is a row; everything else is read as a whole."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from attrs import define, evolve, field

from rulecore.contracts import NotInPartsError, RawTable, ReadOptions, Stream
from rulecore.errors import InputError
from rulecore.readers.header import Header, read_header
from rulecore.readers.parts import FileState, readable
from rulecore.readers.tables import drop_nothing
from rulecore.signatures import refuse_binary

FIRST_BYTES: Final = 2**20
"""Bytes in which the header must end."""


def stream(path: Path, file: str, options: ReadOptions, size: int) -> Stream:
    """Read a CSV file part by part; see :class:`rulecore.contracts.Reader`."""
    if options.sheet or (options.encoding and not _is_utf8(options.encoding)):
        raise NotInPartsError
    state = FileState.of(path)
    with readable(), path.open("rb") as opened:
        first = opened.read(FIRST_BYTES)
    complete = len(first) == state.size
    first = first if complete else first[: first.rfind(b"\n") + 1]
    mark = codecs.BOM_UTF8 if first.startswith(codecs.BOM_UTF8) else b""
    if not mark and first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        raise NotInPartsError
    try:
        refuse_binary(first, file, "CSV")
        text = first[len(mark) :].decode()
        header = read_header(text, file)
    except (InputError, UnicodeDecodeError):
        raise NotInPartsError from None
    # Columns without a header are dropped where no row of the whole file has a cell in them.
    if header is None or "\0" in text or not all(cell.strip() for cell in header.cells):
        raise NotInPartsError
    start = len(mark) + len(text[: header.end].encode())
    body = first[start:]
    if not complete and not body:
        raise NotInPartsError
    line = max(len(body) // max(body.count(b"\n"), 1), 1)
    parts = _Parts(path=path, file=file, state=state, header=header, start=start, block=size * line)
    return Stream(headers=header.cells, parts=parts.tables(), sha256=parts.sha256, notes=header.notes)


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


@define(kw_only=True)
class _Parts:
    """The parts of a file: ``start`` is where its rows begin, ``block`` about how many bytes a part has."""

    path: Path
    file: str
    state: FileState
    header: Header
    start: int
    block: int
    digest: hashlib._Hash = field(factory=hashlib.sha256)
    ended: bool = False

    def sha256(self) -> str:
        """Return the hash of the whole file, which all parts were read from."""
        if not self.ended or FileState.of(self.path) != self.state:
            raise NotInPartsError
        return self.digest.hexdigest()

    def tables(self) -> Iterator[RawTable]:
        """Yield the rows of the file, some at a time."""
        with readable(), self.path.open("rb") as opened:
            before = opened.read(self.start)
            self.digest.update(before)
            row, first = self.header.next_row, True
            for body in self.bodies(opened):
                yield self.table(body, row)
                row += body.count(b"\n")
                first = False
            if first:
                yield self.table(b"", row)
        self.ended = True

    def bodies(self, opened: BinaryIO) -> Iterator[bytes]:
        """Yield whole lines; the last may lack its end."""
        rest = b""
        while block := opened.read(self.block):
            self.digest.update(block)
            end = block.rfind(b"\n") + 1
            if end:
                yield rest + block[:end]
                rest = block[end:]
            else:
                rest += block
        if rest:
            yield rest

    def table(self, body: bytes, row: int) -> RawTable:
        """Return lines as a table; the first has the number ``row``."""
        from rulecore.readers.csv_lines import read_lines, read_plain

        if b"\0" in body:
            raise NotInPartsError
        try:
            text = "" if body.isascii() else body.decode()
        except UnicodeDecodeError:
            raise NotInPartsError from None
        header = evolve(self.header, next_row=row)
        found = read_plain(body, header) or read_lines(text or body.decode(), header)
        if found is None:
            raise NotInPartsError
        _headers, frame, rows = drop_nothing(self.header.cells, found.frame, found.rows)
        return RawTable(
            file=self.file, headers=self.header.cells, frame=frame, rows=rows, broken=found.broken
        )
