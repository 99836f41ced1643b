"""Parquet: columns with the types they have; rows are numbered from 1, since no header takes a row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rulecore.codes.inputs import CORRUPT_FILE, EMPTY_FILE, UNREADABLE_COLUMN
from rulecore.contracts import NotInPartsError, RawTable, Reader, ReadOptions, Stream
from rulecore.errors import Fault, InputError
from rulecore.readers.parts import FileHash
from rulecore.readers.tables import MAXIMUM_COLUMNS, refuse_sheet, refuse_width, sha256
from rulecore.signatures import other_format, recognise, recognise_text
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl


def read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a Parquet file as it is typed; categories come as texts.

    Raises :class:`InputError` for another format, a damaged file, and columns that are not flat.
    """
    refuse_sheet(options.sheet, file, "Parquet")
    place = Place(file=file)
    if not content:
        raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=place)])
    if not content.startswith(b"PAR1"):
        raise InputError([other_format(file, "Parquet", recognise(content) or recognise_text(content))])
    frame = _frame(content, file)
    refuse_width(frame.width, file)
    faults = [
        Fault(code=UNREADABLE_COLUMN, values={"column": name, "file": file, "dtype": dtype}, place=place)
        for name, dtype in frame.schema.items()
        if not _is_flat(dtype)
    ]
    if faults:
        raise InputError(faults)
    return _table(file, tuple(frame.columns), frame, 1, sha256(content))


def stream(path: Path, file: str, options: ReadOptions, size: int) -> Stream:
    """Read a Parquet file part by part; see :class:`rulecore.contracts.Reader`."""
    import polars as pl

    if options.sheet:
        raise NotInPartsError
    digest = FileHash(path)
    try:
        lazy = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = lazy.collect_schema()
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException):
        raise NotInPartsError from None
    if len(schema) > MAXIMUM_COLUMNS or not all(map(_is_flat, schema.values())):
        raise NotInPartsError
    headers = tuple(schema)
    return Stream(headers=headers, parts=_parts(lazy, headers, file, size), sha256=digest.hexdigest)


def _parts(lazy: pl.LazyFrame, headers: tuple[str, ...], file: str, size: int) -> Iterator[RawTable]:
    import polars as pl

    position = 0
    while True:
        try:
            frame = lazy.slice(position, size).collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException):
            raise NotInPartsError from None
        if position and not frame.height:
            return
        yield _table(file, headers, frame, position + 1)
        position += frame.height
        if frame.height < size:
            return


def _table(
    file: str, headers: tuple[str, ...], frame: pl.DataFrame, first: int, digest: str = ""
) -> RawTable:
    """Return rows as a table, numbered from ``first``."""
    import polars as pl

    frame = frame.rename({header: f"{index}" for index, header in enumerate(headers)})
    return RawTable(
        file=file,
        headers=headers,
        frame=frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String)),
        rows=pl.int_range(first, first + frame.height, dtype=pl.UInt32, eager=True),
        sha256=digest,
    )


def _frame(content: bytes, file: str) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        values = {"file": file, "expected": "Parquet", "reason": reason}
        raise InputError([Fault(code=CORRUPT_FILE, values=values, place=Place(file=file))]) from None


def _is_flat(dtype: pl.DataType) -> bool:
    import polars as pl

    return not dtype.is_nested() and not isinstance(dtype, pl.Binary | pl.Object | pl.Unknown)


READER: Final = Reader(name="parquet", suffixes=(".parquet",), read=read, stream=stream)
