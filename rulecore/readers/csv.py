"""CSV: text in the encoding it is in, every cell as it stands, and every row accounted for.

Three ways lead to the same result. Where no cell is quoted and the separators add up, Polars reads all at once; where
each line is a row by itself, it reads the lines that have the header's number of cells; where a quoted cell holds a
line break or quotes do not pair up, Python's ``csv`` module reads all of it. Polars alone would not do: it fills short
rows silently and drops the surplus cells of long ones.
"""

from __future__ import annotations

from typing import Final

from rulecore.codes.inputs import EMPTY_FILE
from rulecore.contracts import RawTable, Reader, ReadOptions
from rulecore.errors import Fault, InputError
from rulecore.readers.csv_parts import stream
from rulecore.readers.decoding import decode
from rulecore.readers.header import read_header
from rulecore.readers.tables import drop_nothing, refuse_sheet, sha256
from rulecore.signatures import refuse_binary
from rulecore.source import Place


def read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a CSV file; rows that cannot be taken apart come back as broken, all others as texts.

    Raises :class:`InputError` where there is no table: nothing in it, no header, another format,
    undecodable bytes.
    """
    from rulecore.readers.csv_lines import read_lines, read_plain
    from rulecore.readers.csv_records import read_records

    refuse_sheet(options.sheet, file, "CSV")
    refuse_binary(content, file, "CSV")
    text = decode(content, file, options.encoding)
    header = read_header(text, file)
    if header is None:
        raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=Place(file=file))])
    # Where every character is one byte, the bytes are at hand already.
    same = len(text) == len(content) and content.isascii()
    found = read_plain(content[header.end :] if same else text[header.end :].encode(), header)
    if found is None:
        body = text[header.end :]
        found = read_lines(body, header) or read_records(body, header, file)
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


READER: Final = Reader(name="csv", suffixes=(".csv", ".tsv", ".txt"), read=read, stream=stream)
