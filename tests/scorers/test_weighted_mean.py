from fractions import Fraction

from tests.scorers.policies import codes, outcome, value

RATERS = 'scorer = "weighted_mean"\nof = { superior = 40, peer = 40, team = 20 }\n'


def test_the_mean_divides_by_the_weights():
    assert value(RATERS, superior=90, peer=91, team=89) == Fraction("90.2")


def test_the_mean_takes_the_applicable_values_if_the_policy_says_so():
    assert value(RATERS + 'not_applicable = "re_share"', superior=90, peer=None, team=86) == Fraction(266, 3)


def test_by_default_a_missing_value_leaves_no_mean():
    assert value(RATERS, superior=90, peer=None, team=86) is None


def test_a_minimum_count_is_kept():
    rule = RATERS + 'not_applicable = "minimum_count"\nminimum_count = 2'
    assert value(rule, superior=90, peer=88, team=None) == 89
    assert outcome(rule, superior=None, peer=None, team=86) == (None, {"too_few_applicable"})


def test_weights_sum_to_one_or_a_hundred_unless_stated():
    assert codes('scorer = "weighted_mean"\nof = { a = 0.5, b = 0.5 }') == []
    assert codes('scorer = "weighted_mean"\nof = { a = 50, b = 49 }') == ["RC171"]
    assert codes('scorer = "weighted_mean"\nof = { a = 50, b = 49 }\nsum_of_weights = 99') == []
