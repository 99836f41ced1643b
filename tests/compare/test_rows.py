"""Detail rows compared one by one: which row is which, what differs in it, and why; and tables of stored runs."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

import rulecore
from rulecore.compare import Difference, compare_results, compare_tables, sealed_table
from rulecore.compare.document import difference_document
from rulecore.compare.sheets import difference_tables
from rulecore.compare.text import difference_text
from rulecore.compare.values import RowDifference
from rulecore.errors import InputError
from rulecore.history.sealed import sealed_results

POLICIES = Path(__file__).parents[2] / "policies"
Row = dict[str, str]


def rows_of(policy: str) -> list[Row]:
    with (POLICIES / policy / "records.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def with_cell(rows: list[Row], number: int, header: str, value: str) -> list[Row]:
    return [{**row, header: value} if index == number else row for index, row in enumerate(rows)]


def differing(found: Difference) -> list[RowDifference]:
    return [row for record in found.records for row in record.rows]


@pytest.fixture(scope="module")
def goals() -> rulecore.PolicySet:
    return rulecore.load_policies(POLICIES / "chief_goals")


def changed_policy(folder: Path, policy: str, old: str, new: str) -> rulecore.PolicySet:
    text = (POLICIES / policy / "policy.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "policy.toml").write_text(text.replace(old, new), encoding="utf-8")
    return rulecore.load_policies(folder)


def test_a_corrected_cell_of_a_row_is_named_as_the_cause(goals: rulecore.PolicySet) -> None:
    rows = rows_of("chief_goals")
    found = compare_results(goals.evaluate(rows), goals.evaluate(with_cell(rows, 0, "完成值", "2.6")))
    (row,) = differing(found)
    assert (row.table, row.before, row.after) == ("goals", 1, 1)
    assert [(moved.rule.name, moved.before, moved.after) for moved in row.moved] == [
        ("completion", Fraction("1.088"), Fraction("1.04")),
        ("points", Fraction("34.272"), Fraction("32.76")),
    ]
    assert [(cause.kind, cause.name) for cause in row.causes] == [("input", "actual")]
    assert "目标 row 1" in difference_text(found, "en")


def test_a_parameter_that_only_rows_read_is_named_with_its_line(
    goals: rulecore.PolicySet, tmp_path: Path
) -> None:
    new = changed_policy(tmp_path, "chief_goals", "factor_high = 1.10", "factor_high = 1.20")
    rows = rows_of("chief_goals")
    found = compare_results(goals.evaluate(rows), new.evaluate(rows))
    (row,) = differing(found)
    (cause,) = row.causes
    assert (cause.kind, cause.name, [line.key for line in cause.lines]) == (
        "policy",
        "stretch",
        ["parameters.factor_high"],
    )


def test_a_rule_of_the_rows_that_is_defined_otherwise_is_named(
    goals: rulecore.PolicySet, tmp_path: Path
) -> None:
    new = changed_policy(
        tmp_path, "chief_goals", 'value = "weight × completion × stretch', 'value = "weight × completion'
    )
    rows = rows_of("chief_goals")
    found = compare_results(goals.evaluate(rows), new.evaluate(rows))
    causes = {(cause.kind, cause.name) for row in differing(found) for cause in row.causes}
    assert causes == {("policy", "points")}
    assert all(
        "tables.goals.rules.points" in line.key for row in differing(found) for line in row.causes[0].lines
    )


def test_rows_without_names_are_paired_by_their_cells(goals: rulecore.PolicySet) -> None:
    rows = rows_of("chief_goals")
    found = compare_results(goals.evaluate(rows), goals.evaluate([*rows[1:3], rows[0], *rows[3:]]))
    assert all(not row.moved for row in differing(found))
    fewer = compare_results(goals.evaluate(rows), goals.evaluate(rows[1:]))
    assert [(row.before, row.after) for row in differing(fewer)] == [(1, None)]


def test_rows_with_names_are_paired_by_them() -> None:
    policies = rulecore.load_policies(POLICIES / "milestone")
    rows = rows_of("milestone")
    changed = with_cell(rows, 1, "质量分", "80")
    found = compare_results(
        policies.evaluate(rows), policies.evaluate([*reversed(changed[:3]), *changed[3:]])
    )
    (row,) = differing(found)
    assert (row.row, row.before, row.after) == ("N2", 2, 2)
    assert [cause.name for cause in row.causes] == ["quality"]


def test_what_a_row_is_given_by_its_record_is_told(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(ABOVE, encoding="utf-8")
    policies = rulecore.load_policies(tmp_path)
    old, new = ([{"unit": "甲", "factor": factor, "item": "a", "value": "3"}] for factor in ("2", "5"))
    found = compare_results(policies.evaluate(old), policies.evaluate(new))
    (row,) = differing(found)
    assert [(cause.kind, cause.label, cause.before, cause.after) for cause in row.causes] == [
        ("above", "倍数", Fraction(2), Fraction(5))
    ]
    assert not found.records[0].ripple


ABOVE = """
[policy]
name = "above"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.factor]
label = "倍数"
type = "integer"
min = 0
max = 9
[tables.items]
source = "records"
row = "item"
[tables.items.fields.item]
type = "text"
[tables.items.fields.value]
type = "integer"
min = 0
max = 9
[tables.items.rules.points]
scorer = "formula"
value = "value × factor"
[rules.total]
scorer = "formula"
value = "sum(items.points)"
[output]
columns = ["unit", "total"]
"""


@pytest.mark.parametrize("policy", ["chief_goals", "milestone", "talent_5d4l"])
def test_rows_do_not_differ_from_themselves(policy: str) -> None:
    policies = rulecore.load_policies(POLICIES / policy)
    rows = rows_of(policy)
    assert compare_results(policies.evaluate(rows), policies.evaluate(rows, engine="exact")).empty


def test_rows_stand_in_data_files_and_json(goals: rulecore.PolicySet) -> None:
    rows = rows_of("chief_goals")
    found = compare_results(goals.evaluate(rows), goals.evaluate(with_cell(rows, 0, "完成值", "2.6")))
    document = difference_document(found, "zh")
    (record,) = document["records"]  # type: ignore[misc]
    assert [moved["rule"] for moved in record["rows"][0]["moved"]] == ["completion", "points"]  # type: ignore[call-overload, index, union-attr]
    (sheet,) = [sheet for sheet in difference_tables(found, "en").sheets if sheet.name == "detail rows"]
    assert sheet.frame.height == 2


def test_two_runs_that_somebody_keeps_are_compared_by_their_tables(goals: rulecore.PolicySet) -> None:
    rows = rows_of("chief_goals")
    runs = [goals.evaluate(rows), goals.evaluate(with_cell(rows, 0, "完成值", "2.6"))]
    old, new = (
        sealed_table(sealed_results(run, name).table, run.manifest, name)
        for run, name in zip(runs, ("run 1", "run 2"), strict=True)
    )
    found = compare_tables(old, new, money=["score"])
    assert (found.old, found.new, found.compared) == ("run 1", "run 2", 2)
    (record,) = found.records
    # goal_points is only shown rounded, so the file does not hold it whole.
    assert (record.entity, [moved.rule.name for moved in record.moved]) == ("V1", ["score"])
    assert found.money[0].lost == Fraction("1.51")


def test_a_manifest_without_policies_is_refused(goals: rulecore.PolicySet) -> None:
    results = goals.evaluate(rows_of("chief_goals"))
    with pytest.raises(InputError, match="RC"):
        sealed_table(sealed_results(results, "run").table, {}, "run")
