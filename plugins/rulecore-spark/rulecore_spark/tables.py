"""The exact types of result tables in Arrow and Spark, and shown values back as the texts that people read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.errors import InternalError
from rulecore.expr.types import NumberType
from rulecore.planned import PlannedColumn
from rulecore.policy_results import ORDER, PolicyResults
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql.types import StructType

    from rulecore.results import Results


def arrow_schema(shape: Results) -> pa.Schema:
    """Return the types of a result table's columns under names by position, ``#order`` and ``#met`` last."""
    import pyarrow as pa

    fields = [pa.field(f"c{place}", _arrow(dtype)) for place, dtype in enumerate(shape.table.dtypes)]
    last = (pa.field(f"c{len(fields)}", pa.int64()), pa.field(f"c{len(fields) + 1}", pa.bool_()))
    return pa.schema([*fields, *last])


def _arrow(dtype: pl.DataType) -> pa.DataType:
    import polars as pl
    import pyarrow as pa

    match dtype:
        case pl.Decimal():
            return pa.decimal128(38, dtype.scale or 0)
        case pl.Int64():
            return pa.int64()
        case pl.String():
            return pa.string()
        case pl.Boolean():
            return pa.bool_()
        case pl.Date():
            return pa.date32()
    raise InternalError(f"a result table has a column of type {dtype}")


def spark_schema(schema: pa.Schema) -> StructType:
    """Return the same types for Spark."""
    from pyspark.sql.pandas.types import from_arrow_schema

    found: StructType = from_arrow_schema(schema)
    return found


def quarantine_headers() -> tuple[str, ...]:
    """Return the columns of the quarantine."""
    return ("file", "sheet", "row", "column", "value", "reason")


def texts_of(part: PolicyResults, column: PlannedColumn, values: Sequence[object]) -> list[str]:
    """Return values of a result table as the texts that people read."""
    import polars as pl

    kept = storage(column.type)
    if kept is None:
        raise InternalError(f"{column.of} has no decimals to show")
    stored = [_stored(value, column, kept.scale) for value in values]
    series = pl.Series(column.step, stored, dtype=kept.dtype())
    orders = pl.Series(ORDER, range(len(values)), dtype=pl.Int64())
    frame = pl.DataFrame([orders, series])
    return evolve(part, records=frame, steps=frame).text(column).to_list()


def _stored(value: object, column: PlannedColumn, scale: int) -> object:
    if isinstance(column.type, NumberType) and isinstance(value, int | Decimal):
        return int(Decimal(value).scaleb(scale))
    return value
