"""Numbers of columns that hold numbers already: whole ones, decimals and floats, scaled without becoming text first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rulecore.records.cells import CellRules

if TYPE_CHECKING:
    import polars as pl

CERTAIN: Final = 10**15
"""Below it every decimal of 15 digits has a float of its own, and that float is written as that decimal."""

FINEST: Final = 15
"""Decimals beyond which floats are read as texts."""


def typed_numbers(cells: pl.Series, rules: CellRules, dtype: pl.DataType) -> pl.Series | None:
    """Return the scaled integers of a column of numbers, null for cells to be read one by one; None for other columns.

    They are what :func:`rulecore.records.cells.read_by` gives for the same cells.
    """
    import polars as pl

    number = rules.number
    if number is None or any(
        character.isdigit() for token in (*rules.tokens, *rules.refused_tokens) for character in token
    ):
        return None  # a token such as 999 stands before every number
    decimals = number.scale - 2 if number.percent else number.scale
    if decimals < 0:
        return None
    low, high = number.scaled_low, number.scaled_high
    if isinstance(cells.dtype, pl.Decimal):
        return _rescaled(cells.to_physical(), decimals - cells.dtype.scale, low, high, dtype)
    if cells.dtype.is_integer():
        return _rescaled(cells, decimals, low, high, dtype)
    if cells.dtype == pl.Float64 and decimals <= FINEST:
        return _of_floats(cells, decimals, low, high, dtype)
    return None


def _rescaled(whole: pl.Series, more: int, low: int, high: int, dtype: pl.DataType) -> pl.Series:
    """Return whole numbers times ``10 ** more``, null where that is not whole or not within the bounds."""
    import polars as pl

    value = pl.col("value")
    if more >= 0:
        unit = 10**more
        # The cells are compared, not the products: those may not fit where the cell is out of bounds.
        inside = _within(value, -(-low // unit), high // unit)
        scaled = (
            value.cast(dtype, strict=False) * pl.lit(unit, dtype=dtype)
            if more
            else value.cast(dtype, strict=False)
        )
    else:
        unit = 10**-more
        wide = value.cast(pl.Int128)
        inside = _within(wide // unit, low, high) & (wide % unit == 0)
        scaled = (wide // unit).cast(dtype, strict=False)
    return whole.to_frame("value").select(pl.when(inside).then(scaled)).to_series()


def _within(value: pl.Expr, low: int, high: int) -> pl.Expr:
    import polars as pl

    return (value >= pl.lit(low, dtype=pl.Int128)) & (value <= pl.lit(high, dtype=pl.Int128))


def _of_floats(cells: pl.Series, decimals: int, low: int, high: int, dtype: pl.DataType) -> pl.Series:
    """Return the floats that are decimals of at most 15 digits as scaled integers."""
    import polars as pl

    value, unit = pl.col("value"), float(10**decimals)
    scaled = (value * unit).round()
    certain = value.is_finite() & (scaled.abs() < CERTAIN) & (scaled / unit == value)
    whole = scaled.cast(pl.Int64, strict=False)
    inside = certain & _within(whole, low, high)
    return cells.to_frame("value").select(pl.when(inside).then(whole.cast(dtype))).to_series()
