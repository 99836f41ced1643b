"""Means, variances, counts of different values, parts of a total, the place between extremes."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.statistics import STATISTICS
from rulecore.contracts import Unsettled
from rulecore.expr.types import NumberType, TextType
from tests.cohort.cohorts import call

FUNCTIONS = {function.name: function for function in STATISTICS}
NUMBERS = st.lists(st.one_of(st.none(), st.fractions(-1000, 1000, max_denominator=100)), min_size=1)
NO_QUOTIENT = Unsettled("division_by_zero")


def known(values: list[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]


@given(NUMBERS)
def test_the_mean_and_the_variances_are_those_of_the_standard_library(values: list[Fraction | None]) -> None:
    applicable = known(values)
    if not applicable:
        assert call(FUNCTIONS["cohort_mean"], values) == [None] * len(values)
        assert call(FUNCTIONS["cohort_variance"], values, kind="sample") == [None] * len(values)
        return
    assert call(FUNCTIONS["cohort_mean"], values) == [statistics.mean(applicable)] * len(values)
    population = call(FUNCTIONS["cohort_variance"], values)
    assert population == [statistics.pvariance(applicable)] * len(values)
    sample = call(FUNCTIONS["cohort_variance"], values, kind="sample")
    expected = statistics.variance(applicable) if len(applicable) > 1 else NO_QUOTIENT
    assert sample == [expected] * len(values)


@given(NUMBERS, st.integers(0, 3), st.integers(0, 3))
def test_a_mean_without_extremes_is_that_of_the_rest(
    values: list[Fraction | None], low: int, high: int
) -> None:
    rest = sorted(known(values))[low:]
    rest = rest[: len(rest) - high] if len(rest) > high else []
    expected = sum(rest) / Fraction(len(rest)) if rest else None
    found = call(FUNCTIONS["cohort_mean"], values, drop_low=low, drop_high=high)
    assert found == [expected] * len(values)


@given(NUMBERS)
def test_parts_of_a_total_add_up_to_one(values: list[Fraction | None]) -> None:
    total = sum(known(values))
    found = call(FUNCTIONS["share_of_total"], values)
    if total == 0:
        assert found == [None if value is None else NO_QUOTIENT for value in values]
    else:
        assert found == [None if value is None else value / total for value in values]
        assert sum(value for value in found if isinstance(value, Fraction)) == 1


@given(NUMBERS)
def test_the_smallest_is_0_the_largest_1_and_the_others_lie_between_in_proportion(
    values: list[Fraction | None],
) -> None:
    applicable = known(values)
    found = call(FUNCTIONS["min_max"], values)
    if len(set(applicable)) < 2:
        assert found == [None if value is None else NO_QUOTIENT for value in values]
        return
    low, high = min(applicable), max(applicable)
    assert found == [None if value is None else (value - low) / (high - low) for value in values]


def test_different_values_are_counted_and_records_without_one_of_them_are_not() -> None:
    assert call(FUNCTIONS["count_distinct"], [1, 2, 1, None, "1/2"]) == [3] * 5
    assert call(FUNCTIONS["count_distinct"], [1, 1, 1, 2, None], [1, 2, 1, None, 3]) == [2] * 5
    assert call(FUNCTIONS["count_distinct"], [None, None]) == [0, 0]


@given(st.lists(st.integers(-50, 50).map(Fraction), min_size=2), st.sampled_from(["population", "sample"]))
def test_values_stay_within_the_bounds_of_their_types(values: list[Fraction], kind: str) -> None:
    type_ = NumberType(scale=0, low=Fraction(-50), high=Fraction(50))
    for function in FUNCTIONS.values():
        options = {"kind": kind} if function.name == "cohort_variance" else {}
        result = function.result_type((type_,), {"kind": kind})
        assert isinstance(result, NumberType)
        assert result.low is not None
        assert result.high is not None
        for value in call(function, values, **options):
            assert isinstance(value, Unsettled) or result.low <= value <= result.high


def test_bounds_are_reached() -> None:
    type_ = NumberType(scale=2, low=Fraction(0), high=Fraction(10))
    for kind in ("population", "sample"):
        result = FUNCTIONS["cohort_variance"].result_type((type_,), {"kind": kind})
        assert isinstance(result, NumberType)
        assert call(FUNCTIONS["cohort_variance"], [0, 10], kind=kind)[0] == result.high
    share = FUNCTIONS["share_of_total"].result_type
    assert share((type_,), {}) == NumberType(scale=None, low=Fraction(0), high=Fraction(1), nullable=True)
    negative = NumberType(scale=1, low=Fraction(-2), high=Fraction(3))
    assert share((negative,), {}) == NumberType(
        scale=None, low=Fraction(-30), high=Fraction(30), nullable=True
    )
    assert call(FUNCTIONS["share_of_total"], [3, "-2.9"])[0] == 30
    unbounded = NumberType(scale=None, low=Fraction(-2), high=Fraction(3))
    assert share((unbounded,), {}) == NumberType(scale=None, nullable=True)


@pytest.mark.parametrize("name", ["cohort_mean", "cohort_variance", "share_of_total", "min_max"])
def test_texts_are_refused_when_compiled(name: str) -> None:
    with pytest.raises(ValueError, match="value must be a number, not a text"):
        FUNCTIONS[name].result_type((TextType(),), {"kind": "sample"})


def test_nothing_to_count_is_refused_when_compiled() -> None:
    with pytest.raises(ValueError, match="which values"):
        FUNCTIONS["count_distinct"].result_type((), {})
