"""S03 党支部星级评定, computed from the scheme's text with fractions: the independent answer to compare with.

Where a full tie in 总分, 基础项 and the unrounded 评议分 straddles the last five-star place, the scheme gives
the choice to the committee: 最终星级 is then 待评审 and 说明 stays blank, since none of its
sentences applies.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from fractions import Fraction

from tests.oracles.exact import cell, half_up, number

COLUMNS = ["支部编码", "评议分", "总分", "分数星级", "最终星级", "说明"]

# Equal in the total; equal, or a hair apart, in what decides ties.
BEST = [
    {"基础项": "98", "减分": "0", "优票": "3", "良票": "1", "中票": "0", "差票": "0"},
    {"基础项": "98.0", "减分": "0", "优票": "6", "良票": "2", "中票": "0", "差票": "0"},
    {"基础项": "99", "减分": "1", "优票": "3", "良票": "1", "中票": "0", "差票": "0"},
    {"基础项": "98", "减分": "0", "优票": "9001", "良票": "2999", "中票": "0", "差票": "0"},
]

Row = dict[str, str]
Standing = tuple[Fraction, Fraction, Fraction]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    branches = [(row, appraisal(row)) for row in rows]
    valid = [(row, points) for row, points in branches if points is not None]
    quota = len(valid) * 3 // 10
    still_five = sorted(standing(row, points) for row, points in valid if climbed(row, points)[0] == 5)
    out = []
    for row, points in branches:
        if points is None:
            out.append(dict.fromkeys(COLUMNS, "") | {"支部编码": row["支部编码"], "说明": "数据错误"})
            continue
        final, remark = climbed(row, points)
        shown = str(final)
        if final == 5:
            shown, remark = within_quota(standing(row, points), still_five, quota)
        total = standing(row, points)[0]
        out.append(
            {
                "支部编码": row["支部编码"],
                "评议分": cell(points, 2),
                "总分": cell(total, 2),
                "分数星级": str(score_star(total)),
                "最终星级": shown,
                "说明": remark,
            }
        )
    return out


def appraisal(row: Row) -> Fraction | None:
    """Return the unrounded 评议分 over the valid votes, or None where there is none."""
    votes = [int(row[name]) for name in ("优票", "良票", "中票", "差票")]
    if sum(votes) == 0:
        return None
    points = sum(count * weight for count, weight in zip(votes, (100, 80, 60, 40), strict=True))
    return Fraction(points, sum(votes))


def standing(row: Row, points: Fraction) -> Standing:
    """Return (总分 rounded, 基础项, 评议分 unrounded), in the order in which ties are decided."""
    basic = number(row["基础项"])
    honours = min(max(number(row["集团级表扬加分"]), number(row["公司级表扬加分"])), Fraction(2))
    total = (basic - number(row["减分"])) * Fraction(7, 10) + points * Fraction(3, 10) + honours
    return half_up(total, 2), basic, points


def score_star(total: Fraction) -> int:
    """Return the star a total earns: 90 five, 80 four, 70 three, 60 two, below that one."""
    return 1 + sum(total >= limit for limit in (60, 70, 80, 90))


def climbed(row: Row, points: Fraction) -> tuple[int, str]:
    """Return the star after the veto and the climb of one step a year, and the remark that goes with it."""
    star = score_star(standing(row, points)[0])
    if row["一票否决事项"].strip():
        return 0, "一票否决不评星"
    limit = int(row["上年星级"]) + 1
    return (limit, "逐级晋升") if limit < star else (star, "")


def within_quota(mine: Standing, still_five: list[Standing], quota: int) -> tuple[str, str]:
    """Return what becomes of a branch still at five stars, and the remark."""
    first, after = bisect_left(still_five, mine), bisect_right(still_five, mine)
    better, equal = len(still_five) - after, after - first
    if better + equal <= quota:
        return "5", ""
    return ("4", f"五星名额{quota}个已满") if better >= quota else ("待评审", "")


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd ties, limits, caps and empty votes; the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - test data
    crowded = [_scores(source) for _ in range(max(2, count // 8))]
    crowd = source.choice([0.2, 0.5])
    best = source.choice([0, 0.5])  # with a field of equals at the top the five-star places are fought for
    rows = []
    for index in range(count):
        scores = dict(source.choice(crowded) if source.random() < crowd else _scores(source))
        if source.random() < best:
            scores |= source.choice(BEST)
        veto = source.choice(["", "", "", "", "", "", "党员受到党纪处分"])
        rows.append(
            {"支部编码": f"B{index:05d}", "支部名称": f"第{index}党支部"}
            | scores
            | {"一票否决事项": veto, "上年星级": str(source.choice([0, 1, 2, 3, 4, 4, 4, 5, 5, 5]))}
        )
    return rows


def _scores(source: random.Random) -> Row:
    kind = source.random()
    if kind < 0.06:
        votes = (0, 0, 0, 0)
    elif kind < 0.4:
        # Equal shares from unequal counts tie in 评议分; 16 votes put the total on half a cent.
        votes = source.choice(
            [(3, 1, 0, 0), (6, 2, 0, 0), (12, 4, 0, 0), (15, 1, 0, 0), (1, 0, 0, 15), (7, 4, 2, 0)]
        )
    else:
        votes = tuple(source.choice([0, 1, 2, 3, 5, 8, 20]) for _ in range(4))
    if kind < 0.7:
        basic = source.choice(["96", "96.0", "95.5", "90", "85", "80", "70", "60", "100", "0"])
        deduction = source.choice(["0", "0", "1", "2.5"])
    else:
        basic = cell(Fraction(source.randint(550, 1000), 10), 1)
        deduction = cell(Fraction(source.randint(0, 80), 10), 1)
    honours = [source.choice(["0", "0", "1", "1.5", "2", "2.1", "3"]) for _ in range(2)]
    if source.random() < 0.2 and sum(votes):
        basic, deduction = _on_a_limit(source, votes, honours), "0"
    return {
        "基础项": basic,
        "减分": deduction,
        "优票": str(votes[0]),
        "良票": str(votes[1]),
        "中票": str(votes[2]),
        "差票": str(votes[3]),
        "集团级表扬加分": honours[0],
        "公司级表扬加分": honours[1],
    }


def _on_a_limit(source: random.Random, votes: tuple[int, ...], honours: list[str]) -> str:
    """Return the 基础项 (one decimal, 0 to 100) that brings the total nearest to a star's limit."""
    points = Fraction(votes[0] * 100 + votes[1] * 80 + votes[2] * 60 + votes[3] * 40, sum(votes))
    rest = points * Fraction(3, 10) + min(max(Fraction(honours[0]), Fraction(honours[1])), Fraction(2))
    wanted = (source.choice([60, 70, 80, 90]) - rest) / Fraction(7, 10)
    return cell(max(Fraction(0), min(wanted, Fraction(100))), 1)
