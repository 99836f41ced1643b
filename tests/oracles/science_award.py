"""S04 科技进步奖评审, computed from the scheme's text with fractions: the independent answer to compare with."""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["项目编码", "有效评委", "评审分", "推荐等级", "表决后等级", "奖金(元)", "说明"]
JUDGES = [f"评委{index}" for index in range(1, 8)]
PRIZES = {"一等奖": 100000, "二等奖": 50000, "三等奖": 20000, "": 0}

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    return [dict(zip(COLUMNS, (row["项目编码"], *_judged(row)), strict=True)) for row in rows]


def _judged(row: Row) -> tuple[str, ...]:
    written = [row[name].strip() for name in JUDGES]
    if "" in written:
        return ("", "", "", "", "", "数据错误")
    marks = sorted(number(mark) for mark in written if mark != "R")
    if len(marks) < 5:
        return (str(len(marks)), "", "", "", "0", "有效评委不足5人需补评")
    score = half_up(sum(marks[1:-1], Fraction(0)) / (len(marks) - 2), 2)
    recommended = _class(score)
    award, remark = _voted(recommended, int(row["到会表决人数"]), int(row["同意票"]))
    prize = max(0, PRIZES[award] - int(row.get("同一成果已获奖励(元)", "") or 0))
    return (str(len(marks)), cell(score, 2), recommended, award, str(prize), remark)


def _class(score: Fraction) -> str:
    for limit, name in ((85, "一等奖"), (75, "二等奖"), (65, "三等奖")):
        if score >= limit:
            return name
    return ""


def _voted(recommended: str, present: int, yes: int) -> tuple[str, str]:
    if not recommended:
        return "", ""
    if 2 * yes < present:
        return "", "未过半数"
    if recommended == "一等奖" and 3 * yes < 2 * present:
        return "二等奖", "一等奖未达三分之二"
    return recommended, ""


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd class limits, tied marks, recusals and votes on the line."""
    source = random.Random(seed)  # noqa: S311 - test data
    with_paid = source.random() < 0.5
    rows = []
    for index in range(count):
        marks = _marks(source)
        present, yes = _votes(source)
        row = {"项目编码": f"P{index:05d}", "项目名称": f"第{index}项"}
        row |= dict(zip(JUDGES, marks, strict=True))
        row |= {"到会表决人数": str(present), "同意票": str(yes)}
        if with_paid:
            row["同一成果已获奖励(元)"] = source.choice(["", "0", "6000", "20000", "50001", "100000"])
        rows.append(row)
    return rows


def _marks(source: random.Random) -> list[str]:
    around = source.choice([65, 75, 85, 85, 75, 65, 30, 99])
    recused = source.choice([0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 7])
    kind = source.random()
    marks = []
    for _ in range(7 - recused):
        if kind < 0.4:  # within a cent or two of the limit: the mean falls on it, just above or just below
            mark = Fraction(around) + Fraction(source.choice([-3, -2, -1, -1, 0, 0, 0, 1, 1, 2]), 100)
        elif kind < 0.7:  # whole marks, with ties among the extremes
            mark = Fraction(around + source.choice([-3, -2, 0, 0, 1, 3]))
        else:
            mark = Fraction(source.randint(0, 10000), 100)
        mark = max(Fraction(0), min(mark, Fraction(100)))
        marks.append(cell(mark, 2) if source.random() < 0.7 or mark.denominator > 1 else str(mark))
    if source.random() < 0.3 and marks:
        # An extreme that must not count.
        marks[source.randrange(len(marks))] = source.choice(["0", "100", "100.00"])
    marks += ["R"] * recused
    source.shuffle(marks)
    if source.random() < 0.06:
        marks[source.randrange(7)] = source.choice(["", " "])
    return marks


def _votes(source: random.Random) -> tuple[int, int]:
    present = source.choice([1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 100, 999])
    near = source.choice([Fraction(1, 2), Fraction(2, 3), Fraction(0), Fraction(1)])
    yes = int(near * present) + source.choice([-1, 0, 0, 0, 1])
    return present, max(0, min(yes, present))
