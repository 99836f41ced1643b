"""``rulecore explain --ledger`` and ``--all``: what they print and write, and what docs/explain.md shows of them."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from rulecore.cli.main import run

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
RECORDS = ["--records", str(POLICIES / "double_hundred" / "records.csv")]
BASE = ["explain", str(POLICIES / "double_hundred"), *RECORDS]
BLOCK = re.compile(
    r"^```console\n\$ rulecore ((?:explain|reach) [^\n]*)\n(.+?)\n```$", re.MULTILINE | re.DOTALL
)
FINGERPRINT = re.compile(r"\b[0-9a-f]{12}\b")
SHOWN = [
    (command, printed)
    for command, printed in BLOCK.findall((ROOT / "docs" / "explain.md").read_text(encoding="utf-8"))
    if "--ledger" in command or command.startswith("reach")
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(ROOT)


def test_the_page_shows_ledgers_and_what_it_would_take() -> None:
    assert len(SHOWN) == 4


@pytest.mark.parametrize(("command", "printed"), SHOWN)
def test_the_page_shows_what_is_printed(
    command: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command.split()) == 0
    found = capsys.readouterr().out.rstrip("\n")
    assert FINGERPRINT.sub("…", found) == FINGERPRINT.sub("…", printed)


def test_a_ledger_reads_alike_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RULECORE_LANG", "zh")
    assert run([*BASE, "--entity", "U02", "--ledger", "--rule", "score"]) == 0
    printed = capsys.readouterr().out
    assert "党建基本分（失分）" in printed
    assert "满分（可能的最高值）" in printed
    assert "扣失最多的" in printed


def test_a_ledger_as_json_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BASE, "--entity", "U02", "--ledger", "--rule", "综合得分", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [rule["name"] for rule in document["rules"]] == ["party", "operations", "score"]
    for rule in document["rules"]:
        amounts = [Fraction(line["amount"]) for line in rule["lines"]]
        assert sum(amounts) == Fraction(rule["value"])
    assert document["rules"][-1]["reasons"][0] == {
        "rule": "party",
        "kind": "lost",
        "label": "党建基本分",
        "amount": "-6.5",
    }


def test_ledgers_of_all_records_go_to_a_file_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "ledgers.jsonl"
    assert run([*BASE, "--all", "--output", str(output)]) == 0
    assert capsys.readouterr().err == f"5 explanations written: {output}\n"
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [line["entity"] for line in lines] == ["U01", "U02", "U03", "U04", "U05"]


def test_or_into_a_folder_a_file_each(tmp_path: Path) -> None:
    records = tmp_path / "records.csv"
    text = (POLICIES / "double_hundred" / "records.csv").read_text(encoding="utf-8-sig")
    records.write_text(text.replace("U02", "甲/乙").replace("95.4", "很好"), encoding="utf-8")
    folder = tmp_path / "ledgers"
    command = [*BASE[:2], "--records", str(records), "--all", "--output", str(folder)]
    assert run(command) == 1  # U01 is refused
    assert sorted(path.name for path in folder.iterdir()) == [
        "U01.json",
        "U03.json",
        "U04.json",
        "U05.json",
        "甲_乙.json",
    ]
    refused = json.loads((folder / "U01.json").read_text(encoding="utf-8"))
    assert (refused["status"], refused["rules"]) == ("quarantined", [])
    assert refused["quarantine"][0]["source"]["row"] == 2


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    assert run([*BASE, "--all", "--output", str(tmp_path)]) == 2
    assert "RC079" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_nothing_is_left_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rulecore.ledger.write._write_lines", fail)
    monkeypatch.setattr("rulecore.ledger.write._write_folder", fail)
    assert run([*BASE, "--all", "--output", str(tmp_path / "ledgers.jsonl")]) == 2
    assert run([*BASE, "--all", "--output", str(tmp_path / "folder")]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], "RC024"),
        (["--entity", "U01", "--all", "--output", "x.jsonl"], "RC024"),
        (["--all"], "RC025"),
        (["--all", "--output", "x.jsonl", "--rule", "score"], "RC038"),
        (["--entity", "U01", "--output", "x.jsonl"], "RC025"),
        (["--entity", "U01", "--ledger", "--rule", "grade"], "RC026"),
        (["--entity", "U20", "--ledger"], "RC020"),
    ],
)
def test_what_makes_no_sense_is_refused(
    options: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*BASE, *options]) == 2
    assert f"error {code}" in capsys.readouterr().err


def test_what_it_would_take_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    reach = ["reach", str(POLICIES / "double_hundred"), *RECORDS, "--entity", "U01", "--to", "grade=A"]
    assert run([*reach, "--field", "operations_raw", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (answer,) = document["inputs"]
    assert (document["reach"], document["target"], answer["status"]) == (1, "grade = A", "reached")
    (edge,) = answer["change"].pop("edges")
    assert [rival["entity"] for rival in (*edge["last_in"], *edge["first_out"])] == ["U01", "U04"]
    assert answer["change"] == {
        "before": "95.4",
        "after": "97.27",
        "difference": "1.87",
        "steps": 187,
        "outcome": "A",
        "displaced": [{"entity": "U04", "before": "A", "after": "B"}],
    }
    assert document["edges"][0]["last_in"][0]["entity"] == "U04"


def test_what_no_input_reaches_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    reach = ["reach", str(POLICIES / "double_hundred"), *RECORDS, "--entity", "U01", "--to", "score>=120"]
    assert run(reach) == 1
    assert "cannot reach it alone, whatever its value" in capsys.readouterr().out


def test_a_step_that_is_no_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    reach = ["reach", str(POLICIES / "double_hundred"), *RECORDS, "--entity", "U01", "--to", "grade=A"]
    assert run([*reach, "--step", "party_basic", "--step", "party_bonus=much"]) == 2
    assert capsys.readouterr().err.count("error RC035") == 2
