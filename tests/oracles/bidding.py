"""S09 攻关竞标, computed from the scheme's text with fractions: the independent answer to compare with.

One file is one tender. ``R`` stands for an expert who is recused; the column of undeclared conflicts may be absent.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["标书编码", "技术分", "有效", "工期分", "报价分", "总分", "名次", "结果"]
JUDGES = [f"评委{index}" for index in range(1, 6)]
DAYS, PRICE, TEAM, CONFLICT = "工期(天)", "报价(万元)", "团队分", "利益冲突未申报"

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order; bids that cannot be read have none."""
    tender = [row for row in rows if _readable(row)]
    valid = [row for row in tender if not _reason(row)]
    shortest = min((number(bid[DAYS]) for bid in valid), default=Fraction(0))
    lowest = min((number(bid[PRICE]) for bid in valid), default=Fraction(0))
    enough = len(valid) >= 2
    scored = {row["标书编码"]: _scores(row, shortest, lowest) for row in valid} if enough else {}
    standings = sorted(_standing(row, scored) for row in valid if row["标书编码"] in scored)
    out = []
    for row in tender:
        code, technical = row["标书编码"], _technical(row)
        cells = [code, cell(technical, 2), "否" if _reason(row) else "是", "", "", "", "", _reason(row)]
        if code in scored:
            time, price, total = scored[code]
            rank = 1 + bisect_left(standings, _standing(row, scored))
            cells[3:] = [cell(time, 2), cell(price, 2), cell(total, 2), str(rank)]
            cells.append("中标" if rank == 1 else "备选")
        elif not cells[7]:
            cells[7] = "重新招标"
        out.append(dict(zip(COLUMNS, cells, strict=True)))
    return out


def _readable(row: Row) -> bool:
    written = [row[name].strip() for name in JUDGES]
    return "" not in written and written.count("R") <= 2


def _technical(row: Row) -> Fraction:
    marks = sorted(number(row[name]) for name in JUDGES if row[name].strip() != "R")
    return sum(marks[1:-1], Fraction(0)) / (len(marks) - 2)


def _reason(row: Row) -> str:
    if _technical(row) < 30:
        return "技术分低于30分"
    if number(row[PRICE]) > 60:
        return "报价超过限价60万元"
    return "利益冲突未申报" if row.get(CONFLICT, "") == "是" else ""


def _scores(row: Row, shortest: Fraction, lowest: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    time = 15 * shortest / number(row[DAYS])
    price = 20 * lowest / number(row[PRICE])
    return time, price, half_up(_technical(row) + time + price + number(row[TEAM]), 2)


def _standing(
    row: Row, scored: dict[str, tuple[Fraction, Fraction, Fraction]]
) -> tuple[Fraction, Fraction, Fraction]:
    """Return what sorts the best first: total, technical score, then the lower price."""
    return -scored[row["标书编码"]][2], -_technical(row), number(row[PRICE])


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` bids that crowd the floor, the ceiling, ties and tenders with fewer than two valid bids."""
    source = random.Random(seed)  # noqa: S311 - test data
    with_conflicts = source.random() < 0.4
    failing = source.choice([0, 0, 0.3, 0.3, 0.7, 0.95, 1])  # how many bids fall at a line
    alike = source.random() < 0.4  # few different bids: ties in total, technical score and price
    rows = []
    for index in range(count):
        marks = _marks(source, failing, alike)
        team = source.choice(["13", "14", "13.0"]) if alike else cell(Fraction(source.randint(0, 150), 10), 1)
        row = {"标书编码": f"T{index:05d}", "投标团队": f"第{index}队"} | dict(
            zip(JUDGES, marks, strict=True)
        )
        row |= {DAYS: _days(source, alike), PRICE: _price(source, failing, alike), TEAM: team}
        if with_conflicts:
            row[CONFLICT] = source.choice(["", "否", "否", "是"])
        rows.append(row)
    return rows


def _marks(source: random.Random, failing: float, alike: bool) -> list[str]:
    if source.random() < failing:  # the middle three add up to 90, or a cent or two beside it
        middle = [3000, 3000, 3000 + source.choice([-3, -2, -1, -1, 0, 0, 0, 1, 2])]
        marks = [*middle, source.choice([0, 1500, 3000, 2990]), source.choice([5000, 3010, 3100])]
    elif alike:
        marks = [source.choice([4200, 4300, 4300, 4400]) for _ in range(5)]
    else:
        marks = [source.randint(2500, 5000) for _ in range(5)]
    written = [
        str(mark // 100) if mark % 100 == 0 and source.random() < 0.4 else cell(Fraction(mark, 100), 2)
        for mark in marks
    ]
    source.shuffle(written)
    for place in range(source.choice([0, 0, 0, 0, 0, 1, 1, 2, 2, 3]) if source.random() < 0.3 else 0):
        written[place] = "R"
    if source.random() < 0.02:
        written[0] = ""
    source.shuffle(written)
    return written


def _days(source: random.Random, alike: bool) -> str:
    return source.choice(["180", "200", "200"]) if alike else str(source.randint(90, 400))


def _price(source: random.Random, failing: float, alike: bool) -> str:
    if source.random() < failing / 2:
        return source.choice(["60", "60.00", "60.01", "59.99", "62", "999999.99"])
    if alike:
        return source.choice(["48", "50", "56", "48.00"])
    return cell(Fraction(source.randint(3000, 6000), 100), 2)
