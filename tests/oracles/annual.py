"""The annual appraisal of five made-up subsidiaries, computed with fractions from their articles.

Written from the articles in ``policies/annual/README.md`` alone. ``results`` takes the plain rows of
``tests/tools/make_annual_records.py`` and gives for each unit its code and the shared columns; 滇南冶金 has
a star too. Two years: three subsidiaries have a policy of 2023, all five one of 2024.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import floor

from tests.oracles.exact import cell, clip, half_up
from tests.tools import make_annual_records as records

Row = dict[str, str]
Points = tuple[tuple[Fraction, Fraction], ...]


def results(rows: list[Row]) -> dict[str, Row]:
    """Return the result of each unit by its code; rows are of one year, each subsidiary is its own cohort."""
    (year,) = {row[records.YEAR] for row in rows}
    out: dict[str, Row] = {}
    for subsidiary, appraise in POLICIES[year].items():
        out |= appraise([row for row in rows if row[records.SUBSIDIARY] == subsidiary])
    return out


def number(text: str) -> Fraction | None:
    """Return a number, or None where the cell is blank or 不适用."""
    text = text.strip().removesuffix("%")
    return None if text in ("", records.NONE) else Fraction(text)


def required(text: str) -> Fraction:
    """Return a number that has to be there."""
    value = number(text)
    if value is None:
        raise ValueError("a number is missing")
    return value


def pair(row: Row, columns: tuple[str, str]) -> tuple[Fraction, Fraction]:
    """Return target and actual."""
    return required(row[columns[0]]), required(row[columns[1]])


def party(row: Row, cap: Fraction) -> Fraction:
    """Return 党建得分: basic plus capped bonus less deduction, kept within 0 to 100."""
    basic, bonus, deduction = (
        required(row[name]) for name in (records.BASIC, records.BONUS, records.DEDUCTION)
    )
    return clip(basic + min(bonus, cap) - deduction, 0, 100)


def whole_steps(rate: Fraction, width: Fraction) -> int:
    """Return how many complete steps a rate is away from zero, negative below it."""
    steps = floor(abs(rate) / width)
    return steps if rate >= 0 else -steps


def stepped(rate: Fraction, width: str, up: int, down: int, least: int) -> Fraction:
    """Return 90 points, ``up`` more for each complete step and ``down`` fewer for each below, at most 100."""
    steps = whole_steps(rate, Fraction(width))
    return clip(Fraction(90 + (up if steps > 0 else down) * steps), least, 100)


def on_line(value: Fraction, points: list[tuple[str, int]]) -> Fraction:
    """Return the height at ``value`` of the line through the points; outside them it goes on level."""
    line = [(Fraction(x), Fraction(y)) for x, y in points]
    if value <= line[0][0]:
        return line[0][1]
    for (x0, y0), (x1, y1) in pairwise(line):
        if value <= x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return line[-1][1]


def band(score: Fraction, limits: tuple[int, int, int]) -> str:
    """Return A, B or C by the lower limits, which belong to the band, else D."""
    return next((letter for limit, letter in zip(limits, "ABC", strict=True) if score >= limit), "D")


def vetoed(row: Row) -> bool:
    """Return whether a veto matter is written down."""
    return row[records.VETO].strip() != ""


def accidents(row: Row) -> Fraction:
    """Return the number of accidents."""
    return required(row[records.ACCIDENTS])


def rank(mine: tuple[Fraction, ...], everyone: list[tuple[Fraction, ...]]) -> int:
    """Return the rank: one more than the number of better standings."""
    return 1 + sum(other > mine for other in everyone)


def quota(
    grades: list[str], standings: list[tuple[Fraction, ...]], places: int, first: str, surplus: str
) -> list[str]:
    """Return the grades with ``first`` limited to some places; a full tie across the last waits."""
    rivals = [standing for grade, standing in zip(grades, standings, strict=True) if grade == first]
    limited = []
    for grade, mine in zip(grades, standings, strict=True):
        better, equal = sum(other > mine for other in rivals), sum(other == mine for other in rivals)
        if grade == first and better + equal > places:
            grade = surplus if better >= places else "待评审"
        limited.append(grade)
    return limited


def published(
    rows: list[Row],
    parties: list[Fraction],
    operations: list[Fraction],
    scores: list[Fraction],
    bands: list[str],
    grades: list[str],
    coefficient: Callable[[str, Row], str],
) -> dict[str, Row]:
    """Return the shared columns of some units of one subsidiary."""
    standings = list(zip(scores, operations, parties, strict=True))
    return {
        row[records.CODE]: {
            "党建得分": cell(parties[index], 2),
            "经营得分": cell(operations[index], 2),
            "综合得分": cell(scores[index], 2),
            "名次": str(rank(standings[index], standings)),
            "分数档": bands[index],
            "等次": grades[index],
            "绩效系数": coefficient(grades[index], row),
        }
        for index, row in enumerate(rows)
    }


def by_grade(a: str, b: str, c: str, d: str) -> Callable[[str, Row], str]:
    """Return the coefficient of each grade; none before the committee has decided."""
    coefficients = {"A": a, "B": b, "C": c, "D": d, "待评审": ""}
    return lambda grade, _row: coefficients[grade]


# --- 河东氧化铝 ---


def hedong_2023(rows: list[Row]) -> dict[str, Row]:
    """河东氧化铝 in 2023: profit 45 and R&D 5, the group's A line of 85."""
    return hedong_by(rows, profit=45, research=5, a_line=85)


def hedong(rows: list[Row]) -> dict[str, Row]:
    """河东氧化铝 in 2024: profit 40 and R&D 10, the group's A line of 87."""
    return hedong_by(rows, profit=40, research=10, a_line=87)


def hedong_by(rows: list[Row], *, profit: int, research: int, a_line: int) -> dict[str, Row]:
    """河东氧化铝: whole steps, bonus at most 3, A at most 30%."""
    parties = [party(row, Fraction(3)) for row in rows]
    operations = [hedong_operations(row, profit, research) for row in rows]
    scores = [half_up(p * o / 100, 2) for p, o in zip(parties, operations, strict=True)]
    bands = [band(score, (a_line, 78, 70)) for score in scores]
    grades = [
        "C" if vetoed(row) and letter in "AB" else letter for row, letter in zip(rows, bands, strict=True)
    ]
    standings = list(zip(scores, operations, parties, strict=True))
    grades = quota(grades, standings, floor(len(rows) * Fraction(30, 100)), "A", "B")
    return published(rows, parties, operations, scores, bands, grades, by_grade("1.2", "1.0", "0.8", "0.5"))


def hedong_operations(row: Row, profit_weight: int, research_weight: int) -> Fraction:
    """Profit (3% steps +2/-3), cost 30 (0.5% ±1), R&D (0.1 ±1), productivity 20; -2 each accident."""
    target, actual = pair(row, records.PROFIT)
    profit = stepped((actual - target) / target, "0.03", 2, 3, 60)
    target, actual = pair(row, records.COST)
    cost = stepped((target - actual) / target, "0.005", 1, 1, 80)
    target, actual = pair(row, records.RESEARCH)
    research = stepped(actual - target, "0.1", 1, 1, 80)
    target, actual = pair(row, records.PRODUCTIVITY)
    productivity = clip(actual / target * 90, 0, 100)
    total = (profit_weight * profit + 30 * cost + research_weight * research + 20 * productivity) / 100
    return clip(total - 2 * accidents(row), 0, 100)


# --- 云岭铝业 ---

RISING = [("0.5", 0), ("0.8", 60), ("1", 90), ("1.1", 100)]
FALLING = [("0.95", 100), ("1", 90), ("1.1", 60), ("1.2", 0)]
GENTLE = [("0.8", 60), ("1", 90), ("1.2", 100)]


def yunling_2023(rows: list[Row]) -> dict[str, Row]:
    """云岭铝业 in 2023: the group's bonus of at most 3."""
    return yunling_by(rows, bonus=3)


def yunling(rows: list[Row]) -> dict[str, Row]:
    """云岭铝业 in 2024: the group's bonus of at most 5."""
    return yunling_by(rows, bonus=5)


def yunling_by(rows: list[Row], *, bonus: int) -> dict[str, Row]:
    """云岭铝业: lines between points, operations rounded, a veto is a D, A at most 25%."""
    parties = [party(row, Fraction(bonus)) for row in rows]
    operations = [yunling_operations(row) for row in rows]
    scores = [half_up(p * o / 100, 2) for p, o in zip(parties, operations, strict=True)]
    bands = [band(score, (90, 84, 75)) for score in scores]
    grades = ["D" if vetoed(row) else letter for row, letter in zip(rows, bands, strict=True)]
    standings = list(zip(scores, operations, parties, strict=True))
    grades = quota(grades, standings, floor(len(rows) * Fraction(25, 100)), "A", "B")
    return published(rows, parties, operations, scores, bands, grades, by_grade("1.3", "1.0", "0.8", "0.4"))


def yunling_operations(row: Row) -> Fraction:
    """Profit 35, cost 35, R&D 10, productivity 20 on lines; two decimals; -3 for each accident."""
    ratios = {}
    for columns in (records.PROFIT, records.COST, records.RESEARCH, records.PRODUCTIVITY):
        target, actual = pair(row, columns)
        ratios[columns] = actual / target
    total = (
        35 * on_line(ratios[records.PROFIT], RISING)
        + 35 * on_line(ratios[records.COST], FALLING)
        + 10 * on_line(ratios[records.RESEARCH], GENTLE)
        + 20 * on_line(ratios[records.PRODUCTIVITY], RISING)
    ) / 100
    return half_up(clip(total - 3 * accidents(row), 0, 100), 2)


# --- 洛川铜加工 ---


def luochuan_2023(rows: list[Row]) -> dict[str, Row]:
    """洛川铜加工 in 2023: metal 20, profit 35, cost 25, productivity 20; A from 86, parts of a place dropped."""
    places = floor(len(rows) * Fraction(20, 100))
    return luochuan_by(rows, weights=(20, 35, 25, 20), a_line=86, places=places)


def luochuan(rows: list[Row]) -> dict[str, Row]:
    """洛川铜加工 in 2024: metal 30, profit 30, cost 25, productivity 15; A from 88, places rounded half up."""
    places = int(half_up(len(rows) * Fraction(20, 100), 0))
    return luochuan_by(rows, weights=(30, 30, 25, 15), a_line=88, places=places)


def luochuan_by(
    rows: list[Row], *, weights: tuple[int, int, int, int], a_line: int, places: int
) -> dict[str, Row]:
    """洛川铜加工: the metal balance counts, bonus at most 2, A at most 20%."""
    parties = [party(row, Fraction(2)) for row in rows]
    operations = [luochuan_operations(row, weights) for row in rows]
    scores = [half_up(p * o / 100, 2) for p, o in zip(parties, operations, strict=True)]
    bands = [band(score, (a_line, 80, 70)) for score in scores]
    grades = [
        "C" if vetoed(row) and letter in "AB" else letter for row, letter in zip(rows, bands, strict=True)
    ]
    standings = list(zip(scores, operations, parties, strict=True))
    grades = quota(grades, standings, places, "A", "B")
    return published(rows, parties, operations, scores, bands, grades, by_grade("1.2", "1.0", "0.8", "0.5"))


def luochuan_operations(row: Row, weights: tuple[int, int, int, int]) -> Fraction:
    """Metal, profit (1% steps ±1), cost (0.5% +1/-2), productivity by their weights; -2 each accident."""
    target, actual = pair(row, records.PROFIT)
    profit = stepped((actual - target) / target, "0.01", 1, 1, 70)
    target, actual = pair(row, records.COST)
    cost = stepped((target - actual) / target, "0.005", 1, 2, 70)
    target, actual = pair(row, records.PRODUCTIVITY)
    productivity = clip(actual / target * 90, 0, 100)
    points = (metal_balance(row), profit, cost, productivity)
    total = sum((weight * one for weight, one in zip(weights, points, strict=True)), Fraction(0)) / 100
    return clip(total - 2 * accidents(row), 0, 100)


def metal_balance(row: Row) -> Fraction:
    """90 at quota; +2 for each complete 0.1 percentage point above, -3 for each begun below; 60 to 100."""
    put_in, produced, stock, wanted = (
        required(row[name])
        for name in (records.METAL_IN, records.METAL_OUT, records.METAL_STOCK, records.METAL_QUOTA)
    )
    gap = (produced + stock) / put_in - wanted / 100
    steps = floor(gap * 1000)
    return clip(Fraction(90 + (2 if gap >= 0 else 3) * steps), 60, 100)


# --- 中原轻金属研究院 ---


def zhongyuan(rows: list[Row]) -> dict[str, Row]:
    """中原轻金属研究院: weights re-shared, party a coefficient of 0.8 to 1.1, displeased staff: a B."""
    parties = [party(row, Fraction(3)) for row in rows]
    operations = [zhongyuan_operations(row) for row in rows]
    scores = []
    for p, o in zip(parties, operations, strict=True):
        coefficient = max(Fraction(8, 10), min(p / 95, Fraction(11, 10)))
        scores.append(half_up(min(o * coefficient, Fraction(100)), 2))
    bands = [band(score, (90, 80, 70)) for score in scores]
    grades = []
    for row, letter in zip(rows, bands, strict=True):
        if vetoed(row):
            grades.append(max(letter, "C"))
        elif required(row[records.SATISFACTION]) < 90:
            grades.append(max(letter, "B"))
        else:
            grades.append(letter)
    standings = list(zip(scores, operations, parties, strict=True))
    grades = quota(grades, standings, floor(len(rows) * Fraction(30, 100)), "A", "B")
    return published(rows, parties, operations, scores, bands, grades, by_grade("1.2", "1.0", "0.8", "0.5"))


def zhongyuan_operations(row: Row) -> Fraction:
    """Contracts 35, R&D 30, profit 15, productivity 20; what has no target gives its weight away."""
    parts: list[tuple[int, Fraction]] = []
    for weight, columns in ((35, records.CONTRACTS), (15, records.PROFIT), (20, records.PRODUCTIVITY)):
        target, actual = number(row[columns[0]]), number(row[columns[1]])
        if target is not None and target != 0 and actual is not None:
            parts.append((weight, clip(actual / target * 90, 0, 100)))
    target, actual = number(row[records.RESEARCH[0]]), number(row[records.RESEARCH[1]])
    if target is not None and actual is not None:
        parts.append((30, clip(90 + 10 * (actual - target), 0, 100)))
    total = sum((weight * points for weight, points in parts), Fraction(0)) / sum(
        weight for weight, _ in parts
    )
    return clip(total - 2 * accidents(row), 0, 100)


# --- 滇南冶金 ---


def diannan(rows: list[Row]) -> dict[str, Row]:
    """滇南冶金: stars rise one step a year, five stars at most 30%; accidents count."""
    parties = [party(row, Fraction(3)) for row in rows]
    operations = [diannan_operations(row) for row in rows]
    scores = [half_up(p * o / 100, 2) for p, o in zip(parties, operations, strict=True)]
    bands = [band(score, (88, 80, 70)) for score in scores]
    grades = [
        "C" if vetoed(row) and letter in "AB" else letter for row, letter in zip(rows, bands, strict=True)
    ]
    out = published(rows, parties, operations, scores, bands, grades, diannan_coefficient)
    stars = []
    for row, score in zip(rows, scores, strict=True):
        star = 1 + sum(score >= limit for limit in (60, 70, 80, 88))
        stars.append(0 if vetoed(row) else min(star, int(row[records.LAST_STAR]) + 1))
    standings = list(zip(scores, operations, parties, strict=True))
    limited = quota([str(star) for star in stars], standings, floor(len(rows) * Fraction(30, 100)), "5", "4")
    for row, star in zip(rows, limited, strict=True):
        out[row[records.CODE]]["星级"] = star
    return out


def diannan_operations(row: Row) -> Fraction:
    """Profit 40, cost 30, productivity 20, R&D 10: each the completion times 90, within 0 to 100."""
    rates = []
    for weight, columns in ((40, records.PROFIT), (20, records.PRODUCTIVITY), (10, records.RESEARCH)):
        target, actual = pair(row, columns)
        rates.append((weight, clip(actual / target * 90, 0, 100)))
    target, actual = pair(row, records.COST)
    rates.append((30, clip(target / actual * 90, 0, 100)))
    return sum((weight * points for weight, points in rates), Fraction(0)) / 100


def diannan_coefficient(grade: str, row: Row) -> str:
    """A 1.2 (1.1 with an accident), B 1.0, C 0.8 (0.7 with more than one), D 0.5."""
    happened = accidents(row)
    if grade == "A":
        return "1.2" if happened == 0 else "1.1"
    if grade == "C":
        return "0.8" if happened <= 1 else "0.7"
    return {"B": "1.0", "D": "0.5"}[grade]


Appraise = Callable[[list[Row]], dict[str, Row]]

POLICIES: dict[str, dict[str, Appraise]] = {
    "2023": {"河东氧化铝": hedong_2023, "云岭铝业": yunling_2023, "洛川铜加工": luochuan_2023},
    "2024": {
        "河东氧化铝": hedong,
        "云岭铝业": yunling,
        "洛川铜加工": luochuan,
        "中原轻金属研究院": zhongyuan,
        "滇南冶金": diannan,
    },
}
