"""S11 容错纠错认定, computed from the scheme's text with fractions: case by case, in the order they were accepted."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from tests.oracles.exact import cell, number

COLUMNS = ["编号", "认定", "实际扣分", "理由"]
CONDITIONS = ["符合方向", "程序合规", "勤勉尽责", "未谋私利", "及时止损"]
NEGATIVES = ["弄虚作假", "重大安全环保事故", "明令禁止"]

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    granted: Counter[tuple[str, str]] = Counter()
    decided: dict[str, tuple[str, str, str, str]] = {}
    for row in sorted(rows, key=lambda row: (row["受理日期"], row["编号"])):
        of_year = (row["单位"], row["受理日期"][:4])
        outcome, points, reason = _decide(row, granted[of_year])
        granted[of_year] += outcome != "不予容错"
        decided[row["编号"]] = (row["编号"], outcome, cell(points, 2), reason)
    return [dict(zip(COLUMNS, decided[row["编号"]], strict=True)) for row in rows]


def _decide(row: Row, granted: int) -> tuple[str, Fraction, str]:
    points = number(row["原扣分"])
    for negative in NEGATIVES:
        if row[negative] == "是":
            return "不予容错", points, negative
    if int(row["结果公布至申请天数"]) > 30:
        return "不予容错", points, "超过30日"
    if granted >= 2:
        return "不予容错", points, "本年度已认定2次"
    lacking = [condition for condition in CONDITIONS if row[condition] == "否"]
    if not lacking:
        return "免责", Fraction(0), "五项条件齐备"
    if lacking == ["及时止损"]:
        return "减责", points / 2, "仅缺及时止损"
    return "不予容错", points, "缺少:" + "、".join(lacking)


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` cases that crowd the third of a unit and year, the same day, the last day and half cents."""
    source = random.Random(seed)  # noqa: S311 - test data
    numbers = [f"F{index:06d}" for index in source.sample(range(max(10, count * 2)), count)]
    units = [f"单位{index}" for index in range(max(1, count // source.choice([3, 6, 12])))]
    lacks, has = source.choice([(0.05, 0.02), (0.2, 0.05), (0.4, 0.2)])
    days = (
        ["0", "1", "29", "30", "30", "31", "45"] if source.random() < 0.5 else ["10", "30", "30", "20", "31"]
    )
    return [_row(source, code, source.choice(units), source.choice(days), lacks, has) for code in numbers]


def _row(source: random.Random, code: str, unit: str, days: str, lacks: float, has: float) -> Row:
    conditions = {name: "否" if source.random() < lacks else "是" for name in CONDITIONS}
    if source.random() < 0.25:
        conditions = dict.fromkeys(CONDITIONS, "是") | {"及时止损": "否"}
    year = source.choice(["2023", "2024", "2024", "2024", "2025"])
    day = source.choice(["01-01", "12-31", "06-18", "06-18", "02-28", f"{source.randint(1, 12):02d}-10"])
    points = source.choice(["3", "5", "0", "0.01", "0.05", "1.25", "2.5", "4.99", "100", "0.50", "7.35"])
    return (
        {"编号": code, "单位": unit, "受理日期": f"{year}-{day}", "结果公布至申请天数": days}
        | conditions
        | {name: "是" if source.random() < has else "否" for name in NEGATIVES}
        | {"原扣分": points}
    )
