"""ZEN Engine: compiled expressions, one after the other."""

from __future__ import annotations

from pathlib import Path

from peers.formulas import formulas, question
from peers.rowwise import hundredths, records

NEEDS = ("zen-engine==2.1.3",)
TITLE = "ZEN, compiled expressions"
BY = "record"
WORKLOADS = ("w1", "w1u")


def prepare(folder: Path, workload: str):
    import zen

    given = records(folder)
    texts = formulas(
        question, lambda text: f"floor(({text}) * 100.0 + 0.5) / 100.0", rounded=workload == "w1"
    )
    # One expression with everything inside: ZEN is fastest when the record crosses into Rust once.
    program = zen.compile_expression(
        "; ".join(f"{name} = {text}" for name, text in texts) + "; [operations, composite, stars]"
    )

    def run() -> list[object]:
        return [program.evaluate(record) for record in given]

    return run, lambda outcome: hundredths([result[1] for result in outcome])
