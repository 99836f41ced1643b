"""S12 立项把关, computed from the scheme's text in whole numbers."""

from __future__ import annotations

import random

COLUMNS = ["编码", "总分", "结论", "批准预算(万元)", "说明"]
DIRECTIONS = ["矿产资源", "先进材料", "绿色低碳", "数智赋能"]
ITEMS = {"战略契合": 30, "技术创新": 25, "经济预期": 25, "团队条件": 20}
PROPERTIES = ["查重通过", "可衡量", "能考核", "有挑战"]
ENVELOPE = 1500

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    found: dict[str, tuple[str, str, str, str]] = {}
    waiting = []
    for row in rows:
        budget, total = int(row["预算(万元)"]), sum(int(row[item]) for item in ITEMS)
        if row["方向"] not in DIRECTIONS:
            found[row["编码"]] = ("", "否决", "0", "不在四个方向内")
        elif budget >= 500 and row["党委前置研究"] == "否":
            found[row["编码"]] = ("", "退回", "0", "预算达500万元未经党委前置研究")
        elif any(row[name] == "否" for name in PROPERTIES):
            found[row["编码"]] = ("", "退回", "0", "")
        elif total < 70 or any(int(row[item]) * 10 < most * 6 for item, most in ITEMS.items()):
            found[row["编码"]] = (str(total), "不立项", "0", "")
        else:
            waiting.append((-total, -int(row["战略契合"]), budget, row["编码"]))
    left = ENVELOPE
    for negative, _strategy, budget, code in sorted(waiting, key=lambda item: item[:3]):
        if budget <= left:
            left -= budget
            found[code] = (str(-negative), "立项", str(budget), "")
        else:
            found[code] = (str(-negative), "候补", "0", f"剩余额度{left}万元不足")
    return [dict(zip(COLUMNS, (row["编码"], *found[row["编码"]]), strict=True)) for row in rows]


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd the lines, the ties and the end of the envelope."""
    source = random.Random(seed)  # noqa: S311 - test data
    small = source.choice([1, 10, 100])  # how small the budgets are beside the envelope
    mostly_passing = source.random() < 0.6
    rows = []
    for number in source.sample(range(count * 2), count):
        marks = _marks(source, mostly_passing=mostly_passing)
        budget = source.choice([100, 200, 300, 400, 499, 500, 501, 700, 1500, 1501, 0]) // small
        if source.random() < 0.2:
            budget = source.randint(0, 600)
        rows.append(
            {
                "编码": f"G{number}",
                "项目名称": f"项目{number}",
                "方向": source.choice([*DIRECTIONS, *DIRECTIONS, "其他"]),
                "预算(万元)": str(budget),
                "党委前置研究": source.choice(["是", "是", "否"]),
                **{name: "否" if source.random() < 0.06 else "是" for name in PROPERTIES},
                **{item: str(mark) for item, mark in zip(ITEMS, marks, strict=True)},
            }
        )
    return rows


def _marks(source: random.Random, *, mostly_passing: bool) -> list[int]:
    if mostly_passing:  # few totals, so that many tie
        return source.choice(
            [[28, 23, 20, 18], [27, 20, 22, 20], [24, 19, 21, 16], [20, 17, 17, 16], [30, 15, 25, 19]]
        )
    edges = [[17, 18, 24, 30], [14, 15, 21, 25], [14, 15, 20, 25], [11, 12, 15, 20]]
    return [source.choice(edge) for edge in edges]
