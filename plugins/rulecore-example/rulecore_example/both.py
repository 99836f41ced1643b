"""An engine: runs the exact and the columnar one and refuses to answer if they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.contracts import Engine
from rulecore.errors import InternalError
from rulecore.planned import Plan

if TYPE_CHECKING:
    import polars as pl


def evaluate(plan: Plan, records: pl.DataFrame) -> pl.DataFrame:
    """Return what both engines say. Raises InternalError, naming the columns, if they do not say the same."""
    # An engine loads Polars; importing it here keeps the plugin light.
    from rulecore.engines import ENGINES

    engines = {engine.name: engine for engine in ENGINES}
    exact = engines["exact"].evaluate(plan, records)
    columnar = engines["columnar"].evaluate(plan, records)
    different = [name for name in exact.columns if not _same(name, exact, columnar)]
    if different or set(exact.columns) != set(columnar.columns):
        names = ", ".join(different or sorted(set(exact.columns) ^ set(columnar.columns)))
        raise InternalError(f"the engines differ in {names}")
    return exact


def _same(name: str, exact: pl.DataFrame, columnar: pl.DataFrame) -> bool:
    return name in columnar.columns and exact[name].equals(columnar[name], check_dtypes=True)


BOTH = Engine(
    name="both",
    summary="The exact and the columnar engine, which must agree in every cell.",
    evaluate=evaluate,
)
