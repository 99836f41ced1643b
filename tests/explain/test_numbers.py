"""Values as explanations hold them."""

from __future__ import annotations

from fractions import Fraction

from rulecore.explain.numbers import explained
from rulecore.explain.values import Inexact
from rulecore.reals import product, root_power

HALF = Fraction(1, 2)


def test_roots_whose_product_is_rational_are_shown_as_that_number() -> None:
    assert explained(product(root_power(Fraction(80), HALF), root_power(Fraction(20), HALF))) == 40


def test_what_is_irrational_is_shown_by_its_first_digits() -> None:
    assert explained(root_power(Fraction(2), HALF)) == Inexact(digits="1.414213…")
