"""Faults of a document do not hide those of its rules: one report has them all."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore

POLICY = """
[policy]
name = "two-stages"
version = "1"

[record]
entity = "unit"

[fields.unit]
type = "text"

[fields.points]
type = "decimal"
{points}

[parameters]
line = {line}

[rules.score]
scorer = "{scorer}"
value = "points + {name}"
decimals = 1

[rules.pass]
scorer = "formula"
value = "score >= line"

[rules.circle]
scorer = "formula"
value = "circle + 1"

[output]
columns = ["unit", "score"]
"""


def codes(tmp_path: Path, **parts: str) -> list[str]:
    """Return the codes that the policy made of the parts is refused for, in order."""
    given = {"points": "decimals = 1", "line": "60", "scorer": "formula", "name": "1"} | parts
    file = tmp_path / "policy.toml"
    file.write_text(POLICY.format(**given), encoding="utf-8")
    with pytest.raises(rulecore.PolicyError) as caught:
        rulecore.load_policy(file)
    return [fault.code.id for fault in caught.value.faults]


def test_a_misspelt_key_does_not_hide_an_unknown_scorer_or_a_circle(tmp_path: Path) -> None:
    found = codes(tmp_path, points="decimals = 1\nmim = 0", scorer="formla")
    assert found == ["RC102", "RC142", "RC143"]


def test_a_misspelt_key_does_not_hide_an_unknown_name(tmp_path: Path) -> None:
    assert codes(tmp_path, points="decimal = 1", name="pints") == ["RC102", "RC321", "RC143"]


def test_what_needs_something_broken_is_not_blamed_for_it(tmp_path: Path) -> None:
    assert codes(tmp_path, points="decimals = 99") == ["RC126", "RC143"]
    assert codes(tmp_path, line="{ a = 1 }")[1:] == ["RC143"]


TABLE = """
[tables.votes]
{table}

[tables.votes.fields.mark]
type = "integer"
min = 0
max = 100

[tables.votes.output]
columns = ["{shown}"]

[rules.votes_sum]
scorer = "formula"
value = "sum(votes.mark where mark > 50)"

[rules.votes_sum_doubled]
scorer = "formula"
value = "2 * pionts"
"""


def codes_with_table(tmp_path: Path, table: str = "at_least = 0", shown: str = "mark") -> list[str]:
    """Return the codes that the policy is refused for with a detail table, without those of the rest."""
    rest = {"points": "decimals = 1", "line": "60", "scorer": "formula", "name": "1"}
    file = tmp_path / "policy.toml"
    text = POLICY.replace("[rules.circle]", TABLE + "[rules.circle]")
    file.write_text(text.format(**rest, table=table, shown=shown), encoding="utf-8")
    with pytest.raises(rulecore.PolicyError) as caught:
        rulecore.load_policy(file)
    return [fault.code.id for fault in caught.value.faults if fault.code.id != "RC143"]


def test_a_misspelt_key_of_a_table_is_not_blamed_on_the_rules_that_use_the_table(tmp_path: Path) -> None:
    assert codes_with_table(tmp_path, table="at_lest = 0") == ["RC102", "RC321"]
    assert codes_with_table(tmp_path, table='parent = "goals"') == ["RC167", "RC321"]


def test_a_table_that_shows_a_column_it_does_not_have_is_a_fault_like_any_other(tmp_path: Path) -> None:
    assert codes_with_table(tmp_path, shown="marc") == ["RC121", "RC321"]
