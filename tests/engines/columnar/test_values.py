"""Guarded floats: the error bound holds for every operation, also where floats overflow or underflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf, workprec

from rulecore.engines.columnar import transcendental, values
from rulecore.engines.columnar.values import Guarded, Ratio

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
NUMBERS = st.one_of(
    st.fractions(max_denominator=10**9, min_value=-(10**12), max_value=10**12),
    st.builds(
        lambda top, scale: Fraction(top, 10**scale), st.integers(-(10**18), 10**18), st.integers(0, 30)
    ),
)
Operation = tuple[str, Callable[..., Guarded], Callable[..., Fraction | None]]


def evaluated(guarded: Guarded) -> tuple[float, float]:
    """Return a guarded float's value and its error bound."""
    frame = pl.DataFrame({"one": [1]}).select(value=guarded.value, error=guarded.error())
    return float(frame["value"][0]), float(frame["error"][0])


def bounded(guarded: Guarded, truth: Fraction) -> bool:
    """Return whether the truth lies within the error bounds; a bound that is not finite is never wrong."""
    value, error = evaluated(guarded)
    if math.isfinite(guarded.worst):
        assert math.isfinite(value)
        assert abs(Fraction(value) - truth) <= Fraction(guarded.worst)
    if math.isnan(error) or math.isinf(error):
        return True
    return math.isfinite(value) and abs(Fraction(value) - truth) <= Fraction(error)


def as_column(guarded: Guarded) -> Guarded:
    return guarded


@QUICK
@given(NUMBERS)
def test_the_float_of_a_constant_is_bounded(value: Fraction) -> None:
    assert bounded(values.guarded_constant(value), value)


@QUICK
@given(st.integers(-(2**126), 2**126), st.integers(1, 2**60), st.integers(0, 40))
def test_the_float_of_a_ratio_of_columns_is_bounded(top: int, bottom: int, scale: int) -> None:
    frame = pl.DataFrame(
        {"top": pl.Series([top], dtype=pl.Int128()), "bottom": pl.Series([bottom], dtype=pl.Int64())}
    )
    from rulecore.engines.columnar import integers

    ratio = Ratio(integers.column("top", -(2**126), 2**126), integers.column("bottom", 1, 2**60), scale)
    found = values.guarded(ratio)
    row = frame.select(value=found.value, error=found.error())
    truth = Fraction(top, bottom * 10**scale)
    assert abs(Fraction(row["value"][0]) - truth) <= Fraction(found.worst)
    assert abs(Fraction(row["value"][0]) - truth) <= Fraction(row["error"][0])


BINARY: list[Operation] = [
    ("add", lambda a, b: values.guarded_add(a, b, one_sign=False), lambda a, b: a + b),
    ("multiply", values.guarded_multiply, lambda a, b: a * b),
    ("divide", values.guarded_divide, lambda a, b: a / b if b else None),
    ("largest", lambda a, b: values.guarded_extreme([a, b], largest=True), max),
    ("smallest", lambda a, b: values.guarded_extreme([a, b], largest=False), min),
]


@QUICK
@given(
    st.lists(NUMBERS, min_size=2, max_size=2),
    st.lists(st.tuples(st.sampled_from(BINARY), NUMBERS, st.booleans()), max_size=9),
)
def test_chains_of_operations_stay_within_their_bounds(
    first: list[Fraction], steps: list[tuple[Operation, Fraction, bool]]
) -> None:
    truth, guarded = first[0], values.guarded_constant(first[0])
    for (_name, operate, exactly), operand, again in steps:
        other, other_truth = values.guarded_constant(operand), operand
        if again:  # an operand with an error column of its own
            other, other_truth = (
                values.guarded_add(other, values.guarded_constant(-first[1]), one_sign=False),
                operand - first[1],
            )
        result = exactly(truth, other_truth)
        if result is None:
            return
        truth, guarded = result, operate(guarded, other)
    assert bounded(guarded, truth)


@pytest.mark.parametrize(
    "factor", [Fraction(10) ** 40, Fraction(1, 10**40), Fraction(3, 10**50), Fraction(7) * 10**60]
)
@pytest.mark.parametrize("times", [3, 7, 8, 12])
def test_products_that_leave_the_range_of_floats_and_come_back_are_never_wrong(
    factor: Fraction, times: int
) -> None:
    guarded, truth = values.guarded_constant(Fraction(1)), Fraction(1)
    for _ in range(times):
        guarded, truth = values.guarded_multiply(guarded, values.guarded_constant(factor)), truth * factor
        assert bounded(guarded, truth)
    for _ in range(times):
        guarded, truth = values.guarded_divide(guarded, values.guarded_constant(factor)), truth / factor
        assert bounded(guarded, truth)


@pytest.mark.parametrize("times", [3, 8, 12])
def test_one_divided_by_what_overflows_is_not_taken_for_zero(times: int) -> None:
    large = values.guarded_constant(Fraction(10) ** 40)
    guarded, truth = values.guarded_constant(Fraction(1)), Fraction(1)
    for _ in range(times):
        guarded, truth = values.guarded_multiply(guarded, large), truth * 10**40
    guarded, truth = values.guarded_divide(values.guarded_constant(Fraction(1)), guarded), 1 / truth
    for _ in range(times):
        guarded, truth = values.guarded_multiply(guarded, large), truth * 10**40
    assert bounded(guarded, truth)


def test_a_sum_of_quotients_with_known_bounds_has_one_bound_for_all_rows() -> None:
    from rulecore.engines.columnar import integers

    top, bottom = integers.column("top", 0, 10**7), integers.column("bottom", 100, 10**7)
    quotient = values.guarded(Ratio(top, bottom, 0, most=2.1))
    total = values.guarded_add(quotient, quotient, one_sign=True)
    assert total.worst < 1e-12


def precise(function: Callable[[mpf], mpf], value: Fraction) -> Fraction:
    with workprec(300):
        sign, mantissa, exponent, _bits = function(mpf(value.numerator) / value.denominator)._mpf_
        return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


@QUICK
@given(NUMBERS.filter(lambda value: value > 0), st.booleans())
def test_logarithms_are_bounded(value: Fraction, absolute: bool) -> None:
    operand = values.guarded_constant(value)
    if absolute:
        operand = values.guarded_add(operand, values.guarded_constant(Fraction(0)), one_sign=False)
    assert bounded(transcendental.guarded_logarithm(operand), precise(mp.log, value))


@QUICK
@given(st.fractions(min_value=-900, max_value=900, max_denominator=10**6))
def test_exponentials_are_bounded(value: Fraction) -> None:
    assert bounded(transcendental.guarded_exponential(values.guarded_constant(value)), precise(mp.exp, value))


@QUICK
@given(
    NUMBERS.filter(lambda value: value > 0),
    st.sampled_from([0.5, 1.5, -0.5, 0.2, 4.75, -30.25, 63.5]),
    st.booleans(),
)
def test_fractional_powers_are_bounded(value: Fraction, exponent: float, absolute: bool) -> None:
    operand = values.guarded_constant(value)
    if absolute:
        operand = values.guarded_add(operand, values.guarded_constant(Fraction(0)), one_sign=False)
    truth = precise(lambda base: base ** mpf(exponent), value)
    assert bounded(transcendental.guarded_power(operand, exponent), truth)
