"""rulecore plans on Apache Spark: a plugin of one hook, an engine that takes whole runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.contracts import Engine, WholeResults, WholeRun
from rulecore.language import N_
from rulecore.markers import hookimpl

if TYPE_CHECKING:
    import polars as pl

    from rulecore.planned import Plan

RULECORE_API = 1


def _evaluate(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    # What a worker computes of the records it was sent is what the columnar engine computes.
    from rulecore.engines.columnar.run import evaluate

    return evaluate(plan, frame)


def _whole(run: WholeRun) -> WholeResults:
    from rulecore_spark.run import evaluate_whole

    return evaluate_whole(run)


def _recognises(records: object) -> bool:
    # By its module's name: pyspark takes a second to import, and whoever has a DataFrame has imported it.
    kind = type(records)
    return kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql.")


@hookimpl
def rulecore_engines() -> tuple[Engine, ...]:
    """Give the engine ``spark``."""
    return (
        Engine(
            name="spark",
            summary=N_("Apache Spark, on one machine or many; for Parquet folders and Spark DataFrames"),
            evaluate=_evaluate,
            whole=_whole,
            recognises=_recognises,
        ),
    )
