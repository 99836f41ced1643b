"""Polars, read_csv: types guessed, nothing checked."""

from __future__ import annotations

from pathlib import Path

import polars as pl

NEEDS: tuple[str, ...] = ()
TITLE = "polars.read_csv, types guessed"
BY = "column"
WORKLOADS = ("csv",)


def written(folder: Path) -> Path:
    """Return the CSV file of the records, written if need be."""
    path = folder / "decimals.csv"
    if not path.exists():
        pl.read_parquet(folder / "decimals.parquet").write_csv(path)
    return path


def prepare(folder: Path, workload: str):
    del workload
    path = written(folder)
    return lambda: pl.read_csv(path), lambda frame: (frame["party"] * 100).round().cast(pl.Int64).to_list()
