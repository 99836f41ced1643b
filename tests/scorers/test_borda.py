import random
from fractions import Fraction
from pathlib import Path

import pytest

from tests.scorers.cohorts import ENGINES, given, outcomes
from tests.scorers.policies import codes

POINTS = 'scorer = "borda"\nof = { a = 50, b = 30, c = 20 }\nlower_is_better = ["b"]\n'
ON_BOTH = pytest.mark.parametrize("engine", ENGINES)


def by_hand(rows: list[tuple[int | str, ...]], ties: str) -> list[Fraction | None]:
    """Count, in each criterion, who stands behind."""
    found: list[Fraction | None] = []
    for row in rows:
        points = Fraction(0)
        for place, weight in enumerate((50, 30, 20)):
            if row[place] == "":
                break
            sign = -1 if place == 1 else 1
            others = [sign * other[place] for other in rows if other[place] != ""]  # type: ignore[operator]
            mine = sign * row[place]  # type: ignore[operator]
            behind, level = sum(other < mine for other in others), others.count(mine) - 1
            points += weight * (behind + {"mean": Fraction(level, 2), "lowest": 0, "highest": level}[ties])
        else:
            found.append(points)
            continue
        found.append(None)
    return found


@ON_BOTH
@pytest.mark.parametrize("ties", ["mean", "lowest", "highest"])
def test_the_points_are_those_of_counting_who_stands_behind(ties: str, engine: str, tmp_path: Path) -> None:
    random_ = random.Random(11)  # noqa: S311 - records, not secrets
    rows = [tuple(random_.choice([*range(12), ""]) for _ in "abc") for _ in range(60)]
    wanted = ["" if value is None else f"{float(value):g}" for value in by_hand(rows, ties)]
    assert given(tmp_path, f'{POINTS}ties = "{ties}"', rows, engine) == wanted


@ON_BOTH
def test_the_last_place_may_have_points_and_one_record_alone_has_those(engine: str, tmp_path: Path) -> None:
    rule = 'scorer = "borda"\nof = { a = 1 }\nlast = 1\n'
    assert given(tmp_path, rule, [(7,), (9,), (8,)], engine) == ["1", "3", "2"]
    assert given(tmp_path, rule, [(7,)], engine) == ["1"]


@ON_BOTH
def test_the_weight_of_a_criterion_without_value_is_shared_out(engine: str, tmp_path: Path) -> None:
    rule = 'scorer = "borda"\nof = { a = 1, b = 1 }\nnot_applicable = "re_share"\n'
    assert given(tmp_path, rule, [(3, 3), (2, ""), (1, 1)], engine) == ["3", "2", "0"]
    least = 'scorer = "borda"\nof = { a = 1, b = 1 }\nnot_applicable = "minimum_count"\nminimum_count = 2\n'
    found = outcomes(tmp_path, least, [{"a": 3, "b": 3}, {"a": 2}], engine)
    assert found == [("1", ()), ("", ("too_few_applicable",))]


@ON_BOTH
def test_groups_and_conditions_decide_who_is_counted(engine: str, tmp_path: Path) -> None:
    rule = 'scorer = "borda"\nof = { a = 1 }\nwithin = ["group"]\nwhere = "takes_part"'
    records = [
        {"a": 1, "group": "x"},
        {"a": 2, "group": "x"},
        {"a": 3, "group": "y"},
        {"a": 4, "group": "x", "takes_part": "false"},
    ]
    assert [value for value, _ in outcomes(tmp_path, rule, records, engine)] == ["0", "1", "0", ""]


def test_a_count_without_its_policy_is_refused() -> None:
    assert codes(POINTS + "minimum_count = 2") == ["RC163"]
    assert codes(POINTS + 'not_applicable = "minimum_count"') == ["RC162"]
