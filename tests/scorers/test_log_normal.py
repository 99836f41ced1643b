from decimal import Decimal
from fractions import Fraction

import pytest

from rulecore.reals import Real
from tests.scorers.policies import codes, value

SECONDS = 'scorer = "log_normal"\nof = "x"\nmedian = 4\np10 = 2.5\n'
SALES = 'scorer = "log_normal"\nof = "x"\nmedian = 100\np10 = 250\nfull_marks = 100\n'


def near(found: object, expected: str) -> bool:
    assert isinstance(found, Real)
    low, high = found.bounds(96)
    return low - Fraction(1, 10**6) < Fraction(expected) < high + Fraction(1, 10**6)


def test_the_control_points_score_exactly_a_half_and_nine_tenths():
    assert value(SECONDS, x=4) == Fraction(1, 2)
    assert value(SECONDS, x=Decimal("2.5")) == Fraction(9, 10)
    assert value(SALES, x=100) == 50
    assert value(SALES, x=250) == 90


# By the C library's erfc and erfc⁻¹(1/5) = 0.9061938024368232, as Lighthouse writes the curve.
@pytest.mark.parametrize(("x", "expected"), [(3, "0.783602"), (6, "0.134455"), (1, "0.999921")])
def test_less_is_better_where_p10_lies_below_the_median(x, expected):
    assert near(value(SECONDS, x=x), expected)


@pytest.mark.parametrize(("x", "expected"), [(200, "83.384122"), (50, "16.615877"), (1, "0.000000")])
def test_more_is_better_where_p10_lies_above_the_median(x, expected):
    assert near(value(SALES, x=x), expected)


@pytest.mark.parametrize("x", [0, -3])
def test_nothing_is_the_best_or_the_worst(x):
    assert value(SECONDS, x=x) == 1
    assert value(SALES, x=x) == 0


def test_a_missing_value_has_no_score():
    assert value(SECONDS, x=None) is None


def test_control_points_lie_above_zero_and_differ():
    assert codes('scorer = "log_normal"\nof = "x"\nmedian = 0\np10 = -1') == ["RC164", "RC164"]
    assert codes('scorer = "log_normal"\nof = "x"\nmedian = 2\np10 = 2') == ["RC164"]


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, 1),
        (1000, 1),
        (2500, "0.98"),
        (5000, "0.77"),
        (7500, "0.48"),
        (10000, "0.27"),
        (30000, 0),
        (10**6, 0),
    ],
)
def test_the_curve_is_that_of_lighthouse(x, expected):
    # The examples of Lighthouse's own tests: median 7300, p10 3785.
    found = value('scorer = "log_normal"\nof = "x"\nmedian = 7300\np10 = 3785', x=x)
    low, high = found.bounds(96) if isinstance(found, Real) else (found, found)
    assert abs((low + high) / 2 - Fraction(expected)) < Fraction(1, 100)
