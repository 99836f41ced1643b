"""Inexact numbers: enclosures hold the value, and rounding is the correct one or none."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf, workprec

from rulecore.numbers import Rounding, round_to
from rulecore.reals import (
    Number,
    Real,
    absolute,
    combine,
    exact_root,
    exponential,
    extreme,
    integer_root,
    logarithm,
    normal_probability,
    product,
    quotient,
    rational,
    root_power,
    round_number,
    sign,
    whole_power,
)

CENT = Fraction(1, 100)
POSITIVE = st.fractions(min_value=Fraction(1, 10**6), max_value=10**9, max_denominator=10**6)
SMALL = st.fractions(min_value=-40, max_value=40, max_denominator=1000)
MODES = st.sampled_from(list(Rounding))


def fraction(value: mpf) -> Fraction:
    sign_, mantissa, exponent, _bits = value._mpf_
    return (-1) ** sign_ * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def holds(number: Number, value: Fraction, room: Fraction) -> bool:
    assert isinstance(number, Real)
    ends = number.bounds(96)
    return ends is not None and ends[0] - room <= value <= ends[1] + room


@settings(deadline=None)
@given(POSITIVE)
def test_the_enclosure_of_a_logarithm_holds_it(value: Fraction) -> None:
    if value == 1:
        assert logarithm(value) == 0
        return
    with workprec(400):
        wanted = fraction(mp.log(mpf(value.numerator) / value.denominator))
    assert holds(logarithm(value), wanted, Fraction(1, 2**380))


@settings(deadline=None)
@given(SMALL)
def test_the_enclosure_of_an_exponential_holds_it(value: Fraction) -> None:
    if value == 0:
        assert exponential(value) == 1
        return
    with workprec(500):
        wanted = fraction(mp.exp(mpf(value.numerator) / value.denominator))
    assert holds(exponential(value), wanted, Fraction(1, 2**380))


@settings(deadline=None)
@given(st.integers(0, 10**12), MODES)
def test_a_square_root_rounds_as_integer_arithmetic_says(scaled: int, rounding: Rounding) -> None:
    value = Fraction(scaled, 10**4)
    found = round_number(root_power(value, Fraction(1, 2)) if value else Fraction(0), CENT, rounding)
    # √(s / 10^4) in cents is √s: its whole part, and whether there is more, decide every mode.
    whole = isqrt(scaled)
    exact = whole * whole == scaled
    nearest = whole + (scaled - whole * whole > whole)  # √s is never a half
    wanted = {
        Rounding.FLOOR: whole,
        Rounding.TRUNCATE: whole,
        Rounding.CEIL: whole + (not exact),
        Rounding.UP: whole + (not exact),
        Rounding.HALF_UP: nearest,
        Rounding.HALF_EVEN: nearest,
    }[rounding]
    assert found == Fraction(wanted, 100)


@given(st.integers(0, 10**40), st.integers(2, 60))
def test_a_whole_root_is_the_largest_whose_power_fits(value: int, degree: int) -> None:
    root = integer_root(value, degree)
    assert root**degree <= value < (root + 1) ** degree


def test_a_root_of_astronomical_degree_is_found_at_once() -> None:
    assert integer_root(10**30, 10**12) == 1
    assert exact_root(Fraction(5), 10**12) is None
    assert round_number(root_power(Fraction(5), Fraction(1, 10**12)), CENT, Rounding.HALF_UP) == 1


@given(st.fractions(min_value=0, max_value=1000, max_denominator=100), st.integers(2, 5))
def test_a_rational_root_is_exact(base: Fraction, degree: int) -> None:
    assert exact_root(base**degree, degree) == base


@pytest.mark.parametrize("size", [10**12, 10**6, 10**30])
def test_exp_of_a_huge_number_is_refused_and_of_a_hugely_negative_one_is_next_to_nothing(size: int) -> None:
    assert round_number(exponential(Fraction(size)), CENT, Rounding.HALF_UP) is None
    assert round_number(exponential(Fraction(-size)), CENT, Rounding.HALF_UP) == 0


def test_the_logarithm_of_a_huge_power_comes_out() -> None:
    power = exponential(exponential(Fraction(30)))
    found = round_number(logarithm(power), CENT, Rounding.HALF_UP)
    assert found == round_number(exponential(Fraction(30)), CENT, Rounding.HALF_UP)


def test_the_logarithm_of_a_number_only_just_positive_comes_out() -> None:
    # e^(10^-40) − 1 is not told from zero with 96 bits.
    tiny = combine("sub", exponential(Fraction(1, 10**40)), Fraction(1))
    assert sign(tiny) == 1
    found = round_number(logarithm(tiny), CENT, Rounding.HALF_UP)
    assert found == Fraction("-92.10")


def test_a_difference_that_is_zero_has_no_sign_but_rounds() -> None:
    zero = combine("sub", exponential(Fraction(1)), exponential(Fraction(1)))
    assert sign(zero) is None
    assert round_number(zero, CENT, Rounding.HALF_UP) == 0
    assert round_number(zero, CENT, Rounding.FLOOR) is None
    assert round_number(whole_power(zero, 2), CENT, Rounding.HALF_UP) == 0
    assert round_number(whole_power(zero, -1), CENT, Rounding.HALF_UP) is None


@settings(deadline=None)
@given(st.lists(SMALL.filter(bool), min_size=2, max_size=4), MODES)
def test_extremes_of_exponentials_are_those_of_their_exponents(
    values: list[Fraction], rounding: Rounding
) -> None:
    powers = tuple(exponential(value) for value in values)
    for choose in (min, max):
        wanted = round_number(exponential(choose(values)), CENT, rounding)
        assert round_number(extreme(powers, choose), CENT, rounding) == wanted


@settings(deadline=None)
@given(SMALL.filter(bool))
def test_the_absolute_value_has_no_sign(value: Fraction) -> None:
    turned = combine("sub", Fraction(0), exponential(value))
    assert round_number(absolute(turned), CENT, Rounding.HALF_UP) == round_number(
        exponential(value), CENT, Rounding.HALF_UP
    )


@given(st.fractions(max_denominator=1000), MODES)
def test_a_fraction_rounds_as_itself(value: Fraction, rounding: Rounding) -> None:
    assert round_number(value, CENT, rounding) == round_to(value, CENT, rounding)


def test_a_product_of_roots_that_is_rational_is_known_for_it() -> None:
    four = product(root_power(Fraction(2), Fraction(1, 2)), root_power(Fraction(8), Fraction(1, 2)))
    assert isinstance(four, Real)
    assert rational(four) == 4
    assert [round_number(four, Fraction(1), mode) for mode in Rounding] == [4] * len(Rounding)
    three = quotient(root_power(Fraction(54), Fraction(1, 3)), root_power(Fraction(2), Fraction(1, 3)))
    assert round_number(three, Fraction(1), Rounding.FLOOR) == 3


def test_a_product_of_roots_that_is_not_rational_is_rounded_as_ever() -> None:
    found = product(root_power(Fraction(2), Fraction(1, 2)), root_power(Fraction(3), Fraction(1, 3)))
    assert isinstance(found, Real)
    assert rational(found) is None
    assert round_number(found, CENT, Rounding.HALF_UP) == Fraction("2.04")


@settings(deadline=None)
@given(
    st.lists(st.tuples(POSITIVE, st.integers(1, 12)), min_size=1, max_size=4),
    st.sampled_from([Fraction(1, 8), Fraction(5, 1000), Fraction(7, 3)]),
)
def test_the_weighted_geometric_mean_of_equal_values_is_that_value(
    parts: list[tuple[Fraction, int]], value: Fraction
) -> None:
    total = sum(weight for _value, weight in parts)
    mean: Number = Fraction(1)
    for _value, weight in parts:
        mean = product(mean, root_power(value, Fraction(weight, total)))
    for mode in Rounding:
        assert round_number(mean, CENT, mode) == round_to(value, CENT, mode)


def test_zero_times_anything_and_zero_over_anything_are_zero() -> None:
    third = logarithm(Fraction(3))
    assert product(Fraction(0), third) == product(third, Fraction(0)) == quotient(Fraction(0), third) == 0


def test_the_quotient_of_two_equal_logarithms_is_one() -> None:
    assert quotient(logarithm(Fraction(750)), logarithm(Fraction(750))) == 1
    assert isinstance(quotient(logarithm(Fraction(750)), logarithm(Fraction(749))), Real)


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        (1000, 10, "3"),
        ("0.01", 10, "-2"),
        (8, 4, "3/2"),
        (8, "0.5", "-3"),
        ("4/9", "8/27", "2/3"),
        (10**300, 10, "300"),
        (Fraction(17, 3) ** 31, Fraction(17, 3) ** 64, "31/64"),
    ],
)
def test_the_quotient_of_two_logarithms_is_exact_where_it_is_rational(
    value: int | str | Fraction, base: int | str | Fraction, expected: str
) -> None:
    assert quotient(logarithm(Fraction(value)), logarithm(Fraction(base))) == Fraction(expected)


@settings(deadline=None)
@given(POSITIVE.filter(lambda value: value != 1), POSITIVE.filter(lambda value: value != 1))
def test_the_quotient_of_two_logarithms_is_never_taken_for_a_fraction_nearby(
    value: Fraction, base: Fraction
) -> None:
    found = quotient(logarithm(value), logarithm(base))
    if isinstance(found, Fraction):
        assert value**found.denominator == base**found.numerator


@settings(deadline=None)
@given(SMALL.filter(bool))
def test_a_normal_probability_is_enclosed(value: Fraction) -> None:
    with workprec(400):
        exact = mp.erfc(-mpf(value.numerator) / value.denominator / mp.sqrt(2)) / 2
        assert holds(normal_probability(value), fraction(exact), Fraction(1, 1 << 300))


@pytest.mark.parametrize("value", [-(10**9), -4097, -4096, 4096, 4097, 10**9])
def test_far_out_a_normal_probability_is_told_from_none_and_all(value: int) -> None:
    ends = normal_probability(Fraction(value)).bounds(96)  # type: ignore[union-attr]
    assert ends is not None
    low, high = ends
    assert (
        (0 <= low <= high < Fraction(1, 1 << 900))
        if value < 0
        else (1 - Fraction(1, 1 << 90) < low <= high <= 1)
    )


def test_half_lies_below_the_mean() -> None:
    assert normal_probability(Fraction(0)) == Fraction(1, 2)


def test_zero_over_what_is_not_told_from_zero_is_not_zero() -> None:
    nothing = combine("sub", logarithm(Fraction(4)), combine("mul", Fraction(2), logarithm(Fraction(2))))
    assert isinstance(quotient(Fraction(0), nothing), Real)
