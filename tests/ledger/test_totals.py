"""Sums of lines: what is the same, and what cannot be told."""

from __future__ import annotations

from fractions import Fraction

from rulecore.ledger.table import decimal_text
from rulecore.ledger.totals import equal, total
from rulecore.reals import Number, Real, exponential, logarithm, root_power


def astronomical() -> Number:
    return exponential(exponential(Fraction(90)))


def test_irrational_numbers_are_the_same_as_far_as_can_be_told() -> None:
    root = root_power(Fraction(2), Fraction(1, 2))
    assert equal(total([root, Fraction(1)]), total([Fraction(1), root]))
    assert not equal(total([root, Fraction(1)]), root)


def test_no_sum_is_said_to_differ_from_what_is_too_large_to_be_held() -> None:
    assert isinstance(astronomical(), Real)
    assert equal(total([astronomical()]), astronomical())
    assert not equal(astronomical(), Fraction(1))


def test_what_is_too_large_to_be_held_has_no_decimal_number() -> None:
    assert decimal_text(astronomical()) == ""
    assert decimal_text(logarithm(Fraction(2))) == "0.693147180560"
    assert decimal_text(Fraction(1, 3)) == "0.333333333333"
    assert decimal_text(Fraction(5, 2)) == "2.5"
