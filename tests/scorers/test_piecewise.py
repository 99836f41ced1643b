from decimal import Decimal
from fractions import Fraction

import pytest

from tests.scorers.policies import codes, only_problem, sentence, value

LINE = 'scorer = "piecewise"\nof = "x"\npoints = [[80, 60], [90, 90], [93, 100]]\n'


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (79, 60),
        (80, 60),
        (85, 75),
        (90, 90),
        (91, Fraction(280, 3)),
        (93, 100),
        (94, 100),
    ],
)
def test_between_points_the_value_is_on_the_line_and_outside_it_stays(x, expected):
    assert value(LINE, x=x) == expected


def test_the_outer_pieces_can_go_on():
    rule = LINE + 'outside = "extend"'
    assert value(rule, x=79) == 57
    assert value(rule, x=96) == 110
    assert value('scorer = "piecewise"\nof = "x"\npoints = [[0, 0], [1, 2]]\noutside = "extend"', x=5) == 10


def test_outside_can_be_not_applicable():
    rule = LINE + 'outside = "not_applicable"'
    assert value(rule, x=Decimal("79.99")) is None
    assert value(rule, x=80) == 60
    assert value(rule, x=93) == 100
    assert value(rule, x=Decimal("93.01")) is None


def test_a_missing_value_is_on_no_line():
    assert value(LINE, x=None) is None


def test_points_ascend():
    problem = only_problem('scorer = "piecewise"\nof = "x"\npoints = [[1, 1], [1, 2]]')
    assert sentence(problem) == "1 stands after 1: points goes from smallest to largest"


def test_points_are_pairs_and_at_least_two():
    assert codes('scorer = "piecewise"\nof = "x"\npoints = [[1, 1], [2]]') == ["RC182"]
    assert codes('scorer = "piecewise"\nof = "x"\npoints = [[1, 1]]') == ["RC160"]
