"""``rulecore explain``: what it prints, what it ends with, and what it says where it cannot."""

import json
from pathlib import Path

import pytest

from rulecore.cli.main import run

POLICIES = Path(__file__).parents[2] / "policies"
BASE = [
    "explain",
    str(POLICIES / "double_hundred"),
    "--records",
    str(POLICIES / "double_hundred" / "records.csv"),
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def test_it_prints_the_explanation_of_one_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BASE, "--entity", "U02"]) == 0
    printed = capsys.readouterr().out
    assert "92.5 × 96.2 ÷ 100 = 88.985" in printed
    assert "88.985 → 88.99  rounded half up to 2 decimals" in printed


def test_both_engines_explain_alike(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BASE, "--entity", "U03"]) == 0
    columnar = capsys.readouterr().out
    assert run([*BASE, "--entity", "U03", "--engine", "exact"]) == 0
    assert capsys.readouterr().out == columnar


@pytest.mark.parametrize("rule", ["score", "综合得分"])
def test_one_rule_can_be_asked_for_by_name_or_label(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BASE, "--entity", "U02", "--rule", rule, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [found["name"] for found in document["rules"]] == ["score"]
    assert (document["explanation"], document["rules"][0]["unrounded"]) == (1, "88.985")


def test_an_unknown_rule_is_refused_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BASE, "--entity", "U02", "--rule", "scor"]) == 2
    assert "did you mean score?" in capsys.readouterr().err


def test_an_unknown_entity_is_refused_with_near_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BASE, "--entity", "U22"]) == 2
    assert "error RC020: there is no record of U22" in capsys.readouterr().err


def test_a_refused_record_is_explained_by_its_reasons_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = tmp_path / "records.csv"
    text = (POLICIES / "double_hundred" / "records.csv").read_text(encoding="utf-8")
    records.write_text(text.replace("93.5,0,1.0", "93.5,0,many"), encoding="utf-8")
    assert run([*BASE[:3], str(records), "--entity", "U02"]) == 1
    assert "RC511" in capsys.readouterr().out


def test_the_language_of_the_reader_is_spoken(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "zh", *BASE, "--entity", "U02"]) == 0
    assert "四舍五入到2位" in capsys.readouterr().out
