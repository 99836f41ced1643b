"""Adjustments where there is more than one policy, period or level of rows."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from rulecore.api import PolicySet
from rulecore.errors import InputError
from rulecore.results import Results
from tests.adjustments.given import ENGINES, column, decision, registry

POLICY = """
[policy]
name = "{name}"
version = "1"
applies_to = {{ kind = ["{name}"] }}

[record]
entity = "unit"
period = "year"

[fields.unit]
type = "text"

[fields.kind]
type = "text"

[fields.year]
type = "integer"
min = 2000
max = 2100

[fields.points]
type = "decimal"
decimals = 1
min = 0
max = 100

[rules.score]
scorer = "formula"
value = "points"
decimals = 1

[rules.progress]
scorer = "formula"
value = "score - coalesce(previous(score), score)"
decimals = 1

{adjustments}
[output]
columns = ["unit", "year", "score", "progress"]
"""
APPEAL = '[adjustments.appeal]\nkind = "override"\nrule = "score"\n'


def policies(folder: Path, *given: tuple[str, str]) -> PolicySet:
    for name, adjustments in given:
        text = POLICY.format(name=name, adjustments=adjustments)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return rulecore.load_policies(folder, registry=registry())


def records(*rows: tuple[str, str, int, float]) -> list[dict[str, object]]:
    return [dict(zip(("unit", "kind", "year", "points"), row, strict=True)) for row in rows]


def of_unit(results: Results, header: str) -> dict[tuple[str, str], str]:
    table = results.text_table
    return {(row["unit"], row["year"]): row[header] for row in table.iter_rows(named=True)}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_decision_goes_to_the_policy_that_has_the_record(tmp_path: Path, engine: str) -> None:
    found = policies(tmp_path, ("a", APPEAL), ("b", APPEAL)).evaluate(
        records(("甲", "a", 2024, 70), ("乙", "b", 2024, 70)),
        adjustments=[decision(1, "乙", "appeal", 71)],
        engine=engine,
        history=(),
    )
    assert (of_unit(found, "score")["甲", "2024"], of_unit(found, "score")["乙", "2024"]) == ("70.0", "71.0")


def test_a_policy_that_does_not_allow_it_is_named(tmp_path: Path) -> None:
    both = policies(tmp_path, ("a", APPEAL), ("b", ""))
    with pytest.raises(InputError, match="its policy b allows no such adjustment"):
        both.evaluate(
            records(("甲", "a", 2024, 70), ("乙", "b", 2024, 70)),
            adjustments=[decision(1, "乙", "appeal", 71)],
            history=(),
        )


def test_an_entity_under_several_policies_needs_the_policy_named(tmp_path: Path) -> None:
    both = policies(tmp_path, ("a", APPEAL), ("b", APPEAL))
    given = records(("甲", "a", 2024, 70), ("甲", "b", 2024, 80))
    line = decision(1, "甲", "appeal", 75)
    with pytest.raises(InputError, match="several policies have it"):
        both.evaluate(given, adjustments=[line], history=())
    found = both.evaluate(given, adjustments=[{**line, "制度": "b"}], history=())
    assert found.text_table["score"].to_list() == ["70.0", "75.0"]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_next_period_reads_the_adjusted_value(tmp_path: Path, engine: str) -> None:
    one = policies(tmp_path, ("a", APPEAL))
    given = records(("甲", "a", 2024, 70), ("甲", "a", 2025, 80))
    line = decision(1, "甲", "appeal", 75, 期间=2024)
    assert of_unit(one.evaluate(given, engine=engine, history=()), "progress")["甲", "2025"] == "10.0"
    found = one.evaluate(given, engine=engine, history=(), adjustments=[line])
    assert of_unit(found, "score")["甲", "2024"] == "75.0"
    assert of_unit(found, "progress")["甲", "2025"] == "5.0"


NESTED = """
[policy]
name = "nested"
version = "1"

[record]
entity = "unit"

[fields.unit]
column = "单位"
type = "text"

[tables.projects]
row = "project"

[tables.projects.fields.project]
type = "text"

[tables.projects.rules.points]
scorer = "formula"
value = "sum(milestones.counted)"

[tables.milestones]
parent = "projects"
row = "name"

[tables.milestones.fields.name]
type = "text"

[tables.milestones.fields.mark]
type = "integer"
min = 0
max = 100

[tables.milestones.rules.counted]
scorer = "formula"
value = "mark"

[tables.milestones.rules.late]
scorer = "veto"
of = "counted"
vetoes = [{ when = "mark == 13", replace = 0, reason = "造假", unwaivable = true }]

[rules.total]
scorer = "formula"
value = "sum(projects.points) + sum(projects.late_of)"

[tables.projects.rules.late_of]
scorer = "formula"
value = "sum(milestones.late)"

[adjustments.mark]
kind = "override"
rule = "milestones.counted"

[adjustments.total]
kind = "override"
rule = "total"
min = 0
max = 1000

[output]
columns = ["unit", { of = "total", header = "total" }]
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_below_rows_is_named_by_both(tmp_path: Path, engine: str) -> None:
    (tmp_path / "policy.toml").write_text(NESTED, encoding="utf-8")
    policy = rulecore.load_policy(tmp_path, registry=registry())

    def total(*decisions: dict[str, object], mark: int = 20) -> str:
        rows = [
            {"project": "P", "milestones": [{"name": "M1", "mark": 10}, {"name": "M2", "mark": mark}]},
            {"project": "Q", "milestones": [{"name": "M1", "mark": 30}]},
        ]
        results = policy.evaluate([{"单位": "甲", "projects": rows}], adjustments=[*decisions], engine=engine)
        return column(results, "total")["甲"]

    assert total() == "120"
    assert total(decision(1, "甲", "mark", 5, 明细="P/M2")) == "90"
    assert total(decision(1, "甲", "total", 50)) == "50"
    with pytest.raises(InputError, match="its row is named project / name"):
        total(decision(1, "甲", "mark", 5, 明细="M2"))
    with pytest.raises(InputError, match="its rows are M1, M2"):
        total(decision(1, "甲", "mark", 5, 明细="P/M3"))
    with pytest.raises(InputError, match=r"RC598.*造假"):
        total(decision(1, "甲", "total", 50), mark=13)
