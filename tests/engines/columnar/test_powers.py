"""Logarithms, powers and products of roots in columns: what both engines give, and how little is done for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from rulecore.engines.columnar.run import _Run
from tests.engines.test_edges import outcomes, plan_of

RECORDS: list[Mapping[str, object]] = [
    {"a": 8, "b": 27, "c": 1},
    {"a": 0, "b": 27, "c": 1},
    {"a": -8, "b": -27, "c": 1},
    {"a": -8, "b": 27, "c": -1},
    {"b": 27, "c": 1},
    {"a": 8, "b": 27, "c": 0},
]
RULES = {
    "three:4": "geometric_mean(a, b, c)",
    "two:4": "sqrt(a) * sqrt(b)",
    "mixed:4": "sqrt(a) * c * sqrt(b) * power(b, 1/3)",
    "inverse:6": "power(a, -1/2) * power(b, -1/2)",
    "logarithms:6": "sqrt(ln(a + 1000000)) * sqrt(ln(b + 1000000) - ln(100)) * sqrt(a)",
    "part:6": "(ln(c + 1000000) - ln(100)) / (ln(75000) - ln(100))",
    "constant:6": "ln(75000) - ln(100)",
    "nothing:6": "ln(2) - ln(2) + a",
}


def test_products_of_roots_are_those_of_exact_arithmetic_with_zero_negative_and_missing_bases(
    tmp_path: Path,
) -> None:
    found = outcomes(tmp_path, RULES, RECORDS)  # which holds both engines to one another
    assert found["three"] == [6, 0, None, None, None, 0]
    assert found["two"] == [Fraction("14.6969"), 0, None, None, None, Fraction("14.6969")]
    assert found["#issue:three:outside_domain"] == [False, False, True, True, False, False]
    assert found["constant"] == [Fraction("6.620073")] * len(RECORDS)


def test_roots_of_exact_bases_are_drawn_once(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"mean:4": "geometric_mean(a + 1000000000, b + 1000000000, 7)"})
    run = _Run(plan, _frame(plan))
    run.result()
    drawn = sum(str(expr).count(".pow(") for expr in run.statements.exprs.values())
    assert drawn == 1


@pytest.mark.parametrize("constant", ["ln(75000) - ln(100)", "ln(75000) * ln(3)", "1 / ln(2)"])
def test_what_is_made_of_constants_alone_is_computed_once_and_not_for_each_record(
    constant: str, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, {"value:6": f"({constant}) * small"})
    run = _Run(plan, _frame(plan))
    run.result()
    assert not [name for name, expr in run.statements.exprs.items() if ".log(" in str(expr)]


def _frame(plan: object) -> object:
    import polars as pl

    from rulecore.planned import Plan
    from rulecore.records.storage import storage

    assert isinstance(plan, Plan)
    columns = []
    for field in plan.fields:
        held = storage(field.type)
        assert held is not None
        columns.append(pl.Series(field.name, ["U1" if field.name == "unit" else None], dtype=held.dtype()))
    return pl.DataFrame(columns)
