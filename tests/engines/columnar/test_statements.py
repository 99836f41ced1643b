"""Statements: what is wanted is computed in as few passes as can be, as long as the records are many."""

from __future__ import annotations

import polars as pl
import pytest

from rulecore.engines.columnar.statements import Statements


@pytest.mark.parametrize("height", [0, 1, 3])
def test_constants_alone_are_as_long_as_the_records_are_many(height: int) -> None:
    statements = Statements()
    statements.note("nothing", pl.lit(None, dtype=pl.Int64()))
    statements.note("yes", pl.lit(value=True))
    found = statements.compute(pl.DataFrame({"x": [1, 2, 3]}).head(height), ["nothing", "yes"])
    assert found.rows() == [(None, True)] * height


def test_what_nobody_wants_is_not_computed() -> None:
    statements = Statements()
    statements.note("twice", pl.col("x") * 2)
    statements.note("thrice", pl.col("x") * 3)
    found = statements.compute(pl.DataFrame({"x": [1, 2]}), ["twice"])
    assert (found.columns, statements.passes, statements.computed) == (["twice"], 1, 1)
