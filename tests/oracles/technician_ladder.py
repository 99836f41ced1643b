"""S15 五级技师考核与津贴, computed from the text of the scheme with fractions: whole yuan by remainder."""

from __future__ import annotations

import random
from fractions import Fraction
from math import floor

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["姓名", "考核分", "等次", "系数", "测算津贴(元)", "压缩后津贴(元)", "聘任"]
MONTHLY = {"一级技师": 300, "二级技师": 600, "三级技师": 1000, "四级技师": 1600, "五级技师": 2500}
WEIGHTS = {"技能考试": 30, "技术攻关": 30, "带徒传技": 25, "岗位表现": 15}
GRADES = ((85, "优秀", "1.2"), (70, "合格", "1.0"), (60, "基本合格", "0.8"), (0, "不合格", "0"))
ENVELOPE = 70000

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return a result row for each person, in the order in which people first appear."""
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["姓名"], []).append(row)
    known = {name: _person(terms) for name, terms in people.items() if not _overlap(terms)}
    paid = _paid([(name, found[0], found[3]) for name, found in known.items()])
    results = []
    for name in people:
        if name not in known:
            results.append(dict.fromkeys(COLUMNS, "") | {"姓名": name})
            continue
        score, grade, coefficient, allowance = known[name]
        kept = "解聘" if grade == "不合格" else "续聘"
        cells = (name, cell(score, 2), grade, coefficient, cell(allowance, 2), str(paid[name]), kept)
        results.append(dict(zip(COLUMNS, cells, strict=True)))
    return results


def _overlap(terms: list[Row]) -> bool:
    taken: set[int] = set()
    for term in terms:
        months = set(range(int(term["起月"]), int(term["止月"]) + 1))
        if months & taken:
            return True
        taken |= months
    return False


def _person(terms: list[Row]) -> tuple[Fraction, str, str, Fraction]:
    score = half_up(
        sum((weight * number(terms[0][name]) for name, weight in WEIGHTS.items()), Fraction(0)) / 100, 2
    )
    grade, coefficient = next((name, shown) for line, name, shown in GRADES if score >= line)
    months = sum(MONTHLY[term["级别"]] * (int(term["止月"]) - int(term["起月"]) + 1) for term in terms)
    return score, grade, coefficient, months * Fraction(coefficient)


def _paid(people: list[tuple[str, Fraction, Fraction]]) -> dict[str, int]:
    total = sum((allowance for _name, _score, allowance in people), Fraction(0))
    if total <= ENVELOPE:
        return {name: int(allowance) for name, _score, allowance in people}
    exact = {name: allowance * ENVELOPE / total for name, _score, allowance in people}
    paid = {name: floor(value) for name, value in exact.items()}
    left = ENVELOPE - sum(paid.values())
    # sorted() keeps the order of the list where fraction and score are equal.
    first = sorted(people, key=lambda one: (floor(exact[one[0]]) - exact[one[0]], -one[1]))
    for name, _score, _allowance in first[:left]:
        paid[name] += 1
    return paid


def generate(seed: int, count: int) -> list[Row]:
    """Return about ``count`` periods of people near the lines, alike ones, and periods that share a month."""
    source = random.Random(seed)  # noqa: S311 - test data
    rows: list[Row] = []
    alike = source.random() < 0.5
    while len(rows) < count:
        rows += _rows(source, f"技师{len(rows):05d}", alike)
    if source.random() < 0.5:
        source.shuffle(rows)
    return rows


def _rows(source: random.Random, name: str, alike: bool) -> list[Row]:
    near = source.choice([60, 70, 85]) if not alike else 85
    steps = [0] if alike else [-20, -5, -1, 0, 0, 1, 2, 10, 100]
    marks = {}
    for column in WEIGHTS:
        mark = min(max(Fraction(near * 10 + source.choice(steps), 10), Fraction(0)), Fraction(100))
        marks[column] = str(mark) if mark.denominator == 1 else cell(mark, 1)
    cuts = sorted(source.sample(range(1, 13), source.choice([2, 2, 2, 4, 6])))
    periods = list(zip(cuts[::2], cuts[1::2], strict=True))
    if source.random() < 0.1:
        periods.append((periods[-1][1], source.randint(periods[-1][1], 12)))
    if source.random() < 0.05:
        periods.append((1, 12))
    source.shuffle(periods)
    return [
        {"姓名": name, "级别": source.choice(list(MONTHLY)), "起月": str(first), "止月": str(last), **marks}
        for first, last in periods
    ]
