"""Sums, extremes and running counts of cohorts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.aggregates import AGGREGATES
from rulecore.contracts import Cohort
from rulecore.expr.types import FlagType, NumberType, TextType

FUNCTIONS = {function.name: function for function in AGGREGATES}
NUMBERS = st.lists(st.one_of(st.none(), st.fractions(-1000, 1000, max_denominator=100)), min_size=1)


def run(name: str, *arguments: tuple[object, ...]) -> list[object]:
    cohort = Cohort(arguments=arguments, options={}, size=len(arguments[0]))
    return list(FUNCTIONS[name].compute(cohort))


@given(NUMBERS)
def test_sums_and_extremes_take_the_applicable_values(values: list[Fraction | None]) -> None:
    known = [value for value in values if value is not None]
    for name, combine in (("cohort_sum", sum), ("cohort_min", min), ("cohort_max", max)):
        expected = combine(known) if known else None
        assert run(name, tuple(values)) == [expected] * len(values)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5).map(Fraction), st.sampled_from("ab"))))
def test_what_comes_before_is_counted_as_one_would_by_hand(rows: list[tuple[bool, Fraction, str]]) -> None:
    if not rows:
        return
    expected = [
        sum(met for met, day, code in rows if (day, code) < (own_day, own_code))
        for _, own_day, own_code in rows
    ]
    assert run("count_before", *zip(*rows, strict=True)) == expected


def test_a_record_without_an_order_has_no_count_and_is_before_nobody() -> None:
    assert run("count_before", (True, True, True), (Fraction(1), None, Fraction(2))) == [0, None, 1]


def test_a_sum_knows_its_bounds() -> None:
    type_ = NumberType(scale=2, low=Fraction(-1), high=Fraction(3))
    found = FUNCTIONS["cohort_sum"].result_type((type_,), {})
    assert isinstance(found, NumberType)
    assert (found.scale, found.low, found.high) == (2, -(10**9), 3 * 10**9)


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("cohort_sum", (NumberType(scale=None, low=Fraction(0), high=Fraction(1)),)),
        ("cohort_min", (TextType(),)),
        ("count_before", (NumberType(), NumberType())),
        ("count_before", (FlagType(),)),
        ("count_before", (FlagType(), FlagType())),
    ],
)
def test_what_cannot_be_computed_is_refused_when_compiled(name: str, types: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"value|condition|order"):
        FUNCTIONS[name].result_type(types, {})
