"""``rulecore test``: its report, its exit codes, its JUnit file."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from rulecore.cli.main import run
from tests.testing.conftest import CASES, POLICY


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "policies" / "small"
    made.mkdir(parents=True)
    (made / "policy.toml").write_text(POLICY, encoding="utf-8")
    (made / "cases.toml").write_text(CASES, encoding="utf-8")
    return made


def test_cases_are_found_in_all_folders_below(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "policies"]) == 0
    out = capsys.readouterr().out
    assert "policies/small\n  ✓ 达标\n" in out
    assert "1 case(s), 0 failed, coverage" in out


def test_a_failure_shows_expected_actual_formula_and_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = folder / "cases.toml"
    cases.write_text(CASES.replace("ratio = 1", "ratio = 0.9"), encoding="utf-8")
    assert run(["test"]) == 1
    out = capsys.readouterr().out
    assert "  ✗ 达标\n      policies/small/cases.toml:3:8  (100 ÷ 100)\n" in out
    assert "      甲 · ratio: expected 0.9, got 1\n        policies/small/cases.toml:6:33\n" in out
    assert "完成率 = rounded half up to 3 decimals(完成 ÷ 目标)" in out or "完成率 = " in out
    assert "(第一条)" in out


def test_too_little_coverage_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "policies", "--fail-under", "100"]) == 1
    assert "below 100 %" in capsys.readouterr().err
    assert run(["test", "policies", "--fail-under", "10"]) == 0


def test_faults_of_cases_end_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cases.toml").write_text(CASES.replace("score =", "scor ="), encoding="utf-8")
    assert run(["test", "policies"]) == 2
    assert "RC909" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"), [(["nowhere"], "RC901"), (["policies", "--policy", "big"], "RC918")]
)
def test_nothing_to_test_is_no_success(
    arguments: list[str], code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["test", *arguments]) == 2
    assert code in capsys.readouterr().err


def test_a_policy_file_means_the_cases_beside_it(folder: Path) -> None:
    assert run(["test", str(folder / "policy.toml"), "--policy", "small", "--engine", "exact"]) == 0


def test_suggestions_and_mutations_are_part_of_the_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["test", "policies", "--suggest", "--mutate", "--mutants", "4"]) == 0
    out = capsys.readouterr().out
    assert "# 请核对" in out
    assert "of 4 (" in out


def test_the_junit_file_names_failures_and_missing_coverage(folder: Path, tmp_path: Path) -> None:
    (folder / "cases.toml").write_text(CASES.replace("ratio = 1", "ratio = 0.9"), encoding="utf-8")
    report = tmp_path / "report.xml"
    assert run(["test", "policies", "--junit", str(report), "--fail-under", "100"]) == 1
    root = Xml.fromstring(report.read_bytes())  # noqa: S314 - our own file
    assert (root.get("tests"), root.get("failures")) == ("2", "2")
    failed = {case.get("name"): case[0].get("message") for case in root.iter("testcase") if len(case)}
    assert failed["达标"] == "甲 · ratio: expected 0.9, got 1"
    assert "coverage" in failed
    before = report.read_bytes()
    run(["test", "policies", "--junit", str(report), "--fail-under", "100"])
    assert report.read_bytes() == before
