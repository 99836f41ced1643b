"""S07 三室年度评价与两年考核, computed from the scheme's text with fractions: the independent answer."""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["编码", "责任书分", "总分", "年度评价", "处置"]
ITEMS = ("项目", "攻关", "带徒", "交流")
WEIGHTS = {"劳模": (3, 3, 2, 2), "技能大师": (2, 2, 4, 2), "青年": (4, 2, 1, 3)}
"""In tenths, in the order of ITEMS."""

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    return [_row_out(row) for row in rows]


def _row_out(row: Row) -> Row:
    weights = dict(zip(ITEMS, WEIGHTS[row["类型"]], strict=True))
    rates = {
        item: Fraction(int(row[f"{item}完成"]), int(row[f"{item}目标"]))
        for item in ITEMS
        if int(row[f"{item}目标"]) > 0
    }
    weighted = sum((weights[item] * min(rate, Fraction(6, 5)) for item, rate in rates.items()), Fraction(0))
    duty = min(Fraction(80), 80 * weighted / sum(weights[item] for item in rates))
    total = half_up(duty + number(row["基础管理分"]), 2)
    passed = total >= 70 and min(rates.values()) >= Fraction(1, 2) and row["经费违规"] == "否"
    failed_before = row["上年结果"] == "不达标"
    if passed:
        verdict, outcome = "优秀" if total >= 90 else "达标", "解除风险提示" if failed_before else "正常运行"
    else:
        verdict, outcome = "不达标", "终止运行并摘牌" if failed_before else "风险提示"
    shown = (row["编码"], cell(duty, 2), cell(total, 2), verdict, outcome)
    return dict(zip(COLUMNS, shown, strict=True))


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd the two lines, half targets, the caps and targets of 0."""
    source = random.Random(seed)  # noqa: S311 - test data
    return [_record(source, index) for index in range(count)]


def _record(source: random.Random, index: int) -> Row:
    targets = [source.choice([0, 1, 2, 3, 4, 6, 7, 8, 10, 13, 16, 25, 125]) for _ in ITEMS]
    if not any(targets):
        targets[source.randrange(4)] = source.choice([1, 5, 9])
    manner = source.choice([_any, _near, _good, _good])
    actuals = [manner(source, target) for target in targets]
    kind = source.choice(list(WEIGHTS))
    row = {"编码": f"W{index:05d}", "工作室名称": source.choice(["", f"第{index}工作室"]), "类型": kind}
    for item, target, actual in zip(ITEMS, targets, actuals, strict=True):
        row |= {f"{item}目标": str(target), f"{item}完成": str(actual)}
    row |= {"基础管理分": "0", "经费违规": "否", "上年结果": source.choice(["达标", "不达标", "首年"])}
    row["基础管理分"] = _management(source, number(_row_out(row)["责任书分"]))
    row["经费违规"] = source.choice(["否"] * 7 + ["是"])
    return row


def _any(source: random.Random, target: int) -> int:
    return source.randint(0, 2 * target + 1)


def _near(source: random.Random, target: int) -> int:
    """Return an actual at, just below or just above half of the target, the target or 1.2 times it."""
    edge = source.choice([target // 2, (target + 1) // 2, target, target * 6 // 5, 3 * target])
    return max(0, edge + source.choice([-1, 0, 0, 1]))


def _good(source: random.Random, target: int) -> int:
    """Return an actual that mostly reaches half of the target."""
    return source.randint((target + 1) // 2, target + 2)


def _management(source: random.Random, duty: Fraction) -> str:
    """Return points from 0 to 20, often those that bring the total onto or beside one of the lines."""
    points = Fraction(source.randint(0, 200), 10)
    if source.random() < 0.6:
        points = half_up(source.choice([70, 90]) - duty + Fraction(source.choice([-1, 0, 0, 1]), 10), 1)
    return cell(max(Fraction(0), min(points, Fraction(20))), 1)
