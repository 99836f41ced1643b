"""Records for the workloads, drawn from a seed: every amount is a whole number of hundredths.

``dense`` data is made of round numbers, so that many composites fall exactly half way between two hundredths: there
plain floats go wrong, as they do on real marks, which people give in halves and tens.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import w2_records

ORGANISATIONS = 200
ROWS_OF_A_CHUNK = 1_000_000
RECORDS_FOR_ROW_ENGINES = 20_000
"""Engines that take one record at a time get no more than these, and are compared by the record."""


def write(folder: Path, workload: str, size: int, *, dense: bool = False, seed: int = 20261120) -> None:
    """Write the records: ``records.parquet`` in scaled integers, ``decimals.parquet`` in decimals, ``records.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    if workload == "w2":
        w2_records.write(folder, size, seed)
        return
    random = np.random.default_rng(seed)
    chunks = []
    for start in range(0, size, ROWS_OF_A_CHUNK):
        rows = min(ROWS_OF_A_CHUNK, size - start)
        make = _w3 if workload == "w3" else _w1
        chunks.append(make(random, start, rows, dense=dense))
    frame = pl.concat(chunks)
    frame.write_parquet(folder / "records.parquet", row_group_size=250_000)
    amounts = [name for name in frame.columns if name not in ("unit", "organisation", "accidents")]
    # Part by part: in decimals, 16 bytes each, 1e7 records take gigabytes.
    lazy = pl.scan_parquet(folder / "records.parquet").with_columns(
        [(pl.col(name).cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(12, 2)) for name in amounts]
    )
    lazy.sink_parquet(folder / "decimals.parquet", row_group_size=250_000)
    few = frame.head(RECORDS_FOR_ROW_ENGINES).to_dicts()
    (folder / "records.json").write_text(json.dumps(few), encoding="utf-8")


def _w1(random: np.random.Generator, start: int, rows: int, *, dense: bool) -> pl.DataFrame:
    columns: dict[str, object] = {
        "unit": [f"U{number:08d}" for number in range(start, start + rows)],
        "organisation": [f"O{number:03d}" for number in random.integers(0, ORGANISATIONS, rows)],
    }
    for number in range(1, 9):
        if dense:
            columns[f"target_{number}"] = random.choice([10000, 20000, 5000, 8000], rows)
            columns[f"actual_{number}"] = random.integers(60, 260, rows) * 50
        else:
            columns[f"target_{number}"] = random.integers(5_000, 100_000, rows)
            share = random.uniform(0.5, 1.3, rows)
            columns[f"actual_{number}"] = (columns[f"target_{number}"] * share).astype(np.int64)
    columns["bonus"] = random.integers(0, 40 if dense else 800, rows) * (25 if dense else 1)
    columns["deduction"] = random.integers(0, 20 if dense else 500, rows) * (25 if dense else 1)
    columns["accidents"] = random.choice([0, 1, 2, 3], rows, p=[0.85, 0.1, 0.04, 0.01])
    columns["party"] = random.integers(140, 201, rows) * 50 if dense else random.integers(7000, 10001, rows)
    return pl.DataFrame(columns)


def _w3(random: np.random.Generator, start: int, rows: int, *, dense: bool) -> pl.DataFrame:
    del dense
    return pl.DataFrame(
        {
            "unit": [f"U{number:08d}" for number in range(start, start + rows)],
            "life": random.integers(4500, 8500, rows),
            "expected": random.integers(400, 1800, rows),
            "schooling": random.integers(100, 1500, rows),
            "income": random.integers(50_000, 7_500_000, rows),
        }
    )
