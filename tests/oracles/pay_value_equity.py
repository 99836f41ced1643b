"""S16 年度薪酬、价值创造分享、股权激励, computed from the scheme's text with fractions.

Where nobody has any contribution the pool is not shared: everyone's share is 0.
"""

from __future__ import annotations

import random
from fractions import Fraction

from tests.oracles.exact import cell, number

COLUMNS = ["姓名", "年度薪酬(元)", "分享权重", "测算分享(元)", "分享上限(元)", "应发分享(元)", "核准股数"]
POOL = min(Fraction(6800000) / 10, Fraction(4000000) * 15 / 100)
PRICE = Fraction("5.20")
AWARD_LIMIT = 3000000
CAPITAL_LIMIT = 50000000 * 3 // 100

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    total = sum((_weight(row) for row in rows), Fraction(0))
    out = []
    for row in rows:
        pay = number(row["基薪(元)"]) + number(row["绩效基数(元)"]) * number(row["单位系数"]) * number(
            row["个人系数"]
        )
        weight = _weight(row)
        share = number(cell(POOL * weight / total, 2)) if total else Fraction(0)
        cap = _floor_cents(pay * 2 / 3)
        cells = [cell(value, 2) for value in (pay, weight, share, cap, min(share, cap))]
        out.append(dict(zip(COLUMNS, [row["姓名"], *cells, str(_shares(row))], strict=True)))
    return out


def _weight(row: Row) -> Fraction:
    young = number(row["年龄"]) <= 35
    return number(row["贡献分"]) * (Fraction("1.15") if young else 1)


def _floor_cents(value: Fraction) -> Fraction:
    return Fraction(value * 100 // 1, 100)


def _shares(row: Row) -> int:
    if number(row["本企业连续工龄"]) < 3:
        return 0
    room = int((AWARD_LIMIT - number(row["累计已奖励价值(元)"])) / PRICE // 1)
    return max(0, min(int(row["拟奖励股数"]), int(row["自购股数"]), room, CAPITAL_LIMIT))


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` people that crowd the ages, years of service, caps, half cents and every limit of shares."""
    source = random.Random(seed)  # noqa: S311 - test data
    scale = source.choice(
        [1, 1, max(1, count // 4)]
    )  # pays so small that shares of a big pool meet their caps
    nobody = source.random() < 0.05
    return [_row(source, f"员工{index:06d}", scale, nobody) for index in range(count)]


def _row(source: random.Random, name: str, scale: int, nobody: bool) -> Row:
    contribution = source.choice(["40", "30", "25", "5", "0", "0.1", "33.3", "12.5", "100"])
    shares = ["0", "1", "50000", "400000", "576923", "576924", "1499999", "1500000", "1500001", "2000000"]
    room = [
        "0",
        "0.01",
        "1200000",
        "2999994.80",
        "2999994.81",
        "3000000",
        "3000000.01",
        "3500000",
        "2999999.99",
    ]
    return {
        "姓名": name,
        "年龄": source.choice(["20", "34", "35", "35", "35.00", "35.01", "36", "50"]),
        "本企业连续工龄": source.choice(["0", "2", "2.99", "3", "3.00", "3.01", "12"]),
        "基薪(元)": cell(Fraction(source.choice([12000000, 20000001, 15000050, 0, 3, 999]) // scale, 100), 2),
        "绩效基数(元)": str(source.choice([100000, 80000, 0, 1, 33333]) // scale),
        "单位系数": source.choice(["1.0", "1", "0.8", "1.3", "0"]),
        "个人系数": source.choice(["1.0", "1.15", "0.95", "1.2", "0", "1.01"]),
        "贡献分": "0" if nobody else contribution,
        "拟奖励股数": source.choice(shares),
        "自购股数": source.choice(shares),
        "累计已奖励价值(元)": source.choice(room),
    }
