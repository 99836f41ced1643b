"""rulecore, W2: the engine on records that are typed, with last year's results; and the whole call from frames."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from exact import one_number
from w2_records import in_decimals

from rulecore import load_policy
from rulecore.history.run import with_history
from rulecore.places import Places
from rulecore.plugins import load_plugins
from rulecore.policy_run import evaluate_plan, read_levels

NEEDS: tuple[str, ...] = ()
TITLE = "rulecore, columnar engine and history"
BY = "column"
WORKLOADS = ("w2",)


def frames(folder: Path, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the records of a year and their rows, in decimals."""
    names = (f"records-{year}.parquet", f"rows-{year}.parquet")
    records, rows = (in_decimals(pl.read_parquet(folder / name)) for name in names)
    return records, rows


def results_of(texts: pl.DataFrame) -> list[int]:
    """Return results from the three columns score, part (texts) and status as one number a record."""
    amounts = texts.select((pl.col("score", "part").cast(pl.Decimal(14, 2)) * 100).cast(pl.Int64), "status")
    return [one_number(*row) for row in amounts.rows()]


def prepare(folder: Path, workload: str):
    """Return what runs this year's records; those of last year are computed before, with rulecore too."""
    policy = load_policy(Path(__file__).parent.parent / workload, registry=load_plugins(entry_points=False))
    records, rows = frames(folder, 2023)
    last = policy.evaluate(records, tables={"indicators": rows}, history=())
    records, rows = frames(folder, 2024)
    read, details = policy.read(records, {"indicators": rows}, _options())
    levels, history = read_levels(policy.plan, read, details), policy.history(last, (), ())
    places = Places([*read, *(table for tables in details.values() for table in tables)])
    engine = policy.engine("columnar")

    def run():
        given = with_history(policy.plan, levels, engine, places, history)
        return evaluate_plan(policy.plan, given, engine, places)[0]

    def results(part):
        stored = {column.of: part.stored(column) for column in part.plan.columns}
        rows = zip(*(stored[name].to_list() for name in ("score", "part", "status")), strict=True)
        return [one_number(*row) for row in rows]

    return run, results


def _options():
    from rulecore.contracts import ReadOptions

    return ReadOptions()
