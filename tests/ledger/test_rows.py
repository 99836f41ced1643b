"""Ledgers of records with detail rows: a line for each row that counted, adding up exactly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rulecore import Results, load_policy
from rulecore.ledger import ledgers_of, make
from rulecore.ledger.document import ledgers_document
from rulecore.ledger.totals import total
from rulecore.ledger.write import all_ledgers
from rulecore.reals import Number

POLICY = """\
[policy]
name = "ballots"
version = "1"
language = "en"
[record]
entity = "project"
[fields.project]
type = "text"
[fields.weight]
type = "integer"
min = 1
max = 9
[tables.votes]
label = "vote"
source = "records"
NAMED
[tables.votes.fields]
expert = { type = "text" }
points = { type = "integer", min = 0, max = 10, missing = "not_applicable" }
valid = { type = "flag" }
[rules.total]
scorer = "formula"
value = "sum(votes.points * weight where votes.valid)"
[rules.average]
scorer = "formula"
value = "mean(votes.points where votes.valid) * 2"
[rules.best]
scorer = "formula"
value = "max(votes.points)"
[output]
columns = ["project", "total", { of = "average", decimals = 2 }, "best"]
"""
ROWS = [
    "P,2,E1,7,yes",
    "P,2,E2,9,no",
    "P,2,E3,8,yes",
    "P,2,E4,,yes",
    "Q,3,E1,5,no",
    "R,1,E1,6,yes",
    "R,1,E2,10,yes",
]


def evaluated(folder: Path, *, named: bool = True) -> Results:
    text = POLICY.replace("NAMED", 'row = "expert"' if named else "")
    (folder / "policy.toml").write_text(text, encoding="utf-8")
    lines = ["project,weight,expert,points,valid", *ROWS, ""]
    (folder / "records.csv").write_text("\n".join(lines), encoding="utf-8")
    return load_policy(folder / "policy.toml").evaluate(folder / "records.csv")


def lines(results: Results, entity: str, rule: str) -> Sequence[tuple[str, Number | int]]:
    ledger = ledgers_of(results, entity).rule(rule)
    assert ledger is not None
    assert total(entry.amount for entry in ledger.entries) == ledger.value
    return [(entry.line.label.en, entry.amount) for entry in ledger.entries]


def test_a_sum_has_a_line_for_each_row_that_counted(tmp_path: Path) -> None:
    results = evaluated(tmp_path)
    assert lines(results, "P", "total") == [("vote E1", 14), ("vote E3", 16)]
    assert lines(results, "P", "average") == [("vote E1", 7), ("vote E3", 8)]
    assert lines(results, "P", "best") == [("largest points over vote", 9)]


def test_rows_without_a_name_are_numbered_as_they_stand_in_their_record(tmp_path: Path) -> None:
    results = evaluated(tmp_path, named=False)
    assert lines(results, "P", "total") == [("vote no. 1", 14), ("vote no. 3", 16)]
    assert lines(results, "R", "total") == [("vote no. 1", 6), ("vote no. 2", 10)]


def test_a_sum_of_no_rows_is_one_line_of_nothing(tmp_path: Path) -> None:
    ((_label, amount),) = lines(evaluated(tmp_path), "Q", "total")
    assert amount == 0


def test_ledgers_written_page_by_page_hold_the_rows_of_their_own_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = evaluated(tmp_path)
    monkeypatch.setattr(make, "PAGE", 2)
    written = {name: json.loads(text) for name, text in all_ledgers(results, "en")}
    for entity in "PQR":
        assert written[entity] == ledgers_document(ledgers_of(results, entity), "en")
