"""Quantiles: nine definitions, each against the sentence or formula that defines it."""

from __future__ import annotations

import statistics
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.quantiles import DEFINITIONS, QUANTILES, SAS
from rulecore.expr.types import NumberType, TextType
from tests.cohort.cohorts import call

FUNCTIONS = {function.name: function for function in QUANTILES}
VALUES = st.lists(st.fractions(-100, 100, max_denominator=20), min_size=1, max_size=12)
PARTS = st.fractions(0, 1, max_denominator=40)


def quantile(values: list[object], part: Fraction | str, definition: str) -> object:
    found = call(FUNCTIONS["cohort_quantile"], values, p=Fraction(part), definition=definition)  # type: ignore[arg-type]
    assert len(set(found)) == 1
    return found[0]


def hyndman_fan(values: list[Fraction], part: Fraction, number: int) -> Fraction:
    """Return the quantile by the general formula of the paper: (1 − γ) x_j + γ x_(j+1), j = ⌊np + m⌋."""
    ordered, count = sorted(values), len(values)
    m = {
        1: Fraction(0), 2: Fraction(0), 3: Fraction(-1, 2), 4: Fraction(0), 5: Fraction(1, 2),
        6: part, 7: 1 - part, 8: (part + 1) / 3, 9: part / 4 + Fraction(3, 8),
    }[number]  # fmt: skip
    j = floor(count * part + m)
    g = count * part + m - j
    gamma = {
        1: Fraction(g > 0),
        2: Fraction(1, 2) if g == 0 else Fraction(1),
        3: Fraction(0) if g == 0 and j % 2 == 0 else Fraction(1),
    }.get(number, g)

    def at(position: int) -> Fraction:
        return ordered[min(max(position, 1), count) - 1]

    return (1 - gamma) * at(j) + gamma * at(j + 1)


@given(VALUES, PARTS, st.integers(1, 9))
def test_every_definition_is_the_formula_of_hyndman_and_fan(
    values: list[Fraction], part: Fraction, number: int
) -> None:
    assert quantile(values, part, f"r{number}") == hyndman_fan(values, part, number)


def sas(values: list[Fraction], part: Fraction, number: int) -> Fraction:
    """Return the quantile as PROC UNIVARIATE's page of PCTLDEF= has it."""
    ordered, count = sorted(values), len(values)
    reached = (count + 1) * part if number == 4 else count * part
    j, g = floor(reached), reached - floor(reached)

    def at(position: int) -> Fraction:
        return ordered[min(max(position, 1), count) - 1]

    match number:
        case 1 | 4:
            return (1 - g) * at(j) + g * at(j + 1)
        case 2 if g == Fraction(1, 2):
            return at(j) if j % 2 == 0 else at(j + 1)
        case 2:
            return at(floor(reached + Fraction(1, 2)))
        case 3:
            return at(j) if g == 0 else at(j + 1)
        case _:
            return (at(j) + at(j + 1)) / 2 if g == 0 else at(j + 1)


@given(VALUES, PARTS, st.integers(1, 5))
def test_the_definitions_of_sas_are_what_its_page_says(
    values: list[Fraction], part: Fraction, number: int
) -> None:
    assert quantile(values, part, f"sas{number}") == sas(values, part, number)


@given(VALUES, st.integers(2, 12))
def test_definitions_6_and_7_cut_as_the_standard_library_does(values: list[Fraction], parts: int) -> None:
    if len(values) < 2:
        return
    inclusive = statistics.quantiles(values, n=parts, method="inclusive")
    exclusive = statistics.quantiles(values, n=parts, method="exclusive")
    for index in range(1, parts):
        part = Fraction(index, parts)
        assert quantile(values, part, "r7") == inclusive[index - 1]
        if 1 <= (len(values) + 1) * part <= len(values):  # beyond the data the library draws the line on
            assert quantile(values, part, "r6") == exclusive[index - 1]


@given(VALUES)
def test_the_median_is_that_of_the_standard_library(values: list[Fraction]) -> None:
    assert set(call(FUNCTIONS["cohort_median"], values)) == {statistics.median(values)}


@given(VALUES, PARTS, st.sampled_from(DEFINITIONS))
def test_no_quantile_lies_beyond_the_data_and_half_is_between_the_middle_ones(
    values: list[Fraction], part: Fraction, definition: str
) -> None:
    found = quantile(values, part, definition)
    assert isinstance(found, Fraction)
    assert min(values) <= found <= max(values)


@given(
    st.lists(st.integers(-500, 500).map(lambda value: Fraction(value, 10)), min_size=1, max_size=12),
    st.integers(0, 100).map(lambda value: Fraction(value, 100)),
    st.sampled_from(DEFINITIONS),
)
def test_a_quantile_has_no_more_decimals_than_its_type_says(
    values: list[Fraction], part: Fraction, definition: str
) -> None:
    type_ = NumberType(scale=1, low=Fraction(-50), high=Fraction(50))
    result = FUNCTIONS["cohort_quantile"].result_type((type_,), {"p": part, "definition": definition})
    assert isinstance(result, NumberType)
    if result.scale is None:
        assert definition == "r8"
        return
    found = quantile(values, part, definition)
    assert isinstance(found, Fraction)
    assert (found * 10**result.scale).denominator == 1


@pytest.mark.parametrize(
    ("part", "definition", "expected"),
    [
        # The example of the PCTL function in SAS Functions and CALL Routines: PCTL(25, 2, 4, 1, 3) …
        ("1/4", "sas5", "1.5"),
        ("1/4", "sas2", "1"),
        ("1/3", "sas5", "2"),
        ("1/3", "sas3", "2"),
        ("1/2", "sas5", "2.5"),
        ("2/3", "sas5", "3"),
        ("3/4", "sas5", "3.5"),
    ],
)
def test_the_examples_of_the_sas_manual_come_out(part: str, definition: str, expected: str) -> None:
    assert quantile([2, 4, 1, 3], part, definition) == Fraction(expected)


@pytest.mark.parametrize(
    ("part", "definition", "expected"),
    [
        # "Compare the default definitions for sample quantiles in SAS, R, and Python", The DO Loop, 2021.
        ("0.5", "r2", "2"),
        ("0.5", "r7", "2"),
        ("0.75", "r2", "4"),
        ("0.75", "r7", "3.5"),
        ("0.95", "r2", "8"),
        ("0.95", "r7", "6.65"),
    ],
)
def test_published_examples_of_two_definitions_come_out(part: str, definition: str, expected: str) -> None:
    assert quantile([0, 1, 1, 1, 2, 2, 2, 4, 5, 8], part, definition) == Fraction(expected)


def test_values_that_are_not_applicable_are_left_out() -> None:
    assert quantile([None, 1, None, 3], "0.5", "r7") == 2
    assert quantile([None, None], "0.5", "r7") is None
    assert call(FUNCTIONS["cohort_median"], [None, 5]) == [5, 5]


def test_one_value_is_every_quantile_of_itself() -> None:
    assert {quantile([7], part, name) for part in ("0", "1/3", "1") for name in DEFINITIONS} == {Fraction(7)}


def test_the_smallest_value_that_a_part_does_not_exceed_is_definition_1() -> None:
    values = [Fraction(value) for value in (3, 1, 4, 1, 5)]
    for number in range(1, 21):
        part = Fraction(number, 20)
        assert quantile(values, part, "r1") == sorted(values)[ceil(5 * part) - 1]


def test_texts_are_refused_when_compiled() -> None:
    with pytest.raises(ValueError, match="value must be a number, not a text"):
        FUNCTIONS["cohort_median"].result_type((TextType(),), {})


def test_sas_and_r_number_five_definitions_differently() -> None:
    assert SAS == {"sas1": "r4", "sas2": "r3", "sas3": "r1", "sas4": "r6", "sas5": "r2"}
