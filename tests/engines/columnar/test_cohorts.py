"""Ranks and groups in columns: numbers in exact order, however near their floats are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf, nan

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.engines.columnar.cohorts import order_codes

NEAR = st.builds(
    lambda whole, part, exponent: Fraction(whole) + Fraction(part, 10**exponent),
    st.integers(-3, 3),
    st.integers(-2, 2),
    st.sampled_from([0, 3, 14, 16, 18, 30]),
)
ROWS = st.lists(
    st.tuples(st.one_of(st.none(), NEAR), st.booleans(), st.sampled_from([0.0, 1e-15, 1e-3, 0.5])),
    max_size=25,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(ROWS)
def test_codes_have_the_exact_order_of_their_values(rows: list[tuple[Fraction | None, bool, float]]) -> None:
    truth = [value for value, _doubt, _error in rows]
    floats = [None if value is None else float(value) + error for value, _doubt, error in rows]
    # A row in doubt may show anything: no value, a wrong one, none that is finite.
    shown = [nan if doubt and error else value for value, (_, doubt, error) in zip(floats, rows, strict=True)]
    errors = [error + 1e-14 for _value, _doubt, error in rows]
    codes = order_codes(
        pl.Series(shown, dtype=pl.Float64(), strict=False),
        pl.Series(errors, dtype=pl.Float64()),
        pl.Series([doubt for _value, doubt, _error in rows], dtype=pl.Boolean()),
        lambda numbers: [truth[number] for number in numbers],
    ).to_list()
    assert [code is None for code in codes] == [value is None for value in truth]
    known = [(value, code) for value, code in zip(truth, codes, strict=True) if value is not None]
    for value, code in known:
        for other, other_code in known:
            assert (value < other) is (code < other_code)


def asked(
    values: list[float], errors: list[float], truth: Sequence[Fraction | None]
) -> tuple[list[int | None], list[int]]:
    """Return the codes, and the rows whose exact values were asked for."""
    rows: list[int] = []

    def exactly(numbers: Sequence[int]) -> Sequence[Fraction | None]:
        rows.extend(numbers)
        return [truth[number] for number in numbers]

    doubts = pl.Series([False] * len(values), dtype=pl.Boolean())
    codes = order_codes(
        pl.Series(values, dtype=pl.Float64()), pl.Series(errors, dtype=pl.Float64()), doubts, exactly
    )
    return codes.to_list(), sorted(rows)


def test_values_far_apart_are_not_computed_again() -> None:
    assert asked([3.0, 1.0, 2.0], [1e-9] * 3, [Fraction(3), Fraction(1), Fraction(2)]) == ([3, 1, 2], [])


def test_only_values_too_near_each_other_are_computed_again() -> None:
    truth = [Fraction(1), Fraction(1) + Fraction(1, 10**30), Fraction(5)]
    assert asked([1.0, 1.0, 5.0], [1e-15] * 3, truth) == ([1, 2, 3], [0, 1])


def test_infinite_floats_and_errors_are_computed_again() -> None:
    truth = [Fraction(10) ** 400, Fraction(-(10**400)), Fraction(0), Fraction(10) ** 401]
    assert asked([inf, -inf, 0.0, inf], [inf, inf, 0.0, inf], truth) == ([3, 1, 2, 4], [0, 1, 3])


def test_no_rows_have_no_codes() -> None:
    assert asked([], [], []) == ([], [])
