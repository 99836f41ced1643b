"""S17 科技创新“一把手”负责制目标责任, computed from the scheme's text with fractions: goals to units."""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["单位编码", "目标分合计", "履职扣分", "责任得分", "一把手系数", "三性不全目标数"]

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return a result row for each unit, in the order in which units first appear."""
    units: dict[str, list[Row]] = {}
    for row in rows:
        units.setdefault(row["单位编码"], []).append(row)
    return [dict(zip(COLUMNS, _unit(code, goals), strict=True)) for code, goals in units.items()]


def _unit(code: str, goals: list[Row]) -> tuple[str, ...]:
    points = sum((_points(goal) for goal in goals), Fraction(0))
    loss = 2 * max(0, 4 - int(goals[0]["主持科委会次数"]))
    score = half_up(points - loss, 2)
    coefficient = "1.1" if score >= 100 else "1.0" if score >= 90 else "0.9" if score >= 80 else "0.7"
    faulty = sum(_incomplete(goal) for goal in goals)
    return code, cell(points, 2), str(loss), cell(score, 2), coefficient, str(faulty)


def _incomplete(goal: Row) -> bool:
    return goal["量化口径"] == "无" or goal["数据来源"] == "无"


def _points(goal: Row) -> Fraction:
    base, target, actual = (number(goal[name]) for name in ("上年基数", "目标值", "完成值"))
    higher = goal["方向"] == "越高越好"
    stretch = (target - base) / base if higher else (base - target) / base
    completion = min(actual / target if higher else target / actual, Fraction(6, 5))
    factor = Fraction(1)
    if completion >= Fraction(9, 10):
        factor = (
            Fraction(110, 100)
            if stretch >= Fraction(15, 100)
            else Fraction(105, 100)
            if stretch >= Fraction(8, 100)
            else Fraction(1)
        )
    quality = Fraction(8, 10) if _incomplete(goal) else Fraction(1)
    return int(goal["权重"]) * completion * factor * quality


def generate(seed: int, count: int) -> list[Row]:
    """Return about ``count`` goals near the edges of stretch and completion, with thirds and sevenths."""
    source = random.Random(seed)  # noqa: S311 - test data
    rows: list[Row] = []
    while len(rows) < count:
        rows += _goals(source, f"V{len(rows):05d}")
    if source.random() < 0.5:
        source.shuffle(rows)
    return rows


def _goals(source: random.Random, code: str) -> list[Row]:
    size = source.choice([1, 2, 3, 3, 5])
    meetings = str(source.choice([0, 1, 3, 4, 4, 5, 12]))
    weights = [100 // size] * (size - 1)
    weights.append(100 - sum(weights))
    return [
        _goal(source, code, meetings, f"目标{source.choice([index, 0])}", weight)
        for index, weight in enumerate(weights)
    ]


def _goal(source: random.Random, code: str, meetings: str, name: str, weight: int) -> Row:
    base = Fraction(
        source.choice([100, 12, 3, 7, 1320, 50000, source.randint(1, 100000)]), source.choice([1, 1, 10, 100])
    )
    higher = source.random() < 0.6
    change = Fraction(source.choice([0, 5, 7, 8, 8, 9, 14, 15, 15, 16, 30, 99]), 100)
    target = max(half_up(base * (1 + change if higher else 1 - change), 2), Fraction(1, 100))
    reached = Fraction(source.choice([50, 75, 89, 90, 90, 91, 100, 110, 119, 120, 121, 173]), 100)
    actual = half_up(target * reached if higher else target / reached, 2)
    if higher and source.random() < 0.05:
        actual = -actual
    if not higher:
        actual = max(actual, Fraction(1, 100))
    return {
        "单位编码": code,
        "单位名称": f"单位{code}",
        "主持科委会次数": meetings,
        "目标名称": name,
        "权重": str(weight),
        "方向": "越高越好" if higher else "越低越好",
        "上年基数": _written(source, half_up(base, 2) or Fraction(1, 100)),
        "目标值": _written(source, target),
        "完成值": _written(source, actual),
        "量化口径": source.choice(["有", "有", "有", "无"]),
        "数据来源": source.choice(["有", "有", "有", "无"]),
    }


def _written(source: random.Random, value: Fraction) -> str:
    return cell(value, 2) if value.denominator != 1 or source.random() < 0.5 else str(value)
