"""S13 五维四级人才评价, computed from the text of the scheme with fractions: five dimensions make a person."""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

DIMENSIONS = ["把控能力", "学术水平", "工作业绩", "职业态度", "综合能力"]
SHARES = dict(zip(DIMENSIONS, (20, 20, 30, 15, 15), strict=True))
COLUMNS = ["姓名", *DIMENSIONS, "总分", "测评级别", "最终级别", "短板"]
LEVELS = ["未定级", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"]
LINES: dict[str, tuple[int, dict[str, int]]] = {
    "Ⅳ": (90, {"学术水平": 85, "工作业绩": 90}),
    "Ⅲ": (80, dict.fromkeys(DIMENSIONS, 70)),
    "Ⅱ": (70, dict.fromkeys(DIMENSIONS, 60)),
    "Ⅰ": (60, {}),
}
"""What each level asks: of the total, and of dimensions."""
GROUPS = {"上级评分": 4, "同行评分": 4, "团队评分": 2}

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return a result row for each person, in the order in which people first appear."""
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["姓名"], []).append(row)
    return [dict(zip(COLUMNS, _person(name, mine), strict=True)) for name, mine in people.items()]


def _person(name: str, rows: list[Row]) -> tuple[str, ...]:
    scores = {row["维度"]: _dimension(row) for row in rows}
    total = half_up(sum((SHARES[key] * score for key, score in scores.items()), Fraction(0)) / 100, 2)
    measured = next((level for level in LINES if _meets(level, total, scores)), "未定级")
    last = LEVELS.index(rows[0]["上年级别"])
    final = LEVELS[min(LEVELS.index(measured), last + 1)]
    shown = (cell(scores[key], 2) for key in DIMENSIONS)
    return name, *shown, cell(total, 2), measured, final, _gaps(measured, total, scores)


def _dimension(row: Row) -> Fraction:
    given = {key: number(row[key]) for key in GROUPS if row[key] != "不适用"}
    return sum((GROUPS[key] * mark for key, mark in given.items()), Fraction(0)) / sum(
        GROUPS[key] for key in given
    )


def _meets(level: str, total: Fraction, scores: dict[str, Fraction]) -> bool:
    line, lines = LINES[level]
    return total >= line and all(scores[key] >= least for key, least in lines.items())


def _gaps(measured: str, total: Fraction, scores: dict[str, Fraction]) -> str:
    if measured == "Ⅳ":
        return ""
    line, lines = LINES[LEVELS[LEVELS.index(measured) + 1]]
    gaps = [f"总分差{cell(line - total, 2)}"] if total < line else []
    gaps += [
        f"{key}差{cell(lines[key] - scores[key], 2)}"
        for key in DIMENSIONS
        if key in lines and scores[key] < lines[key]
    ]
    return ";".join(gaps)


def generate(seed: int, count: int) -> list[Row]:
    """Return about ``count`` rows of people near the lines, with groups that did not rate."""
    source = random.Random(seed)  # noqa: S311 - test data
    rows: list[Row] = []
    while len(rows) < count:
        rows += _rows(source, f"人员{len(rows):05d}")
    if source.random() < 0.5:
        source.shuffle(rows)
    return rows


def _rows(source: random.Random, name: str) -> list[Row]:
    near = source.choice([55, 60, 62, 70, 72, 80, 85, 88, 90, 92, 95])
    last = source.choice(LEVELS)
    order = source.sample(DIMENSIONS, 5) if source.random() < 0.3 else DIMENSIONS
    return [_row(source, name, last, dimension, near) for dimension in order]


def _row(source: random.Random, name: str, last: str, dimension: str, near: int) -> Row:
    weak = source.choice([0, 0, 0, 0, -8])
    marks = {}
    for group in GROUPS:
        mark = Fraction(near * 10 + weak * 10 + source.choice([-40, -10, -1, 0, 0, 0, 1, 5, 30]), 10)
        mark = min(max(mark, Fraction(0)), Fraction(100))
        marks[group] = str(mark) if mark.denominator == 1 else cell(mark, 1)
    for group in source.sample(list(GROUPS), source.choice([0, 0, 0, 1, 2])):
        marks[group] = "不适用"
    return {"姓名": name, "上年级别": last, "维度": dimension, **marks}
