"""ZEN Engine: a decision graph with one expression node, as its editor writes it."""

from __future__ import annotations

import json
from pathlib import Path

from peers.formulas import formulas, question
from peers.rowwise import hundredths, records

NEEDS = ("zen-engine==2.1.3",)
TITLE = "ZEN, decision graph"
BY = "record"
WORKLOADS = ("w1", "w1u")


def graph(texts: list[tuple[str, str]]) -> dict[str, object]:
    expressions = [
        {"id": name, "key": name, "value": _own(text, [n for n, _ in texts])} for name, text in texts
    ]
    content = {"expressions": expressions, "passThrough": True}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "w1",
                "type": "expressionNode",
                "name": "w1",
                "content": content,
                "position": {"x": 0, "y": 0},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "w1", "type": "edge"},
            {"id": "2", "sourceId": "w1", "targetId": "out", "type": "edge"},
        ],
    }


def _own(text: str, names: list[str]) -> str:
    """Return a formula in which earlier results are read as ``$.name``, as expression nodes want it."""
    import re

    return re.sub(r"\b(" + "|".join(sorted(names, key=len, reverse=True)) + r")\b", r"$.\1", text)


def prepare(folder: Path, workload: str):
    import zen

    given = records(folder)
    texts = formulas(
        question, lambda text: f"floor(({text}) * 100.0 + 0.5) / 100.0", rounded=workload == "w1"
    )
    decision = zen.ZenEngine().create_decision(json.dumps(graph(texts)))

    def run() -> list[object]:
        return [decision.evaluate(record)["result"] for record in given]

    return run, lambda outcome: hundredths([result["composite"] for result in outcome])
