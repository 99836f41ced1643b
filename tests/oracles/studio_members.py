"""S08 领衔人与成员考评、奖金分配, computed from the scheme's text with fractions, round by round."""

from __future__ import annotations

import random
from fractions import Fraction
from math import floor

from tests.oracles.exact import cell, number

COLUMNS = ["姓名", "折算分", "是否封顶", "应发(元)"]
POOL = Fraction(36000)
MEMBERS = POOL * Fraction(8, 10)
CAP = MEMBERS * Fraction(3, 10)

Row = dict[str, str]


def rows_out(rows: list[Row]) -> list[Row]:
    """Return the result rows for the input rows, in the same order."""
    weights = {row["姓名"]: _weight(row) for row in rows if row["角色"] != "领衔人"}
    paid: dict[str, Fraction] = {}
    capped: set[str] = set()
    for studio in dict.fromkeys(row["工作室"] for row in rows):
        own = {
            row["姓名"]: weights[row["姓名"]]
            for row in rows
            if row["工作室"] == studio and row["角色"] != "领衔人"
        }
        if sum(own.values()) > 0:
            over, exact = _rounds(own)
            capped |= over
            paid |= _cents(own, exact)
    out = []
    for row in rows:
        name = row["姓名"]
        if row["角色"] == "领衔人":
            out.append((name, "", "否", cell(_leader(row), 2)))
        else:
            bonus = cell(paid[name], 2) if name in paid else ""
            out.append((name, cell(weights[name], 2), "是" if name in capped else "否", bonus))
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in out]


def _weight(row: Row) -> Fraction:
    role = Fraction(1) if row["角色"] == "核心成员" else Fraction(6, 10)
    return number(row["日常考核分"]) * role * int(row["参与月数"]) / 12


def _leader(row: Row) -> Fraction:
    score = number(row["日常考核分"])
    factor = Fraction(1) if score >= 90 else Fraction(9, 10) if score >= 80 else Fraction(7, 10)
    return POOL * Fraction(2, 10) * factor


def _rounds(weights: dict[str, Fraction]) -> tuple[set[str], dict[str, Fraction]]:
    """Return who is capped and everybody's unrounded bonus."""
    capped: set[str] = set()
    while True:
        rest = MEMBERS - len(capped) * CAP
        free = {name: weight for name, weight in weights.items() if name not in capped}
        total = sum(free.values())
        shares = {name: rest * weight / total if total else Fraction(0) for name, weight in free.items()}
        over = {name for name, share in shares.items() if share > CAP}
        if not over:
            return capped, {name: shares.get(name, CAP) for name in weights}
        capped |= over


def _cents(weights: dict[str, Fraction], exact: dict[str, Fraction]) -> dict[str, Fraction]:
    """Round down to cents, then one cent each by largest fraction, larger weight, place in the file."""
    cents = {name: floor(share * 100) for name, share in exact.items()}
    missing = int(sum(exact.values()) * 100) - sum(cents.values())
    order = sorted(exact, key=lambda name: (-(exact[name] * 100 - cents[name]), -weights[name]))
    for name in order[:missing]:
        cents[name] += 1
    return {name: Fraction(value, 100) for name, value in cents.items()}


def generate(seed: int, count: int) -> list[Row]:
    """Return ``count`` records in studios that crowd caps, equal weights and equal fractions of a cent."""
    source = random.Random(seed)  # noqa: S311 - test data
    rows: list[Row] = []
    studio = 0
    while len(rows) < count:
        studio += 1
        members = min(source.choice([4, 5, 5, 6, 9, 14]), max(count - len(rows) - 1, 0))
        kind = source.choice(["equal", "exact cap", "high", "any", "few", "zero"])
        leader = source.choice(["97.2", "90", "89.9", "80", "79.9", "80.0", "100", "0"])
        rows.append(_row(studio, 0, "领衔人", leader, source.choice(["12", "0", "7"])))
        for place in range(members):
            role, score, months = _member(source, kind, place)
            rows.append(_row(studio, place + 1, role, score, months))
    source.shuffle(rows)
    return rows


def _row(studio: int, place: int, role: str, score: str, months: str) -> Row:
    cells = (f"W{studio}", f"员工{studio}-{place}", role, score, months)
    return dict(zip(("工作室", "姓名", "角色", "日常考核分", "参与月数"), cells, strict=True))


def _member(source: random.Random, kind: str, place: int) -> tuple[str, str, str]:
    role = source.choice(["核心成员", "核心成员", "临时支撑"])
    score = cell(Fraction(source.randint(0, 1000), 10), 1)
    months = str(source.randint(0, 12))
    if kind == "equal":  # 48 by either role
        return source.choice([("核心成员", "48", "12"), ("临时支撑", "80", "12"), ("核心成员", "96", "6")])
    if kind == "exact cap":  # 30 + 30 + 20 + 20: exactly the cap
        return "核心成员", ["30", "30", "20", "20"][place] if place < 4 else "0", "12"
    if kind == "high" and place < 3:
        return "核心成员", source.choice(["100", "99.9", "100.0"]), "12"
    if kind == "few":
        return "临时支撑", source.choice(["0.1", "0.2", "1", "100"]), source.choice(["1", "2", "12"])
    if kind == "zero" and place >= 4:
        return source.choice([("核心成员", "0", "12"), ("临时支撑", "90", "0")])
    return role, score, months
