"""Cases of policies with detail tables: rows in their records, from both sources, and tables below tables."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.plugins import load_plugins
from rulecore.testing import assert_engines_agree, boundary_records, compile_rule, evaluate_rule
from rulecore.testing.bind import load_suite
from rulecore.testing.coverage import measure
from rulecore.testing.mutate import mutate, mutation_lines
from rulecore.testing.report import SuiteResult
from rulecore.testing.run import run_suite
from rulecore.testing.suggest import suggest

POLICY = """
[policy]
name = "units"
version = "1"
[record]
entity = "unit"
refuse = [{ when = "sum(goals.weight) != 100", reason = "权重" }]
[fields.unit]
column = "单位"
type = "text"
[tables.goals]
label = "目标"
source = "SOURCE"
row = "goal"
at_most = 4
[tables.goals.fields.goal]
column = "名称"
type = "text"
[tables.goals.fields.weight]
column = "权重"
type = "integer"
min = 0
max = 100
[tables.goals.rules.points]
label = "得分"
scorer = "formula"
value = "min(sum(steps.marks) / 3, 60)"
decimals = 2
[tables.steps]
label = "步骤"
source = "SOURCE"
parent = "goals"
[tables.steps.fields.marks]
column = "分"
type = "integer"
min = 0
max = 100
missing = "not_applicable"
[tables.steps.rules.late]
scorer = "formula"
value = "marks < 30"
[rules.score]
scorer = "formula"
value = "sum(weight * goals.points) / 100"
decimals = 1
[output]
columns = ["unit", "score"]
"""
CASES = """
[[cases]]
name = "两个目标"
records = [
  { unit = "U1", goals = [
    { goal = "G1", weight = 40, steps = [{ marks = 50 }, { "分" = 51 }] },
    { "名称" = "G2", "权重" = 60, "步骤" = [{ marks = 10 }] },
  ] },
  { unit = "U2", "目标" = [{ goal = "G1", weight = 30, steps = [{ marks = 0 }] }] },
]
expect = [{ unit = "U1", score = 15.5, goals = [
  { goal = "G1", points = 33.67, steps = [{ row = 1, late = false }] },
  { row = 2, points = 3.33, steps = [{ row = 1, late = true, marks = 10 }] },
] }]
refused = [{ unit = "U2", reason = "权重" }]
"""
SOURCES = pytest.mark.parametrize("source", ["table", "records"])


def result_of(folder: Path, source: str, cases: str = CASES) -> SuiteResult:
    (folder / "policy.toml").write_text(POLICY.replace("SOURCE", source), encoding="utf-8")
    (folder / "cases.toml").write_text(cases, encoding="utf-8")
    suite = load_suite(folder / "cases.toml", load_plugins(entry_points=False))
    results = run_suite(suite)
    coverage = measure(suite, [scope for result in results for scope in result.scopes])
    return SuiteResult(suite=suite, results=results, coverage=coverage)


@SOURCES
def test_rows_stand_in_their_records_and_are_expected_there(source: str, tmp_path: Path) -> None:
    (case,) = result_of(tmp_path, source).results
    assert (case.differences, case.faults) == ((), ())


@SOURCES
@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("points = 33.67", "points = 33.66", "points"),
        ("late = true", "late = false", "late"),
        ("15.5", "15", "score"),
    ],
)
def test_a_wrong_value_of_a_row_fails_the_case(
    source: str, old: str, new: str, key: str, tmp_path: Path
) -> None:
    (case,) = result_of(tmp_path, source, CASES.replace(old, new)).results
    assert [(one.what, one.key) for one in case.differences] == [("value", key)]


def test_an_expected_row_that_is_not_there_fails_the_case(tmp_path: Path) -> None:
    (case,) = result_of(
        tmp_path, "table", CASES.replace("{ row = 2, points", '{ goal = "G9", points')
    ).results
    assert [(one.what, one.record) for one in case.differences] == [("absent", "U1 · G9")]


@SOURCES
def test_coverage_counts_the_rules_of_tables_under_their_names(source: str, tmp_path: Path) -> None:
    coverage = result_of(tmp_path, source).coverage
    assert {item.name for item in coverage.items} == {"refuse@0", "score", "goals.points", "steps.late"}
    assert [(item.name, item.kind) for item in coverage.unreached] == [("goals.points", "choice")]


@SOURCES
def test_a_proposal_for_a_rule_of_rows_passes_and_reaches_it(source: str, tmp_path: Path) -> None:
    result = result_of(tmp_path, source)
    proposed = "\n".join(suggest(result))
    assert "records = [" in proposed
    again = result_of(tmp_path, source, f"{CASES}\n{proposed}")
    assert all(case.passed for case in again.results)
    assert again.coverage.unreached == ()


@SOURCES
def test_changes_in_rules_of_rows_are_tried(source: str, tmp_path: Path) -> None:
    result = result_of(tmp_path, source)
    (mutation,) = mutate(result.suite, result.results)
    assert mutation.tried == mutation.found > 10
    survivors = {(mutant.owner, mutant.rule.name) for mutant in mutation.survivors}
    assert ("goals", "points") in survivors
    assert ("steps", "late") in survivors
    assert mutation.killed > 5
    lines = list(mutation_lines(result.suite, [mutation]))
    assert any("目标.得分" in line for line in lines)
    assert any("policy.toml" in line for line in lines)


def faults(folder: Path, source: str, cases: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        result_of(folder, source, cases)
    return [fault.code.id for fault in caught.value.faults]


def test_a_record_without_rows_cannot_stand_in_the_records_own_file(tmp_path: Path) -> None:
    cases = '[[cases]]\nname = "x"\nrecords = [{ unit = "U1" }]\nrefused = [{ unit = "U1", code = "RC561" }]'
    assert faults(tmp_path, "records", cases) == ["RC928"]


def test_a_record_without_rows_is_refused_where_they_have_a_file_of_their_own(tmp_path: Path) -> None:
    cases = '[[cases]]\nname = "x"\nrecords = [{ unit = "U1" }]\nrefused = [{ unit = "U1", code = "RC561" }]'
    assert result_of(tmp_path, "table", cases).results[0].passed


def test_what_is_no_cell_and_a_row_without_name_are_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, "table", CASES.replace("weight = 40", "weight = [{ a = 1 }]")) == ["RC929"]
    assert faults(tmp_path, "table", CASES.replace('goal = "G1", points', "points")) == ["RC930"]
    assert faults(tmp_path, "table", CASES.replace("{ marks = 50 }", "{ mark = 50 }")) == ["RC907"]


def test_rows_may_stand_in_files_beside_the_cases(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("单位\nU1\n", encoding="utf-8")
    (tmp_path / "goals.csv").write_text("单位,名称,权重\nU1,G1,100\n", encoding="utf-8")
    (tmp_path / "steps.csv").write_text("单位,名称,分\nU1,G1,90\n", encoding="utf-8")
    cases = """
    [[cases]]
    name = "文件"
    records = "units.csv"
    tables = { goals = "goals.csv", steps = "steps.csv" }
    expect = [{ unit = "U1", score = 30 }]
    """
    assert result_of(tmp_path, "table", cases).results[0].differences == ()


@SOURCES
def test_the_kit_takes_rows_in_records(source: str) -> None:
    text = POLICY.replace("SOURCE", source)
    record = {"unit": "U1", "goals": [{"goal": "G", "weight": 100, "steps": [{"marks": 10}]}]}
    assert evaluate_rule(text, [record]) == [Fraction(33, 10)]
    policy = compile_rule(text.replace("sum(goals.weight) != 100", "sum(goals.weight) < 0"))
    assert_engines_agree(policy, boundary_records(policy, 40))


SHARED = """
[defaults]
marks = 30
[[cases]]
name = "一个目标"
defaults = { "权重" = 100 }
records = [
  { unit = "U1", goals = [{ goal = "G1", steps = [{}] }] },
  { unit = "U2", goals = [{ goal = "G1", steps = [{ marks = 60 }, { marks = "" }] }] },
]
expect = [{ unit = "U1", score = 10 }, { unit = "U2", score = 20 }]
[[cases]]
name = "另一个目标"
records = [{ unit = "U1", goals = [{ goal = "G1", weight = 100, steps = [{}] }] }]
expect = [{ unit = "U1", score = 10 }]
"""


def test_rows_of_the_records_own_file_take_what_they_leave_out_from_defaults(tmp_path: Path) -> None:
    assert [case.differences for case in result_of(tmp_path, "records", SHARED).results] == [(), ()]


def test_defaults_for_rows_of_a_file_of_their_own_are_refused_once(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        result_of(tmp_path, "table", SHARED)
    assert [(fault.code.id, fault.values["key"]) for fault in caught.value.faults] == [
        ("RC907", "marks"),
        ("RC907", "权重"),
    ]
