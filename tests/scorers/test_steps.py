from decimal import Decimal
from fractions import Fraction

import pytest

from tests.scorers.policies import codes, value

PROFIT = """
scorer = "steps"
of = "actual"
from = "target"
relative = true
each = "3%"
count = "whole"
base = 36
at_most = "cap"
at_least = -6
"""
COST = """
scorer = "steps"
of = "actual"
from = "target"
relative = true
direction = "lower_is_better"
each = "1%"
count = "whole"
base = 27
at_most = 5
at_least = -5
"""


@pytest.mark.parametrize(
    ("actual", "target", "cap", "expected"),
    [
        (12650, 11500, 6, 39),
        (20000, 16200, 5, 41),
        (5640, 6000, 6, 34),
        (10900, 10000, 6, 39),  # exactly 9% is three steps
        (10899, 10000, 6, 38),
        (10000, 10000, 6, 36),
        (9701, 10000, 6, 36),
        (9700, 10000, 6, 35),
        (1000, 10000, 6, 30),
    ],
)
def test_whole_steps_count_and_are_capped(actual, target, cap, expected):
    assert value(PROFIT, actual=actual, target=target, cap=cap) == expected


@pytest.mark.parametrize(
    ("actual", "target", "expected"), [(2120, 2150, 28), (13869, 13800, 27), (99, 100, 28)]
)
def test_where_lower_is_better_the_sign_turns(actual, target, expected):
    assert value(COST, actual=actual, target=target) == expected


def test_a_negative_target_is_measured_by_its_size():
    rule = 'scorer = "steps"\nof = "a"\nfrom = -500\nrelative = true\neach = "3%"\ncount = "whole"'
    assert value(rule, a=-425) == 5
    assert value(rule, a=-575) == -5


def test_steps_can_count_in_proportion():
    rule = 'scorer = "steps"\nof = "a"\nfrom = 2\neach = 0.1\ncount = "pro_rata"\npoints_per_step = 2'
    assert value(rule, a=Decimal("2.25")) == 5
    assert value(rule, a=Decimal("1.95")) == -1


def test_steps_down_may_cost_more_than_steps_up_earn():
    rule = (
        'scorer = "steps"\nof = "a"\neach = 2\ncount = "whole"\npoints_per_step = 0\ndeduction_per_step = 1.5'
    )
    assert value(rule, a=5) == 0
    assert value(rule, a=-5) == -3


def test_a_target_of_zero_is_no_measure_for_shares():
    found = 'scorer = "steps"\nof = "a"\nfrom = "t"\nrelative = true\neach = 1\ncount = "whole"'
    assert value(found, a=None, t=1) is None
    assert value(found, a=Fraction(1), t=1) == 0


def test_widths_and_points_are_checked():
    rule = 'scorer = "steps"\nof = "a"\ncount = "whole"\n'
    assert codes(rule + "each = 0") == ["RC164"]
    assert codes(rule + "each = 1\npoints_per_step = -1\ndeduction_per_step = -1") == ["RC164", "RC164"]


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (Decimal("0.1"), 1), (7, 1), (Decimal("7.1"), 2), (14, 2), (-8, -2)]
)
def test_every_step_begun_can_count(days, expected):
    assert value('scorer = "steps"\nof = "days"\neach = 7\ncount = "started"', days=days) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(103, 1), (106, 2), (102, 0), (100, 0), (99, 0), (98, -2), (Decimal("96.1"), -2), (96, -4)],
)
def test_the_worse_side_can_have_steps_of_its_own(actual, expected):
    rule = """
scorer = "steps"
of = "actual"
from = 100
each = 3
deduction_each = 2
deduction_per_step = 2
count = "whole"
"""
    assert value(rule, actual=actual) == expected


def test_the_width_of_a_step_on_the_worse_side_is_above_zero():
    assert codes('scorer = "steps"\nof = "a"\neach = 3\ndeduction_each = 0\ncount = "whole"') == ["RC164"]
