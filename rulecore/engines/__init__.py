"""Where plans run: exact (the reference, one record or many) and columnar (Polars)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.contracts import Engine
from rulecore.expr.supplied import TableCall
from rulecore.expr.types import Type
from rulecore.language import N_
from rulecore.planned import Plan

if TYPE_CHECKING:
    import polars as pl


def _exact(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    from rulecore.engines.reference import evaluate

    return evaluate(plan, frame)


def _columnar(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    from rulecore.engines.columnar.run import evaluate

    return evaluate(plan, frame)


def _columnar_rows(
    call: TableCall,
    values: tuple[pl.Series, Type] | None,
    met: pl.Series | None,
    owners: pl.Series,
    size: int,
    result: Type,
) -> pl.Series | None:
    from rulecore.engines.columnar.rows import rows_in_columns

    return rows_in_columns(call, values, met, owners, size, result)


ENGINES: tuple[Engine, ...] = (
    Engine(
        name="columnar",
        summary=N_("scaled integers in Polars columns; for any number of records"),
        evaluate=_columnar,
        over_rows=_columnar_rows,
        in_parts=True,
    ),
    Engine(
        name="exact",
        summary=N_("Python fractions, record by record; the reference"),
        evaluate=_exact,
        in_parts=True,
    ),
)
