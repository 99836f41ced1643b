"""S19 三室联动、青年培养覆盖度, computed from the scheme's text with fractions: the independent answer."""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell

COLUMNS = ["单位编码", "双导师分", "项目分", "联系分", "突击队分", "转化分", "适用权重", "总分"]
WEIGHTS = {"双导师分": 25, "项目分": 25, "联系分": 20, "突击队分": 15, "转化分": 15}

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    return [_row_out(row) for row in rows]


def _row_out(row: Row) -> Row:
    numbers = {name: int(text) for name, text in row.items() if name not in ("单位编码", "单位名称")}
    joined = numbers["新入职青年"]
    if numbers["有双导师人数"] > joined or numbers["有项目人数"] > joined:
        return dict.fromkeys(COLUMNS, "") | {"单位编码": row["单位编码"]}
    parts = {
        "双导师分": (numbers["有双导师人数"], joined),
        "项目分": (numbers["有项目人数"], joined),
        "联系分": (numbers["联系青年专家次数"], 2 * numbers["党委委员数"]),
        "突击队分": (numbers["突击队完成"], numbers["突击队目标"]),
        "转化分": (numbers["转化完成"], numbers["转化目标"]),
    }
    applicable = {name: part for name, part in parts.items() if part[1] > 0}
    points = {name: WEIGHTS[name] * min(Fraction(*part), Fraction(1)) for name, part in applicable.items()}
    weight = sum(WEIGHTS[name] for name in applicable)
    shown = {name: cell(points[name], 2) if name in points else "不适用" for name in parts}
    total = sum(points.values(), Fraction(0)) * 100 / weight
    return {"单位编码": row["单位编码"]} | shown | {"适用权重": str(weight), "总分": cell(total, 2)}


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd halves of a cent, targets just met and impossible numerators."""
    source = random.Random(seed)  # noqa: S311 - test data
    return [_record(source, index) for index in range(count)]


def _record(source: random.Random, index: int) -> Row:
    joined = source.choice([0, 0, 1, 2, 3, 7, 12, 16, 20, 64, 125, 400, source.randint(1, 3000)])
    members = source.choice([1, 1, 2, 3, 5, 7, 8, 11, 50, source.randint(1, 500)])
    task_force = source.choice([1, 1, 2, 3, 7, 16, 97, source.randint(1, 500)])
    results = source.choice([1, 1, 2, 3, 6, 13, 64, source.randint(1, 500)])
    row = {
        "单位编码": f"Y{index:05d}",
        "单位名称": source.choice(["", f"第{index}公司"]),
        "新入职青年": joined,
        "有双导师人数": _part(source, joined),
        "有项目人数": _part(source, joined),
        "党委委员数": members,
        "联系青年专家次数": _near(source, 2 * members),
        "突击队目标": task_force,
        "突击队完成": _near(source, task_force),
        "转化目标": results,
        "转化完成": _near(source, results),
    }
    return {name: str(value) for name, value in row.items()}


def _part(source: random.Random, whole: int) -> int:
    """Return a count that is mostly possible: none, all, some, and now and then one or more too many."""
    return source.choice(
        [0, whole, whole, *(source.randint(0, whole) for _ in range(12)), whole + 1, whole + 9]
    )


def _near(source: random.Random, target: int) -> int:
    """Return an actual below, just below, at, just above or far above its target."""
    return source.choice(
        [0, target - 1, target, target + 1, 3 * target, *(source.randint(0, target) for _ in range(6))]
    )
