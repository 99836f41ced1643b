"""JSON Lines: one object a line, numbers with every digit they were written with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from attrs import define, field

from rulecore.codes.inputs import BROKEN_JSON, EMPTY_FILE, JSON_ARRAY, NESTED_VALUE, REPEATED_KEY
from rulecore.contracts import BrokenRow, RawTable, Reader, ReadOptions
from rulecore.errors import Code, Fault, InputError
from rulecore.readers.decoding import decode
from rulecore.readers.tables import MAXIMUM_COLUMNS, refuse_sheet, refuse_width, sha256
from rulecore.signatures import refuse_binary
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

_EXCERPT = 200
_LARGEST_EXPONENT = 400  # 1e999999999 must not become a text of a billion zeros


class _RefusedLineError(Exception):
    """A line that is no row: the code and the values of its message."""

    def __init__(self, code: Code, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code.id)


@define
class _Columns:
    """Texts by key, each list filled up to the rows read so far when its key next appears."""

    columns: dict[str, list[str | None]] = field(factory=dict)
    rows: list[int] = field(factory=list)

    def add(self, row: int, cells: dict[str, str | None]) -> None:
        height = len(self.rows)
        for key, cell in cells.items():
            column = self.columns.setdefault(key, [])
            column.extend([None] * (height - len(column)))
            column.append(cell)
        self.rows.append(row)

    def frame(self) -> pl.DataFrame:
        import polars as pl

        height = len(self.rows)
        filled = (column + [None] * (height - len(column)) for column in self.columns.values())
        return pl.DataFrame(
            [pl.Series(str(index), column, dtype=pl.String) for index, column in enumerate(filled)]
        )


def read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a JSON Lines file: the columns are the keys as they first appear, null is blank.

    Numbers come as plain decimal text with all their digits, flags as ``true`` and ``false``. A line that
    is not an object of single values is a broken row. Raises :class:`InputError` where there is nothing, or
    one JSON array.
    """
    import polars as pl

    refuse_sheet(options.sheet, file, "JSON Lines")
    refuse_binary(content, file, "JSON Lines")
    text = decode(content, file, options.encoding)
    place = Place(file=file)
    if not text.strip():
        raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=place)])
    if text.lstrip().startswith("["):
        raise InputError([Fault(code=JSON_ARRAY, values={"file": file}, place=place)])
    table, broken = _Columns(), []
    for row, line in _lines(text):
        try:
            table.add(row, _cells(line))
        except _RefusedLineError as refused:
            broken.append(BrokenRow(row=row, text=line[:_EXCERPT], code=refused.code, values=refused.values))
        if len(table.columns) > MAXIMUM_COLUMNS:
            refuse_width(len(table.columns), file)
    return RawTable(
        file=file,
        headers=tuple(table.columns),
        frame=table.frame(),
        rows=pl.Series(table.rows, dtype=pl.UInt32),
        broken=tuple(broken),
        sha256=sha256(content),
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines(): U+2028 and its like are allowed within JSON texts.
    for row, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield row, line.rstrip("\r")


def _cells(line: str) -> dict[str, str | None]:
    try:
        value = _DECODER.decode(line)
    except RecursionError:
        raise _RefusedLineError(BROKEN_JSON, reason="nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _RefusedLineError(BROKEN_JSON, reason=f"{error.msg} (character {error.pos + 1})") from None
    if not isinstance(value, dict):
        raise _RefusedLineError(BROKEN_JSON, reason="no object in braces")
    return {key: _cell(key, cell) for key, cell in value.items()}


def _cell(key: str, value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value or None
        case _:
            raise _RefusedLineError(NESTED_VALUE, key=key)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _RefusedLineError(REPEATED_KEY, key=key)
        found[key] = value
    return found


def _plain(number: str) -> str:
    if "e" not in number and "E" not in number:
        return number
    value = Decimal(number)
    exponent = value.as_tuple().exponent
    return f"{value:f}" if isinstance(exponent, int) and abs(exponent) <= _LARGEST_EXPONENT else number


def _constant(name: str) -> str:
    raise _RefusedLineError(BROKEN_JSON, reason=f"{name} is not a number in JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_plain, parse_int=str, parse_constant=_constant
)

READER: Final = Reader(name="json-lines", suffixes=(".jsonl", ".ndjson"), read=read)
