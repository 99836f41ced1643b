"""JsonLogic in Python (panzi-json-logic): one rule a formula; half up by the remainder, for it has no floor."""

from __future__ import annotations

from pathlib import Path

from peers.rowwise import WEIGHTS, hundredths, records

NEEDS = ("panzi-json-logic==1.0.1",)
TITLE = "JsonLogic"
BY = "record"
WORKLOADS = ("w1", "w1u")


def var(name: str) -> dict[str, object]:
    return {"var": name}


def half_up(rule: object) -> object:
    steps = {"+": [{"*": [rule, 100]}, 0.5]}
    return {"/": [{"-": [steps, {"%": [steps, 1]}]}, 100]}


def rules(*, rounded: bool) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for number in range(1, 9):
        quotient = {"*": [{"/": [var(f"actual_{number}"), var(f"target_{number}")]}, 100]}
        found.append((f"done_{number}", {"min": [quotient, 120]}))
        done = var(f"done_{number}")
        line = {"*": [{"-": [done, 60]}, 2.5]}
        above = {"+": [100, {"/": [{"-": [done, 100]}, 2]}]}
        mark = {"if": [{"<": [done, 60]}, 0, {"<=": [done, 100]}, line, above]}
        found.append((f"mark_{number}", mark))
        found.append(
            (f"indicator_{number}", half_up(var(f"mark_{number}")) if rounded else var(f"mark_{number}"))
        )
    parts = [{"*": [var(f"indicator_{number}"), float(weight)]} for number, weight in enumerate(WEIGHTS, 1)]
    found.append(("total", {"-": [{"+": [*parts, {"min": [var("bonus"), 5]}]}, var("deduction")]}))
    most = {"if": [{">=": [var("accidents"), 2]}, 60, 100]}
    found.append(("operations", half_up({"max": [0, {"min": [var("total"), most]}]})))
    found.append(("composite", half_up({"/": [{"*": [var("party"), var("operations")]}, 100]})))
    stars: list[object] = []
    for edge, count in ((90, 5), (80, 4), (70, 3), (60, 2)):
        stars += [{">=": [var("composite"), edge]}, count]
    found.append(("stars", {"if": [*stars, 1]}))
    return found


def prepare(folder: Path, workload: str):
    from json_logic import jsonLogic

    given = records(folder)[:2000]
    made = rules(rounded=workload == "w1")

    def run() -> list[float]:
        found = []
        for record in given:
            values = dict(record)
            for name, rule in made:
                values[name] = jsonLogic(rule, values)
            found.append(values["composite"])
        return found

    return run, hundredths
