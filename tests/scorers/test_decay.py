from decimal import Decimal
from fractions import Fraction

import pytest

from tests.scorers.policies import codes, only_problem, sentence, value

REPEAT = 'scorer = "decay"\nof = "times"\nfactor = 0.85\nat_least = 0.3\n'


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (0, "1"),
        (1, "0.85"),
        (2, "0.7225"),
        (7, "0.32057708828125"),
        (8, "0.3"),
        (9, "0.3"),
        (1000, "0.3"),
        (-2, "1"),
    ],
)
def test_the_factor_applies_once_for_each_time_down_to_the_floor(times, expected):
    assert value(REPEAT, times=times) == Fraction(expected)


def test_a_part_of_a_time_does_not_count():
    assert value(REPEAT, times=Decimal("1.99")) == Fraction("0.85")


def test_the_start_is_multiplied_and_not_limited():
    assert value(REPEAT + 'start = "points"', times=1, points=20) == 17
    assert value(REPEAT + 'start = "points"', times=50, points=20) == 6


def test_growth_ends_at_its_ceiling_or_after_so_many_times():
    rule = 'scorer = "decay"\nof = "years"\nfactor = 1.1\n'
    assert value(rule + "times_at_most = 2", years=5) == Fraction("1.21")
    assert value(rule + "at_most = 1.2", years=1) == Fraction("1.1")
    assert value(rule + "at_most = 1.2", years=2) == Fraction("1.2")
    assert value(rule + "at_most = 1.21", years=2) == Fraction("1.21")
    assert value(rule + "at_most = 1.21", years=3) == Fraction("1.21")


def test_what_is_missing_stays_missing():
    assert value(REPEAT, times=None) is None
    assert value(REPEAT + 'start = "points"', times=1, points=None) is None


def test_something_must_end_the_powers():
    problem = only_problem('scorer = "decay"\nof = "n"\nfactor = 0.99')
    assert sentence(problem) == "times_at_most is missing: factor = 0.99"
    assert codes('scorer = "decay"\nof = "n"\nfactor = 0.999\nat_least = 0.5') == ["RC162"]
    assert codes('scorer = "decay"\nof = "n"\nfactor = 1.1\nat_least = 0.5') == ["RC162"]
    assert codes('scorer = "decay"\nof = "n"\nfactor = 0.99\ntimes_at_most = 200') == []
    assert codes('scorer = "decay"\nof = "n"\nfactor = 0.99\ntimes_at_most = 201') == ["RC164"]


@pytest.mark.parametrize("factor", [0, -1, 1])
def test_a_factor_is_above_zero_and_other_than_one(factor):
    assert codes(f'scorer = "decay"\nof = "n"\nfactor = {factor}\nat_least = 0.5') == ["RC164"]


def test_limits_leave_room_for_the_start():
    assert codes('scorer = "decay"\nof = "n"\nfactor = 0.5\nat_least = 1.5') == ["RC164"]
    assert codes('scorer = "decay"\nof = "n"\nfactor = 1.5\nat_most = 0.5') == ["RC164"]
