import random
from fractions import Fraction
from pathlib import Path

import pytest

from tests.scorers.cohorts import ENGINES, given, outcomes
from tests.scorers.policies import codes

DISTANCE = 'scorer = "vikor"\nof = { a = 50, b = 30, c = 20 }\nlower_is_better = ["b"]\ndecimals = 5\n'
ON_BOTH = pytest.mark.parametrize("engine", ENGINES)


def by_hand(rows: list[tuple[str, ...]], part: str, majority: Fraction) -> list[Fraction]:
    """Work through the method's steps of Opricovic and Tzeng."""
    a, b, c = ([Fraction(cell) for cell in column] for column in zip(*rows, strict=True))
    s, r = [], []
    for row in range(len(rows)):
        missed = (
            Fraction(1, 2) * (max(a) - a[row]) / (max(a) - min(a)),
            Fraction(3, 10) * (min(b) - b[row]) / (min(b) - max(b)),
            Fraction(1, 5) * (max(c) - c[row]) / (max(c) - min(c)),
        )
        s.append(sum(missed))
        r.append(max(missed))
    if part != "compromise":
        return s if part == "group_utility" else r
    return [
        majority * (s[row] - min(s)) / (max(s) - min(s))
        + (1 - majority) * (r[row] - min(r)) / (max(r) - min(r))
        for row in range(len(rows))
    ]


@ON_BOTH
@pytest.mark.parametrize("part", ["compromise", "group_utility", "individual_regret"])
def test_the_distance_is_that_of_the_steps_by_hand(part: str, engine: str, tmp_path: Path) -> None:
    random_ = random.Random(3)  # noqa: S311 - records, not secrets
    rows = [tuple(f"{random_.randrange(9999) / 100:.2f}" for _ in "abc") for _ in range(60)]
    wanted = by_hand(rows, part, Fraction(7, 10))
    rule = DISTANCE + f'part = "{part}"\n' + ("majority = 0.7\n" if part == "compromise" else "")
    found = given(tmp_path, rule, rows, engine)
    for text, value in zip(found, wanted, strict=True):
        assert abs(Fraction(text) - value) <= Fraction(1, 200_000)


@ON_BOTH
def test_the_best_in_everything_is_at_distance_zero_the_worst_at_one(engine: str, tmp_path: Path) -> None:
    assert given(tmp_path, DISTANCE, [(10, 1, 10), (0, 10, 0), (5, "5.5", 5)], engine) == ["0", "1", "0.5"]


@ON_BOTH
def test_the_distance_is_exact(engine: str, tmp_path: Path) -> None:
    # 1/8 of the way is 0.125: a tie at two decimals.
    rule = 'scorer = "vikor"\nof = { a = 1 }\ndecimals = 2\n'
    assert given(tmp_path, rule, [(8,), (7,), (0,)], engine) == ["0", "0.13", "1"]
    assert given(tmp_path, rule + 'rounding = "half_even"', [(8,), (7,), (0,)], engine) == ["0", "0.12", "1"]


@ON_BOTH
def test_where_all_are_alike_in_a_criterion_nobody_misses_anything_there(engine: str, tmp_path: Path) -> None:
    assert given(tmp_path, DISTANCE + 'part = "group_utility"', [(1, 5, 0), (2, 5, 0)], engine) == [
        "0.5",
        "0",
    ]


@ON_BOTH
def test_records_that_do_not_differ_have_an_issue_and_so_has_one_alone(engine: str, tmp_path: Path) -> None:
    same = {"a": 1, "b": 2, "c": 3}
    assert outcomes(tmp_path, DISTANCE, [same, same], engine) == [("", ("all_alike",))] * 2
    assert outcomes(tmp_path, DISTANCE, [same], engine) == [("", ("all_alike",))]
    assert given(tmp_path, DISTANCE + 'part = "individual_regret"', [(1, 2, 3)], engine) == ["0"]


@ON_BOTH
def test_a_record_without_a_criterion_takes_no_part(engine: str, tmp_path: Path) -> None:
    assert given(tmp_path, DISTANCE, [(9, 1, 9), (1, 9, 1), (100, "", 100)], engine) == ["0", "1", ""]


def test_a_majority_is_a_part_and_of_the_compromise_alone() -> None:
    assert codes(DISTANCE.replace("decimals = 5\n", "majority = 1.2")) == ["RC164"]
    assert codes(DISTANCE.replace("decimals = 5\n", 'majority = 0.2\npart = "group_utility"')) == ["RC163"]
