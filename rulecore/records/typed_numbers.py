"""Numbers of whole columns, scaled in one pass: of those that hold numbers, and of texts in the ordinary form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rulecore.records.cells import CellRules

if TYPE_CHECKING:
    import polars as pl

CERTAIN: Final = 10**15
"""Below it every decimal of 15 digits has a float of its own, and that float is written as that decimal."""

MOST_DIGITS: Final = 38
"""The digits of Polars' widest Decimal, which plain decimals pass through on their way to an integer."""

_NUMERIC: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")

FINEST: Final = 15
"""Decimals beyond which floats are read as texts."""


def number_columns(
    cells: pl.DataFrame, wanted: Sequence[tuple[str, CellRules, pl.DataType]]
) -> dict[str, pl.Series]:
    """Return the scaled integers of columns of numbers, made in one pass, by the columns' names.

    ``wanted`` says how each column is read and what it comes to be. Missing are columns that hold neither numbers nor
    texts, and those that have to be read otherwise; null are cells to be read one by one. The others are what
    :func:`rulecore.records.cells.read_by` gives for the same cells.
    """
    import polars as pl

    exprs = {
        name: expr
        for name, rules, dtype in wanted
        if (expr := _scaled(name, cells.schema[name], rules, dtype)) is not None
    }
    if not exprs:
        return {}
    # Of these columns alone: a frame that holds Python objects does not stream.
    numbers = pl.DataFrame([cells[name] for name in exprs])
    found = numbers.lazy().select(expr.alias(name) for name, expr in exprs.items())
    return {column.name: column for column in found.collect(engine="streaming").get_columns()}


def _scaled(name: str, held: pl.DataType, rules: CellRules, dtype: pl.DataType) -> pl.Expr | None:
    """Return the scaled integers of a column that holds numbers of a type, or None."""
    import polars as pl

    if held == pl.String:
        return _of_texts(name, rules, dtype)
    number = rules.number
    if number is None or any(
        character.isdigit() for token in (*rules.tokens, *rules.refused_tokens) for character in token
    ):
        return None  # a token such as 999 stands before every number
    decimals = number.scale - 2 if number.percent else number.scale
    if decimals < 0:
        return None
    low, high, column = number.scaled_low, number.scaled_high, pl.col(name)
    if isinstance(held, pl.Decimal):
        return _rescaled(column.to_physical(), decimals - held.scale, low, high, dtype)
    if held.is_integer():
        return _rescaled(column, decimals, low, high, dtype)
    if held == pl.Float64 and decimals <= FINEST:
        return _of_floats(column, decimals, low, high, dtype)
    return None


def _of_texts(name: str, rules: CellRules, dtype: pl.DataType) -> pl.Expr | None:
    """Return plain decimals such as 92.50 as scaled integers: no sign but a minus, no excess digits."""
    import polars as pl

    number = rules.number
    if number is None or any(_NUMERIC.fullmatch(token) for token in rules.tokens):
        return None  # a token such as 999 stands before every number
    scale = number.scale - 2 if number.percent else number.scale
    whole_digits = min(MOST_DIGITS - max(scale, 0), 20)
    if scale < 0 or whole_digits < 1:
        return None
    part = rf"(?:\.[0-9]{{1,{scale}}}0{{0,9}})?" if scale else r"(?:\.0{1,9})?"
    cell = pl.col(name)
    plain = cell.str.contains(rf"^-?[0-9]{{1,{whole_digits}}}{part}$")
    # Decimal(38, scale) would round a longer number half to even: the pattern lets none through.
    value = cell.cast(pl.Decimal(MOST_DIGITS, scale), strict=False).to_physical().cast(dtype, strict=False)
    low, high = pl.lit(number.scaled_low, dtype=dtype), pl.lit(number.scaled_high, dtype=dtype)
    return pl.when(plain & value.is_between(low, high)).then(value)


def _rescaled(value: pl.Expr, more: int, low: int, high: int, dtype: pl.DataType) -> pl.Expr:
    """Return whole numbers times ``10 ** more``, null where that is not whole or not within the bounds."""
    import polars as pl

    if not more:
        # What does not fit the type is null, and null lies within no bounds.
        same = value.cast(dtype, strict=False)
        return pl.when(same.is_between(pl.lit(low, dtype=dtype), pl.lit(high, dtype=dtype))).then(same)
    if more > 0:
        unit = 10**more
        # The cells are compared, not the products: those may not fit where the cell is out of bounds.
        inside = _within(value, -(-low // unit), high // unit)
        return pl.when(inside).then(value.cast(dtype, strict=False) * pl.lit(unit, dtype=dtype))
    unit = 10**-more
    wide = value.cast(pl.Int128)
    inside = _within(wide // unit, low, high) & (wide % unit == 0)
    return pl.when(inside).then((wide // unit).cast(dtype, strict=False))


def _within(value: pl.Expr, low: int, high: int) -> pl.Expr:
    import polars as pl

    return (value >= pl.lit(low, dtype=pl.Int128)) & (value <= pl.lit(high, dtype=pl.Int128))


def _of_floats(value: pl.Expr, decimals: int, low: int, high: int, dtype: pl.DataType) -> pl.Expr:
    """Return the floats that are decimals of at most 15 digits as scaled integers."""
    import polars as pl

    unit = float(10**decimals)
    scaled = (value * unit).round()
    certain = value.is_finite() & (scaled.abs() < CERTAIN) & (scaled / unit == value)
    whole = scaled.cast(pl.Int64, strict=False)
    return pl.when(certain & _within(whole, low, high)).then(whole.cast(dtype))
