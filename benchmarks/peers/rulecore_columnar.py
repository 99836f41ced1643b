"""rulecore, columns: the policy's plan on typed records, as the engine gets them from any reader."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rulecore import load_policy
from rulecore.declarations import Policy
from rulecore.engines.columnar.run import evaluate
from rulecore.planned import CohortStep, Plan
from rulecore.plugins import load_plugins
from rulecore.records.storage import storage

NEEDS: tuple[str, ...] = ()
TITLE = "rulecore, columnar engine"
BY = "column"
WORKLOADS = ("w1", "w1u", "w1r", "w3")
FOLDERS = {"w1": "w1", "w1r": "w1", "w1u": "w1u", "w3": "w3"}


def plan_of(workload: str) -> Plan:
    """Return the plan of a workload; w1 and w1u are the record-wise steps of theirs."""
    from attrs import evolve

    folder = Path(__file__).parent.parent / FOLDERS[workload]
    plan = load_policy(folder, registry=load_plugins(entry_points=False)).plan
    assert isinstance(plan.policy, Policy)
    if workload == "w1r":
        return plan
    cohorts = {step.rule for step in plan.steps if isinstance(step, CohortStep)}
    names = {step.name for step in plan.steps if isinstance(step, CohortStep)} | cohorts
    return evolve(plan, steps=tuple(step for step in plan.steps if step.name not in names))


def typed(folder: Path, plan: Plan) -> pl.DataFrame:
    """Return the records in the dtypes of the plan's fields."""
    frame = pl.read_parquet(folder / "records.parquet")
    columns = []
    for planned in plan.fields:
        held = storage(planned.type)
        assert held is not None
        columns.append(pl.col(planned.name).cast(held.dtype()))
    return frame.select(columns)


def prepare(folder: Path, workload: str):
    plan = plan_of(workload)
    frame = typed(folder, plan)
    return lambda: evaluate(plan, frame), lambda outcome: outcome["composite"].to_list()
