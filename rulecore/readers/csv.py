"""CSV: text in the encoding it is in, every cell as it stands, and every row accounted for.

Three ways lead to the same result. Where no cell is quoted and the separators add up, Polars reads all at once; where
each line is a row by itself, it reads the lines that have the header's number of cells; where a quoted cell holds a
line break or quotes do not pair up, Python's ``csv`` module reads all of it. Polars alone would not do: it fills short
rows silently and drops the surplus cells of long ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rulecore.codes.inputs import EMPTY_FILE
from rulecore.contracts import RawTable, Reader, ReadOptions
from rulecore.errors import Fault, InputError
from rulecore.readers.csv_parts import FIRST_BYTES, stream
from rulecore.readers.decoding import decode
from rulecore.readers.header import Header, read_header
from rulecore.readers.tables import drop_nothing, refuse_sheet, sha256
from rulecore.signatures import refuse_binary
from rulecore.source import Place

if TYPE_CHECKING:
    from rulecore.readers.csv_lines import Cells


def read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a CSV file; rows that cannot be taken apart come back as broken, all others as texts.

    Raises :class:`InputError` where there is no table: nothing in it, no header, another format,
    undecodable bytes.
    """
    from rulecore.readers.csv_lines import read_lines, read_plain
    from rulecore.readers.csv_records import read_records

    refuse_sheet(options.sheet, file, "CSV")
    refuse_binary(content, file, "CSV")
    plain = _plain(content, file, options)
    if plain is not None:
        header, found = plain
    else:
        text = decode(content, file, options.encoding)
        whole = read_header(text, file)
        if whole is None:
            raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=Place(file=file))])
        header, body = whole, text[whole.end :]
        found = (
            read_plain(body.encode(), header) or read_lines(body, header) or read_records(body, header, file)
        )
    headers, frame, rows = drop_nothing(header.cells, found.frame, found.rows)
    return RawTable(
        file=file,
        headers=headers,
        frame=frame,
        rows=rows,
        broken=found.broken,
        sha256=sha256(content),
        notes=header.notes,
    )


def _plain(content: bytes, file: str, options: ReadOptions) -> tuple[Header, Cells] | None:
    """Read a file of ASCII characters in the plain way, if it can be: no text is made of its bytes."""
    from rulecore.readers.csv_lines import read_plain

    if options.encoding or not content.isascii() or b"\0" in content:
        return None
    first = content[:FIRST_BYTES] if len(content) > FIRST_BYTES else content
    try:
        header = read_header(first[: first.rfind(b"\n") + 1].decode(), file)
    except InputError:
        return None
    found = read_plain(content[header.end :], header) if header is not None else None
    return None if header is None or found is None else (header, found)


READER: Final = Reader(name="csv", suffixes=(".csv", ".tsv", ".txt"), read=read, stream=stream)
