"""Sums, extremes and means of cohorts in columns: what would take seconds in fractions for a million records.

Only for stored integer columns and for sums that cannot leave 128 bits; everything else is called with exact values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal

import polars as pl

from rulecore.contracts import CohortFunction
from rulecore.engines.decode import is_ratio
from rulecore.expr import nodes
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import NumberType, Type
from rulecore.records.storage import INT64_BOUND, INT128_BOUND, storage

Nearest = Callable[[Fraction | None], float | None]

_NAMED: Final = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)
_GROUP: Final = "#group"
_VALUE: Final = "#value"


def aggregated(
    frame: pl.DataFrame,
    node: nodes.CohortCall,
    function: CohortFunction,
    types: Mapping[str, Type],
    result: Type,
    nearest: Nearest,
) -> tuple[pl.Series, pl.Series | None] | None:
    """Return the column of an aggregate, or None where it has to be called with exact values.

    A column of ratios has the floats nearest to them with it, as ``nearest`` makes them.
    """
    kind = function.aggregate
    if not kind or _options_given(node, function):
        return None
    names = [_stored(part, frame) for part in (*node.arguments, *node.by)]
    met = None if node.where is None else _stored(node.where, frame)
    if len(node.arguments) != 1 or None in names or (met is None and node.where is not None):
        return None
    value, *groups = [name for name in names if name is not None]
    type_, kept = types.get(value), storage(result)
    width = _width(kind, type_, frame.height)
    if width is None or any(frame[name].dtype == pl.Int128() for name in groups):
        return None
    assert isinstance(type_, NumberType)  # noqa: S101 - others have no width
    assert type_.scale is not None  # noqa: S101
    taking_part = pl.all_horizontal(
        pl.lit(value=True),
        *(pl.col(name).is_not_null() for name in groups),
        *([] if met is None else [pl.col(met).fill_null(value=False)]),
    )
    rows = frame.select(
        taking_part.alias("taking_part"), pl.col(value).cast(width).alias(_VALUE), *_keys(groups)
    )
    table = _table(rows, [f"{_GROUP}{index}" for index in range(len(groups))])
    if kind == "mean":
        return _means(rows, table, 10**type_.scale, nearest) if is_ratio(result) else None
    if kept is None or kept.scale != type_.scale:
        return None
    column = pl.when(pl.col("taking_part") & (pl.col("count") > 0)).then(pl.col(kind)).cast(kept.dtype())
    return _beside(rows, table).select(column.alias("found"))["found"], None


def _options_given(node: nodes.CohortCall, function: CohortFunction) -> bool:
    defaults = {parameter.name: parameter.default for parameter in function.parameters}
    return any(defaults.get(name) != value for name, value in node.options)


def _stored(part: nodes.Node, frame: pl.DataFrame) -> str | None:
    """Return the name of the column that holds an operand, or None if it has none."""
    return part.name if isinstance(part, _NAMED) and part.name in frame.columns else None


def _width(
    kind: Literal["", "sum", "min", "max", "mean"], type_: Type | None, height: int
) -> pl.DataType | None:
    """Return integers that hold any sum of so many values, or None if there are none."""
    if not isinstance(type_, NumberType) or type_.low is None or type_.high is None or type_.scale is None:
        return None
    count = height if kind in ("sum", "mean") else 1
    largest = max(abs(type_.low), abs(type_.high)) * 10**type_.scale * max(count, 1)
    if storage(type_) is None or largest > INT128_BOUND:
        return None
    return pl.Int64() if largest <= INT64_BOUND else pl.Int128()


def _keys(groups: Sequence[str]) -> list[pl.Expr]:
    return [pl.col(name).alias(f"{_GROUP}{index}") for index, name in enumerate(groups)]


def _table(rows: pl.DataFrame, groups: Sequence[str]) -> pl.DataFrame:
    """Return a row for each group with the sum, the extremes and the number of its values."""
    found = [
        pl.col(_VALUE).sum().alias("sum"),
        pl.col(_VALUE).min().alias("min"),
        pl.col(_VALUE).max().alias("max"),
        pl.col(_VALUE).count().cast(pl.Int64()).alias("count"),
    ]
    part = rows.filter(pl.col("taking_part"))
    return part.group_by(groups).agg(found) if groups else part.select(found)


def _beside(rows: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with what their groups came to, in their own order."""
    groups = [name for name in rows.columns if name.startswith(_GROUP)]
    if groups:
        return rows.join(table, on=groups, how="left", maintain_order="left")
    return rows.with_columns(
        *(pl.lit(table[name].first(), dtype=table[name].dtype).alias(name) for name in table.columns)
    )


def _means(
    rows: pl.DataFrame, table: pl.DataFrame, unit: int, nearest: Nearest
) -> tuple[pl.Series, pl.Series]:
    """Return the means as ratios in texts, and the floats nearest to them: worked out once for each group."""
    pairs = table.select("sum", "count").rows()
    exact = [Fraction(total, count * unit) if count else None for total, count in pairs]
    texts = [None if mean is None else f"{mean.numerator}/{mean.denominator}" for mean in exact]
    groups = table.with_columns(
        pl.Series("text", texts, dtype=pl.String()),
        pl.Series("float", [nearest(mean) for mean in exact], dtype=pl.Float64()),
    )
    found = _beside(rows, groups).select(
        pl.when("taking_part").then(pl.col(name)).alias(name) for name in ("text", "float")
    )
    return found["text"], found["float"]
