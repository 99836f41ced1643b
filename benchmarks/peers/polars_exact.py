"""Polars by hand, in scaled integers: what an expert writes for one policy, with care for every width."""

from __future__ import annotations

from pathlib import Path

import polars as pl

NEEDS: tuple[str, ...] = ()
TITLE = "Polars by hand, exact scaled integers"
BY = "column"
WORKLOADS = ("w1", "w1r")
WEIGHTS = [20, 20, 15, 15, 10, 10, 5, 5]


def integer(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int64)


def indicator(number: int) -> pl.Expr:
    """Return the mark in hundredths; done = 100·a/t, so that (done − 60)·2.5 = 250·a/t − 150."""
    a, t = pl.col(f"actual_{number}"), pl.col(f"target_{number}")
    a = pl.min_horizontal(a * 5, t * 6)  # 5·actual, at most 120 %
    line = (a * 5000 - t * 15000 + t // 2) // t  # (250·a/t − 150)·100, half up
    above = (a * 1000 + t * 5000 + t // 2) // t  # (50 + 50·a/t)·100
    return pl.when(a < t * 3).then(integer(0)).when(a <= t * 5).then(line).otherwise(above)


def steps(lazy: pl.LazyFrame, workload: str) -> pl.LazyFrame:
    lazy = lazy.with_columns([indicator(number).alias(f"indicator_{number}") for number in range(1, 9)])
    total = pl.sum_horizontal(
        [pl.col(f"indicator_{number}") * weight for number, weight in enumerate(WEIGHTS, 1)]
    )
    total = total + (pl.col("bonus").clip(upper_bound=500) - pl.col("deduction")) * 100
    most = pl.when(pl.col("accidents") >= 2).then(integer(600_000)).otherwise(integer(1_000_000))
    kept = pl.min_horizontal(total.clip(lower_bound=0), most)
    lazy = lazy.with_columns(operations=(kept + 50) // 100)
    lazy = lazy.with_columns(composite=(pl.col("party") * pl.col("operations") + 5000) // 10000)
    score = pl.col("composite")
    stars = pl.when(score >= 9000).then(5).when(score >= 8000).then(4).when(score >= 7000).then(3)
    lazy = lazy.with_columns(stars=stars.when(score >= 6000).then(2).otherwise(1))
    shown = ["unit", "operations", "composite", "stars"]
    if workload != "w1r":
        return lazy.select(shown)
    place = score.rank("min", descending=True).over("organisation")
    best = pl.when(place * 5 <= pl.len().over("organisation")).then(pl.lit("A")).otherwise(pl.lit("B"))
    return lazy.select(*shown, place=place, best=best)


def prepare(folder: Path, workload: str):
    frame = pl.read_parquet(folder / "records.parquet")

    def run() -> pl.DataFrame:
        return steps(frame.lazy(), workload).collect()

    return run, lambda outcome: outcome["composite"].to_list()
