from decimal import Decimal
from fractions import Fraction

from rulecore.numbers import Rounding
from rulecore.reals import round_number
from tests.scorers.policies import codes, only_problem, outcome, sentence, value

THREE = 'scorer = "geometric_mean"\nof = { a = 1, b = 1, c = 1 }\n'
UNEQUAL = 'scorer = "geometric_mean"\nof = { a = 50, b = 25, c = 25 }\n'


def rounded(toml: str, **record: object):
    found, issues = outcome(toml, **record)
    assert not issues
    return None if found is None else round_number(found, Fraction(1, 1000), Rounding.HALF_UP)  # type: ignore[arg-type]


def test_the_mean_is_the_root_of_the_product():
    assert rounded(THREE, a=2, b=4, c=8) == 4
    assert rounded(UNEQUAL, a=4, b=9, c=9) == 6
    assert rounded(THREE, a=1, b=2, c=3) == Fraction("1.817")


def test_one_value_of_zero_makes_it_zero():
    assert value(THREE, a=0, b=100, c=100) == 0


def test_two_negative_values_do_not_make_a_positive_one():
    assert outcome(THREE, a=-2, b=-4, c=8) == (None, {"outside_domain"})
    assert outcome(THREE + 'not_applicable = "re_share"', a=-2, b=-4, c=None) == (None, {"outside_domain"})


def test_equal_values_are_their_own_mean_to_the_last_digit():
    # 72.125 with two decimals: an enclosure alone could never decide the tie.
    thirds = 'scorer = "geometric_mean"\nof = { a = 0.333, b = 0.333, c = 0.334 }\n'
    half = dict.fromkeys("abc", Decimal("72.0625"))
    assert rounded(thirds, **half) == Fraction("72.063")


def test_a_value_that_is_not_applicable_makes_it_not_applicable_or_gives_its_weight_away():
    assert value(THREE, a=2, b=8, c=None) is None
    shared = THREE + 'not_applicable = "re_share"'
    assert rounded(shared, a=2, b=8, c=None) == 4
    assert rounded(shared, a=None, b=None, c=7) == 7
    assert value(shared, a=None, b=None, c=None) is None
    unequal = UNEQUAL + 'not_applicable = "re_share"'
    assert rounded(unequal, a=8, b=64, c=None) == 16
    assert rounded(unequal, a=None, b=4, c=9) == 6


def test_too_few_applicable_values_are_an_issue():
    rule = THREE + 'not_applicable = "minimum_count"\nminimum_count = 2'
    assert rounded(rule, a=2, b=8, c=None) == 4
    assert outcome(rule, a=2, b=None, c=None) == (None, {"too_few_applicable"})


def test_equal_weights_may_be_one_each_and_others_sum_to_one_or_a_hundred():
    assert codes('scorer = "geometric_mean"\nof = { a = 1, b = 1 }') == []
    assert codes('scorer = "geometric_mean"\nof = { a = 1, b = 2 }') == ["RC171"]
    assert codes('scorer = "geometric_mean"\nof = { a = 1, b = 2 }\nsum_of_weights = 3') == []


def test_weights_whose_re_sharing_nobody_could_follow_are_refused():
    weights = ", ".join(f"v{index} = {2**index}" for index in range(7))
    rule = f'scorer = "geometric_mean"\nof = {{ {weights} }}\nsum_of_weights = 127\n'
    assert codes(rule) == []
    problem = only_problem(rule + 'not_applicable = "re_share"')
    assert sentence(problem).startswith("the weights of the applicable values can have more than 64")
