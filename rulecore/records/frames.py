"""Records from Python: frames of Polars, pandas and Arrow, lists of mappings, mappings of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from rulecore.codes.records import UNKNOWN_DATA
from rulecore.contracts import RawTable
from rulecore.errors import Fault, InputError
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

_INT64: Final = range(-(2**63), 2**63)


def raw_table(data: object, name: str = "records") -> RawTable:
    """Return records held in Python as a raw table; rows are counted from 1, ``name`` stands for the file.

    ``data`` is a Polars frame (lazy ones are collected), a pandas frame, an Arrow table or anything else
    that offers its columns by the Arrow interface, a list of mappings (a key that one of them lacks is a
    blank cell), or a mapping of columns. Values keep their types: nothing passes through floats that was
    not one. pandas and Arrow are not imported. Raises :class:`rulecore.errors.InputError` for anything
    else.
    """
    import polars as pl

    match data:
        case pl.DataFrame():
            return _table(data.columns, data.get_columns(), name)
        case pl.LazyFrame():
            return raw_table(data.collect(), name)
        case Mapping():
            return _from_columns(data, name)
    if type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "items"):
        return _from_pandas(data, name)
    if hasattr(data, "__arrow_c_stream__"):
        frame = pl.DataFrame(data)
        return _table(frame.columns, frame.get_columns(), name)
    if isinstance(data, Iterable) and not isinstance(data, str | bytes):
        rows = list(data)
        if all(isinstance(row, Mapping) for row in rows):
            return _from_rows(rows, name)
    raise _unknown(data, name)


def cells_series(cells: Sequence[object]) -> pl.Series:
    """Return cells as a column that keeps their types; a column of mixed types holds the Python objects."""
    import polars as pl

    kinds = {type(cell) for cell in cells if cell is not None}
    if not kinds:
        return pl.Series([None] * len(cells), dtype=pl.String)
    dtype: type[pl.DataType] = pl.Object
    if len(kinds) == 1:
        dtypes: dict[type, type[pl.DataType]] = {
            str: pl.String,
            bool: pl.Boolean,
            int: pl.Int64,
            float: pl.Float64,
            date: pl.Date,
        }
        dtype = dtypes.get(kinds.pop(), pl.Object)
    if dtype == pl.Int64 and any(isinstance(cell, int) and cell not in _INT64 for cell in cells):
        dtype = pl.Object
    if dtype == pl.String and not all(_encodable(cell) for cell in cells):
        dtype = pl.Object
    return pl.Series(cells, dtype=dtype)


def _encodable(cell: object) -> bool:
    """Return whether a text has a UTF-8 form: lone surrogates have none and are refused cell by cell."""
    return not isinstance(cell, str) or not any("\ud800" <= character <= "\udfff" for character in cell)


def _from_rows(rows: Sequence[Mapping[object, object]], name: str) -> RawTable:
    headers = list(dict.fromkeys(key for row in rows for key in row))
    columns = [cells_series([row.get(header) for row in rows]) for header in headers]
    return _table([str(header) for header in headers], columns, name, height=len(rows))


def _from_columns(data: Mapping[object, object], name: str) -> RawTable:
    import polars as pl

    columns: list[pl.Series] = []
    for cells in data.values():
        if isinstance(cells, pl.Series):
            columns.append(cells)
        elif isinstance(cells, Iterable) and not isinstance(cells, str | bytes | Mapping):
            columns.append(cells_series(list(cells)))
        else:
            raise _unknown(data, name)
    if len({column.len() for column in columns}) > 1:
        raise _unknown(data, name)
    return _table([str(header) for header in data], columns, name)


def _from_pandas(frame: object, name: str) -> RawTable:
    """Return a pandas frame: what pandas calls missing (NaN, NaT, NA, None) is a blank cell."""
    items = getattr(frame, "items", None)
    if items is None or not hasattr(frame, "columns"):
        raise _unknown(frame, name)
    headers: list[str] = []
    columns: list[pl.Series] = []
    for header, series in items():
        missing = series.isna().tolist()
        cells = [
            None if blank else _plain(cell) for cell, blank in zip(series.tolist(), missing, strict=True)
        ]
        headers.append(str(header))
        columns.append(cells_series(cells))
    return _table(headers, columns, name, height=len(frame) if hasattr(frame, "__len__") else None)


def _plain(cell: object) -> object:
    """Return a pandas timestamp as the datetime it is, anything else as it stands."""
    if isinstance(cell, datetime) and type(cell) is not datetime and hasattr(cell, "to_pydatetime"):
        plain: object = cell.to_pydatetime(warn=False)
        return plain
    return cell


def _table(
    headers: Sequence[str], columns: Sequence[pl.Series], name: str, height: int | None = None
) -> RawTable:
    import polars as pl

    frame = pl.DataFrame([column.alias(str(position)) for position, column in enumerate(columns)])
    rows = frame.height if columns or height is None else height
    return RawTable(
        file=name,
        headers=tuple(headers),
        frame=frame,
        rows=pl.Series("rows", range(1, rows + 1), dtype=pl.Int64),
    )


def _unknown(data: object, name: str) -> InputError:
    kind = f"{type(data).__module__}.{type(data).__qualname__}".removeprefix("builtins.")
    return InputError([Fault(code=UNKNOWN_DATA, values={"type": kind}, place=Place(file=name))])
