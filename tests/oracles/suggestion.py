"""S06 合理化建议、金点子、银点子, computed from the scheme's text with fractions.

A suggestion that is adopted with neither benefit nor score is refused and stands in no result row.
"""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, number

COLUMNS = ["编号", "等级", "标准奖金(元)", "应发(元)", "称号"]
BENEFIT, MERIT = "年净效益(万元)", "无形评分"
BY_BENEFIT = [(100, "一等"), (50, "二等"), (10, "三等"), (1, "四等"), (0, "五等")]
BY_MERIT = [(85, "三等"), (70, "四等"), (60, "五等"), (0, "不评等")]
PRIZES = {"一等": 6000, "二等": 3000, "三等": 1500, "四等": 600, "五等": 200, "不评等": 0, "未采纳": 0}

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    valid = [row for row in rows if row["采纳"] == "否" or row[BENEFIT].strip() or row[MERIT].strip()]
    titles = _titles([row for row in valid if row["采纳"] == "是"])
    out = []
    for row in valid:
        grade = _grade(row)
        payable = max(PRIZES[grade] - int(row["同一成果已获奖励(元)"]), 0)
        cells = (row["编号"], grade, str(PRIZES[grade]), str(payable), titles.get(row["编号"], ""))
        out.append(dict(zip(COLUMNS, cells, strict=True)))
    return out


def _grade(row: Row) -> str:
    if row["采纳"] == "否":
        return "未采纳"
    written, limits = (row[BENEFIT], BY_BENEFIT) if row[BENEFIT].strip() else (row[MERIT], BY_MERIT)
    return next(grade for limit, grade in limits if number(written) >= limit)


def _titles(adopted: list[Row]) -> dict[str, str]:
    """Return the title of each suggestion that has one: one golden, then two silver among the others."""
    in_order = sorted(adopted, key=_standing)
    golden = [row["编号"] for row in in_order if _grade(row) == "一等" or _has(row, 95)][:1]
    rest = [row for row in in_order if row["编号"] not in golden]
    silver = [row["编号"] for row in rest if _grade(row) == "二等" or _has(row, 90)][:2]
    return dict.fromkeys(silver, "银点子") | dict.fromkeys(golden, "金点子")


def _has(row: Row, least: int) -> bool:
    return bool(row[MERIT].strip()) and number(row[MERIT]) >= least


def _standing(row: Row) -> tuple[tuple[bool, Fraction], tuple[bool, Fraction], str]:
    """Return what sorts the best first: given before blank, higher before lower, earlier before later."""
    first, second = (
        (True, Fraction(0)) if not row[name].strip() else (False, -number(row[name]))
        for name in (BENEFIT, MERIT)
    )
    return first, second, row["编号"]


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd tiers, score lines, ties for titles and prizes paid before."""
    source = random.Random(seed)  # noqa: S311 - test data
    numbers = [f"J{index:06d}" for index in source.sample(range(max(10, count * 2)), count)]
    high = source.choice([0, 0.1, 0.5])  # how many compete for titles
    top_benefits = source.choice(
        [["", ""], ["50", "99.9999", ""], ["100", "100.0", "128.5", "", "50"], ["0", ""]]
    )
    merits = source.choice([["95", "95.0", "94.9"], ["90", "89.9", "90.0"], ["100", "95", "90", ""], [""]])
    rows = []
    for index, code in enumerate(numbers):
        benefit, merit = _value(source)
        if source.random() < high:
            benefit, merit = source.choice(top_benefits), source.choice(merits)
        rows.append(
            {
                "编号": code,
                "建议名称": f"第{index}件",
                "提出人": source.choice(["王磊", "赵敏", "钱进"]),
                "采纳": source.choice(["是", "是", "是", "否"]),
                BENEFIT: benefit,
                MERIT: merit,
                "同一成果已获奖励(元)": source.choice(
                    ["0", "0", "200", "1000", "1500", "3001", "6000", "99999"]
                ),
            }
        )
    return rows


def _value(source: random.Random) -> tuple[str, str]:
    """Return a benefit and a score; either may be blank, rarely both."""
    benefit = source.choice(
        ["0", "1", "0.9999", "10", "9.9999", "50", "50.00", "49.995", "49.9999", "100", "99.995"]
    )
    if source.random() < 0.3:
        benefit = cell(Fraction(source.randint(0, 1300000), 10000), 4)
    merit = source.choice(["60", "59.9", "70", "69.9", "85", "84.9", "0", "88", "92", "40.5"])
    kind = source.random()
    if kind < 0.45:
        return benefit, ""
    if kind < 0.8:
        return "", merit
    return (benefit, merit) if kind < 0.95 else ("", "")
