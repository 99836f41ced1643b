"""rulecore, one record at a time: ``policy.evaluate_one`` with its strict typing of every cell."""

from __future__ import annotations

import json
from pathlib import Path

from rulecore import load_policy
from rulecore.plugins import load_plugins

NEEDS: tuple[str, ...] = ()
TITLE = "rulecore, evaluate_one (typing included)"
BY = "record"
WORKLOADS = ("w1", "w1u", "w3")
PLAIN = ("unit", "organisation", "accidents")


def cell(name: str, value: object) -> object:
    """Return a record's cell as a form or a service gives it: amounts as floats with two decimals."""
    return value if name in PLAIN or not isinstance(value, int) else value / 100


def prepare(folder: Path, workload: str):
    records = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    policy = load_policy(Path(__file__).parent.parent / workload, registry=load_plugins(entry_points=False))
    given = [{name: cell(name, value) for name, value in record.items()} for record in records]
    unit = 1000 if workload == "w3" else 100

    def run() -> list[object]:
        evaluate = policy.evaluate_one
        return [evaluate(record) for record in given]

    return run, lambda outcome: [int(result.values["composite"] * unit) for result in outcome]
