"""Polars by hand, in floats: what a quick script does."""

from __future__ import annotations

from pathlib import Path

import polars as pl

NEEDS: tuple[str, ...] = ()
TITLE = "Polars by hand, floats"
BY = "column"
WORKLOADS = ("w1", "w1u", "w1r", "w3")
WEIGHTS = [0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05]


def half_up(value: pl.Expr, digits: int = 2) -> pl.Expr:
    factor = 10.0**digits
    return (value * factor + 0.5).floor() / factor


def indicators(*, rounded: bool) -> list[pl.Expr]:
    found = []
    for number in range(1, 9):
        done = (pl.col(f"actual_{number}") / pl.col(f"target_{number}") * 100).clip(0, 120)
        mark = (
            pl.when(done < 60)
            .then(0.0)
            .when(done <= 100)
            .then((done - 60) * 2.5)
            .otherwise(100 + (done - 100) / 2)
        )
        found.append((half_up(mark) if rounded else mark).alias(f"indicator_{number}"))
    return found


def steps(lazy: pl.LazyFrame, workload: str) -> pl.LazyFrame:
    if workload == "w3":
        income = (pl.col("income").log() - 4.605170185988092) / (11.225243392518447 - 4.605170185988092)
        schooling = (pl.col("expected") / 18 + pl.col("schooling") / 15) / 2
        product = (pl.col("life") - 20) / 65 * schooling * income
        return lazy.select("unit", composite=half_up(product.pow(1 / 3), 3))
    lazy = lazy.with_columns(indicators(rounded=workload != "w1u"))
    total = pl.sum_horizontal(
        [pl.col(f"indicator_{number}") * weight for number, weight in enumerate(WEIGHTS, 1)]
    )
    total = total + pl.min_horizontal(pl.col("bonus"), 5.0) - pl.col("deduction")
    most = pl.when(pl.col("accidents") >= 2).then(60.0).otherwise(100.0)
    lazy = lazy.with_columns(operations=half_up(pl.min_horizontal(total.clip(0), most)))
    lazy = lazy.with_columns(composite=half_up(pl.col("party") * pl.col("operations") / 100))
    score = pl.col("composite")
    stars = pl.when(score >= 90).then(5).when(score >= 80).then(4).when(score >= 70).then(3)
    lazy = lazy.with_columns(stars=stars.when(score >= 60).then(2).otherwise(1))
    shown = ["unit", "operations", "composite", "stars"]
    if workload != "w1r":
        return lazy.select(shown)
    place = score.rank("min", descending=True).over("organisation")
    best = pl.when(place <= 0.2 * pl.len().over("organisation")).then(pl.lit("A")).otherwise(pl.lit("B"))
    return lazy.select(*shown, place=place, best=best)


def prepare(folder: Path, workload: str):
    frame = pl.read_parquet(folder / "records.parquet")
    amounts = [name for name in frame.columns if name not in ("unit", "organisation", "accidents")]
    frame = frame.with_columns(pl.col(amounts).cast(pl.Float64) / 100)
    unit = 1000 if workload == "w3" else 100

    def run() -> pl.DataFrame:
        return steps(frame.lazy(), workload).collect()

    def results(outcome: pl.DataFrame) -> list[int]:
        return (outcome["composite"] * unit).round().fill_nan(0).cast(pl.Int64).to_list()

    return run, results
