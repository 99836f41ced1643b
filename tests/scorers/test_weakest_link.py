from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.scorers.policies import codes, outcome, value

LINKS = 'scorer = "weakest_link"\nof = { a = 1, b = 1, c = 1 }\n'
VALUES = st.integers(-500, 500)


def test_by_default_nothing_but_the_weakest_counts():
    assert value(LINKS, a=90, b=40, c=95) == 40


@given(VALUES, VALUES, VALUES, st.integers(0, 20))
def test_the_penalty_takes_off_a_part_of_what_the_mean_is_ahead(a: int, b: int, c: int, twentieths: int):
    penalty = Fraction(twentieths, 20)
    mean = Fraction(a + b + c, 3)
    expected = mean - penalty * (mean - min(a, b, c))
    assert value(f"{LINKS}penalty = {twentieths * 5}e-2", a=a, b=b, c=c) == expected


def test_the_applicable_values_alone_count_if_the_policy_says_so():
    assert value(LINKS, a=90, b=40, c=None) is None
    assert value(LINKS + 'not_applicable = "re_share"', a=90, b=None, c=95) == 90
    assert value(LINKS + 'not_applicable = "re_share"\npenalty = 0.5', a=90, b=None, c=100) == Fraction(
        "92.5"
    )
    assert value(LINKS + 'not_applicable = "re_share"', a=None, b=None, c=None) is None


def test_too_few_applicable_values_are_an_issue():
    rule = LINKS + 'not_applicable = "minimum_count"\nminimum_count = 2'
    assert outcome(rule, a=2, b=None, c=None) == (None, {"too_few_applicable"})


def test_a_penalty_is_a_part():
    assert codes(LINKS + "penalty = 1.1") == ["RC164"]
    assert codes(LINKS + "penalty = -0.1") == ["RC164"]
