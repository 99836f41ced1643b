from fractions import Fraction

from tests.scorers.policies import value


def test_a_formula_is_its_expression():
    assert value('scorer = "formula"\nvalue = "a / 3 + 1"', a=1) == Fraction(4, 3)


def test_a_formula_may_be_a_constant():
    assert value('scorer = "formula"\nvalue = 5') == 5
