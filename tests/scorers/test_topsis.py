import random
from pathlib import Path

import pytest
from mpmath import mp, mpf, workdps

from tests.scorers.cohorts import ENGINES, given, outcomes
from tests.scorers.policies import codes

CLOSENESS = 'scorer = "topsis"\nof = { a = 0.5, b = 0.3, c = 0.2 }\nlower_is_better = ["b"]\ndecimals = 5\n'
ON_BOTH = pytest.mark.parametrize("engine", ENGINES)
UNITS = {
    "vector": lambda column: mp.sqrt(mp.fsum(value * value for value in column)),
    "max": lambda column: max(abs(value) for value in column),
    "min_max": lambda column: max(column) - min(column),
    "none": lambda _column: mpf(1),
}


def by_hand(rows: list[tuple[str, ...]], normalise: str) -> list[str]:
    """Work through the method's steps with 60 digits, roots and all."""
    with workdps(60):
        columns = [[mpf(cell) for cell in column] for column in zip(*rows, strict=True)]
        weights = [mpf("0.5"), mpf("0.3"), mpf("0.2")]
        scaled = [
            [weight * value / UNITS[normalise](column) for value in column]
            for column, weight in zip(columns, weights, strict=True)
        ]
        best = [max(scaled[0]), min(scaled[1]), max(scaled[2])]
        worst = [min(scaled[0]), max(scaled[1]), min(scaled[2])]

        def distance(row: int, ideal: list[mpf]) -> mpf:
            return mp.sqrt(
                mp.fsum((column[row] - end) ** 2 for column, end in zip(scaled, ideal, strict=True))
            )

        found = []
        for row in range(len(rows)):
            near, far = distance(row, best), distance(row, worst)
            found.append(far / (near + far))
        return [f"{float(mp.nint(value * 100000)) / 100000:.5f}".rstrip("0").rstrip(".") for value in found]


@ON_BOTH
@pytest.mark.parametrize("normalise", UNITS)
def test_the_closeness_is_that_of_the_steps_by_hand(normalise: str, engine: str, tmp_path: Path) -> None:
    random_ = random.Random(7)  # noqa: S311 - records, not secrets
    rows = [tuple(f"{random_.randrange(1, 9999) / 100:.2f}" for _ in "abc") for _ in range(60)]
    assert given(tmp_path, f'{CLOSENESS}normalise = "{normalise}"', rows, engine) == by_hand(rows, normalise)


@ON_BOTH
def test_best_in_everything_is_one_worst_zero_and_the_middle_exactly_a_half(
    engine: str, tmp_path: Path
) -> None:
    rows = [(10, 1, 10), (5, "5.5", 5), (0, 10, 0)]
    assert given(tmp_path, CLOSENESS, rows, engine) == ["1", "0.5", "0"]


@ON_BOTH
def test_a_tie_of_the_rounding_is_decided(engine: str, tmp_path: Path) -> None:
    # One criterion: the closeness is (x − worst) / (best − worst) = 1/8 = 0.125, a tie at two decimals.
    rule = 'scorer = "topsis"\nof = { a = 1 }\nnormalise = "min_max"\ndecimals = 2\n'
    rows = [(0,), (1,), (3,), (8,)]
    assert given(tmp_path, rule, rows, engine) == ["0", "0.13", "0.38", "1"]
    assert given(tmp_path, rule + 'rounding = "half_even"', rows, engine) == ["0", "0.12", "0.38", "1"]


@ON_BOTH
def test_a_criterion_in_which_all_are_alike_sets_nobody_apart(engine: str, tmp_path: Path) -> None:
    alike = given(tmp_path, CLOSENESS, [(1, 5, 0), (2, 5, 0), (4, 5, 0)], engine)
    assert alike == given(
        tmp_path, 'scorer = "topsis"\nof = { a = 1 }\ndecimals = 5', [(1,), (2,), (4,)], engine
    )


@ON_BOTH
def test_records_that_do_not_differ_have_an_issue_and_so_has_one_alone(engine: str, tmp_path: Path) -> None:
    same = {"a": 1, "b": 2, "c": 3}
    assert outcomes(tmp_path, CLOSENESS, [same, same], engine) == [("", ("all_alike",))] * 2
    assert outcomes(tmp_path, CLOSENESS, [same], engine) == [("", ("all_alike",))]


@ON_BOTH
def test_a_record_without_a_criterion_takes_no_part(engine: str, tmp_path: Path) -> None:
    rows = [(9, 1, 9), (1, 9, 1), (100, "", 100)]
    assert given(tmp_path, CLOSENESS, rows, engine) == ["1", "0", ""]


@ON_BOTH
def test_groups_and_conditions_decide_who_is_compared(engine: str, tmp_path: Path) -> None:
    records = [
        {"a": 1, "b": 1, "c": 1, "group": "x"},
        {"a": 2, "b": 1, "c": 1, "group": "x"},
        {"a": 3, "b": 1, "c": 1, "group": "y"},
        {"a": 5, "b": 1, "c": 1, "group": "y"},
        {"a": 9, "b": 1, "c": 1, "group": "y", "takes_part": "false"},
    ]
    rule = CLOSENESS + 'within = ["group"]\nwhere = "takes_part"'
    assert [value for value, _ in outcomes(tmp_path, rule, records, engine)] == ["0", "1", "0", "1", ""]


def test_directions_name_criteria_each_once() -> None:
    rule = 'scorer = "topsis"\nof = { a = 1, b = 1 }\nlower_is_better = '
    assert codes(rule + '["b"]') == []
    assert codes(rule + '["price"]') == ["RC185"]
    assert codes(rule + '["b", "b"]') == ["RC165"]
    assert codes('scorer = "topsis"\nof = { a = 0.5, b = 0.4 }') == ["RC171"]
