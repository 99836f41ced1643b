"""S05 科技成果经济性核算与技术创新奖, computed from the scheme's text with fractions."""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, number

COLUMNS = ["项目编码", "年净效益(万元)", "效益分", "总分", "奖级", "奖金(元)"]
CEILINGS = {"先进性": 10, "创新性": 15, "难度": 10, "社会效益": 10, "推广性": 15}
TIERS = [(600, 40), (300, 30), (100, 20), (50, 15)]
AWARDS = [(80, "一等奖", 20000), (65, "二等奖", 10000), (50, "三等奖", 5000), (40, "鼓励奖", 1000)]

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    return [dict(zip(COLUMNS, (row["项目编码"], *_appraised(row)), strict=True)) for row in rows]


def _appraised(row: Row) -> tuple[str, ...]:
    benefit = net_benefit(row)
    points = _tier(benefit) if row["财务核定"] == "是" else 0
    total = points + sum(int(row[name]) for name in CEILINGS)
    award, prize = next(((name, prize) for limit, name, prize in AWARDS if total >= limit), ("不授奖", 0))
    return cell(benefit, 2), str(points), str(total), award, str(prize)


def net_benefit(row: Row) -> Fraction:
    """Return 年净效益 in 万元, unrounded."""
    saved = (
        (number(row["基准单耗"]) - number(row["实际单耗"])) * number(row["数量"]) * number(row["单价(元)"])
    )
    yearly = saved - number(row["新增运行成本(元)"]) - number(row["投资(元)"]) / number(row["摊销年限"])
    return yearly * number(row["归属系数"]) / 10000


def _tier(benefit: Fraction) -> int:
    for limit, points in TIERS:
        if benefit >= limit:
            return points
    return 10 if benefit > 0 else 0


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd tiers, half cents, zero and award lines, with years that do not divide."""
    source = random.Random(seed)  # noqa: S311 - test data
    return [
        {"项目编码": f"Q{index:05d}", "项目名称": f"第{index}项"}
        | _economy(source)
        | {"财务核定": source.choice(["是", "是", "是", "否"])}
        | _points(source)
        for index in range(count)
    ]


def _economy(source: random.Random) -> Row:
    share = source.choice(["1.00", "1", "0.50", "0.80", "0.33", "0.01", "0.40", "0.07"])
    years = source.choice([1, 2, 3, 5, 6, 7, 8, 9, 10, 13])
    investment = source.choice([0, 1, 100, 600000, 2400000, 1234567, 20000000])
    base = Fraction(source.randint(0, 20000000), 1000)
    actual = base + Fraction(source.choice([0, 0, -1, 1, -4500, -230, -264000, 5000]), 1000)
    actual = max(Fraction(0), actual)
    quantity = source.choice([0, 1, 7, 8000, 15000, 60000, 1600000])
    price = Fraction(source.choice([0, 1, 40, 100, 5500, 99999]), 100)
    cost = Fraction(source.choice([0, 0, 12000000, 45000000, 1, 333]), 100)
    if source.random() < 0.6:
        # Bring the net benefit onto a tier, zero or half a cent, as near as the cost's two decimals allow.
        wanted = Fraction(source.choice([0, 0, 50, 100, 300, 600])) + Fraction(
            source.choice([0, 0, 0, 5, -5, 125, -125, 1, -1]), source.choice([1000, 10000])
        )
        yearly = wanted * 10000 / number(share)
        if source.random() < 0.5:
            yearly += Fraction(source.choice([-1, 0, 1]), 100)
        cost = (base - actual) * quantity * price - Fraction(investment, years) - yearly
        if cost < 0:
            # The saving is too small: start from a saving that is large enough.
            base, actual, quantity, price = Fraction(2), Fraction(1), 2000000000, Fraction(1)
            cost = (base - actual) * quantity * price - Fraction(investment, years) - yearly
    return {
        "基准单耗": cell(base, 3),
        "实际单耗": cell(actual, 3),
        "数量": str(quantity),
        "单价(元)": cell(price, 2),
        "新增运行成本(元)": cell(cost, 2),
        "投资(元)": str(investment),
        "摊销年限": str(years),
        "归属系数": share,
    }


def _points(source: random.Random) -> Row:
    if source.random() < 0.3:
        return {name: str(source.randint(0, ceiling)) for name, ceiling in CEILINGS.items()}
    # The points that, with some tier, bring the total to an award line, one below or one above.
    wanted = (
        source.choice([40, 50, 65, 80])
        + source.choice([-1, 0, 0, 1])
        - source.choice([0, 0, 10, 15, 20, 30, 40])
    )
    left = max(0, min(wanted, sum(CEILINGS.values())))
    room = sum(CEILINGS.values())
    points = {}
    for name, ceiling in CEILINGS.items():
        room -= ceiling
        mine = source.randint(max(0, left - room), min(ceiling, left))
        points[name] = str(mine)
        left -= mine
    return points
