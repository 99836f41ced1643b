"""S10 任务书里程碑考核, computed from the scheme's text with fractions: nodes to projects, exempted ones left out."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["项目编码", "计入权重", "项目得分", "等次", "拨付系数", "说明"]
GRADES = ((90, "优秀", "1.0"), (75, "良好", "0.8"), (60, "合格", "0.5"), (0, "不合格", "0"))
PAYMENTS = {name: payment for _line, name, payment in GRADES}

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return a result row for each project, in the order in which projects first appear."""
    projects: dict[str, list[Row]] = {}
    for row in rows:
        projects.setdefault(row["项目编码"], []).append(row)
    return [dict(zip(COLUMNS, _project(code, nodes), strict=True)) for code, nodes in projects.items()]


def _project(code: str, nodes: list[Row]) -> tuple[str, ...]:
    if sum(int(node["权重"]) for node in nodes) != 100:
        return code, "", "", "", "", "数据错误"
    counted = [node for node in nodes if node["容错认定"] != "是"]
    weight = sum(int(node["权重"]) for node in counted)
    points = sum((int(node["权重"]) * _points(node) for node in counted), Fraction(0))
    score = half_up(points / weight, 2)
    grade = next(name for line, name, _payment in GRADES if score >= line)
    exempted = len(counted) < len(nodes)
    if exempted and grade == "优秀":
        grade = "良好"
    remark = "含容错节点最高良好" if exempted else ""
    return code, str(weight), cell(score, 2), grade, PAYMENTS[grade], remark


def _points(node: Row) -> Fraction:
    if not node["实际日期"]:
        return Fraction(0)
    days = (date.fromisoformat(node["实际日期"]) - date.fromisoformat(node["计划日期"])).days
    delay = max(0, days - int(node["批准延期天数"] or 0))
    return number(node["质量分"]) * max(1 - Fraction(delay, 100), Fraction(60, 100))


def generate(seed: int, count: int) -> list[Row]:
    """Return about ``count`` nodes of projects near the lines: leap days, the 40th day, weights that miss 100."""
    source = random.Random(seed)  # noqa: S311 - test data
    rows: list[Row] = []
    while len(rows) < count:
        rows += _nodes(source, f"K{len(rows):05d}")
    if source.random() < 0.5:
        source.shuffle(rows)
    return rows


def _nodes(source: random.Random, code: str) -> list[Row]:
    size = source.choice([1, 1, 2, 3, 4, 5])
    cuts = sorted(source.sample(range(1, 100), size - 1))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    if source.random() < 0.1:
        weights[0] += source.choice([-1, 1, 5])
    exempt = [source.random() < source.choice([0, 0.2, 0.6]) for _weight in weights]
    if all(exempt) or sum(weight for weight, out in zip(weights, exempt, strict=True) if not out) <= 0:
        exempt = [False] * size
    near = source.choice([60, 75, 90, None])
    return [
        _node(source, code, f"N{index}", weight, out, near)
        for index, (weight, out) in enumerate(zip(weights, exempt, strict=True), start=1)
    ]


def _node(source: random.Random, code: str, name: str, weight: int, exempt: bool, near: int | None) -> Row:
    planned = source.choice(
        [date(2024, 2, 28), date(2024, 2, 29), date(2023, 12, 31), date(2024, 6, 30), date(2025, 3, 1)]
    )
    late = source.choice([-400, -3, 0, 0, 0, 1, 9, 10, 39, 40, 41, 366])
    done = source.random() < 0.85
    quality = Fraction(source.randint(-30, 30), 10) + near if near else Fraction(source.randint(0, 1000), 10)
    quality = min(max(quality, Fraction(0)), Fraction(100))
    shown = cell(quality, 1) if source.random() < 0.5 or quality.denominator != 1 else str(quality)
    return {
        "项目编码": code,
        "项目名称": f"项目{code}",
        "节点": name,
        "权重": str(weight),
        "计划日期": planned.isoformat(),
        "实际日期": (planned + timedelta(days=late)).isoformat() if done else "",
        "批准延期天数": source.choice(["0", "0", "5", "10", "40", ""]),
        "质量分": shown if done else source.choice(["", shown]),
        "容错认定": "是" if exempt else "否",
    }
