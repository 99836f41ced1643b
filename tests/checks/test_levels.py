"""The checks look at the rules of detail tables too, and know what one level uses of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.checks import CHECKS
from rulecore.plugins import load_plugins

HEAD = """\
[policy]
name = "votes"
version = "1"
[record]
entity = "project"
[fields]
project = { type = "text" }
weight = { type = "decimal", decimals = 1, min = 0.5, max = 2 }
unread = { type = "text" }
[tables.votes]
row = "expert"
[tables.votes.fields]
expert = { type = "text" }
points = { type = "integer", min = 0, max = 10 }
kind = { type = "text", values = ["甲", "乙"] }
left = { type = "flag" }
"""
TAIL = '[output]\ncolumns = ["project", "score"]\n'


def findings(folder: Path, rules: str, tail: str = TAIL) -> dict[str, list[tuple[str, str]]]:
    """Return what all checks say: by code the places (keys) and messages."""
    path = folder / "policy.toml"
    path.write_text(HEAD + rules + tail, encoding="utf-8")
    plan = load_policy(path, registry=load_plugins(entry_points=False)).plan
    found: dict[str, list[tuple[str, str]]] = {}
    for check in CHECKS:
        for fault in check.inspect(plan):
            assert fault.place is not None
            found.setdefault(fault.code.id, []).append((fault.place.key, fault.message("en")))
    return found


def test_what_only_rows_or_only_the_record_use_counts_as_used_and_the_rest_is_told(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        '[tables.votes.rules.weighted]\nscorer = "formula"\nvalue = "points * weight"\n'
        '[tables.votes.rules.idle]\nscorer = "formula"\nvalue = "points + 1"\n'
        '[rules.factor]\nscorer = "formula"\nvalue = "weight + 1"\n'
        '[rules.score]\nscorer = "formula"\nvalue = "sum(weighted * factor * votes.points where kind == \'甲\')"\n',
    )
    assert found["RC201"] == [("tables.votes.rules.idle", "nothing uses the rule idle, and it is not shown")]
    assert found["RC202"] == [
        ("fields.unread", "nothing reads the field unread"),
        ("tables.votes.fields.left", "nothing reads the field left"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("if points > 10 then 1 else 2", "RC214"),
        ("if kind == '丙' then 1 else 2", "RC204"),
        ("10 / points", "RC245"),
    ],
)
def test_a_rule_of_a_table_is_inspected_like_one_of_the_records(
    tmp_path: Path, value: str, code: str
) -> None:
    found = findings(
        tmp_path,
        f'[tables.votes.rules.own]\nscorer = "formula"\nvalue = "{value}"\n'
        '[rules.score]\nscorer = "formula"\nvalue = "round(sum(votes.own), 2)"\n',
    )
    assert all(key.startswith("tables.votes.rules.own") for key, _message in found[code])


def test_a_condition_on_rows_that_never_holds_is_told_where_the_records_rule_says_it(tmp_path: Path) -> None:
    rules = '[rules.score]\nscorer = "formula"\nvalue = "count(votes where points > 10)"\n'
    found = findings(tmp_path, rules)
    ((key, message),) = found["RC214"]
    assert key.startswith("rules.score")
    assert "points > 10" in message


def test_the_range_of_what_rows_give_is_known(tmp_path: Path) -> None:
    rules = '[rules.score]\nscorer = "formula"\nvalue = "if sum(votes.points) > 20000 then 1 else 2"\n'
    found = findings(tmp_path, rules)
    ((_key, message),) = found["RC214"]
    assert "sum(votes.points)" in message
    assert "0 … 10000" in message
