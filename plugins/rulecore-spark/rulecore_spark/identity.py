"""Records that claim the same entity and period, found exactly wherever they stand.

Only what names a record is shuffled, and only rows that share it are looked at again; those meet in one worker and get
the words that the local engine has for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rulecore.contracts import RawTable
from rulecore.planned import Plan
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE
from rulecore_spark.layout import Held, Layout, held

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

    from rulecore_spark.shipment import Shipment

FOUND = Layout(columns=(Held(name=ORDER, kind="int64"), Held(name="#reasons", kind="text")))
"""The columns of duplicates: where each stands, and the reason in the form of other reasons."""


def identity_layout(plan: Plan) -> Layout:
    """Return the columns that name a record, behind its place."""
    types = {planned.name: planned.type for planned in plan.fields}
    names = dict.fromkeys(plan.policy.record.identity)
    columns = [held(name, types[name]) for name in names]
    return Layout(columns=(Held(name=ORDER, kind="int64"), *columns))


def shared_rows(rows: DataFrame, who: Column) -> DataFrame:
    """Return those of some rows whose identity others have too; null names nobody."""
    from pyspark.sql import functions

    known = rows.where(who.isNotNull())
    shared = known.groupBy(who.alias("w")).count().where(functions.col("count") > 1)
    return known.join(shared.select("w"), who == functions.col("w"), "left_semi")


def duplicates(
    rows: DataFrame, layout: Layout, task: Callable[[pa.Table], pa.Table], buckets: int
) -> DataFrame:
    """Return the reasons of rows that share their identity with others."""
    from pyspark.sql import functions

    names = [layout.spark_name(column.name) for column in layout.columns[1:]]
    bucket = functions.pmod(functions.xxhash64(*names), functions.lit(buckets))
    return rows.groupBy(bucket.alias("b")).applyInArrow(task, FOUND.schema())


def duplicates_task(
    shipment: Shipment, number: int, layout: Layout, files: tuple[str, ...]
) -> Callable[[pa.Table], pa.Table]:
    """Return the task that says of rows with shared identities which others have the same."""

    def run(table: pa.Table) -> pa.Table:
        from rulecore_spark.worker import alone

        alone()
        plan = shipment.plans()[number]
        # Behind the bucket's own column, if Spark sends it.
        data = table.select([f"c{place}" for place in range(len(layout.columns))])
        return FOUND.table(reasons_of(plan, layout.frame(data).sort(ORDER), files))

    return run


def reasons_of(plan: Plan, frame: pl.DataFrame, files: tuple[str, ...]) -> pl.DataFrame:
    """Return the reasons of rows that share their identities, all of the same identity being there."""
    import polars as pl

    from rulecore.records.identity import ROW, TABLE, duplicates
    from rulecore.records.quarantine import Quarantined
    from rulecore.records.typed import field_named
    from rulecore_spark.kernel import as_json

    record = plan.policy.record
    numbers = (pl.col(ORDER) // ROWS_OF_A_TABLE).cast(pl.UInt32())
    rows = frame.with_columns(numbers.alias(TABLE), (pl.col(ORDER) % ROWS_OF_A_TABLE).alias(ROW))
    blank = pl.DataFrame()
    tables = [
        RawTable(file=file, headers=(), frame=blank, rows=pl.Series([], dtype=pl.Int64())) for file in files
    ]
    names = [planned.name for planned in plan.fields]
    entity = field_named(plan.fields, record.entity)
    period = field_named(plan.fields, record.period) if record.period else None
    key = [field_named(plan.fields, name) for name in record.key]
    found = duplicates(rows, entity, period, names.index(entity.name), tables, key)
    items = [
        Quarantined(
            file="", row=0, column=one.column, value=one.text, code=one.code, values=one.values, hint=one.hint
        )
        for one in found
    ]
    texts = [
        as_json([(2 * one.order + 1, item)], plan.policy.policy.language)
        for one, item in zip(found, items, strict=True)
    ]
    orders = [rows[ORDER][one.position] for one in found]
    return pl.DataFrame(
        {ORDER: orders, "#reasons": texts}, schema={ORDER: pl.Int64(), "#reasons": pl.String()}
    )
