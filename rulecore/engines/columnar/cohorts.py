"""Ranks and counts in columns.

A rank needs its keys as integers that keep their order. Scaled integers are that already; texts and dates are
numbered in order; numbers that have a denominator of their own in each row, and guarded floats, are ordered
by their floats first, and wherever two neighbours are closer than their error bounds the exact values decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import Literal

import polars as pl
from attrs import frozen

from rulecore.engines.columnar import values
from rulecore.engines.columnar.lower import Lowering, any_of
from rulecore.engines.columnar.values import Guarded, Ratio
from rulecore.engines.decode import nearest_float
from rulecore.expr.nodes import Node, Rank
from rulecore.expr.types import NumberType

Exactly = Callable[[Sequence[int]], Sequence[Fraction | None]]
"""Returns the exact values of a key on the rows whose numbers are given."""


@frozen
class Coded:
    """A number whose order has to be worked out from floats and, where they are too close, exact values."""

    node: Node
    value: pl.Expr
    error: pl.Expr
    doubt: pl.Expr
    """Where the value, or whether there is one, is not known at all."""


def comparable(lowering: Lowering, node: Node) -> pl.Expr | Coded:
    """Return a column whose equality and order are those of the node's values, or what to make one from."""
    if not isinstance(lowering.type_of(node), NumberType):
        column = lowering.bind(lowering.plain(node))
        ranked = lowering.bind(column.rank("dense").cast(pl.Int64()))
        lowering.whole.add(ranked.meta.output_name())
        return ranked
    lowering.suspects = []
    value = lowering.number(node)
    doubts = lowering.suspects
    if isinstance(value, Ratio) and value.denominator.constant is not None and not doubts:
        return lowering.bind(value.numerator.expr)
    floats = lowering.bind_number(values.guarded(value))
    assert isinstance(floats, Guarded)  # noqa: S101 - binding keeps the kind
    doubt = lowering.bind(any_of(doubts) if doubts else pl.lit(value=False))
    return Coded(node, floats.value, lowering.bind(floats.error()), doubt)


def grouping(lowering: Lowering, node: Node) -> pl.Expr | Coded:
    """Return a column whose equality is that of the node's values, or what to make one from."""
    if isinstance(lowering.type_of(node), NumberType):
        return comparable(lowering, node)
    return lowering.bind_column(lowering.plain(node))


def order_codes(floats: pl.Series, errors: pl.Series, doubts: pl.Series, exactly: Exactly) -> pl.Series:
    """Return whole numbers in the exact order of values known as floats; equal values share one.

    Rows in doubt, and rows whose floats are closer to a neighbour's than the bounds allow, are ordered by
    their exact values. Null stays null.
    """
    unknown = doubts | (floats.is_not_null() & ~(floats.is_finite() & errors.is_finite()))
    known = _exact_values(unknown.fill_null(value=True).arg_true().to_list(), exactly)
    ordered = _enclosures(floats, errors, known).sort("low", maintain_order=True)
    apart = (pl.col("low") > pl.col("high").cum_max().shift(1)).fill_null(value=False)
    runs = ordered.with_columns(run=apart.cast(pl.Int64()).cum_sum())
    close = runs.filter(pl.len().over("run") > 1)["row"].to_list()
    known |= _exact_values([row for row in close if row not in known], exactly)
    exact = [(row, value) for row in close if (value := known[row]) is not None]
    places = {value: place for place, value in enumerate(sorted({value for _row, value in exact}))}
    within = pl.DataFrame(
        {"row": [row for row, _value in exact], "place": [places[value] for _row, value in exact]},
        schema={"row": pl.Int64(), "place": pl.Int64()},
    )
    coded = runs.join(within, on="row", how="left", maintain_order="left").select(
        "row", code=pl.struct("run", pl.col("place").fill_null(0)).rank("dense").cast(pl.Int64())
    )
    every = pl.DataFrame({"row": pl.arange(0, floats.len(), eager=True, dtype=pl.Int64())})
    return every.join(coded, on="row", how="left", maintain_order="left")["code"]


def _exact_values(rows: Sequence[int], exactly: Exactly) -> dict[int, Fraction | None]:
    return dict(zip(rows, exactly(rows), strict=True)) if rows else {}


def _enclosures(floats: pl.Series, errors: pl.Series, known: Mapping[int, Fraction | None]) -> pl.DataFrame:
    """Return for each row that has a value its number and two floats with the value between them."""
    rows = list(known)
    settled = [row for row in rows if known[row] is not None]
    nearest = [nearest_float(known[row]) for row in settled]
    exact = pl.DataFrame(
        {"row": settled, "value": nearest, "error": [0.0] * len(settled)},
        schema={"row": pl.Int64(), "value": pl.Float64(), "error": pl.Float64()},
    )
    every = pl.DataFrame(
        {"row": pl.arange(0, floats.len(), eager=True, dtype=pl.Int64()), "value": floats, "error": errors}
    )
    guarded = every.filter(pl.col("value").is_not_null() & ~pl.col("row").is_in(rows))
    reach = pl.col("error") * 1.01 + pl.col("value").abs() * 2.0**-50 + 1e-290
    low, high = pl.col("value") - reach, pl.col("value") + reach
    infinite = pl.lit(inf)
    beyond = pl.col("value").is_infinite()
    return pl.concat([guarded, exact]).select(
        "row",
        low=pl.when(beyond & (pl.col("value") > 0))
        .then(1.7e308)
        .otherwise(pl.when(beyond).then(-infinite).otherwise(low)),
        high=pl.when(beyond & (pl.col("value") < 0))
        .then(-1.7e308)
        .otherwise(pl.when(beyond).then(infinite).otherwise(high)),
    )


def count(groups: Sequence[pl.Expr], holds: pl.Expr | None, present: Sequence[pl.Expr]) -> pl.Expr:
    """Return how many rows of each row's group meet the condition; a row of no group has no count.

    ``present`` are the flags that say where a group that may be missing is not.
    """
    total = pl.len().cast(pl.Int64()) if holds is None else holds.cast(pl.Int64()).sum()
    if not groups:
        return total
    counted = total.over(groups)
    return pl.when(pl.all_horizontal(present)).then(counted) if present else counted


def rank(
    node: Rank, keys: Sequence[pl.Expr], groups: Sequence[pl.Expr], conditions: Sequence[pl.Expr]
) -> tuple[pl.Expr, pl.Expr]:
    """Return the rank column, and where a full tie left an ordinal rank undecided.

    ``conditions`` are the flags, none of them ever null, that all hold on the rows that take part.
    """
    composite = _one_column(
        [_directed(key, sort.descending) for key, sort in zip(keys, node.keys, strict=True)]
    )
    taking_part = pl.all_horizontal(conditions) if conditions else pl.lit(value=True)
    # A row that takes no part is ranked apart from the others, among its like.
    scope = [*groups, *([taking_part] if conditions else [])]
    smallest = _ranked(composite, "min" if node.method == "ordinal" else node.method, scope)
    if node.method != "ordinal":
        return (pl.when(taking_part).then(smallest) if conditions else smallest), pl.lit(value=False)
    tied = taking_part & (smallest != _ranked(composite, "max", scope))
    return pl.when(taking_part & ~tied).then(smallest), tied


def _ranked(key: pl.Expr, method: Literal["min", "max", "dense"], scope: Sequence[pl.Expr]) -> pl.Expr:
    ranked = key.rank(method).cast(pl.Int64())
    return ranked.over(scope) if scope else ranked


def _directed(key: pl.Expr, descending: bool) -> pl.Expr:
    return 0 - key if descending else key


def _one_column(keys: Sequence[pl.Expr]) -> pl.Expr:
    """Return one column in the order of the keys, nulls last: a further key has its null flag first."""
    if len(keys) == 1:
        return keys[0]
    parts: list[pl.Expr] = [keys[0].alias("k0")]
    for index, key in enumerate(keys[1:], start=1):
        parts.append(key.is_null().alias(f"n{index}"))
        parts.append(key.fill_null(0).alias(f"k{index}"))
    return pl.struct(parts)
