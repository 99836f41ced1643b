"""The JSON Schema of cases.toml: current, takes every shipped file, refuses wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.cli.main import run
from rulecore.schema import cases_schema, schema_text
from rulecore.testing.cases import _Sections as CasesFile
from tests.schema.policies import CASES_SCHEMA_FILE, SHIPPED_CASES, faults_of

CORRECT = """
[defaults]
party = 90

[[cases]]
name = "上限"
records = [{ unit = "A", party = 100.5, since = 2024-01-01 }]
expect = [{ unit = "A", score = 100, issues = ["no_row"] }]
tolerance = { score = 0.01 }

[[cases]]
name = "样例"
records = "records.csv"
expect = "expected.csv"

[[overrides]]
name = "加分上限"
set = { "parameters.cap" = 6, "rules.score.of" = { party = 1 } }
refused = "RC803"
"""


def test_the_shipped_schema_is_current(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # RULECORE_LANG=en uv run rulecore schema --of cases --output docs/cases.schema.json writes it anew.
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    shipped = CASES_SCHEMA_FILE.read_text(encoding="utf-8")
    assert schema_text(cases_schema(CasesFile, "en")) == shipped
    assert run(["schema", "--of", "cases", "--output", str(tmp_path / "cases.schema.json")]) == 0
    assert (tmp_path / "cases.schema.json").read_text(encoding="utf-8") == shipped


@pytest.mark.parametrize("path", SHIPPED_CASES, ids=lambda path: path.parent.name)
def test_every_shipped_file_of_cases_is_accepted(path: Path) -> None:
    assert faults_of(path.read_text(encoding="utf-8"), CASES_SCHEMA_FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('name = "上限"\n', "", "$.cases[0]"),
        ("expect = [", "expected = [", "$.cases[0]"),
        ("score = 0.01", 'score = "0.01"', "$.cases[0].tolerance.score"),
        ('records = "records.csv"', "records = 3", "$.cases[1].records"),
        ("[defaults]", "[default]", "$"),
        ('refused = "RC803"', "refused = 803", "$.overrides[0].refused"),
        ('refused = "RC803"', 'acepted = "RC803"', "$.overrides[0]"),
    ],
)
def test_wrong_cases_are_refused_at_their_place(old: str, new: str, where: str) -> None:
    assert faults_of(CORRECT, CASES_SCHEMA_FILE) == []
    assert CORRECT.count(old) == 1
    assert faults_of(CORRECT.replace(old, new), CASES_SCHEMA_FILE) == [where]
