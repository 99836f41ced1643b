"""rulecore, a CSV file read and every cell typed strictly: encoding, quotes, header, decimals, ranges, entities."""

from __future__ import annotations

from pathlib import Path

from peers.polars_csv import written
from rulecore import load_policy
from rulecore.contracts import ReadOptions
from rulecore.plugins import load_plugins
from rulecore.policy_run import read_levels

NEEDS: tuple[str, ...] = ()
TITLE = "rulecore, read and typed strictly"
BY = "column"
WORKLOADS = ("csv",)


def prepare(folder: Path, workload: str):
    del workload
    path = written(folder)
    policy = load_policy(Path(__file__).parent.parent / "w1", registry=load_plugins(entry_points=False))

    def run():
        read, _details = policy.read(path, {}, ReadOptions())
        return read_levels(policy.plan, read, {})

    return run, lambda levels: levels.records.frame["party"].to_list()
