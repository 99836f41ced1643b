"""Ranks and counts over everything, by Spark's own aggregates and windows.

Records with equal keys have equal ranks: so the keys are counted first, everywhere at once, and the window runs over
the distinct ones, of which there are far fewer than records. No process ever holds a cohort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.errors import InternalError
from rulecore.expr.nodes import CohortCount, CohortRef, FieldRef, Node, Rank, RuleRef
from rulecore.planned import CohortStep, Plan
from rulecore_spark.cut import Stage, issue_bits
from rulecore_spark.kernel import FLAGS_IN_A_COLUMN, ISSUES
from rulecore_spark.layout import Layout

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


def name_of(node: Node) -> str:
    """Return the name of an operand, which for stages of ranks always is one."""
    if not isinstance(node, FieldRef | RuleRef | CohortRef):
        raise InternalError(f"{node} is no column")
    return node.name


def with_ranks(plan: Plan, stage: Stage, rows: DataFrame, given: Layout, layout: Layout) -> DataFrame:
    """Return records with the ranks and counts of a stage; ``layout`` is that of the result."""
    from pyspark.sql import functions

    found = rows
    values: dict[str, str] = {}
    ties: list[tuple[CohortStep, Column]] = []
    for place, step in enumerate(stage.cohort_steps):
        value = values[step.name] = f"v{place}"
        match step.node:
            case CohortCount() as node:
                found = _with_count(node, found, rows, given, value)
            case Rank() as node:
                found = _with_rank(node, found, rows, given, place)
                ties.append((step, functions.coalesce(functions.col(f"n{place}") > 1, functions.lit(False))))
            case _:
                raise InternalError(f"{step.name} is no rank")
    columns = []
    for place, column in enumerate(layout.columns):
        if column.name in values:
            made = functions.col(values[column.name]).cast("long")
        else:
            made = given.col(column.name)
            for step, tied in ties:
                made = _with_flag(plan, step, column.name, made, tied)
        columns.append(made.alias(f"c{place}"))
    return found.select(*columns)


def _with_flag(plan: Plan, step: CohortStep, column: str, flags: Column, tied: Column) -> Column:
    """Return a column of issues with that of a full tie."""
    from pyspark.sql import functions

    bits = issue_bits(plan)
    for reason in step.issues:
        where, bit = divmod(bits[step.name, reason], FLAGS_IN_A_COLUMN)
        if column == f"{ISSUES}{where}":
            flag = functions.when(tied, functions.lit(2**bit)).otherwise(functions.lit(0))
            return flags.bitwiseOR(flag.cast("long"))
    return flags


def _with_count(node: CohortCount, found: DataFrame, rows: DataFrame, given: Layout, value: str) -> DataFrame:
    from pyspark.sql import functions

    holds = functions.lit(1)
    if node.where is not None:
        holds = functions.when(given.col(name_of(node.where)), 1).otherwise(0)
    names = [given.spark_name(name_of(part)) for part in node.by]
    counted = rows.groupBy(*names).agg(functions.sum(holds.cast("long")).alias(value))
    if not names:
        return found.crossJoin(functions.broadcast(counted))
    # A record of no group has no count: its null is equal to nothing.
    return found.join(counted, names, "left")


def _with_rank(node: Rank, found: DataFrame, rows: DataFrame, given: Layout, place: int) -> DataFrame:
    from pyspark.sql import Window, functions

    by = [given.col(name_of(part)) for part in node.by]
    keys = [given.col(name_of(key.operand)) for key in node.keys]
    takes_part = keys[0].isNotNull()
    for column in by:
        takes_part = takes_part & column.isNotNull()
    if node.where is not None:
        takes_part = takes_part & functions.coalesce(given.col(name_of(node.where)), functions.lit(False))
    parts = [*by, *keys]
    names = [f"k{place}_{number}" for number in range(len(parts))]
    count = f"n{place}"
    counted = (
        rows.where(takes_part)
        .groupBy(*(part.alias(name) for part, name in zip(parts, names, strict=True)))
        .agg(functions.count("*").alias(count))
    )
    order = [
        functions.desc_nulls_last(name) if key.descending else functions.asc_nulls_last(name)
        for name, key in zip(names[len(by) :], node.keys, strict=True)
    ]
    window = Window.partitionBy(*(names[: len(by)] or [functions.lit(0)])).orderBy(*order)
    largest = functions.sum(count).over(window.rowsBetween(Window.unboundedPreceding, Window.currentRow))
    match node.method:
        case "max":
            value = largest
        case "dense":
            value = functions.row_number().over(window)
        case "min":
            value = largest - functions.col(count) + 1
        case "ordinal":
            value = functions.when(functions.col(count) == 1, largest)
    ranked = counted.select(*names, count, value.alias(f"v{place}"))
    # Null-safe: later keys may be not applicable and are then equal to one another.
    meets = takes_part
    for part, name in zip(parts, names, strict=True):
        meets = meets & part.eqNullSafe(functions.col(name))
    return found.join(ranked, meets, "left")
