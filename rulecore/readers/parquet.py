"""Parquet: columns with the types they have; rows are numbered from 1, since no header takes a row."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from rulecore.codes.inputs import CORRUPT_FILE, EMPTY_FILE, UNREADABLE_COLUMN
from rulecore.contracts import RawTable, Reader, ReadOptions
from rulecore.errors import Fault, InputError
from rulecore.readers.tables import refuse_sheet, refuse_width, sha256
from rulecore.signatures import other_format, recognise, recognise_text
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl


def read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a Parquet file as it is typed; categories come as texts.

    Raises :class:`InputError` for another format, a damaged file, and columns that are not flat.
    """
    import polars as pl

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
    headers = tuple(frame.columns)
    frame = frame.rename({header: f"{index}" for index, header in enumerate(headers)})
    return RawTable(
        file=file,
        headers=headers,
        frame=frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String)),
        rows=pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True),
        sha256=sha256(content),
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


READER: Final = Reader(name="parquet", suffixes=(".parquet",), read=read)
