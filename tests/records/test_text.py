"""Stored columns as text: decimals come out digit by digit, whichever way they take."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rulecore.records.text import decimal_texts, decimals

INT64 = st.integers(-(2**63) + 1, 2**63 - 1)
INT128 = st.integers(-(10**38) + 1, 10**38 - 1)


def written(value: int | None, scale: int) -> str | None:
    """Return the decimal text of one scaled integer, by cutting its digits."""
    if value is None:
        return None
    digits = str(abs(value)).zfill(scale + 1)
    text = f"{digits[: len(digits) - scale]}.{digits[len(digits) - scale :]}" if scale else digits
    return f"-{text}" if value < 0 else text


@given(st.lists(st.none() | INT64, max_size=5), st.integers(0, 38))
def test_integers_of_64_bits_are_written_digit_by_digit(values: list[int | None], scale: int) -> None:
    column = pl.Series("x", values, dtype=pl.Int64)
    assert decimal_texts(column, scale).to_list() == [written(value, scale) for value in values]


@given(st.lists(st.none() | INT128, max_size=5), st.integers(0, 37))
def test_integers_of_38_digits_are_written_digit_by_digit(values: list[int | None], scale: int) -> None:
    column = pl.Series("x", values, dtype=pl.Int128)
    assert decimal_texts(column, scale).to_list() == [written(value, scale) for value in values]


def test_integers_of_39_digits_are_written_although_no_decimal_holds_them() -> None:
    column = pl.Series("x", [10**38, -(10**38) - 7, None], dtype=pl.Int128)
    assert decimals(column, 2) is None
    assert decimal_texts(column, 2).to_list() == [written(value, 2) for value in column]
