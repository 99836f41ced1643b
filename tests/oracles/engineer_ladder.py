"""S14 四级工程师年度考核与聘任, computed from the scheme's text: the independent answer to compare with.

Where a full tie in 本年得分 and 项目贡献分 straddles the last place, the choice is the committee's: 待评审. Whoever's
recommendation depends on it waits as well: it stands only if it is the same whether those under review are all 优秀
or none of them is.
"""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from tests.oracles.exact import cell, number

COLUMNS = ["姓名", "本年等次", "聘任建议", "新级别"]
LADDER = ["责任工程师", "主管工程师", "主任工程师", "首席工程师"]
VACANCIES = {"主管工程师": 0, "主任工程师": 1, "首席工程师": 0}
WAITING = {
    "主管工程师": "主管工程师无空缺列入候补",
    "主任工程师": "主任工程师无空缺列入候补",
    "首席工程师": "首席岗位无空缺列入候补",
}
REVIEW = "待评审"

Row = dict[str, str]
Standing = tuple[Fraction, Fraction]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    grades = _grades(rows)
    all_excellent = ["优秀" if grade == REVIEW else grade for grade in grades]
    none_excellent = ["合格" if grade == REVIEW else grade for grade in grades]
    outcomes = zip(_outcomes(rows, all_excellent), _outcomes(rows, none_excellent), strict=True)
    agreed = [one if one == other else (REVIEW, REVIEW) for one, other in outcomes]
    return [
        dict(zip(COLUMNS, (row["姓名"], grade, *outcome), strict=True))
        for row, grade, outcome in zip(rows, grades, agreed, strict=True)
    ]


def _standing(row: Row) -> Standing:
    return number(row["本年得分"]), number(row["项目贡献分"])


def _place(standing: Standing, rivals: Counter[Standing], places: int) -> bool | None:
    """Return whether one of the rivals gets a place, or None where the committee must choose among equals."""
    ahead = sum(count for other, count in rivals.items() if other > standing)
    if ahead >= places:
        return False
    return True if ahead + rivals[standing] <= places else None


def _grades(rows: list[Row]) -> list[str]:
    rivals = Counter(_standing(row) for row in rows if number(row["本年得分"]) >= 90)
    verdicts = {standing: _place(standing, rivals, len(rows) // 4) for standing in rivals}
    words = {True: "优秀", False: "合格", None: REVIEW}
    grades = []
    for row in rows:
        score = number(row["本年得分"])
        if score >= 90:
            grades.append(words[verdicts[_standing(row)]])
        else:
            grades.append("合格" if score >= 75 else "基本合格" if score >= 60 else "不合格")
    return grades


def _outcomes(rows: list[Row], grades: list[str]) -> list[tuple[str, str]]:
    """Return 聘任建议 and 新级别 of each person, given the grades."""
    candidates: dict[str, Counter[Standing]] = {level: Counter() for level in VACANCIES}
    for row, grade in zip(rows, grades, strict=True):
        if _eligible(row, grade):
            candidates[_next(row)][_standing(row)] += 1
    return [_outcome(row, grade, candidates) for row, grade in zip(rows, grades, strict=True)]


def _eligible(row: Row, grade: str) -> bool:
    years = {grade, row["上年等次"]}
    return (
        row["现级别"] != "首席工程师"
        and int(row["任现级年限"]) >= 3
        and years <= {"优秀", "合格"}
        and "优秀" in years
    )


def _next(row: Row) -> str:
    return LADDER[LADDER.index(row["现级别"]) + 1]


def _outcome(row: Row, grade: str, candidates: dict[str, Counter[Standing]]) -> tuple[str, str]:
    level = row["现级别"]
    below = ["解聘", *LADDER][LADDER.index(level)]
    if grade == "不合格":
        return "不合格降级", below
    if grade == row["上年等次"] == "基本合格":
        return "连续两年基本合格降级", below
    if not _eligible(row, grade):
        return "续聘", level
    target = _next(row)
    placed = _place(_standing(row), candidates[target], VACANCIES[target])
    if placed is None:
        return REVIEW, REVIEW
    return ("晋升", target) if placed else (WAITING[target], level)


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` persons with many equal scores, at the lines between grades and of every kind."""
    source = random.Random(seed)  # noqa: S311 - test data
    few = [_scores(source) for _ in range(max(1, count // 6))]
    crowd = source.choice([0, 0.4, 0.9])
    seniors = source.choice([["3", "4", "10"], ["0", "1", "2", "3", "3", "4", "5"]])
    strong = source.choice([0, 0.3, 0.8])
    rows = []
    for index in range(count):
        score, contribution = source.choice(few) if source.random() < crowd else _scores(source)
        if source.random() < strong:
            score = source.choice(
                ["90", "90.0", "95.5", "100", cell(Fraction(source.randint(890, 1000), 10), 1)]
            )
        rows.append(
            {
                "姓名": f"工程师{index:05d}",
                "现级别": source.choice([*LADDER, "主管工程师", "主管工程师"]),
                "任现级年限": source.choice(seniors),
                "本年得分": score,
                "项目贡献分": contribution,
                "上年等次": source.choice(["优秀", "合格", "合格", "基本合格", "不合格"]),
            }
        )
    return rows


def _scores(source: random.Random) -> tuple[str, str]:
    on_a_line = ["90", "89.9", "75", "74.9", "60.0", "59.9", "95.5", "0", "110"]
    score = source.choice([*on_a_line, *(cell(Fraction(source.randint(500, 1050), 10), 1) for _ in range(9))])
    return score, source.choice(
        ["0", "35", "40", "40.0", "42.5", cell(Fraction(source.randint(0, 600), 10), 1)]
    )
