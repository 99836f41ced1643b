"""CEL, the Rust binding: one program a formula."""

from __future__ import annotations

from pathlib import Path

from peers.formulas import formulas, question
from peers.rowwise import hundredths, records

NEEDS = ("common-expression-language==0.10.0",)
TITLE = "CEL (Rust binding)"
BY = "record"
WORKLOADS = ("w1", "w1u")


def prepare(folder: Path, workload: str):
    import cel

    given = records(folder)
    texts = formulas(
        question, lambda text: f"double(int(({text}) * 100.0 + 0.5)) / 100.0", rounded=workload == "w1"
    )
    programs = [(name, cel.compile(text).execute) for name, text in texts]

    def run() -> list[float]:
        found = []
        for record in given:
            values = dict(record)
            for name, execute in programs:
                values[name] = execute(values)
            found.append(values["composite"])
        return found

    return run, hundredths
