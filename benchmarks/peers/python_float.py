"""Plain Python, floats, one function."""

from __future__ import annotations

from math import floor, log
from pathlib import Path

from peers.rowwise import hundredths, records

NEEDS: tuple[str, ...] = ()
TITLE = "plain Python, floats"
BY = "record"
WORKLOADS = ("w1", "w1u", "w3")
WEIGHTS = (0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)
NAMES = tuple((f"actual_{number}", f"target_{number}", weight) for number, weight in enumerate(WEIGHTS, 1))


def composite(record: dict[str, float], rounded: bool) -> tuple[float, float, int]:
    total = 0.0
    for actual, target, weight in NAMES:
        done = record[actual] / record[target] * 100
        done = 120.0 if done > 120 else done
        mark = 0.0 if done < 60 else (done - 60) * 2.5 if done <= 100 else 100 + (done - 100) / 2
        total += (floor(mark * 100 + 0.5) / 100 if rounded else mark) * weight
    bonus = record["bonus"]
    total += (5.0 if bonus > 5 else bonus) - record["deduction"]
    most = 60.0 if record["accidents"] >= 2 else 100.0
    operations = floor(min(max(total, 0.0), most) * 100 + 0.5) / 100
    score = floor(record["party"] * operations / 100 * 100 + 0.5) / 100
    stars = 5 if score >= 90 else 4 if score >= 80 else 3 if score >= 70 else 2 if score >= 60 else 1
    return operations, score, stars


def human_development(record: dict[str, float]) -> float:
    income = (log(record["income"]) - 4.605170185988092) / (11.225243392518447 - 4.605170185988092)
    schooling = (record["expected"] / 18 + record["schooling"] / 15) / 2
    return floor(((record["life"] - 20) / 65 * schooling * income) ** (1 / 3) * 1000 + 0.5) / 1000


def prepare(folder: Path, workload: str):
    given = records(folder)
    if workload == "w3":
        return (
            lambda: [human_development(record) for record in given],
            lambda outcome: [round(value * 1000) for value in outcome],
        )
    rounded = workload == "w1"
    return (
        lambda: [composite(record, rounded) for record in given],
        lambda outcome: hundredths([score for _, score, _ in outcome]),
    )
