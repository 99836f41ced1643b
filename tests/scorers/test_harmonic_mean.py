from fractions import Fraction

from tests.scorers.policies import outcome, value

BALANCE = 'scorer = "harmonic_mean"\nof = { quality = 50, quantity = 50 }\n'
UNEQUAL = 'scorer = "harmonic_mean"\nof = { a = 0.5, b = 0.3, c = 0.2 }\n'


def test_the_mean_is_exact():
    assert value(BALANCE, quality=60, quantity=30) == 40
    assert value(UNEQUAL, a=1, b=2, c=3) == 1 / (Fraction(1, 2) + Fraction(3, 20) + Fraction(1, 15))


def test_a_value_of_zero_has_no_inverse_whatever_the_others_are():
    assert outcome(BALANCE, quality=0, quantity=30) == (None, {"division_by_zero"})
    assert outcome(UNEQUAL + 'not_applicable = "re_share"', a=0, b=2, c=None) == (None, {"division_by_zero"})


def test_the_weight_of_a_missing_value_is_shared_out():
    assert value(UNEQUAL, a=1, b=2, c=None) is None
    shared = UNEQUAL + 'not_applicable = "re_share"'
    assert value(shared, a=1, b=2, c=None) == Fraction(8, 10) / (Fraction(1, 2) + Fraction(3, 20))
    assert value(shared, a=None, b=None, c=7) == 7
    assert value(shared, a=None, b=None, c=None) is None


def test_too_few_applicable_values_are_an_issue():
    rule = UNEQUAL + 'not_applicable = "minimum_count"\nminimum_count = 2'
    assert outcome(rule, a=2, b=None, c=None) == (None, {"too_few_applicable"})
