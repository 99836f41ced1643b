"""Curves, panels, votes and gaps on both engines, against plain fractions and sixty digits of mpmath."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath import mp, mpf, workdps

from rulecore import load_policy
from rulecore.numbers import Rounding, round_to

POLICY = """
[policy]
name = "curves"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.x]
type = "decimal"
decimals = 2
min = -10
max = 1000000
missing = "not_applicable"
[fields.times]
type = "integer"
min = -3
max = 60
missing = "not_applicable"
[fields.day]
type = "date"
missing = "not_applicable"
[rules.logarithmic]
scorer = "logarithmic"
of = "x"
points = [[1, 0], [100, 50], [10000, 80]]
decimals = 3
rounding = "floor"
[rules.log_normal]
scorer = "log_normal"
of = "x"
median = 4
p10 = 2.5
full_marks = 100
decimals = 2
[rules.decay]
scorer = "decay"
of = "times"
factor = 0.85
at_least = 0.05
start = "x"
decimals = 4
[rules.panel]
scorer = "panel"
of = ["a", "b", "c", "d", "e"]
drop_low = 1
drop_high = 1
drop_from = 4
minimum = 2
decimals = 3
[rules.carried]
scorer = "vote"
in_favour = "coalesce(a, 0)"
of = "times"
at_least = "2/3"
quorum = "1/3"
entitled = "30"
[rules.gaps]
scorer = "gaps"
items = [
  { label = "甲", of = "a", target = "b" },
  { label = "乙", of = "c", target = "d", direction = "lower_is_better" },
]
[rules.started]
scorer = "steps"
of = "x"
from = 50
each = 7
deduction_each = 3
deduction_per_step = 2
count = "started"
[rules.due]
scorer = "formula"
value = "month_end(add_months(add_days(day, times), times * 11))"
[output]
provenance = false
columns = ["unit", "logarithmic", "log_normal", "decay", "panel", "carried", "gaps", "started", "due"]
"""
MARK = '[fields.{name}]\ntype = "decimal"\ndecimals = 1\nmin = 0\nmax = 100\nmissing = "not_applicable"\n'
NAMES = "abcde"

Row = dict[str, str]


def records() -> list[Row]:
    random_ = random.Random(11)  # noqa: S311 - records, not secrets
    xs = [
        "",
        "-10",
        "0",
        "0.01",
        "1",
        "1.01",
        "2.5",
        "4",
        "10",
        "99.99",
        "100",
        "1000",
        "10000",
        "10000.01",
        "1000000",
    ]
    days = ["", "2024-02-29", "2023-12-31", "0001-01-01", "9999-12-31", "2000-01-31"]
    rows = []
    for number in range(500):
        marks = {name: random_.choice(["", "0", "59.9", "60", str(random_.randrange(101))]) for name in NAMES}
        anything = f"{10 ** random_.uniform(-2, 5):.2f}"
        rows.append(
            {
                "unit": f"U{number}",
                "x": random_.choice([anything, random_.choice(xs)]),
                "times": random_.choice(["", "-3", "0", "1", "10", "59", str(random_.randrange(60))]),
                "day": random_.choice(days),
                **marks,
            }
        )
    return rows


def fraction(cell: str) -> Fraction | None:
    return None if cell == "" else Fraction(cell)


def shown(value: Fraction | None, decimals: int, rounding: Rounding = Rounding.HALF_UP) -> str:
    if value is None:
        return ""
    units = int(round_to(value, Fraction(1, 10**decimals), rounding) * 10**decimals)
    whole, rest = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{whole}" + (f".{rest:0{decimals}d}" if decimals else "")


def settled(value: mpf) -> Fraction:
    """Return a number of sixty digits to forty: what is rational is that number, not a hair beside it."""
    return round_to(Fraction(mp.nstr(value, 55)), Fraction(1, 10**40), Rounding.HALF_EVEN)


def logarithmic(x: Fraction | None) -> str:
    if x is None or x <= 1:
        return "" if x is None else "0.000"
    if x >= 10000:
        return "80.000"
    with workdps(60):
        decade = mp.log10(mpf(x.numerator) / x.denominator)
        found = settled(25 * decade if x <= 100 else 50 + 15 * (decade - 2))
    return shown(found, 3, Rounding.FLOOR)


def log_normal(x: Fraction | None) -> str:
    if x is None or x <= 0:
        return "" if x is None else "100.00"
    with workdps(60):
        spread = mp.log(mpf("0.625")) / mp.erfinv(mpf("0.8"))
        distance = mp.log(mpf(x.numerator) / x.denominator / 4) / spread
        return shown(settled(50 * mp.erfc(-distance)), 2)


def decay(x: Fraction | None, times: Fraction | None) -> str:
    if x is None or times is None:
        return ""
    power = Fraction("0.85") ** max(int(times), 0)
    return shown(x * max(power, Fraction("0.05")), 4)


def panel(marks: list[Fraction | None]) -> str:
    given = sorted(mark for mark in marks if mark is not None)
    if len(given) < 2:
        return ""
    kept = given[1:-1] if len(given) >= 4 else given
    return shown(sum(kept, Fraction(0)) / len(kept), 3)


def carried(favour: Fraction | None, present: Fraction | None) -> str:
    if present is None:
        return ""
    if present < 10:
        return "否"
    return "是" if (favour or 0) / present >= Fraction(2, 3) else "否"


def gaps(a: Fraction | None, b: Fraction | None, c: Fraction | None, d: Fraction | None) -> str:
    if (b is not None and a is None) or (d is not None and c is None):
        return ""
    found = []
    if a is not None and b is not None and a < b:
        found.append(f"甲差{shown(b - a, 2)}")
    if c is not None and d is not None and c > d:
        found.append(f"乙差{shown(c - d, 2)}")
    return ";".join(found)


def started(x: Fraction | None) -> str:
    if x is None:
        return ""
    distance = x - 50
    if distance >= 0:
        return shown(round_to(distance / 7, Fraction(1), Rounding.CEIL), 0)
    return shown(2 * round_to(distance / 3, Fraction(1), Rounding.FLOOR), 0)


def due(day: str, times: Fraction | None) -> str:
    if not day or times is None:
        return ""
    year, month, number = map(int, day.split("-"))
    # A count of days of its own: from month to month, by hand.
    number += int(times)
    while number < 1:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        if year < 1:
            return ""
        number += length(year, month)
    while number > length(year, month):
        number -= length(year, month)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        if year > 9999:
            return ""
    months = year * 12 + month - 1 + 11 * int(times)
    year, month = months // 12, months % 12 + 1
    return f"{year:04d}-{month:02d}-{length(year, month):02d}" if 1 <= year <= 9999 else ""


def length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def expected(row: Row) -> list[str]:
    x, times = fraction(row["x"]), fraction(row["times"])
    marks = [fraction(row[name]) for name in NAMES]
    return [
        row["unit"],
        logarithmic(x),
        log_normal(x),
        decay(x, times),
        panel(marks),
        carried(marks[0], times),
        gaps(*marks[:4]),
        started(x),
        due(row["day"], times),
    ]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_every_cell_is_what_plain_arithmetic_says(engine: str, tmp_path: Path) -> None:
    policy = POLICY + "".join(MARK.format(name=name) for name in NAMES)
    (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
    rows = records()
    results = load_policy(tmp_path / "policy.toml").evaluate(rows, engine=engine)
    assert results.rows_scored == len(rows)
    compared = zip(rows, map(list, results.output_rows()), map(expected, rows), strict=True)
    wrong = [(row, found, wanted) for row, found, wanted in compared if found != wanted]
    assert wrong[:3] == []
