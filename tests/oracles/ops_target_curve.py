"""S02 经营业绩指标计分, computed from the text of the scheme with fractions: whole steps, interlock, loss targets."""

from __future__ import annotations

import random
from fractions import Fraction
from math import floor

from tests.oracles.exact import cell, half_up, number

PROFIT, COST, RESEARCH = "利润总额(万元)", "单位成本(元/t)", "研发投入强度(%)"
BASE = {PROFIT: 36, COST: 27, RESEARCH: 27}
COLUMNS = ["单位编码", "利润分", "成本分", "研发分", "触发连带", "难度系数已用", "经营得分", "等级上限"]

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return a result row for each unit, in the order in which units first appear."""
    units: dict[str, dict[str, Row]] = {}
    for row in rows:
        units.setdefault(row["单位编码"], {})[row["指标"]] = row
    return [dict(zip(COLUMNS, _unit(code, items), strict=True)) for code, items in units.items()]


def _unit(code: str, items: dict[str, Row]) -> tuple[str, ...]:
    scores = {PROFIT: _profit(items[PROFIT]), COST: _cost(items[COST]), RESEARCH: _research(items[RESEARCH])}
    interlock = any(scores[name] < BASE[name] for name in BASE)
    if interlock:
        scores = {name: min(score, BASE[name]) for name, score in scores.items()}
    written = items[PROFIT]["难度系数"]
    factor = Fraction(1) if interlock else number(written)
    total = half_up(min(sum(scores.values()) * factor, Fraction(100)), 2)
    target, actual = number(items[PROFIT]["目标值"]), number(items[PROFIT]["完成值"])
    limit = ("C" if actual < 0 else "B") if target < 0 else ""
    shown = (str(scores[name]) for name in (PROFIT, COST, RESEARCH))
    return code, *shown, "是" if interlock else "否", "1" if interlock else written, cell(total, 2), limit


def _profit(row: Row) -> int:
    target, actual = number(row["目标值"]), number(row["完成值"])
    if target < 0:
        gain = (min(actual, Fraction(0)) - target) / 2 + max(actual, Fraction(0))
        steps = floor(abs(gain) / abs(target) / Fraction(3, 100))
        return 36 + min(steps, 3) if gain >= 0 else 36 - min(steps, 6)
    ratio = (actual - target) / target
    steps = floor(abs(ratio) / Fraction(3, 100))
    if ratio < 0:
        return 36 - min(steps, 6)
    baseline = min(number(row["上年实际"]), number(row["前三年平均"]))
    if target >= baseline:
        cap = 6
    else:
        short = (baseline - target) / baseline
        cap = 5 if short <= Fraction(1, 5) else 4 if short < Fraction(1, 2) else 3
    return 36 + min(steps, cap)


def _cost(row: Row) -> int:
    target, actual = number(row["目标值"]), number(row["完成值"])
    ratio = (target - actual) / target
    steps = min(floor(abs(ratio) / Fraction(1, 100)), 5)
    return 27 + steps if ratio >= 0 else 27 - steps


def _research(row: Row) -> int:
    way = number(row["完成值"]) - number(row["目标值"])
    steps = floor(abs(way) / Fraction(1, 10))
    return 27 + min(steps, 5) if way >= 0 else 27 - min(steps, 10)


def generate(seed: int, count: int) -> list[Row]:
    """Return about ``count`` rows at the edges of steps and shortfalls, with targets and baselines below zero."""
    source = random.Random(seed)  # noqa: S311 - test data
    rows: list[Row] = []
    while len(rows) < count:
        rows += _rows(source, f"U{len(rows):05d}")
    if source.random() < 0.5:
        source.shuffle(rows)
    return rows


def _rows(source: random.Random, code: str) -> list[Row]:
    factor = source.choice(["1.02", "1.00", "1", "1.03", "0.95", "1.125", "0.985", "1.1"])
    good = source.random() < 0.6
    found = [_profit_row(source, good), _cost_row(source, good), _research_row(source, good)]
    source.shuffle(found)
    return [{"单位编码": code, "单位名称": f"单位{code}", "难度系数": factor, **row} for row in found]


def _row(name: str, last: str, mean: str, target: Fraction, actual: Fraction) -> Row:
    return {
        "指标": name,
        "上年实际": last,
        "前三年平均": mean,
        "目标值": _written(target),
        "完成值": _written(actual),
    }


def _written(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else cell(value, 2)


def _profit_row(source: random.Random, good: bool) -> Row:
    baseline = Fraction(source.choice([1000, 12000, 777, -600, 0, source.randint(-5000, 20000)]))
    mean = baseline + source.choice([0, 1, 500])
    last, mean = (baseline, mean) if source.random() < 0.5 else (mean, baseline)
    if source.random() < 0.35:
        target = -Fraction(source.choice([500, 100, 333, source.randint(1, 9000)]))
        share = Fraction(source.choice([-20, -6, -3, -1, 0, 3, 6, 9, 15, 50, 97, 100, 103, 150]), 100)
        known = [_written(last), _written(mean)] if source.random() < 0.8 else ["", ""]
        return _row(PROFIT, *known, target, half_up(target - target * share, 2))
    share = Fraction(source.choice([49, 50, 51, 79, 80, 81, 99, 100, 101, 120]), 100)
    target = half_up(baseline * share, 2) if baseline > 0 else Fraction(source.randint(1, 9000))
    steps = [0, 2, 3, 6, 9, 10, 12, 15, 18, 21, 40] if good else [-30, -18, -9, -6, -3, -2, -1, 0, 3]
    actual = half_up(target * (1 + Fraction(source.choice(steps), 100)), 2)
    actual += Fraction(source.choice([-1, 0, 0, 0, 1]), 100)
    return _row(PROFIT, _written(last), _written(mean), max(target, Fraction(1, 100)), actual)


def _cost_row(source: random.Random, good: bool) -> Row:
    target = Fraction(source.choice([2150, 13800, 300, 7, source.randint(1, 20000)]))
    steps = [-0.5, 0, 1, 2, 4.5, 5, 6, 30] if good else [-8, -5, -2, -1, -0.5, 0, 1]
    actual = half_up(target * (1 - Fraction(source.choice(steps)) / 100), 2)
    return _row(COST, "", "", target, actual + Fraction(source.choice([-1, 0, 0, 1]), 100))


def _research_row(source: random.Random, good: bool) -> Row:
    target = Fraction(source.choice([0, *[source.randint(50, 500)] * 9]), 100)
    steps = [0, 9, 10, 11, 22, 49, 50, 51, 90] if good else [-150, -100, -99, -20, -11, -10, -9, -1, 0, 10]
    return _row(RESEARCH, "", "", target, max(target + Fraction(source.choice(steps), 100), Fraction(0)))
