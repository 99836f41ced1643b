"""What goes one way only is bounded by its ends; what turns round is not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.contracts import Engine
from rulecore.engines.reference import evaluate
from rulecore.expr.ranges import Range
from rulecore.reach.possible import Numbers
from rulecore.reach.situation import Situation

POLICY = """
[policy]
name = "slopes"
version = "1"
[record]
entity = "unit"
[fields]
unit = { type = "text" }
a = { type = "integer", min = 0, max = 20 }
b = { type = "integer", min = 0, max = 20 }
c = { type = "integer", min = 0, max = 20, missing = "not_applicable" }
[rules.votes]
scorer = "formula"
value = "a + b"
[rules.target]
scorer = "formula"
value = "FORMULA"
[output]
columns = ["unit"]
"""
ONE_WAY = [
    "(100 * a + 60 * b) / (a + b + 1)",
    "(100 * a + 60 * b) / (votes + 1)",
    "(a - b) / (a + b + 1)",
    "a * (30 - a)",
    "round((100 * a + 60 * b) / (a + b + 1), 2) - 3",
    "mean(a, b) * votes - a",
    "if b == 4 then a / (a + 1) else 0",
    "sum(a, c) / (a + 1) * (a + 1) * 2 - a",
]
OTHERS = [
    "a * (10 - a)",
    "a / (a * a + 10)",
    "abs(a - 5) - a",
    "max(a, 10) / (a + 1)",
    "(a - 10) * (a - 5) * a",
]


def situation(tmp_path: Path, formula: str) -> Situation:
    (tmp_path / "policy.toml").write_text(POLICY.replace("FORMULA", formula), encoding="utf-8")
    results = load_policy(tmp_path).evaluate([{"unit": "U1", "a": 3, "b": 4, "c": None}], engine="exact")
    engine = Engine(name="exact", summary="fractions", evaluate=evaluate)
    return Situation(results=results, part=results.parts[0], row=0, engine=engine, target="target")


def found_and_said(looked_at: Situation, low: int, high: int) -> tuple[Range, Range]:
    """Return the range of the values there are in an interval, and the bounds that are said."""
    path = looked_at.path("", 0, "a")
    values = [looked_at.outcome(path, Fraction(value)).value for value in range(low, high + 1)]
    numbers = [value for value in values if isinstance(value, Fraction)]
    assert len(numbers) == len(values)
    interval = looked_at.bounds(path, Numbers(range=Range(Fraction(low), Fraction(high))))
    said = looked_at.of_target(interval)
    assert isinstance(said, Numbers)
    return Range(min(numbers), max(numbers)), said.range


@pytest.mark.parametrize("formula", ONE_WAY)
def test_what_goes_one_way_only_is_bounded_by_its_ends(formula: str, tmp_path: Path) -> None:
    looked_at = situation(tmp_path, formula)
    for low, high in ((0, 1), (3, 9), (5, 12)):
        there, said = found_and_said(looked_at, low, high)
        assert said.low is not None
        assert said.high is not None
        assert said.low <= there.low <= there.high <= said.high  # type: ignore[operator]
        if formula in ONE_WAY[:4] and (low, high) == (0, 1):
            assert said == there


@pytest.mark.parametrize("formula", OTHERS)
def test_what_turns_round_stays_within_its_bounds(formula: str, tmp_path: Path) -> None:
    looked_at = situation(tmp_path, formula)
    for low in range(0, 20, 3):
        for high in range(low + 1, 21, 4):
            there, said = found_and_said(looked_at, low, high)
            assert said.low is None or said.low <= there.low  # type: ignore[operator]
            assert said.high is None or there.high <= said.high  # type: ignore[operator]
