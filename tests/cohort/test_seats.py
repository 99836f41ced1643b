"""Seats: they add up; each method is what its definition says; a tie for the last seat is not decided."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.seats import APPORTION
from tests.cohort.cohorts import call

METHODS = ["hamilton", "dhondt", "webster", "huntington_hill"]
VOTES = st.lists(st.integers(0, 500), min_size=1, max_size=8)


def test_the_textbook_example_by_each_method() -> None:
    # Wikipedia's example of highest averages: 100,000 votes, 10 seats.
    votes = [47000, 16000, 15900, 12000, 6000, 3100]
    assert call(APPORTION, votes, 10, method="dhondt") == [5, 2, 2, 1, 0, 0]
    assert call(APPORTION, votes, 10, method="webster") == [4, 2, 2, 1, 1, 0]
    assert call(APPORTION, votes, 10, method="hamilton") == [5, 2, 1, 1, 1, 0]
    assert call(APPORTION, votes, 10, method="huntington_hill") == [4, 2, 1, 1, 1, 1]


def test_minimum_and_threshold() -> None:
    assert call(APPORTION, [90, 9, 1], 10, 1, method="dhondt") == [8, 1, 1]
    assert call(APPORTION, [90, 9, 1], 10, 1, "0.05", method="dhondt") == [9, 1, 0]
    assert call(APPORTION, [95, 5], 10, 0, "0.05", method="dhondt") == [10, 0]
    assert call(APPORTION, [90, 9, 1], 10, 1, method="hamilton") == [7, 2, 1]


def test_a_tie_for_the_last_seat_is_undecided_unless_the_first_gets_it() -> None:
    for method in METHODS:
        assert call(APPORTION, [5, 5], 3, 1, method=method) == [None, None]
        assert call(APPORTION, [5, 5], 3, 1, method=method, tie="first") == [2, 1]
        assert call(APPORTION, [5, 5], 4, method=method) == [2, 2]


@pytest.mark.parametrize("method", METHODS)
def test_seats_that_cannot_be_given_are_not_applicable(method: str) -> None:
    assert call(APPORTION, [0, 0], 3, method=method) == [None, None]
    assert call(APPORTION, [1, -1], 3, method=method) == [None, None]
    assert call(APPORTION, [1, 2], "3.5", method=method) == [None, None]
    assert call(APPORTION, [1, 2], [3, 4], method=method) == [None, None]
    assert call(APPORTION, [1, 2], 3, 2, method=method) == [None, None]
    assert call(APPORTION, [1, None, 1], 4, method=method) == [2, None, 2]


@given(VOTES, st.integers(0, 40), st.integers(0, 2), st.sampled_from(METHODS))
def test_seats_add_up_and_more_votes_never_get_fewer(
    votes: list[int], seats: int, minimum: int, method: str
) -> None:
    found = call(APPORTION, votes, seats, minimum, method=method, tie="first")
    if None in found:
        assert set(found) == {None}
        assert sum(votes) == 0 or minimum * len(votes) > seats
        return
    held = [value for value in found if isinstance(value, Fraction)]
    assert sum(held) == seats
    assert min(held) >= minimum
    pairs = sorted(zip(votes, held, strict=True))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs) if a[0] < b[0])


@given(st.data(), VOTES, st.integers(0, 40), st.sampled_from(METHODS))
def test_the_order_of_the_records_does_not_matter(
    data: st.DataObject, votes: list[int], seats: int, method: str
) -> None:
    order = data.draw(st.permutations(range(len(votes))))
    found = call(APPORTION, votes, seats, method=method)
    assert call(APPORTION, [votes[row] for row in order], seats, method=method) == [
        found[row] for row in order
    ]


@given(VOTES, st.integers(1, 40), st.sampled_from(["dhondt", "webster", "huntington_hill"]))
def test_no_seat_would_have_gone_to_a_higher_quotient(votes: list[int], seats: int, method: str) -> None:
    found = call(APPORTION, votes, seats, method=method, tie="first")
    if None in found:
        return
    held = [int(value) for value in found if isinstance(value, Fraction)]

    def crossed(taker: int, giver: int) -> bool:
        """Whether the next seat's quotient of one is above the last seat's quotient of the other."""
        squared = {"dhondt": lambda n: (n + 1) ** 2, "webster": lambda n: (2 * n + 1) ** 2}
        divisor = squared.get(method, lambda n: n * (n + 1))
        mine, other = divisor(held[taker]), divisor(held[giver] - 1)
        if other == 0:
            return mine == 0 and votes[taker] > votes[giver]
        return bool(votes[taker] ** 2 * other > votes[giver] ** 2 * mine)

    rows = [row for row, value in enumerate(votes) if value > 0]
    assert not any(crossed(taker, giver) for taker in rows for giver in rows if held[giver] > 0)
