"""Stored columns as the text that people read: decimals with their zeros, dates in ISO form, flags as words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def decimal_text(scaled: pl.Expr, scale: int) -> pl.Expr:
    """Return integers scaled by ``10 ** scale`` as decimal text with exactly that many decimals; null stays null."""
    import polars as pl

    if scale == 0:
        return scaled.cast(pl.String())
    size = scaled.abs()
    whole = (size // 10**scale).cast(pl.String())
    rest = (size % 10**scale).cast(pl.String()).str.zfill(scale)
    sign = pl.when(scaled < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.when(scaled.is_not_null()).then(pl.concat_str([sign, whole, pl.lit("."), rest]))


def trimmed(text: pl.Expr) -> pl.Expr:
    """Return decimal text without trailing zeros after the point, and without a point that nothing follows."""
    return text.str.replace(r"(\.\d*?)0+$", "${1}").str.replace(r"\.$", "")
