"""Envelopes: filled in order, never overdrawn; what was left is what the funded before have left."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.envelopes import ENVELOPE_LEFT, FILL_ENVELOPE
from rulecore.cohort.scaling import SCALE_TO_ENVELOPE
from rulecore.contracts import Cohort
from tests.cohort.cohorts import call

COSTS = st.lists(st.integers(0, 40), min_size=1, max_size=9)


def test_skip_goes_on_to_the_next_that_fits() -> None:
    costs, order = [600, 700, 400, 180], [1, 2, 3, 4]
    assert call(FILL_ENVELOPE, costs, order, 1500) == [True, True, False, True]
    assert call(ENVELOPE_LEFT, costs, order, 1500) == [1500, 900, 200, 200]


def test_stop_ends_at_the_first_that_does_not_fit() -> None:
    costs, order = [600, 700, 400, 180], [1, 2, 3, 4]
    assert call(FILL_ENVELOPE, costs, order, 1500, mode="stop") == [True, True, False, False]
    assert call(ENVELOPE_LEFT, costs, order, 1500, mode="stop") == [1500, 900, 200, 200]


def test_a_record_without_order_or_cost_takes_no_part() -> None:
    assert call(FILL_ENVELOPE, [60, None, 60], [None, 1, 2], 100) == [None, None, True]


def test_an_envelope_has_one_size() -> None:
    assert call(FILL_ENVELOPE, [1, 2], [1, 2], [5, 6]) == [None, None]
    assert call(FILL_ENVELOPE, [1, 2], [1, 2], None) == [None, None]
    assert call(FILL_ENVELOPE, [1, -2], [1, 2], 5) == [None, None]


def test_a_tie_matters_only_where_not_all_of_it_fits() -> None:
    assert call(FILL_ENVELOPE, [3, 4, 9], [1, 1, 2], 10) == [True, True, False]
    assert call(ENVELOPE_LEFT, [3, 4, 9], [1, 1, 2], 10) == [None, None, 3]
    assert call(FILL_ENVELOPE, [11, 12, 9], [1, 1, 2], 10) == [False, False, True]
    assert call(FILL_ENVELOPE, [11, 4, 6], [1, 1, 2], 10) == [False, True, True]
    assert call(ENVELOPE_LEFT, [11, 4, 6], [1, 1, 2], 10) == [None, 10, 6]
    assert call(FILL_ENVELOPE, [11, 4, 6], [1, 1, 2], 10, mode="stop") == [None, None, None]
    assert call(FILL_ENVELOPE, [6, 7, 1], [1, 1, 2], 10) == [None, None, None]
    assert call(FILL_ENVELOPE, [6, 7, 1], [1, 1, 2], 10, tie="first") == [True, False, True]


@given(st.data(), COSTS, st.integers(0, 100), st.sampled_from(["skip", "stop"]))
def test_the_funded_fit_and_the_rest_is_what_they_left(
    data: st.DataObject, costs: list[int], envelope: int, mode: str
) -> None:
    order = data.draw(st.permutations(range(len(costs))))
    columns = ([costs[row] for row in order], list(order))
    funded = call(FILL_ENVELOPE, *columns, envelope, mode=mode)
    left = call(ENVELOPE_LEFT, *columns, envelope, mode=mode)
    turns = sorted(zip(order, columns[0], funded, left, strict=True))
    rest = Fraction(envelope)
    stopped = False
    for _place, cost, given_, before in turns:
        assert before == rest
        assert given_ == (cost <= rest and not stopped)
        stopped = stopped or (mode == "stop" and cost > rest)
        rest -= cost if given_ else 0
    assert rest >= 0


def test_amounts_within_the_envelope_stay_as_they_are() -> None:
    assert call(SCALE_TO_ENVELOPE, ["1.5", 2], 4) == [Fraction("1.5"), 2]


def test_amounts_beyond_it_are_scaled_to_exactly_the_envelope() -> None:
    # 7/12, 2/12 and 3/12 of 10: 5.83, 1.67, 2.5, so the first and the second are rounded up.
    assert call(SCALE_TO_ENVELOPE, [7, 2, 3], 10) == [6, 2, 2]
    assert call(SCALE_TO_ENVELOPE, [1, 1], 1) == [None, None]
    assert call(SCALE_TO_ENVELOPE, [1, 1], 1, tie="first") == [1, 0]
    assert call(SCALE_TO_ENVELOPE, [2, -1], 1) == [None, None]
    assert call(SCALE_TO_ENVELOPE, [2, None, 3], 4, decimals=1) == [Fraction("1.6"), None, Fraction("2.4")]


class Counted(tuple[Fraction, ...]):
    """A column that counts how often it is gone through."""

    __slots__ = ()
    passes: ClassVar[int] = 0

    def __iter__(self) -> Iterator[Fraction]:
        Counted.passes += 1
        return super().__iter__()


def test_what_decides_between_equal_fractions_is_read_once_not_once_for_each_amount() -> None:
    size = 300
    amounts, envelope = tuple([Fraction(7)] * size), tuple([Fraction(size)] * size)
    first = Counted(Fraction(number) for number in range(size))
    options: dict[str, Fraction | str | bool] = {"decimals": Fraction(0), "tie": "first"}
    cohort = Cohort(arguments=(amounts, envelope, first), options=options, size=size)
    assert sum(value for value in SCALE_TO_ENVELOPE.compute(cohort) if isinstance(value, Fraction)) == size
    assert Counted.passes < 5


@given(COSTS, st.integers(0, 300), st.integers(0, 2))
def test_scaled_amounts_add_up_and_keep_their_order(amounts: list[int], envelope: int, decimals: int) -> None:
    found = call(SCALE_TO_ENVELOPE, amounts, envelope, decimals=decimals, tie="first")
    parts = [value for value in found if isinstance(value, Fraction)]
    assert sum(parts) == min(sum(amounts), envelope)
    assert all(part <= amount for part, amount in zip(parts, amounts, strict=True))
    pairs = sorted(zip(amounts, parts, strict=True))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs) if a[0] < b[0])
