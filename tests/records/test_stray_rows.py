"""Rows of no readable record, where two policies share a table's file: the record they may belong to is not scored."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore

POLICY = """
[policy]
name = "votes-KIND"
version = "1"
applies_to = { kind = ["KIND"] }
[record]
entity = "project"
[fields.project]
column = "项目"
type = "text"
[fields.kind]
column = "类别"
type = "text"
[tables.votes]
at_least = 0
[tables.votes.fields.mark]
column = "评分"
type = "integer"
min = 0
max = 100
[rules.total]
scorer = "formula"
value = "sum(votes.mark)"
[output]
columns = ["project", "total"]
"""
RECORDS = [{"项目": "P1", "类别": "A"}, {"项目": "P2", "类别": "B"}]


@pytest.fixture
def policies(tmp_path: Path) -> rulecore.PolicySet:
    for kind in ("A", "B"):
        (tmp_path / f"{kind}.toml").write_text(POLICY.replace("KIND", kind), encoding="utf-8")
    return rulecore.load_policies(tmp_path)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(
    ("stray", "refused", "left"),
    [
        ("P2", "P2", {"P1": "1"}),
        ("P1,2,3", "P1", {"P2": "5"}),
        ("9,9,9", "P2", {"P1": "1"}),
        (",7", "P2", {"P1": "1"}),
    ],
)
def test_a_stray_row_takes_its_own_record_along_and_no_other_policy_s(
    policies: rulecore.PolicySet, tmp_path: Path, engine: str, stray: str, refused: str, left: dict[str, str]
) -> None:
    votes = tmp_path / "votes.csv"
    votes.write_text(f"项目,评分\nP1,1\nP2,5\n{stray}\n", encoding="utf-8")
    results = policies.evaluate(RECORDS, tables={"votes": votes}, engine=engine)
    scored = {str(cells[0]): str(cells[3]) for cells in results.output_rows()}
    assert scored == left
    assert {item.entity for item in results.quarantined if item.code.id == "RC566"} == {refused}
    assert results.rows_scored + results.rows_quarantined == results.rows_in == 5
