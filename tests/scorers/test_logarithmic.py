from fractions import Fraction

import pytest

from rulecore.reals import Real
from tests.scorers.policies import codes, outcome, scorer, sentence, value

CURVE = 'scorer = "logarithmic"\nof = "x"\npoints = [[10, 60], [1000, 80], [100000, 90]]\n'


@pytest.mark.parametrize(
    ("x", "expected"),
    [(9, 60), (10, 60), (100, 70), (1000, 80), (10000, 85), (100000, 90), (200000, 90)],
)
def test_every_tenfold_adds_the_same_within_a_piece_and_outside_the_value_stays(x, expected):
    assert value(CURVE, x=x) == expected


def test_what_is_no_fraction_is_enclosed():
    found = value(CURVE, x=50)
    assert isinstance(found, Real)
    low, high = found.bounds(96)
    assert Fraction("66.9897") < low <= high < Fraction("66.9898")


def test_the_outer_pieces_can_go_on():
    rule = CURVE + 'outside = "extend"'
    assert value(rule, x=1) == 50
    assert value(rule, x=10**7) == 100
    assert outcome(rule, x=0) == (None, frozenset({"outside_domain"}))
    assert outcome(rule, x=-5) == (None, frozenset({"outside_domain"}))


def test_outside_can_be_not_applicable():
    rule = CURVE + 'outside = "not_applicable"'
    assert value(rule, x=9) is None
    assert value(rule, x=10) == 60
    assert value(rule, x=100001) is None


def test_a_flat_piece_is_flat():
    assert value('scorer = "logarithmic"\nof = "x"\npoints = [[1, 5], [9, 5], [81, 7]]', x=3) == 5


def test_a_missing_value_is_on_no_curve():
    assert value(CURVE, x=None) is None


def test_points_are_pairs_ascend_and_lie_above_zero():
    assert codes('scorer = "logarithmic"\nof = "x"\npoints = [[2, 1], [1, 2]]') == ["RC177"]
    assert codes('scorer = "logarithmic"\nof = "x"\npoints = [[1, 1], [2]]') == ["RC182"]
    assert codes('scorer = "logarithmic"\nof = "x"\npoints = [[1, 1]]') == ["RC160"]
    (problem,) = scorer('scorer = "logarithmic"\nof = "x"\npoints = [[0, 1], [2, 3]]').problems()
    assert sentence(problem) == "x is 0; it must be > 0"
