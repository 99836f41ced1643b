"""Ranks and counts in columns.

A rank needs its keys as integers that keep their order. Scaled integers are that already; texts and dates are numbered in
order; numbers that have a denominator of their own in each row, and guarded floats, are ordered by their floats first, and
wherever two neighbours are closer than their error bounds the exact values decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import polars as pl
from attrs import frozen

from rulecore.engines.columnar import values
from rulecore.engines.columnar.lower import Lowering
from rulecore.engines.columnar.values import Guarded, Ratio
from rulecore.expr.nodes import CohortCount, Node, Rank
from rulecore.expr.types import NumberType

Exactly = Callable[[Node, Sequence[int]], list[Fraction]]
"""Returns the exact values of an expression on the rows whose numbers are given."""


@frozen
class Coded:
    """A number whose order has to be worked out from floats and, where they are too close, exact values."""

    node: Node
    value: pl.Expr
    error: pl.Expr


def comparable(lowering: Lowering, node: Node) -> pl.Expr | Coded:
    """Return a column whose equality and order are those of the node's values, or what to make one from."""
    if not isinstance(lowering.type_of(node), NumberType):
        column = lowering.bind(lowering.plain(node))
        return lowering.bind(column.rank("dense").cast(pl.Int64()))
    lowering.suspects = []
    value = lowering.number(node)
    doubts = lowering.suspects
    if isinstance(value, Ratio) and value.denominator.constant is not None and not doubts:
        return lowering.bind(value.numerator.expr)
    floats = lowering.bind_number(values.guarded(value))
    assert isinstance(floats, Guarded)  # noqa: S101 - binding keeps the kind
    error = floats.error()
    if doubts:
        error = pl.when(pl.any_horizontal(doubts)).then(float("inf")).otherwise(error)
    return Coded(node, floats.value, lowering.bind(error))


def order_codes(floats: pl.Series, errors: pl.Series, exactly: Callable[[Sequence[int]], list[Fraction]]) -> pl.Series:
    """Return whole numbers in the exact order of values known as floats with error bounds; equal values share one.

    Rows whose floats are closer to a neighbour's than the bounds allow are ordered by their exact values. Null stays null.
    """
    every = pl.DataFrame({"row": pl.arange(0, floats.len(), eager=True), "value": floats, "error": errors})
    known_well = pl.col("value").is_finite() & pl.col("error").is_finite()
    reach = pl.col("error") * 1.01 + pl.col("value").abs() * 2.0**-50 + 1e-290
    infinite = pl.lit(float("inf"))
    bounded = every.filter(pl.col("value").is_not_null()).select(
        "row",
        low=pl.when(known_well).then(pl.col("value") - reach).otherwise(-infinite),
        high=pl.when(known_well).then(pl.col("value") + reach).otherwise(infinite),
    )
    ordered = bounded.sort("low")
    apart = (pl.col("low") > pl.col("high").cum_max().shift(1)).fill_null(False)
    runs = ordered.with_columns(run=apart.cast(pl.Int64()).cum_sum(), place=pl.lit(0, dtype=pl.Int64()))
    close = runs.filter(pl.len().over("run") > 1)
    if close.height:
        rows = close["row"].to_list()
        known = dict(zip(rows, exactly(rows), strict=True))
        places = {value: place for place, value in enumerate(sorted(set(known.values())))}
        within = pl.DataFrame(
            {"row": rows, "place": [places[known[row]] for row in rows]},
            schema={"row": pl.Int64(), "place": pl.Int64()},
        )
        runs = runs.drop("place").join(within, on="row", how="left", maintain_order="left")
    coded = runs.select("row", code=pl.struct("run", pl.col("place").fill_null(0)).rank("dense").cast(pl.Int64()))
    return every.join(coded, on="row", how="left", maintain_order="left")["code"]


def count(node: CohortCount, groups: Sequence[pl.Expr], holds: pl.Expr) -> pl.Expr:
    """Return how many rows of each row's group meet the condition; a row of no group has no count."""
    total = pl.len().cast(pl.Int64()) if node.where is None else holds.cast(pl.Int64()).sum()
    if not groups:
        return total
    inside = pl.all_horizontal([group.is_not_null() for group in groups])
    return pl.when(inside).then(total.over(groups))


def rank(
    node: Rank, keys: Sequence[pl.Expr], groups: Sequence[pl.Expr], holds: pl.Expr
) -> tuple[pl.Expr, pl.Expr]:
    """Return the rank column, and where a full tie left an ordinal rank undecided."""
    taking_part = holds & keys[0].is_not_null()
    for group in groups:
        taking_part = taking_part & group.is_not_null()
    composite = _one_column([_directed(key, sort.descending) for key, sort in zip(keys, node.keys, strict=True)])
    scope = [*groups, taking_part]
    method = "min" if node.method == "ordinal" else node.method
    ranked = composite.rank(method).cast(pl.Int64()).over(scope)
    if node.method != "ordinal":
        return pl.when(taking_part).then(ranked), pl.lit(False)
    largest = composite.rank("max").cast(pl.Int64()).over(scope)
    tied = taking_part & (ranked != largest)
    return pl.when(taking_part & ~tied).then(ranked), tied


def _directed(key: pl.Expr, descending: bool) -> pl.Expr:
    return 0 - key if descending else key


def _one_column(keys: Sequence[pl.Expr]) -> pl.Expr:
    """Return one column whose order is that of the keys, nulls last: each further key has its null flag before it."""
    if len(keys) == 1:
        return keys[0]
    parts: list[pl.Expr] = [keys[0].alias("k0")]
    for index, key in enumerate(keys[1:], start=1):
        parts.append(key.is_null().alias(f"n{index}"))
        parts.append(key.fill_null(0).alias(f"k{index}"))
    return pl.struct(parts)
