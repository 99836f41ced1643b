"""Percentile ranks by five definitions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.percentiles import DEFINITIONS, PERCENTILE_RANK
from rulecore.contracts import Unsettled
from rulecore.expr.types import TextType
from tests.cohort.cohorts import call

NUMBERS = st.lists(st.one_of(st.none(), st.integers(-3, 3).map(Fraction)), min_size=1, max_size=10)


def by_hand(values: list[Fraction], own: Fraction, definition: str) -> Fraction | Unsettled:
    below = Fraction(sum(value < own for value in values))
    equal = sum(value == own for value in values)
    count = len(values)
    if definition == "inclusive":
        return below / (count - 1) if count > 1 else Unsettled("division_by_zero")
    return {
        "exclusive": (below + 1) / (count + 1),
        "mean_rank": (below + Fraction(equal, 2)) / count,
        "below": below / count,
        "at_or_below": (below + equal) / count,
    }[definition]


@given(NUMBERS, st.sampled_from(sorted(DEFINITIONS)))
def test_a_percentile_rank_is_what_its_definition_counts(
    values: list[Fraction | None], definition: str
) -> None:
    known = [value for value in values if value is not None]
    expected = [None if value is None else by_hand(known, value, definition) for value in values]
    assert call(PERCENTILE_RANK, values, definition=definition) == expected


@given(NUMBERS, st.sampled_from(sorted(DEFINITIONS)))
def test_descending_is_the_rank_of_the_negative_value(values: list[Fraction | None], definition: str) -> None:
    turned = [None if value is None else -value for value in values]
    found = call(PERCENTILE_RANK, values, definition=definition, order="descending")
    assert found == call(PERCENTILE_RANK, turned, definition=definition)


def test_the_example_of_the_spreadsheet_manual_comes_out() -> None:
    # PERCENTRANK.INC of the data 13 12 11 8 4 3 2 1 1 1 for 4 is 0.555 (shown with three digits), for 8 0.666.
    data = [13, 12, 11, 8, 4, 3, 2, 1, 1, 1]
    found = dict(zip(data, call(PERCENTILE_RANK, data, definition="inclusive"), strict=True))
    assert (found[4], found[8], found[2]) == (Fraction(5, 9), Fraction(6, 9), Fraction(3, 9))
    exclusive = dict(zip(data, call(PERCENTILE_RANK, data, definition="exclusive"), strict=True))
    assert exclusive[4] == Fraction(6, 11)


def test_texts_are_refused_when_compiled() -> None:
    with pytest.raises(ValueError, match="value must be a number, not a text"):
        PERCENTILE_RANK.result_type((TextType(),), {})
