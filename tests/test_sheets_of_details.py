"""Detail rows in a sheet of the records' workbook: read without being named; other formats have no sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

import rulecore
from rulecore.errors import InputError, UsageError

POLICY = """
[policy]
name = "votes"
version = "1"
[record]
entity = "project"
[fields.project]
column = "项目编码"
type = "text"
[tables.votes]
label = "投票"
sheet = "投票"
key = { project = "项目" }
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
provenance = false
"""


@pytest.fixture
def policy(tmp_path: Path) -> rulecore.CompiledPolicy:
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    return rulecore.load_policy(tmp_path / "policy.toml")


def test_the_rows_of_a_table_are_read_from_their_sheet(
    policy: rulecore.CompiledPolicy, tmp_path: Path
) -> None:
    path = tmp_path / "records.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in {
            "项目": [["项目编码"], ["P1"], ["P2"]],
            "投票": [["项目", "评分"], ["P2", 70], ["P1", 90], ["P1", 80]],
        }.items():
            sheet = workbook.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    results = policy.evaluate(path, sheet="项目")
    assert results.output_rows() == [["P1", "170"], ["P2", "70"]]
    assert (results.rows_in, results.rows_scored) == (5, 5)


def test_records_without_sheets_want_the_table_named(policy: rulecore.CompiledPolicy, tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("项目编码\nP1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        policy.evaluate(path)
    assert [fault.code.id for fault in caught.value.faults] == ["RC029"]


def test_a_file_given_twice_for_one_table_is_refused(policy: rulecore.CompiledPolicy, tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("项目,评分\nP1,80\n", encoding="utf-8")
    files = [tmp_path / "votes.csv", tmp_path / "." / "votes.csv"]
    with pytest.raises(UsageError) as caught:
        policy.evaluate([{"项目编码": "P1"}], tables={"votes": files})
    assert [fault.code.id for fault in caught.value.faults] == ["RC039"]


def test_tables_without_names_are_refused(policy: rulecore.CompiledPolicy) -> None:
    with pytest.raises(UsageError) as caught:
        policy.evaluate([{"项目编码": "P1"}], tables=["votes.csv"])  # type: ignore[arg-type]
    assert [fault.code.id for fault in caught.value.faults] == ["RC027"]


def test_an_empty_list_of_rows_is_no_row(policy: rulecore.CompiledPolicy) -> None:
    results = policy.evaluate([{"项目编码": "P1"}], tables={"votes": []})
    assert (results.rows_in, results.rows_scored) == (1, 0)
    assert [item.code.id for item in results.quarantined] == ["RC561"]


def test_a_table_may_be_called_by_its_label(policy: rulecore.CompiledPolicy) -> None:
    rows = [{"项目": "P1", "评分": 80}]
    results = policy.evaluate([{"项目编码": "P1"}], tables={"投票": rows})
    assert results.output_rows() == [["P1", "80"]]
