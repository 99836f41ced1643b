"""Sums and extremes of cohorts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.aggregates import AGGREGATES
from rulecore.contracts import Cohort
from rulecore.expr.types import DateType, FlagType, NumberType, TextType

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


def test_extremes_of_dates_are_dates() -> None:
    days = (date(2024, 3, 1), None, date(2024, 2, 29))
    assert run("cohort_min", days) == [date(2024, 2, 29)] * 3
    assert run("cohort_max", days) == [date(2024, 3, 1)] * 3
    assert FUNCTIONS["cohort_min"].result_type((DateType(),), {}) == DateType(nullable=True)


def test_numbers_with_very_different_denominators_are_added_exactly() -> None:
    values = tuple(Fraction(1, prime) for prime in (2**89 - 1, 2**107 - 1, 2**127 - 1))
    assert run("cohort_sum", values) == [sum(values)] * 3


def test_a_sum_knows_its_bounds() -> None:
    type_ = NumberType(scale=2, low=Fraction(-1), high=Fraction(3))
    found = FUNCTIONS["cohort_sum"].result_type((type_,), {})
    assert isinstance(found, NumberType)
    assert (found.scale, found.low, found.high) == (2, -(10**9), 3 * 10**9)


def test_a_sum_of_quotients_has_no_fixed_number_of_decimals() -> None:
    found = FUNCTIONS["cohort_sum"].result_type((NumberType(scale=None, low=Fraction(0)),), {})
    assert found == NumberType(scale=None, low=Fraction(0), high=None, nullable=True)


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("cohort_sum", (DateType(),)),
        ("cohort_sum", (FlagType(),)),
        ("cohort_min", (TextType(),)),
    ],
)
def test_what_cannot_be_computed_is_refused_when_compiled(name: str, types: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="value must be a number"):
        FUNCTIONS[name].result_type(types, {})
