"""W2: Polars by hand, floats."""

from __future__ import annotations

from pathlib import Path

from peers.polars_w2 import prepared

NEEDS: tuple[str, ...] = ()
TITLE = "Polars by hand, floats"
BY = "column"
WORKLOADS = ("w2",)


def prepare(folder: Path, workload: str):
    del workload
    return prepared(folder, exact=False)
