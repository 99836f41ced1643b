"""Plain Python, exact scaled integers, one function: what the kernel for one record is measured against."""

from __future__ import annotations

import json
from pathlib import Path

NEEDS: tuple[str, ...] = ()
TITLE = "plain Python, exact integers"
BY = "record"
WORKLOADS = ("w1",)
WEIGHTS = (20, 20, 15, 15, 10, 10, 5, 5)
NAMES = tuple((f"actual_{number}", f"target_{number}", weight) for number, weight in enumerate(WEIGHTS, 1))


def composite(record: dict[str, int]) -> tuple[int, int, int]:
    total = 0
    for actual, target, weight in NAMES:
        a, t = record[actual] * 5, record[target]
        a = min(a, t * 6)
        if a < t * 3:
            continue
        mark = (a * 5000 - t * 15000 + t // 2) // t if a <= t * 5 else (a * 1000 + t * 5000 + t // 2) // t
        total += mark * weight
    total += (min(record["bonus"], 500) - record["deduction"]) * 100
    operations = (min(max(total, 0), 600_000 if record["accidents"] >= 2 else 1_000_000) + 50) // 100
    score = (record["party"] * operations + 5000) // 10000
    stars = 5 if score >= 9000 else 4 if score >= 8000 else 3 if score >= 7000 else 2 if score >= 6000 else 1
    return operations, score, stars


def prepare(folder: Path, workload: str):
    del workload
    given = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    return lambda: [composite(record) for record in given], lambda outcome: [score for _, score, _ in outcome]
