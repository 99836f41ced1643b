"""The functions that Spark calls in its Python workers: Arrow in, Arrow out, a few ten thousand records at a time.

Spark pickles them with what they close over; everything else is imported there. A task that is started again because
its worker died computes the same rows again: nothing is kept between tasks but compiled plans.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from rulecore_spark.layout import Layout
from rulecore_spark.shipment import Shipment, Source

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from rulecore.planned import Plan

ROWS_AT_ONCE: Final = 100_000
"""How many records a worker computes at one time: enough that Polars' own work for each call does not show."""
BYTES_AT_ONCE: Final = 64 * 2**20
"""How many bytes it takes in before it computes, whatever the number of records."""
ROWS_IN_A_BATCH: Final = 20_000
"""How many records go back to Spark in one piece."""

Batches = Iterator["pa.RecordBatch"]


def alone() -> None:
    """Make Polars use one thread: Spark starts a worker for each core."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def typing_task(
    shipment: Shipment,
    source: Source,
    as_of: date | None,
    layout: Layout,
    offsets: Mapping[int, tuple[int, int]] | None,
) -> Callable[[Batches], Batches]:
    """Return the task that types rows.

    ``layout`` is that of the result. ``offsets``: for DataFrames, how many rows stand before each partition's and how
    many it has; its rows come with their places in it.
    """

    def run(batches: Batches) -> Batches:
        alone()
        from rulecore_spark.kernel import type_rows

        def typed(frame: pl.DataFrame) -> list[pl.DataFrame]:
            return type_rows(shipment, source, as_of, frame)

        inputs = _frames(_checked(batches, offsets), lambda data: _raw(data, offsets))
        yield from _computed(inputs, typed, layout)

    return run


@frozen(kw_only=True)
class Shown:
    """How computed records are shown: the headers, the exact types of their columns, and whether provenance is added.

    Behind the headers stand ``#order`` and whether the record met an issue.
    """

    headers: tuple[str, ...]
    schema: pa.Schema = field(eq=False)
    provenance: bool

    def table(self, plan: Plan, frame: pl.DataFrame) -> pa.Table:
        """Return computed records as people read them."""
        from rulecore.policy_results import ORDER
        from rulecore_spark.kernel import MET, show

        shown = show(plan, frame, provenance=self.provenance)
        return as_schema(shown, [*self.headers, ORDER, MET], self.schema)


def stage_task(
    shipment: Shipment,
    number: int,
    index: int | None,
    given: Layout,
    layout: Layout,
    shown: Shown | None = None,
) -> Callable[[Batches], Batches]:
    """Return the task that computes a stage that looks at each record alone, and shows its records if it is the last.

    Without an ``index`` it only shows them.
    """

    def run(batches: Batches) -> Batches:
        alone()
        from rulecore.errors import FaultsError
        from rulecore_spark.faults import WorkerError
        from rulecore_spark.kernel import cut_of, run_stage

        try:
            plan = shipment.plans()[number]
            for frame in _frames(batches, given.frame):
                done = frame
                if index is not None:
                    done = run_stage(plan, cut_of(shipment, number).stages[index], frame)
                table = layout.table(done) if shown is None else shown.table(plan, done)
                yield from table.to_batches(max_chunksize=ROWS_IN_A_BATCH)
        except FaultsError as error:
            raise WorkerError(error) from None

    return run


def cohort_task(
    shipment: Shipment,
    number: int,
    index: int,
    given: Layout,
    layout: Layout,
    most: int,
    shown: Shown | None = None,
) -> Callable[[pa.Table], pa.Table]:
    """Return the task that computes a stage of cohorts, all records of some of them at once."""

    def run(table: pa.Table) -> pa.Table:
        alone()
        from rulecore.errors import FaultsError
        from rulecore_spark.faults import WorkerError
        from rulecore_spark.kernel import cut_of, run_cohorts

        try:
            plan, stage = shipment.plans()[number], cut_of(shipment, number).stages[index]
            done = run_cohorts(plan, stage, given.frame(table), most)
            return layout.table(done) if shown is None else shown.table(plan, done)
        except FaultsError as error:
            raise WorkerError(error) from None

    return run


def as_schema(frame: pl.DataFrame, headers: Sequence[str], schema: pa.Schema) -> pa.Table:
    """Return the columns of a frame with exactly these types; those that it lacks are null."""
    import polars as pl
    import pyarrow as pa

    arrays = []
    for header, wanted in zip(headers, schema, strict=True):
        if header not in frame.columns:
            arrays.append(pa.nulls(frame.height, wanted.type))
            continue
        series = frame[header]
        if pa.types.is_string(wanted.type) and series.dtype != pl.String():
            series = series.cast(pl.String())
        arrays.append(series.to_arrow().cast(wanted.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _computed(
    frames: Iterable[pl.DataFrame], compute: Callable[[pl.DataFrame], list[pl.DataFrame]], layout: Layout
) -> Batches:
    from rulecore.errors import FaultsError
    from rulecore_spark.faults import WorkerError

    try:
        for frame in frames:
            for part in compute(frame):
                yield from layout.table(part).to_batches(max_chunksize=ROWS_IN_A_BATCH)
    except FaultsError as error:
        raise WorkerError(error) from None


def _frames(batches: Batches, made: Callable[[pa.Table], pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield frames of about :data:`ROWS_AT_ONCE` rows."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        waiting.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= ROWS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield made(pa.Table.from_batches(waiting))
            waiting, rows, size = [], 0, 0
    if waiting:
        yield made(pa.Table.from_batches(waiting))


def _raw(data: pa.Table, offsets: Mapping[int, tuple[int, int]] | None) -> pl.DataFrame:
    """Return raw rows as a frame with ``#table``, ``#row`` (from 1) and the cells by position."""
    import polars as pl

    frame = pl.from_arrow(data)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - tables give frames
    frame.columns = ["#table", "#row", *(f"{place}" for place in range(frame.width - 2))]
    before = 1 if offsets is None else offsets[_partition()][0] + 1
    return frame.with_columns(pl.col("#table").cast(pl.Int32()), pl.col("#row").cast(pl.Int64()) + before)


def _partition() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None  # noqa: S101 - only called in tasks
    return int(context.partitionId())


def _checked(batches: Batches, offsets: Mapping[int, tuple[int, int]] | None) -> Batches:
    """Yield the batches; raise where a partition has other rows than were counted."""
    if offsets is None:
        yield from batches
        return
    from rulecore.errors import Fault, InputError
    from rulecore_spark.codes import INPUT_MOVED

    partition, rows = _partition(), 0
    counted = offsets.get(partition, (0, 0))[1]
    for batch in batches:
        rows += batch.num_rows
        if rows > counted:
            break
        yield batch
    if rows != counted:
        values = {"partition": partition, "before": counted, "now": rows}
        raise InputError([Fault(code=INPUT_MOVED, values=values)])
