"""Rego (regopy): one module, a query for each record."""

from __future__ import annotations

import json
from pathlib import Path

from peers.rowwise import WEIGHTS, hundredths, records

NEEDS = ("regopy==1.5.2",)
TITLE = "Rego (regopy)"
BY = "record"
WORKLOADS = ("w1", "w1u")


def module(*, rounded: bool) -> str:
    lines = ["package w1", ""]
    for n in range(1, 9):
        lines += [
            f"share_{n} := input.actual_{n} / input.target_{n} * 100",
            f"done_{n} := 120 if share_{n} > 120",
            f"done_{n} := share_{n} if share_{n} <= 120",
            f"mark_{n} := 0 if done_{n} < 60",
            f"mark_{n} := (done_{n} - 60) * 2.5 if {{ done_{n} >= 60; done_{n} <= 100 }}",
            f"mark_{n} := 100 + (done_{n} - 100) / 2 if done_{n} > 100",
            f"indicator_{n} := floor(mark_{n} * 100 + 0.5) / 100"
            if rounded
            else f"indicator_{n} := mark_{n}",
        ]
    total = " + ".join(f"indicator_{n} * {weight}" for n, weight in enumerate(WEIGHTS, 1))
    lines += [
        "most := 60 if input.accidents >= 2",
        "most := 100 if input.accidents < 2",
        # Its min and max compare an integer with a float as texts, so the choice is made by conditions.
        "bonus := 5 if input.bonus > 5",
        "bonus := input.bonus if input.bonus <= 5",
        f"total := {total} + bonus - input.deduction",
        "kept := 0 if total < 0",
        "kept := total if { total >= 0; total <= most }",
        "kept := most if { total >= 0; total > most }",
        "operations := floor(kept * 100 + 0.5) / 100",
        "composite := floor(input.party * operations / 100 * 100 + 0.5) / 100",
    ]
    return "\n".join(lines)


def prepare(folder: Path, workload: str):
    from regopy import Interpreter

    given = [json.dumps(record) for record in records(folder)[:100]]
    interpreter = Interpreter()
    interpreter.add_module("w1", module(rounded=workload == "w1"))

    def run() -> list[float]:
        found = []
        for record in given:
            interpreter.set_input(json.loads(record))
            output = json.loads(str(interpreter.query("data.w1.composite")))
            found.append(output["expressions"][0])
        return found

    return run, hundredths
