from decimal import Decimal
from fractions import Fraction

import pytest

from tests.scorers.policies import codes, value

TWO = 'scorer = "mutual_coefficient"\nof = ["party", "operations"]\n'
BOUNDED = (
    'scorer = "mutual_coefficient"\nof = ["operations"]\n'
    'coefficient = { of = "party", low = 0.8, high = 1.1, full_marks = 90 }\n'
)


def test_two_scores_are_each_others_coefficient():
    assert value(TWO, party=Decimal("92.5"), operations=Decimal("96.2")) == Fraction("88.985")


def test_three_scores_are_divided_by_full_marks_twice():
    rule = 'scorer = "mutual_coefficient"\nof = ["a", "b", "c"]\nfull_marks = 100'
    assert value(rule, a=90, b=80, c=50) == 36


def test_full_marks_may_be_other_than_a_hundred():
    assert value(TWO + "full_marks = 120", party=120, operations=90) == 90


@pytest.mark.parametrize(("party", "expected"), [(60, 80), (72, 80), (81, 90), (99, 110), (100, 110)])
def test_a_bounded_coefficient_stays_within_its_bounds(party, expected):
    assert value(BOUNDED, operations=100, party=party) == expected


def test_a_missing_score_leaves_no_product():
    assert value(TWO, party=None, operations=90) is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('of = ["a"]', ["RC160"]),
        ('of = ["a", "b"]\nfull_marks = 0', ["RC164"]),
        ('of = ["a"]\ncoefficient = { of = "b", low = 1.1, high = 0.8 }', ["RC164"]),
        ('of = ["a"]\ncoefficient = { of = "b", low = 0.8, high = 1.1 }', []),
    ],
)
def test_factors_full_marks_and_bounds_are_checked(settings, expected):
    assert codes(f'scorer = "mutual_coefficient"\n{settings}') == expected
