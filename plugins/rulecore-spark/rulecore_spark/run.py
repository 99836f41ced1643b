"""A run on Spark: refused, or made into DataFrames that are computed when somebody asks for them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, field

from rulecore.contracts import WholeRun
from rulecore.errors import InputError, InternalError
from rulecore.planned import Plan
from rulecore.policy_results import ORDER
from rulecore.records.headers import match_headers
from rulecore.routing.candidates import limited
from rulecore_spark.cut import Cut, Stage
from rulecore_spark.faults import as_faults
from rulecore_spark.identity import duplicates, duplicates_task, identity_layout, shared_rows
from rulecore_spark.inputs import Inputs, inputs_of
from rulecore_spark.kernel import (
    BLANK,
    HITS,
    ISSUES,
    KIND,
    PLAN,
    RECORD,
    REFUSED,
    WHO,
    cut_of,
    fused,
    record_columns,
    typed_layout,
)
from rulecore_spark.layout import Held, Layout
from rulecore_spark.ranks import with_ranks
from rulecore_spark.refusals import refuse_plans
from rulecore_spark.shipment import Shipment, shipment_of
from rulecore_spark.tables import spark_schema
from rulecore_spark.worker import Shown, cohort_task, stage_task, typing_task

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from rulecore_spark.results import SparkResults

ROWS_IN_A_BUCKET = 200_000
"""About how many records of whole cohorts a worker gets at one time."""
MOST_IN_COHORT = 3_000_000
"""How many records one process may compare with each other, unless ``spark.rulecore.mostInCohort`` says otherwise."""
FEW = 100_000
"""Up to how many refused rows are sent to every worker instead of being met in a shuffle."""


def evaluate_whole(run: WholeRun) -> SparkResults:
    """Return the results of a run, nothing of them computed yet.

    Raises :class:`rulecore.errors.InputError` for what cannot be read or run on Spark.
    """
    from rulecore_spark.results import SparkResults

    refuse_plans(run.policies.plans)
    with as_faults(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        inputs = inputs_of(run.records)
    refuse_headers(run.policies.plans, inputs)
    computation = Computation(run=run, inputs=inputs, shipment=shipment_of(run.policies))
    return SparkResults(computation)


def refuse_headers(plans: Sequence[Plan], inputs: Inputs) -> None:
    """Raise for columns that are missing or stand twice, where every row goes to the one policy."""
    if len(plans) > 1 or plans[0].policy.policy.applies_to or limited(plans[0]):
        return  # which policy needs which columns then depends on the rows: workers say it
    faults = [
        fault
        for group in inputs.groups
        for fault in match_headers(
            group.source.headers, plans[0].fields, next(iter(group.source.files.values()))
        ).faults
    ]
    if faults:
        raise InputError(faults)


@define(kw_only=True, slots=False)
class Computation:
    """The DataFrames of a run, each made from the ones before it."""

    run: WholeRun
    inputs: Inputs
    shipment: Shipment
    persisted: list[DataFrame] = field(factory=list)
    told: dict[int, DataFrame | None] = field(factory=dict)

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans of the run."""
        return self.run.policies.plans

    @cached_property
    def layout(self) -> Layout:
        """The columns of :attr:`typed`."""
        return typed_layout(self.shipment)

    @cached_property
    def most(self) -> int:
        """How many records one process may compare with each other."""
        given = self.inputs.session.conf.get("spark.rulecore.mostInCohort", str(MOST_IN_COHORT))
        return int(given or MOST_IN_COHORT)

    def buckets(self, rows: int) -> int:
        """Return into how many groups of whole cohorts some records are shuffled."""
        return max(1, -(-rows // ROWS_IN_A_BUCKET))

    def keep(self, frame: DataFrame) -> DataFrame:
        """Return a DataFrame that is computed once and kept by Spark, on disk where memory does not do."""
        from pyspark import StorageLevel

        kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
        self.persisted.append(kept)
        return kept

    def release(self) -> None:
        """Give back what Spark keeps."""
        while self.persisted:
            self.persisted.pop().unpersist()

    @cached_property
    def typed(self) -> DataFrame:
        """Every row typed, with what records give by themselves before any cohort is looked at."""
        parts = [
            self.mapped(
                group.frame,
                typing_task(self.shipment, group.source, self.run.as_of, self.layout, group.offsets),
                self.layout.schema(),
            )
            for group in self.inputs.groups
        ]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.unionAll(part)
        return self.keep(whole)

    def mapped(self, frame: DataFrame, task: object, schema: StructType) -> DataFrame:
        """Return what a task makes of the batches of a DataFrame."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas, which has no part in this
            return frame.mapInArrow(task, schema)

    @cached_property
    def counted(self) -> dict[tuple[int, int], int]:
        """How many typed rows there are of each plan and kind."""
        plan, kind = self.layout.col(PLAN), self.layout.col(KIND)
        with as_faults():
            rows = self.typed.groupBy(plan.alias("p"), kind.alias("k")).count().collect()
        return {(int(row["p"]), int(row["k"])): int(row["count"]) for row in rows}

    def of_plan(self, number: int, kinds: Sequence[int], columns: Sequence[Held]) -> DataFrame:
        """Return the typed rows of a plan with some of its columns, under the names of a layout of these."""
        head = {ORDER, HITS, PLAN}
        names = [column.name if column.name in head else f"{number}:{column.name}" for column in columns]
        rows = self.typed.where((self.layout.col(PLAN) == number) & self.layout.col(KIND).isin(*kinds))
        return rows.select(*(self.layout.col(name).alias(f"c{place}") for place, name in enumerate(names)))

    def numbers(self) -> list[int]:
        """Return the plans that have rows; a single one without conditions has all rows, even if there are none."""
        found = {number for number, _kind in self.counted if number >= 0}
        plan = self.plans[0]
        if len(self.plans) == 1 and not plan.policy.policy.applies_to and not limited(plan):
            found.add(0)
        return sorted(found)

    @cached_property
    def shared(self) -> tuple[DataFrame, dict[int, int]]:
        """The places and plans (o, p) of the rows that share their identity with others, and how many each plan has."""
        layout = self.layout
        rows = self.typed.where(layout.col(KIND) != BLANK).select(
            layout.col(ORDER).alias("o"), layout.col(PLAN).alias("p"), layout.col(WHO).alias("i")
        )
        found = self.keep(shared_rows(rows, rows["i"]).select("o", "p"))
        with as_faults():
            counts = {int(row["p"]): int(row["count"]) for row in found.groupBy("p").count().collect()}
        return found, counts

    def doubles(self, number: int) -> DataFrame | None:
        """Return the places and reasons of a plan's rows that share their identity with others, None if none does."""
        if number not in self.told:
            self.told[number] = self._told(number)
        return self.told[number]

    def _told(self, number: int) -> DataFrame | None:
        from pyspark.sql import functions

        shared, counts = self.shared
        if number not in counts:
            return None
        layout = identity_layout(self.plans[number])
        rows = self.of_plan(number, (RECORD, REFUSED), layout.columns)
        mine = self.few(shared.where(functions.col("p") == number).select("o"), counts[number])
        met = rows.join(mine, layout.col(ORDER) == functions.col("o"), "left_semi")
        task = duplicates_task(self.shipment, number, layout, self.inputs.files)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return self.keep(duplicates(met, layout, task, self.buckets(counts[number])))

    def few(self, rows: DataFrame, count: int) -> DataFrame:
        """Return rows to join with: sent to every worker where they are few, else met in a shuffle."""
        from pyspark.sql import functions

        return functions.broadcast(rows) if count <= FEW else rows

    def records(self, number: int) -> tuple[DataFrame, Layout]:
        """Return the records of a plan that are not refused."""
        from pyspark.sql import functions

        plan, cut = self.plans[number], cut_of(self.shipment, number)
        head = (Held(name=ORDER, kind="int64"), Held(name=HITS, kind="text"))
        layout = Layout(columns=(*head, *record_columns(plan, cut)))
        rows = self.of_plan(number, (RECORD,), layout.columns)
        rows = self.not_double(number, rows, layout).where(layout.col(HITS).isNull())
        kept = Layout(columns=(layout.columns[0], *layout.columns[2:]))
        names = (functions.col(f"c{place}") for place in range(len(layout.columns)) if place != 1)
        return rows.select(*names).toDF(*(f"c{place}" for place in range(len(kept.columns)))), kept

    def not_double(self, number: int, rows: DataFrame, layout: Layout) -> DataFrame:
        """Return the rows that share their identity with no others."""
        from pyspark.sql import functions

        shared, counts = self.shared
        if number not in counts:
            return rows
        places = self.few(shared.where(functions.col("p") == number).select("o"), counts[number])
        return rows.join(places, layout.col(ORDER) == functions.col("o"), "left_anti")

    def shown(self, number: int, shown: Shown) -> DataFrame:
        """Return a plan's records with everything computed, as people read them."""
        plan, cut = self.plans[number], cut_of(self.shipment, number)
        rows, layout = self.records(number)
        first = fused(cut)
        stages = [(index, stage) for index, stage in enumerate(cut.stages) if stage is not first]
        fresh = True  # the rows are kept by Spark, or a few cheap steps away from it
        for index, stage in stages:
            given, layout = layout, stage_layout(plan, cut, stage)
            last = shown if index == len(cut.stages) - 1 else None
            if stage.kind == "ranks":
                # A join and an aggregate read the same rows.
                rows = with_ranks(plan, stage, rows if fresh else self.keep(rows), given, layout)
                continue
            fresh = False
            if stage.kind == "rows":
                task = stage_task(self.shipment, number, index, given, layout, last)
                rows = self.mapped(rows, task, _schema(layout, last))
            else:
                rows = self.grouped(number, index, rows, given, layout, last)
            if last is not None:
                return rows
        task = stage_task(self.shipment, number, None, layout, layout, shown)
        return self.mapped(rows, task, _schema(layout, shown))

    def grouped(
        self, number: int, index: int, rows: DataFrame, given: Layout, layout: Layout, last: Shown | None
    ) -> DataFrame:
        """Return the records after a stage of cohorts: whole cohorts meet in one worker, several at a time."""
        from pyspark.sql import functions

        stage = cut_of(self.shipment, number).stages[index]
        bucket = functions.lit(0)
        if stage.key:
            keys = [given.col(name) for name in stage.key]
            # A record of no cohort may go anywhere: together such records could be more than one worker can hold.
            nobody = functions.lit(False)
            for key in keys:
                nobody = nobody | key.isNull()
            where = functions.when(nobody, functions.xxhash64(given.col(ORDER))).otherwise(
                functions.xxhash64(*keys)
            )
            bucket = functions.pmod(where, functions.lit(self.buckets(self.counted.get((number, RECORD), 0))))
        task = cohort_task(self.shipment, number, index, given, layout, self.most, last)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return rows.withColumn("b", bucket).groupBy("b").applyInArrow(task, _schema(layout, last))


def _schema(layout: Layout, shown: Shown | None) -> StructType:
    return layout.schema() if shown is None else spark_schema(shown.schema)


def stage_layout(plan: Plan, cut: Cut, stage: Stage) -> Layout:
    """Return the columns of records after a stage."""
    issues = [column for column in record_columns(plan, cut) if column.name.startswith(ISSUES)]
    identity = [column for column in stage.kept if column.name == ORDER]
    if identity:
        raise InternalError(f"no step may be called {ORDER}")
    return Layout(columns=(Held(name=ORDER, kind="int64"), *stage.kept, *issues))
