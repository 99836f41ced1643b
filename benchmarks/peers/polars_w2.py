"""W2 in Polars by hand: joins, a pool by largest remainders, last year's status; in floats, or in scaled integers."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from exact import one_number

SHOWN = ("unit", "score", "part", "status")


def half_up(value: pl.Expr) -> pl.Expr:
    return (value * 100 + 0.5).floor() / 100


def scored(records: pl.LazyFrame, rows: pl.LazyFrame, *, exact: bool) -> pl.LazyFrame:
    """Return the records with their scores: in hundredths where they are exact."""
    weight, actual, target = pl.col("weight"), pl.col("actual"), pl.col("target")
    if exact:
        capped = pl.min_horizontal(actual * 10_000, target * 12_000)
        mark = (capped + target // 2) // target
    else:
        mark = half_up((actual / target * 100).clip(0, 120))
    sums = rows.group_by("unit").agg(points=(weight * mark).sum(), weights=weight.sum())
    joined = records.join(sums, on="unit", how="left", maintain_order="left")
    points, weights = pl.col("points"), pl.col("weights")
    score = (points * 2 + weights) // (weights * 2) if exact else half_up(points / weights)
    return joined.with_columns(score=score)


def stated(records: pl.LazyFrame, before: pl.LazyFrame | None, *, exact: bool) -> pl.LazyFrame:
    """Return the records with their status, which follows from last year's."""
    if before is None:
        records = records.with_columns(before=pl.lit(None, dtype=pl.String()))
    else:
        last = before.select("unit", before="status")
        records = records.join(last, on="unit", how="left", maintain_order="left")
    unit = 100 if exact else 1
    score, last_status = pl.col("score"), pl.col("before")
    return records.with_columns(
        status=pl.when(last_status == "终止")
        .then(pl.lit("终止"))
        .when((last_status == "风险提示") & (score < 80 * unit))
        .then(pl.lit("终止"))
        .when(score < 80 * unit)
        .then(pl.lit("风险提示"))
        .when(score >= 90 * unit)
        .then(pl.lit("通过"))
        .otherwise(pl.coalesce(last_status, pl.lit("在培")))
    )


def shared(records: pl.LazyFrame, *, exact: bool) -> pl.LazyFrame:
    """Return the records with their parts of the pool, in whole cents that add up."""
    weight, budget, inside = pl.col("share_weight"), pl.col("budget"), "organisation"
    if exact:
        records = records.with_columns(
            share_weight=pl.when(pl.col("score") >= 6000).then("score").otherwise(0)
        )
        total = weight.sum().over(inside)
        records = records.with_columns(cents=budget * weight // total, rest=budget * weight % total)
        whole = budget
    else:
        records = records.with_columns(
            share_weight=pl.when(pl.col("score") >= 60).then("score").otherwise(0.0)
        )
        fair = budget * 100 * weight / weight.sum().over(inside)
        records = records.with_columns(cents=fair.floor(), rest=fair - fair.floor())
        whole = (budget * 100).round()
    order = pl.struct(-pl.col("rest"), -weight, pl.int_range(pl.len())).rank("ordinal").over(inside)
    left = whole - pl.col("cents").sum().over(inside)
    cents = pl.col("cents") + (order <= left).cast(pl.Int64)
    return records.with_columns(part=cents if exact else cents / 100)


def steps(
    records: pl.DataFrame, rows: pl.DataFrame, before: pl.DataFrame | None, *, exact: bool
) -> pl.DataFrame:
    lazy = scored(records.lazy(), rows.lazy(), exact=exact)
    lazy = stated(lazy, None if before is None else before.lazy(), exact=exact)
    return shared(lazy, exact=exact).select(SHOWN).collect()


def prepared(folder: Path, *, exact: bool):
    years = {}
    for year in (2023, 2024):
        frames = [pl.read_parquet(folder / f"{name}-{year}.parquet") for name in ("records", "rows")]
        if not exact:
            amounts = ["budget"], ["actual", "target"]
            frames = [
                frame.with_columns(pl.col(names).cast(pl.Float64) / 100)
                for frame, names in zip(frames, amounts, strict=True)
            ]
        years[year] = frames
    before = steps(*years[2023], None, exact=exact)

    def results(outcome: pl.DataFrame) -> list[int]:
        unit = 1 if exact else 100
        rows = outcome.select((pl.col("score", "part") * unit).round().cast(pl.Int64), "status").rows()
        return [one_number(*row) for row in rows]

    return lambda: steps(*years[2024], before, exact=exact), results
