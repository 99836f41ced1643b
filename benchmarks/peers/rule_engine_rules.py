"""rule-engine: Python expressions of its own, one rule a formula."""

from __future__ import annotations

from pathlib import Path

from peers.formulas import formulas, question
from peers.rowwise import hundredths, records

NEEDS = ("rule-engine==5.1.0",)
TITLE = "rule-engine"
BY = "record"
WORKLOADS = ("w1", "w1u")


def prepare(folder: Path, workload: str):
    import rule_engine

    given = records(folder)
    texts = formulas(
        question, lambda text: f"((({text}) * 100.0 + 0.5) // 1 / 100.0)", rounded=workload == "w1"
    )
    rules = [(name, rule_engine.Rule(text).evaluate) for name, text in texts]

    def run() -> list[float]:
        found = []
        for record in given:
            values = dict(record)
            for name, evaluate in rules:
                values[name] = evaluate(values)
            found.append(float(values["composite"]))
        return found

    return run, hundredths
