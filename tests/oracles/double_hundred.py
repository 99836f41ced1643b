"""S01 双百分考核, computed from the scheme's text with fractions: the independent answer to compare with.

``rows_out`` takes the rows of a CSV file and returns the rows of the result, cell for cell; ``generate``
makes records that crowd the edges: equal scores, products that end in exactly half a cent, band limits,
full ties.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from fractions import Fraction

from tests.oracles.exact import cell, clip, half_up, number

COLUMNS = ["单位编码", "党建得分", "经营得分", "综合得分", "名次", "分数档", "最终等次", "绩效系数"]
COEFFICIENTS = {"A": "1.2", "B": "1.0", "C": "0.8", "D": "0.5", "待评审": ""}

Row = dict[str, str]
Standing = tuple[Fraction, Fraction, Fraction]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    standings = [standing(row) for row in rows]
    bands = [band(result) for result, _, _ in standings]
    vetoed = [row["一票否决事项"].strip() != "" for row in rows]
    after_veto = [
        "C" if veto and letter in "AB" else letter for letter, veto in zip(bands, vetoed, strict=True)
    ]
    places = len(rows) * 3 // 10
    everyone = sorted(standings)
    candidates = sorted(standings[index] for index, letter in enumerate(after_veto) if letter == "A")
    out = []
    for index, row in enumerate(rows):
        mine = standings[index]
        final = after_veto[index]
        if final == "A":
            final = within_quota(mine, candidates, places)
        result, operations, party = mine
        out.append(
            {
                "单位编码": row["单位编码"],
                "党建得分": cell(party, 2),
                "经营得分": cell(operations, 2),
                "综合得分": cell(result, 2),
                "名次": str(1 + better_and_equal(mine, everyone)[0]),
                "分数档": bands[index],
                "最终等次": final,
                "绩效系数": COEFFICIENTS[final],
            }
        )
    return out


def standing(row: Row) -> Standing:
    """Return (R, O, P): the result rounded once, then the scores it came from, in the order of deciding."""
    basic, bonus, deduction = (number(row[name]) for name in ("党建基本分", "党建加分", "党建扣分"))
    party = clip(basic + min(bonus, Fraction(3)) - deduction, 0, 100)
    operations = clip(number(row["经营得分"]), 0, 100)
    return half_up(party * operations / 100, 2), operations, party


def band(result: Fraction) -> str:
    """Return the score band of a rounded result; the lower bounds belong to the band."""
    for limit, letter in ((90, "A"), (80, "B"), (70, "C")):
        if result >= limit:
            return letter
    return "D"


def within_quota(mine: Standing, candidates: list[Standing], places: int) -> str:
    """Return what becomes of an A: it stays, is surplus (B), or is fully tied across the last place."""
    better, equal = better_and_equal(mine, candidates)
    if better + equal <= places:
        return "A"
    return "B" if better >= places else "待评审"


def better_and_equal(mine: Standing, ascending: list[Standing]) -> tuple[int, int]:
    """Return how many standings are better than ``mine`` and how many are equal to it."""
    first, after = bisect_left(ascending, mine), bisect_right(ascending, mine)
    return len(ascending) - after, after - first


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records that crowd ties, limits, caps and half cents; the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - test data
    crowded = [_crowded(source) for _ in range(max(2, count // 6))]
    rows = []
    for index in range(count):
        kind = source.random()
        if kind < 0.45:
            basic, bonus, deduction, operations = source.choice(crowded)
        elif kind < 0.75:
            basic, bonus, deduction, operations = _crowded(source)
        else:
            basic = _decimal(source.randint(0, 10000), 2)
            bonus = _decimal(source.randint(0, 800), 2)
            deduction = _decimal(source.randint(0, 1500), 2)
            operations = _decimal(source.randint(-2000, 13000), 2)
        rows.append(
            {
                "单位编码": f"G{index:05d}",
                "单位名称": f"第{index}单位",
                "党建基本分": basic,
                "党建加分": bonus,
                "党建扣分": deduction,
                "经营得分": operations,
                "一票否决事项": source.choice(["", "", "", "", "", "发生生产安全责任事故且负主要责任", " "]),
            }
        )
    return rows


def _crowded(source: random.Random) -> tuple[str, str, str, str]:
    if source.random() < 0.5:
        # Products that end in exactly ...5 at the third decimal, or sit on or beside 70, 80, 90.
        party, operations = source.choice(
            [
                ("92.5", "96.2"),
                ("85.0", "92.5"),
                ("90", "100"),
                ("100", "90"),
                ("100", "89.99"),
                ("99.99", "90.00"),
                ("96", "93.75"),
                ("80", "100"),
                ("100", "79.99"),
                ("87.5", "80"),
                ("100", "70"),
                ("95", "94.73"),
                ("94.73", "95"),
                ("0", "100"),
                ("100", "-3"),
                ("97.5", "120.01"),
                ("90.45", "99.50"),
            ]
        )
        bonus = source.choice(["0", "3", "3.01", "5", "2.99"])
        basic = Fraction(party) - min(Fraction(bonus), 3)
        if basic < 0:
            return party, "0", "0", operations
        return cell(basic, 2), bonus, "0", operations
    basic = _decimal(source.randint(840, 1000), 1)
    bonus = source.choice(["0", "1", "2.5", "3", "4"])
    deduction = source.choice(["0", "0.5", "1", "3"])
    return basic, bonus, deduction, _decimal(source.randint(176, 200) * 5, 1)


def _decimal(scaled: int, places: int) -> str:
    return cell(Fraction(scaled, 10**places), places)
