"""Integer columns: exact in 64 and 128 bits for every value within their bounds, or refused."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.engines.columnar import integers
from rulecore.engines.columnar.integers import INT64_LIMIT, INT128_LIMIT, Integer, TooWide
from rulecore.numbers import Rounding, round_ratio

BITS = st.sampled_from([3, 8, 31, 40, 62, 63, 64, 90, 126])
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def values(draw: st.DrawFn, *, positive: bool = False, most_bits: int = 126) -> list[int]:
    """Return whole numbers of one width, the bounds of the width among them."""
    bound = 2 ** min(draw(BITS), most_bits) - 1
    low = 1 if positive else draw(st.sampled_from([-bound, 0]))
    return [*draw(st.lists(st.integers(low, bound), min_size=1, max_size=6)), low, bound]


def column(name: str, found: list[int]) -> tuple[pl.Series, Integer]:
    low, high = min(found), max(found)
    return pl.Series(name, found, dtype=integers.width(low, high)), integers.column(name, low, high)


def computed(frame: pl.DataFrame, made: Integer) -> list[int]:
    """Return a column's values; they must lie within its bounds and have the width that these need."""
    series = frame.select(made.expr.alias("made")).to_series()
    assert series.dtype == integers.width(made.low, made.high)
    assert all(made.low <= value <= made.high for value in series)
    return series.to_list()


OPERATIONS: list[tuple[Callable[[Integer, Integer], Integer], Callable[[int, int], int]]] = [
    (integers.add, lambda a, b: a + b),
    (integers.multiply, lambda a, b: a * b),
]


@pytest.mark.parametrize(("operation", "wanted"), OPERATIONS, ids=["add", "multiply"])
@QUICK
@given(left=values(), right=values(), fixed=st.sampled_from([None, 0, 1, -1, 7, 10**18, 10**30]))
def test_arithmetic_is_exact_or_refused(
    operation: Callable[[Integer, Integer], Integer],
    wanted: Callable[[int, int], int],
    left: list[int],
    right: list[int],
    fixed: int | None,
) -> None:
    size = min(len(left), len(right))
    (first, a), (second, b) = column("a", left[-size:]), column("b", right[-size:])
    if fixed is not None:
        second, b = (
            pl.Series("b", [fixed] * size, dtype=integers.width(fixed, fixed)),
            integers.constant(fixed),
        )
    try:
        made = operation(a, b)
    except TooWide:
        corners = [wanted(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        assert max(map(abs, corners)) > INT128_LIMIT
        return
    expected = [wanted(x, y) for x, y in zip(first.to_list(), second.to_list(), strict=True)]
    assert computed(pl.DataFrame([first, second]), made) == expected


@QUICK
@given(values())
def test_sign_and_size_are_exact(found: list[int]) -> None:
    series, whole = column("a", found)
    frame = series.to_frame()
    assert computed(frame, integers.negate(whole)) == [-value for value in found]
    assert computed(frame, integers.absolute(whole)) == [abs(value) for value in found]


@QUICK
@given(values(), values(positive=True), st.booleans(), st.sampled_from(list(Rounding)))
def test_a_rounded_quotient_is_that_of_integers(
    top: list[int], bottom: list[int], fixed: bool, rounding: Rounding
) -> None:
    size = min(len(top), len(bottom))
    (first, a), (second, b) = column("a", top[-size:]), column("b", bottom[-size:])
    divisors = [bottom[0]] * size if fixed else second.to_list()
    b = integers.constant(bottom[0]) if fixed else b
    try:
        made = integers.round_divide(a, b, rounding)
    except TooWide:
        return
    expected = [round_ratio(x, y, rounding) for x, y in zip(first.to_list(), divisors, strict=True)]
    assert computed(pl.DataFrame([first, second]), made) == expected


@QUICK
@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.sampled_from(list(Rounding)))
def test_a_tie_and_its_neighbours_round_as_integers_do(whole: int, half: int, rounding: Rounding) -> None:
    tops = [2 * half * whole + half + step for step in (-1, 0, 1)]
    series, a = column("a", [*tops, -INT64_LIMIT // 4, INT64_LIMIT // 4])
    made = integers.round_divide(a, integers.constant(2 * half), rounding)
    assert computed(series.to_frame(), made) == [round_ratio(top, 2 * half, rounding) for top in series]


@QUICK
@given(
    values(),
    st.sampled_from([None, -(10**25), -5, 0, 3, 10**25]),
    st.sampled_from([None, -(10**25), -5, 0, 3, 10**25]),
)
def test_clipping_keeps_within_the_bounds(found: list[int], low: int | None, high: int | None) -> None:
    series, whole = column("a", found)
    made = integers.clipped(whole, low, high)
    expected = []
    for value in found:
        raised = value if low is None else max(value, low)
        expected.append(raised if high is None else min(raised, high))
    assert computed(series.to_frame(), made) == expected


@QUICK
@given(values(), values(), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
def test_comparisons_across_widths_are_exact(left: list[int], right: list[int], operator: str) -> None:
    size = min(len(left), len(right))
    (first, a), (second, b) = column("a", left[-size:]), column("b", right[-size:])
    found = pl.DataFrame([first, second]).select(made=integers.compare(operator, a, b)).to_series().to_list()
    outcome = {
        "==": int.__eq__,
        "!=": int.__ne__,
        "<": int.__lt__,
        "<=": int.__le__,
        ">": int.__gt__,
        ">=": int.__ge__,
    }[operator]
    assert found == [outcome(x, y) for x, y in zip(first.to_list(), second.to_list(), strict=True)]


def test_null_stays_null() -> None:
    frame = pl.DataFrame({"a": pl.Series([None, 7], dtype=pl.Int64())})
    whole = integers.column("a", -10, 10)
    for made in (
        integers.round_divide(whole, integers.constant(2), Rounding.HALF_EVEN),
        integers.clipped(whole, 0, 5),
        integers.multiply(whole, integers.constant(10**30)),
        integers.absolute(whole),
    ):
        assert frame.select(made.expr).to_series().to_list()[0] is None
