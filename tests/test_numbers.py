"""Exact numbers: rounding to neighbours, scales, and text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.errors import InternalError
from rulecore.numbers import (
    Rounding,
    common_denominator,
    decimal_scale,
    format_number,
    format_scaled,
    from_scaled,
    round_ratio,
    round_to,
    to_scaled,
)
from tests.engines.third_opinion import rounded

FRACTIONS = st.fractions(max_denominator=10**6)
WIDE = st.integers(-(2**126), 2**126)


@given(WIDE, st.integers(1, 2**100), st.sampled_from(list(Rounding)))
def test_a_ratio_rounds_to_the_neighbour_that_its_distances_tell(
    top: int, bottom: int, rounding: Rounding
) -> None:
    assert round_ratio(top, bottom, rounding) == rounded(Fraction(top, bottom), rounding)


@given(st.integers(-(10**6), 10**6), st.sampled_from(list(Rounding)))
def test_a_tie_rounds_as_its_mode_says(whole: int, rounding: Rounding) -> None:
    assert round_ratio(2 * whole + 1, 2, rounding) == rounded(Fraction(2 * whole + 1, 2), rounding)


@given(
    FRACTIONS,
    st.sampled_from([Fraction(1, 100), Fraction(1, 2), Fraction(5), Fraction(1, 3)]),
    st.sampled_from(list(Rounding)),
)
def test_rounding_to_a_unit_moves_by_less_than_the_unit_and_is_a_multiple(
    value: Fraction, unit: Fraction, rounding: Rounding
) -> None:
    found = round_to(value, unit, rounding)
    assert (found / unit).denominator == 1
    assert abs(found - value) < unit


def test_a_denominator_that_is_not_positive_is_a_broken_promise() -> None:
    with pytest.raises(InternalError):
        round_ratio(1, 0, Rounding.FLOOR)


@given(st.integers(-(10**30), 10**30), st.integers(0, 12))
def test_the_scale_of_a_decimal_is_the_least_that_holds_it(scaled: int, scale: int) -> None:
    value = Fraction(scaled, 10**scale)
    found = decimal_scale(value)
    assert found is not None
    assert found <= scale
    assert to_scaled(value, found) == value * 10**found


def test_a_third_has_no_scale() -> None:
    assert decimal_scale(Fraction(1, 3)) is None


@given(st.integers(-(10**20), 10**20), st.integers(0, 12))
def test_text_of_a_scaled_integer_reads_back_as_its_value(scaled: int, scale: int) -> None:
    assert Fraction(format_scaled(scaled, scale)) == from_scaled(scaled, scale)


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (Fraction("88.99"), None, "88.99"),
        (Fraction(1), 2, "1.00"),
        (Fraction(-1, 200), 2, "-0.005"),
        (Fraction(1140, 13), None, "1140/13"),
        (Fraction(0), 0, "0"),
    ],
)
def test_a_number_shows_at_least_the_decimals_asked_for(
    value: Fraction, scale: int | None, text: str
) -> None:
    assert format_number(value, scale) == text


def test_the_common_denominator_of_nothing_is_one() -> None:
    assert common_denominator([]) == 1
    assert common_denominator([Fraction(1, 6), Fraction(1, 4)]) == 12
