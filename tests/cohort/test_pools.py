"""Pools: what is shared adds up, caps and floors are kept, and re-sharing is what repeating it by hand comes to."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort import pools
from rulecore.cohort.pools import POOL_CAPPED, POOL_LEFT, SHARE_POOL
from tests.cohort.cohorts import call

WEIGHTS = st.lists(st.integers(0, 60).map(lambda value: Fraction(value, 4)), min_size=1, max_size=9)
AMOUNTS = st.integers(0, 100_000).map(lambda value: Fraction(value, 100))
PARTS = st.integers(0, 20).map(lambda value: Fraction(value, 20))


def by_hand(amount: Fraction, weights: list[Fraction], cap: Fraction) -> list[Fraction]:
    """Share round by round: cut off who exceeds the cap, share the rest among the others, until nobody does."""
    found: list[Fraction | None] = [None] * len(weights)
    while True:
        open_rows = [row for row, value in enumerate(found) if value is None]
        rest = amount - sum((value for value in found if value is not None), Fraction(0))
        total = sum((weights[row] for row in open_rows), Fraction(0))
        if total == 0:
            break
        over = [row for row in open_rows if rest * weights[row] / total > cap]
        if not over:
            for row in open_rows:
                found[row] = rest * weights[row] / total
            break
        for row in over:
            found[row] = cap
    return [value or Fraction(0) for value in found]


def test_the_example_of_scheme_s08() -> None:
    weights = ["95", "88", "45", "48", "18.75"]
    expected = ["8640", "8640", "4638.93", "4948.19", "1932.88"]
    assert call(SHARE_POOL, weights, 28800, "0.3") == [Fraction(value) for value in expected]
    assert call(POOL_CAPPED, weights, 28800, "0.3") == [True, True, False, False, False]
    assert call(POOL_LEFT, weights, 28800, "0.3") == [0] * 5


def test_what_is_exactly_the_cap_is_not_cut_off() -> None:
    assert call(POOL_CAPPED, [3, 3, 4], 100, "0.4") == [False, False, False]
    assert call(POOL_CAPPED, [3, 3, 4], 100, "0.39") == [False, False, True]


@given(AMOUNTS, WEIGHTS, PARTS)
def test_re_sharing_is_what_repeating_it_comes_to(
    amount: Fraction, weights: list[Fraction], part: Fraction
) -> None:
    # A cap is a whole number of cents; so is the amount here, so nothing hangs on a part of a cent.
    amount *= 20
    if sum(weights) == 0:
        return
    exact = by_hand(amount, weights, amount * part)
    found = call(SHARE_POOL, weights, amount, part, tie="first")
    assert all(
        isinstance(value, Fraction) and abs(value - wanted) < Fraction(1, 100)
        for value, wanted in zip(found, exact, strict=True)
    )
    assert sum(found) == sum(exact)  # type: ignore[arg-type]


@given(AMOUNTS, WEIGHTS, PARTS, st.integers(0, 500), st.sampled_from(["re_share", "keep"]), st.integers(0, 3))
def test_parts_and_rest_add_up_and_keep_caps_and_floors(
    amount: Fraction, weights: list[Fraction], part: Fraction, floor: int, cut_off: str, decimals: int
) -> None:
    options: dict[str, Fraction | str | int] = {"cut_off": cut_off, "decimals": decimals, "tie": "first"}
    found = call(SHARE_POOL, weights, amount, part, floor, **options)
    left = call(POOL_LEFT, weights, amount, part, floor, **options)
    if None in found:
        assert set(found) == {None} == set(left)
        people = sum(weight > 0 for weight in weights)
        assert people == 0 or people * floor > amount - 1 or floor > amount * part - 1
        return
    parts = [value for value in found if isinstance(value, Fraction)]
    assert {sum(parts) + rest for rest in left if isinstance(rest, Fraction)} == {amount}
    assert all(value <= amount * part for value in parts)
    assert all(value >= floor for value, weight in zip(parts, weights, strict=True) if weight > 0)
    assert all((value * 10**decimals).denominator == 1 for value in parts)


@given(AMOUNTS, WEIGHTS, PARTS, st.sampled_from(["re_share", "keep"]))
def test_a_larger_weight_never_gets_less(
    amount: Fraction, weights: list[Fraction], part: Fraction, cut_off: str
) -> None:
    found = call(SHARE_POOL, weights, amount, part, cut_off=cut_off, tie="first")
    pairs = sorted((w, value) for w, value in zip(weights, found, strict=True) if isinstance(value, Fraction))
    assert all(first[1] <= second[1] for first, second in itertools.pairwise(pairs) if first[0] < second[0])


@given(st.data(), AMOUNTS, WEIGHTS, PARTS)
def test_the_order_of_the_records_does_not_matter(
    data: st.DataObject, amount: Fraction, weights: list[Fraction], part: Fraction
) -> None:
    order = data.draw(st.permutations(range(len(weights))))
    found = call(SHARE_POOL, weights, amount, part)
    assert call(SHARE_POOL, [weights[row] for row in order], amount, part) == [found[row] for row in order]


@given(
    AMOUNTS,
    st.lists(st.one_of(st.none(), st.fractions(0, 50, max_denominator=12)), min_size=1, max_size=12),
    st.sampled_from(["undecided", "first"]),
    st.integers(0, 3),
)
def test_shares_by_weight_alone_are_what_the_way_with_floors_and_caps_gives(
    amount: Fraction, weights: list[Fraction | None], tie: str, decimals: int
) -> None:
    plain = call(SHARE_POOL, weights, amount, tie=tie, decimals=decimals)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pools, "_by_weight_alone", lambda _cohort: None)
        assert plain == call(SHARE_POOL, weights, amount, tie=tie, decimals=decimals)


def test_a_cent_between_equals_is_undecided_unless_the_first_gets_it() -> None:
    assert call(SHARE_POOL, [1, 1, 1], 100) == [None, None, None]
    assert call(POOL_LEFT, [1, 1, 1], 100) == [None, None, None]
    parts = [Fraction("33.34"), Fraction("33.33"), Fraction("33.33")]
    assert call(SHARE_POOL, [1, 1, 1], 100, tie="first") == parts


def test_an_equal_remainder_goes_to_the_larger_weight() -> None:
    # 0.5 and 1.5 of 2 yuan: one yuan is left for two halves.
    assert call(SHARE_POOL, [1, 3], 2, decimals=0) == [0, 2]


def test_what_the_cap_cuts_off_can_stay_in_the_pool() -> None:
    assert call(SHARE_POOL, [8, 1, 1], 100, "0.5", cut_off="keep") == [50, 10, 10]
    assert call(POOL_CAPPED, [8, 1, 1], 100, "0.5", cut_off="keep") == [True, False, False]
    assert call(POOL_LEFT, [8, 1, 1], 100, "0.5", cut_off="keep") == [30, 30, 30]


def test_caps_that_hold_less_than_the_pool_leave_the_rest_in_it() -> None:
    assert call(SHARE_POOL, [8, 1, 0], 100, "0.3") == [30, 30, 0]
    assert call(POOL_CAPPED, [8, 1, 0], 100, "0.3") == [True, True, False]
    assert call(POOL_LEFT, [8, 1, 0], 100, "0.3") == [40, 40, 40]


def test_a_part_of_a_cent_of_the_pool_stays_in_it() -> None:
    assert call(SHARE_POOL, [1, 1], "10.009") == [5, 5]
    assert call(POOL_LEFT, [1, 1], "10.009") == [Fraction("0.009")] * 2


@pytest.mark.parametrize(
    ("weights", "amount", "cap", "floor"),
    [
        ([0, 0], 100, 1, 0),  # no positive weight
        ([-1, 2], 100, 1, 0),
        ([1, 2], -1, 1, 0),
        ([1, 2], [100, 99], 1, 0),  # a pool has one amount
        ([1, 2], None, 1, 0),
        ([1, 2], 100, [1, None], 0),
        ([1, 2], 100, 1, 51),  # the floors exceed the pool
        ([1, 2], 100, "0.3", 31),  # a floor above the cap
    ],
)
def test_a_pool_that_cannot_be_shared_is_not_applicable(
    weights: list[int], amount: int, cap: int, floor: int
) -> None:
    for function in (SHARE_POOL, POOL_CAPPED, POOL_LEFT):
        assert call(function, weights, amount, cap, floor) == [None, None]  # type: ignore[arg-type]


def test_a_record_without_weight_takes_no_part() -> None:
    assert call(SHARE_POOL, [None, 1, 3], [7, 100, 100]) == [None, 25, 75]
    assert call(SHARE_POOL, [None, None], 100) == [None, None]
