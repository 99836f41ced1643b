"""rulecore, W2: ``policy.evaluate`` from frames, with strict typing, every check and last year's results."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from peers.rulecore_w2 import frames, results_of
from rulecore import load_policy
from rulecore.plugins import load_plugins

NEEDS: tuple[str, ...] = ()
TITLE = "rulecore, policy.evaluate (typing, checks, history)"
BY = "column"
WORKLOADS = ("w2",)


def prepare(folder: Path, workload: str):
    policy = load_policy(Path(__file__).parent.parent / workload, registry=load_plugins(entry_points=False))
    records, rows = frames(folder, 2023)
    last = policy.evaluate(records, tables={"indicators": rows}, history=())
    records, rows = frames(folder, 2024)

    def results(outcome):
        table: pl.DataFrame = outcome.text_table
        return results_of(table.select("score", "part", "status"))

    return lambda: policy.evaluate(records, tables={"indicators": rows}, history=last), results
