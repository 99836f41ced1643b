"""Probability distributions in columns: guarded floats, since Polars has none of them."""

from __future__ import annotations

from math import erfc, sqrt
from typing import Final

import polars as pl

from rulecore.engines.columnar import values
from rulecore.engines.columnar.lower import Column, Lowering, lowers
from rulecore.engines.columnar.values import ROUNDOFF, Guarded
from rulecore.expr import nodes

STEEPNESS: Final = 0.4
"""More than the density of the standard normal distribution anywhere (1 / √(2π) is 0.39894…)."""

ERFC_ERROR: Final = 1e-14
"""Some fifty units in the last place of 1: the C library's erfc is good to a few."""


@lowers(nodes.NormalProbability)
def _normal_probability(lowering: Lowering, node: nodes.NormalProbability) -> Column:
    floats = lowering.bind_number(values.guarded(lowering.number(node.operand)))
    assert isinstance(floats, Guarded)  # noqa: S101 - binding keeps the kind
    found = lowering.bind(floats.value.map_batches(_below, return_dtype=pl.Float64()))
    return Guarded(found, ROUNDOFF, floats.error() * STEEPNESS * 1.01 + ERFC_ERROR, most=0.1)


def _below(column: pl.Series) -> pl.Series:
    root = sqrt(2.0)
    shares = [None if value is None else erfc(-value / root) / 2 for value in column.to_list()]
    return pl.Series(column.name, shares, dtype=pl.Float64())
