"""Records of W2: five indicators each on average, organisations of a hundred, this year and the year before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl

ORGANISATION = 100
"""Records of an organisation. They stand together, so that the first ones of the file can be checked by themselves."""
CHECKED = 20_000
NEW = 0.1
"""The part of the units that had no record last year."""


def write(folder: Path, size: int, seed: int) -> None:
    """Write ``records.parquet``, ``rows.parquet`` and ``records.json``, and the same of the year before."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    old = random.random(size) >= NEW
    for year, kept in ((2023, old), (2024, np.ones(size, dtype=bool))):
        records, rows = _year(random, size, year)
        known = np.flatnonzero(kept)
        records = records[known.tolist()] if year == 2023 else records
        rows = rows.filter(pl.col("unit").is_in(records["unit"].implode())) if year == 2023 else rows
        records.write_parquet(folder / f"records-{year}.parquet", row_group_size=250_000)
        rows.write_parquet(folder / f"rows-{year}.parquet", row_group_size=250_000)
    few = {year: _few(folder, year, size) for year in (2023, 2024)}
    (folder / "records.json").write_text(json.dumps(few), encoding="utf-8")


def _year(random: np.random.Generator, size: int, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    units = pl.Series([f"U{number:08d}" for number in range(size)])
    organisations = np.arange(size) // ORGANISATION
    budgets = random.integers(100_000_00, 900_000_00, size // ORGANISATION + 1)
    records = pl.DataFrame(
        {
            "unit": units,
            "year": np.full(size, year),
            "organisation": [f"O{number:06d}" for number in organisations],
            "budget": budgets[organisations],
        }
    )
    counts = random.integers(3, 8, size)
    owners = np.repeat(np.arange(size), counts)
    targets = random.integers(5_000, 100_000, owners.size)
    rows = pl.DataFrame(
        {
            "unit": units.gather(owners),
            "year": np.full(owners.size, year),
            "indicator": pl.Series(
                "indicator", np.arange(owners.size) - np.repeat(np.cumsum(counts) - counts, counts)
            ).cast(pl.String),
            "weight": random.choice([10, 15, 20, 30], owners.size),
            "actual": (targets * random.uniform(0.5, 1.2, owners.size)).astype(np.int64),
            "target": targets,
        }
    )
    return records, rows


def _few(folder: Path, year: int, size: int) -> list[dict[str, object]]:
    """Return the records of the first organisations with their rows in them."""
    last = f"U{min(size, CHECKED):08d}"
    records = pl.read_parquet(folder / f"records-{year}.parquet").filter(pl.col("unit") < last)
    rows = pl.read_parquet(folder / f"rows-{year}.parquet").filter(pl.col("unit") < last)
    inside = rows.group_by("unit").agg(pl.struct("weight", "actual", "target").alias("indicators"))
    return records.join(inside, on="unit", how="left", maintain_order="left").to_dicts()


def in_decimals(frame: pl.DataFrame) -> pl.DataFrame:
    """Return scaled amounts as decimals, as a reader gives them."""
    amounts = [name for name in ("budget", "actual", "target") if name in frame.columns]
    return frame.with_columns((pl.col(amounts).cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(12, 2)))
