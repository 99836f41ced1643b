"""Columns between Polars, Arrow and Spark: each with one exact type in all three, found by its position.

Spark's columns are named ``c0 c1 …``: names of rules and fields may differ in case only, or hold any character, which
Spark's own resolution of names would trip over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from attrs import frozen

from rulecore.engines.decode import is_ratio
from rulecore.errors import InternalError
from rulecore.expr.types import NumberType, Type
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql.types import DataType, StructType

Kind = Literal["int32", "int64", "decimal", "wide", "text", "flag", "date"]

MOST_DIGITS: Final = 38
"""The digits of Spark's and Arrow's widest decimal."""


@frozen(kw_only=True)
class Held:
    """One column: its name in the plan and how it is held.

    128-bit integers are ``decimal`` (38 digits, none behind the point) where every value of their type fits, else
    ``wide``: text, which has no limit.
    """

    name: str
    kind: Kind

    def polars(self) -> pl.DataType:
        """Return the type that rulecore's engines hold the column in."""
        import polars as pl

        kinds: dict[Kind, pl.DataType] = {
            "int32": pl.Int32(),
            "int64": pl.Int64(),
            "decimal": pl.Int128(),
            "wide": pl.Int128(),
            "text": pl.String(),
            "flag": pl.Boolean(),
            "date": pl.Date(),
        }
        return kinds[self.kind]

    def spark(self) -> DataType:
        """Return the type of Spark's column."""
        from pyspark.sql import types

        kinds: dict[Kind, DataType] = {
            "int32": types.IntegerType(),
            "int64": types.LongType(),
            "decimal": types.DecimalType(MOST_DIGITS, 0),
            "wide": types.StringType(),
            "text": types.StringType(),
            "flag": types.BooleanType(),
            "date": types.DateType(),
        }
        return kinds[self.kind]

    def arrow(self) -> pa.DataType:
        """Return the type in which it crosses from Python to Spark."""
        import pyarrow as pa

        kinds = {
            "int32": pa.int32(),
            "int64": pa.int64(),
            "decimal": pa.decimal128(MOST_DIGITS, 0),
            "wide": pa.string(),
            "text": pa.string(),
            "flag": pa.bool_(),
            "date": pa.date32(),
        }
        return kinds[self.kind]


def held(name: str, type_: Type) -> Held:
    """Return how values of a type are held; exact numbers without finite decimals as text ``n/d``."""
    if is_ratio(type_):
        return Held(name=name, kind="text")
    kept = storage(type_)
    if kept is None:
        raise InternalError(f"{name} has no column")
    if kept.kind != "int128":
        return Held(name=name, kind=kept.kind)
    assert isinstance(type_, NumberType)  # noqa: S101 - only numbers are held in 128 bits
    assert type_.low is not None  # noqa: S101
    assert type_.high is not None  # noqa: S101
    largest = max(abs(type_.low), abs(type_.high)) * 10**kept.scale
    return Held(name=name, kind="decimal" if largest < 10**MOST_DIGITS else "wide")


@frozen(kw_only=True, slots=False)
class Layout:
    """The columns of a Spark DataFrame in order."""

    columns: tuple[Held, ...]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each column stands."""
        return {column.name: position for position, column in enumerate(self.columns)}

    def spark_name(self, name: str) -> str:
        """Return what a column is called in Spark."""
        return f"c{self.positions[name]}"

    def col(self, name: str) -> SparkColumn:
        """Return a column as Spark's own expression."""
        from pyspark.sql import functions

        return functions.col(self.spark_name(name))

    def schema(self) -> StructType:
        """Return Spark's schema."""
        from pyspark.sql.types import StructField, StructType

        return StructType(
            [StructField(f"c{place}", column.spark()) for place, column in enumerate(self.columns)]
        )

    def only(self, names: Iterable[str]) -> Layout:
        """Return the layout of some columns, in this one's order."""
        wanted = set(names)
        return Layout(columns=tuple(column for column in self.columns if column.name in wanted))

    def frame(self, data: pa.RecordBatch | pa.Table) -> pl.DataFrame:
        """Return what Spark gave as a frame under the plan's names, numbers as integers."""
        import polars as pl

        frame = pl.from_arrow(data)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - tables and batches give frames
        columns = zip(self.columns, frame.get_columns(), strict=False)
        return pl.DataFrame([_read(series, column) for column, series in columns])

    def table(self, frame: pl.DataFrame) -> pa.Table:
        """Return a frame with these columns (those that it lacks are null) as Spark takes it, types exact."""
        import pyarrow as pa

        series = [_written(frame, column) for column in self.columns]
        arrays = [
            one.to_arrow().cast(column.arrow()) for one, column in zip(series, self.columns, strict=True)
        ]
        return pa.Table.from_arrays(arrays, names=[f"c{place}" for place in range(len(arrays))])


def _read(series: pl.Series, column: Held) -> pl.Series:
    import polars as pl

    if column.kind == "decimal":
        series = series.cast(pl.Decimal(MOST_DIGITS, 0)).to_physical()
    return series.cast(column.polars()).alias(column.name)


def _written(frame: pl.DataFrame, column: Held) -> pl.Series:
    import polars as pl

    if column.name not in frame.columns:
        return pl.repeat(
            None, frame.height, dtype=pl.String() if column.kind == "wide" else _sent(column), eager=True
        )
    series = frame[column.name]
    if column.kind == "wide":
        return series.cast(pl.String())
    return series.cast(_sent(column))


def _sent(column: Held) -> pl.DataType:
    import polars as pl

    return pl.Decimal(MOST_DIGITS, 0) if column.kind == "decimal" else column.polars()


def all_columns(*groups: Sequence[Held]) -> Layout:
    """Return a layout of several groups of columns."""
    return Layout(columns=tuple(column for group in groups for column in group))
