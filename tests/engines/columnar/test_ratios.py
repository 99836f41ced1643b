"""Quotients that no integer column holds: computed once for rows that are equal in all they are made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rulecore.engines.columnar import run
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.expr.nodes import Node
from rulecore.plugins import load_plugins
from rulecore.testing import compile_rule

POLICY = """
[policy]
name = "shares"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.base]
type = "integer"
min = 0
max = 1000
[tables.parts]
row = "part"
source = "records"
[tables.parts.fields.part]
type = "text"
[tables.parts.fields.done]
type = "integer"
min = 0
max = 1000
missing = "not_applicable"
[tables.parts.fields.wanted]
type = "integer"
min = 0
max = 1000
[tables.parts.rules.share]
scorer = "formula"
value = "done / wanted + base / 7"
[rules.largest]
scorer = "formula"
value = "max(parts.share)"
[rules.first_share]
scorer = "formula"
value = "first(parts.share)"
[output]
columns = ["unit", { of = "largest", decimals = 6 }, { of = "first_share", decimals = 6 }]
"""
SHARES = compile_rule(POLICY, registry=load_plugins(entry_points=False))


def rows(count: int, different: int) -> list[dict[str, str]]:
    """Return rows of two for each unit, with so many different ones; some without a value, some divided by zero."""
    found = []
    for number in range(count):
        kind = number % different
        done = "" if kind % 11 == 3 else str(kind)
        found.append(
            {
                "unit": f"U{number // 2}",
                "base": str(number // 2 % different),
                "part": str(number % 2),
                "done": done,
                "wanted": str(kind % 7),
            }
        )
    return found


@pytest.mark.parametrize("count", [40, 2 * run.FEWEST_COMPARED, 2000])
@pytest.mark.parametrize("different", [5, 14, 990])
def test_equal_rows_have_the_values_and_issues_of_the_exact_engine(count: int, different: int) -> None:
    records = rows(count, different)
    exact, columnar = (SHARES.evaluate(records, engine=engine) for engine in ("exact", "columnar"))
    assert list(map(list, columnar.output_rows())) == list(map(list, exact.output_rows()))
    assert columnar.table.equals(exact.table)


@pytest.mark.parametrize(("different", "most"), [(5, 60), (990, 2000)])
def test_equal_rows_are_computed_once(different: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = 0

    def counting(node: Node) -> Callable[[Environment], ExactValue]:
        evaluate = compile_node(node)

        def once(environment: Environment) -> ExactValue:
            nonlocal counted
            counted += 1
            return evaluate(environment)

        return once

    monkeypatch.setattr(run, "compile_node", counting)
    SHARES.evaluate(rows(2000, different), engine="columnar")
    assert 0 < counted <= 3 * most
