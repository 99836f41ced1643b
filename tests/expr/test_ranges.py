"""Ranges are sound: a result's range holds whatever operands within theirs can give."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.expr import ranges
from rulecore.expr.ranges import Range
from rulecore.numbers import Rounding, round_to

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=20)
QUICK = settings(max_examples=200, deadline=None, derandomize=True)


@st.composite
def within(draw: st.DrawFn) -> tuple[Fraction, Range]:
    """Return a value and a range that holds it, open at either end now and then."""
    value = draw(NUMBERS)
    low = draw(st.one_of(st.none(), st.just(value), st.just(value - abs(draw(NUMBERS)))))
    high = draw(st.one_of(st.none(), st.just(value), st.just(value + abs(draw(NUMBERS)))))
    return value, Range(low, high)


BINARY: list[tuple[Callable[[Range, Range], Range], Callable[[Fraction, Fraction], Fraction]]] = [
    (ranges.add, lambda a, b: a + b),
    (ranges.multiply, lambda a, b: a * b),
    (lambda a, b: ranges.minimum((a, b)), min),
    (lambda a, b: ranges.maximum((a, b)), max),
]


@pytest.mark.parametrize(("combine", "operate"), BINARY, ids=["add", "multiply", "minimum", "maximum"])
@QUICK
@given(left=within(), right=within())
def test_a_result_lies_in_the_range_of_the_result(
    combine: Callable[[Range, Range], Range],
    operate: Callable[[Fraction, Fraction], Fraction],
    left: tuple[Fraction, Range],
    right: tuple[Fraction, Range],
) -> None:
    assert combine(left[1], right[1]).holds(operate(left[0], right[0]))


@QUICK
@given(within(), within(), st.booleans())
def test_a_quotient_lies_in_its_range(
    left: tuple[Fraction, Range], right: tuple[Fraction, Range], known: bool
) -> None:
    divisor = right[0]
    if divisor == 0:
        return
    smallest = Fraction(1, divisor.denominator) if known else None
    assert ranges.divide(left[1], right[1], smallest=smallest).holds(left[0] / divisor)


@QUICK
@given(within(), st.integers(0, 7))
def test_a_whole_power_lies_in_its_range(operand: tuple[Fraction, Range], exponent: int) -> None:
    assert ranges.whole_power(operand[1], exponent).holds(operand[0] ** exponent)


@QUICK
@given(within(), within())
def test_sign_size_and_union_are_sound(first: tuple[Fraction, Range], second: tuple[Fraction, Range]) -> None:
    value, range_ = first
    assert ranges.negate(range_).holds(-value)
    assert ranges.absolute(range_).holds(abs(value))
    assert ranges.union((range_, second[1])).holds(value)
    assert ranges.union((range_, second[1])).holds(second[0])


@QUICK
@given(
    within(),
    st.sampled_from([Fraction(1, 100), Fraction(1, 2), Fraction(5)]),
    st.sampled_from(list(Rounding)),
)
def test_a_rounded_value_lies_in_the_rounded_range(
    operand: tuple[Fraction, Range], unit: Fraction, rounding: Rounding
) -> None:
    assert ranges.rounded(operand[1], unit, rounding).holds(round_to(operand[0], unit, rounding))


@QUICK
@given(within())
def test_an_exponential_lies_in_its_range(operand: tuple[Fraction, Range]) -> None:
    found = ranges.monotone(math.exp, operand[1], below=Fraction(0))
    assert found.low is not None
    assert found.low >= 0
    assert found.holds(Fraction(math.exp(operand[0])))


def test_the_logarithm_of_a_number_a_hair_above_one_is_below_its_upper_bound() -> None:
    # ln(1 + 10^-20) is about 10^-20, but the float of 1 + 10^-20 is 1 and its logarithm 0.
    hair = Fraction(1, 10**20)
    found = ranges.monotone(math.log, Range(Fraction(1), 1 + hair), below=None)
    assert found.holds(hair)


def test_what_floats_cannot_hold_has_no_bound() -> None:
    assert ranges.monotone(math.exp, Range(Fraction(0), Fraction(1000)), below=Fraction(0)).high is None
    assert ranges.monotone(math.log, Range(Fraction(1, 10**400), Fraction(1)), below=None).low is None
