"""Winsorising moves the extremes to the nearest of the others, and nothing else."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.winsorising import NOBODY_LEFT, WINSORISE
from tests.cohort.cohorts import call

VALUES = st.lists(st.none() | st.integers(-50, 50), min_size=1, max_size=30)


def test_so_many_values_at_each_end_are_moved() -> None:
    assert call(WINSORISE, [7, 1, 3, 5, 9], low=1, high=2) == [5, 3, 3, 5, 5]
    assert call(WINSORISE, [7, 1, 3, 5, 9]) == [7, 1, 3, 5, 9]


def test_a_part_of_the_applicable_values_is_rounded_down() -> None:
    twenty = [2, *range(10, 29)]
    found = call(WINSORISE, [*twenty, None], low=1, high=Fraction(1, 20))
    assert found == [10, *range(10, 28), 27, None]
    assert call(WINSORISE, twenty[:19], high=Fraction(1, 20)) == twenty[:19]


def test_tied_extremes_are_moved_one_by_one() -> None:
    assert call(WINSORISE, [9, 9, 9, 5, 1], high=2) == [9, 9, 9, 5, 1]
    assert call(WINSORISE, [9, 9, 5, 1], high=2) == [5, 5, 5, 1]


def test_where_nobody_is_left_there_is_an_issue() -> None:
    assert call(WINSORISE, [1, 2, None], low=1, high=1) == [NOBODY_LEFT, NOBODY_LEFT, None]


@given(VALUES, st.integers(0, 5), st.integers(0, 5))
def test_what_is_not_extreme_stays_and_the_order_does_too(
    values: list[int | None], low: int, high: int
) -> None:
    found = call(WINSORISE, values, low=low, high=high)
    known = sorted(value for value in values if value is not None)
    if low + high >= len(known):
        assert set(found) <= {NOBODY_LEFT, None}
        return
    inner = known[low : len(known) - high]
    for value, moved in zip(values, found, strict=True):
        assert moved == (None if value is None else min(max(value, inner[0]), inner[-1]))
