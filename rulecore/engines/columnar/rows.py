"""Sums, counts, extremes and the like over detail rows, in columns, where integers hold the values.

Whatever else there is (quotients, orders, medians) is left to the reference in :mod:`rulecore.engines.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from rulecore.expr.supplied import TableCall
from rulecore.expr.types import FlagType, NumberType, Type
from rulecore.records.storage import storage

_OWNER, _VALUE, _MET = "owner", "value", "met"


def rows_in_columns(
    call: TableCall,
    values: tuple[pl.Series, Type] | None,
    met: pl.Series | None,
    owners: pl.Series,
    size: int,
    result: Type,
) -> pl.Series | None:
    """Return what a call over rows gives each of ``size`` records, as it is stored; None to leave it to the reference.

    ``values`` are the stored values of the call's argument with their type, ``met`` the rows that meet its condition,
    ``owners`` the record of each row, ``result`` the type of what is found.
    """
    kept = storage(result)
    made = _AGGREGATES.get(call.function)
    if kept is None or made is None or call.order:
        return None
    expression = made(values[1] if values is not None else None)
    if expression is None or (values is not None and storage(values[1]) is None):
        return None
    columns = [owners.cast(pl.Int64).alias(_OWNER)]
    columns += [values[0].alias(_VALUE)] if values is not None else []
    rows = pl.DataFrame(columns)
    if met is not None:
        rows = rows.filter(met.fill_null(value=False))
    found = rows.group_by(_OWNER).agg(expression.alias("found"), pl.len().alias("rows"))
    every = pl.DataFrame({_OWNER: pl.arange(0, size, dtype=pl.Int64, eager=True)})
    joined = every.join(found, on=_OWNER, how="left", maintain_order="left")
    nothing = _WITHOUT_ROWS.get(call.function)
    shown = pl.col("found")
    if nothing is not None:
        shown = pl.when(pl.col("rows").is_null()).then(pl.lit(nothing)).otherwise(shown)
    return joined.select(shown.cast(kept.dtype()).alias("found")).to_series()


def _sum(type_: Type | None) -> pl.Expr | None:
    if not isinstance(type_, NumberType):
        return None
    value = pl.col(_VALUE)
    return pl.when(value.count() > 0).then(value.cast(pl.Int128()).sum())


def _count(type_: Type | None) -> pl.Expr | None:
    if type_ is None:
        return pl.len()
    if isinstance(type_, FlagType):
        return pl.col(_VALUE).sum()
    return pl.col(_VALUE).count()


def _extreme(largest: bool) -> Callable[[Type | None], pl.Expr | None]:
    def extreme(type_: Type | None) -> pl.Expr | None:
        if not isinstance(type_, NumberType):
            return None
        return pl.col(_VALUE).max() if largest else pl.col(_VALUE).min()

    return extreme


def _first(_type: Type | None) -> pl.Expr | None:
    return pl.col(_VALUE).first()


def _last(_type: Type | None) -> pl.Expr | None:
    return pl.col(_VALUE).last()


def _any(_type: Type | None) -> pl.Expr | None:
    return pl.col(_VALUE).any(ignore_nulls=False)


def _all(_type: Type | None) -> pl.Expr | None:
    return pl.col(_VALUE).all(ignore_nulls=False)


_AGGREGATES: Final[Mapping[str, Callable[[Type | None], pl.Expr | None]]] = {
    "sum": _sum,
    "count": _count,
    "min": _extreme(largest=False),
    "max": _extreme(largest=True),
    "first": _first,
    "last": _last,
    "any": _any,
    "all": _all,
}
_WITHOUT_ROWS: Final[Mapping[str, int | bool]] = {"sum": 0, "count": 0, "any": False, "all": True}
