"""S18 创新创意大赛, computed from the scheme's text with fractions: the independent answer to compare with.

A finalist whose final scores or votes are not all there has no total and no rank; the award says so.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["编号", "初评分", "进入决赛", "决赛分", "投票分", "总分", "名次", "奖项"]
FIRST = [f"初评{index}" for index in range(1, 4)]
FINAL = [f"决赛{index}" for index in range(1, 6)]
VOTES = "大众票"

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order; entries without a first score have none."""
    entries = [row for row in rows if all(row[name].strip() for name in FIRST)]
    cut = sorted((_first(row) for row in entries), reverse=True)[:3]
    finalists = [row for row in entries if _first(row) >= cut[-1]]
    counted = [int(row[VOTES]) for row in finalists if row[VOTES].strip()]
    most = max(counted, default=0)
    totals = {row["编号"]: _total(row, most) for row in finalists if _complete(row)}
    standings = sorted(_standing(row, totals) for row in finalists if row["编号"] in totals)
    admitted = {row["编号"] for row in finalists}
    out = []
    for row in entries:
        cells = [row["编号"], cell(_first(row), 2), "是" if row["编号"] in admitted else "否", *[""] * 5]
        if row["编号"] in totals:
            total = totals[row["编号"]]
            rank = 1 + len(standings) - bisect_right(standings, _standing(row, totals))
            cells[3:] = [cell(_final(row), 2), cell(_voted(row, most), 2), cell(total, 2), str(rank)]
            cells.append(_award(total, rank))
        elif row["编号"] in admitted:
            cells[7] = "决赛数据不全"
        out.append(dict(zip(COLUMNS, cells, strict=True)))
    return out


def _first(row: Row) -> Fraction:
    return sum((number(row[name]) for name in FIRST), Fraction(0)) / 3


def _complete(row: Row) -> bool:
    return all(row[name].strip() for name in [*FINAL, VOTES])


def _final(row: Row) -> Fraction:
    return sum(sorted(number(row[name]) for name in FINAL)[1:-1], Fraction(0)) / 3


def _voted(row: Row, most: int) -> Fraction:
    return Fraction(100 * int(row[VOTES]), most) if most else Fraction(0)


def _total(row: Row, most: int) -> Fraction:
    return half_up((3 * _first(row) + 6 * _final(row) + _voted(row, most)) / 10, 2)


def _standing(row: Row, totals: dict[str, Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    return totals[row["编号"]], _final(row), _first(row)


def _award(total: Fraction, rank: int) -> str:
    if total < 75:
        return "不授奖"
    return {1: "一等奖", 2: "二等奖"}.get(rank, "三等奖")


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` entries that crowd the cut, the award floor and ties, with blanks outside the final."""
    source = random.Random(seed)  # noqa: S311 - test data
    crowd = source.choice([0, 0.2, 0.6, 1])  # how many entries stand at the cut
    kind = source.choice(["alike", "floor", "wide", "wide"])
    votes = source.choice(
        [["0"], ["0", "1", "3"], ["7", "11", "13", "399"], ["280", "320", "400", "400", "1000000"]]
    )
    rows = []
    for index in range(count):
        first = _first_scores(source, crowd, kind)
        final = [_final_score(source, kind) for _ in FINAL]
        row = {"编号": f"H{index:05d}", "团队": f"第{index}组"}
        row |= dict(zip(FIRST, first, strict=True)) | dict(zip(FINAL, final, strict=True))
        row[VOTES] = source.choice(votes)
        if source.random() < 0.03:
            row[source.choice([*FINAL, VOTES])] = source.choice(["", " "])
        if source.random() < 0.01:
            row[source.choice(FIRST)] = ""
        rows.append(row)
    if source.random() < 0.8:
        _blank_outside(rows)
    return rows


def _first_scores(source: random.Random, crowd: float, kind: str) -> list[str]:
    if source.random() < crowd:  # the same mean by different marks, or one tenth beside it
        marks = source.choice(
            [[830, 830, 830], [820, 830, 840], [815, 835, 840], [829, 830, 831], [830, 830, 829]]
        )
    elif kind == "floor":
        marks = [source.randint(740, 830) for _ in FIRST]
    else:
        marks = [source.randint(600, 1000) for _ in FIRST]
    return [
        cell(Fraction(mark, 10), 1) if mark % 10 or source.random() < 0.5 else str(mark // 10)
        for mark in marks
    ]


def _final_score(source: random.Random, kind: str) -> str:
    if kind == "alike":
        return source.choice(["90", "90.0", "91"])
    if kind == "floor":
        return cell(Fraction(source.randint(690, 820), 10), 1)
    return source.choice(["0", "100", "88.5"]) if source.random() < 0.05 else str(source.randint(60, 100))


def _blank_outside(rows: list[Row]) -> None:
    """Take the final scores and votes from the entries that are not admitted, as a file has them."""
    entries = [row for row in rows if all(row[name].strip() for name in FIRST)]
    cut = sorted((_first(row) for row in entries), reverse=True)[:3]
    for row in rows:
        if not row["初评1"] or not row["初评2"] or not row["初评3"] or _first(row) < cut[-1]:
            row |= dict.fromkeys([*FINAL, VOTES], "")
