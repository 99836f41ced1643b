from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scorers.policies import codes, only_problem, outcome, value

VALUES = st.integers(1, 500)


def rule(exponent: object, more: str = "") -> str:
    return f'scorer = "power_mean"\nof = {{ a = 25, b = 75 }}\nexponent = {exponent}\n{more}'


@given(VALUES, VALUES)
def test_one_is_the_arithmetic_mean_and_minus_one_the_harmonic(a: int, b: int):
    assert value(rule(1), a=a, b=b) == Fraction(a + 3 * b, 4)
    assert value(rule(-1), a=a, b=b) == 4 / (Fraction(1, a) + Fraction(3, b))


def test_two_is_the_quadratic_mean():
    equal = 'scorer = "power_mean"\nof = { a = 1, b = 1 }\nexponent = 2'
    assert value(equal, a=1, b=7) == 5
    assert value(equal, a=-1, b=7) == 5


def test_a_half_is_the_square_of_the_mean_of_roots():
    assert value(rule(0.5), a=16, b=4) == Fraction(25, 4)


def test_roots_of_negative_numbers_are_an_issue():
    assert outcome(rule(0.5), a=-16, b=4) == (None, {"outside_domain"})


def test_the_weight_of_a_missing_value_is_shared_out():
    assert value(rule(2), a=3, b=None) is None
    assert value(rule(2, 'not_applicable = "re_share"'), a=3, b=None) == 3
    assert value(rule(2, 'not_applicable = "re_share"'), a=None, b=None) is None


@pytest.mark.parametrize("exponent", [0, 65, -65])
def test_an_exponent_of_zero_or_beyond_64_is_refused(exponent: int):
    assert codes(rule(exponent)) == ["RC164"]


def test_for_zero_the_geometric_mean_is_named():
    assert only_problem(rule(0)).hint == "for 0 use the scorer geometric_mean"
