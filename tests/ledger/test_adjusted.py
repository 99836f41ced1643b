"""What a committee decided stands in ledgers: the lines of the computed value, then what the decision changed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from rulecore.ledger import ledgers_of
from rulecore.ledger.document import ledgers_document
from rulecore.ledger.text import ledgers_text
from rulecore.ledger.totals import total
from rulecore.ledger.write import all_ledgers
from tests.adjustments.given import ENGINES, POLICY, decision, loaded, run
from tests.ledger.test_sums import check_all

MORE = """
[rules.coefficient]
scorer = "lookup"
of = "grade"
table = { A = 1.2, B = 1.0, C = 0.8, D = 0.5 }
otherwise = 0
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_that_was_set_starts_from_the_computed_one(tmp_path: Path, engine: str) -> None:
    results = run(loaded(tmp_path), [decision(1, "甲", "set_score", 93)], engine)
    ledger = ledgers_of(results, "甲", "2024").rule("score")
    assert ledger is not None
    assert [(entry.line.kind, entry.line.label.zh, entry.amount) for entry in ledger.entries] == [
        ("contribution", "经营", 57),
        ("contribution", "panel", 34),
        ("adjusted", "set_score 1：考核委员会 2025-01-10", 2),
    ]
    line = ledger.entries[-1].line
    assert line.reference == "会议纪要1号"
    assert ledger.value == 93
    untouched = ledgers_of(results, "丙", "2024").rule("score")
    assert untouched is not None
    assert "adjusted" not in {entry.line.kind for entry in untouched.entries}


def test_a_grade_that_was_set_is_a_line_of_what_follows_from_it(tmp_path: Path) -> None:
    policy = loaded(tmp_path, POLICY.replace("[adjustments.waive]", MORE + "[adjustments.waive]", 1))
    results = run(policy, [decision(1, "戊", "set_grade", "B")])
    ledger = ledgers_of(results, "戊", "2024").rule("coefficient")
    assert ledger is not None
    assert [(entry.line.kind, entry.amount) for entry in ledger.entries] == [
        ("choice", Fraction(1, 2)),
        ("adjusted", Fraction(1, 2)),
    ]
    assert total(entry.amount for entry in ledger.entries) == ledger.value


def test_a_row_that_was_set_has_its_decision_in_its_own_ledger(tmp_path: Path) -> None:
    results = run(loaded(tmp_path), [decision(1, "甲", "points", 50, 明细="x")])
    (votes,) = ledgers_of(results, "甲", "2024").tables
    first, second = votes.rows
    assert [entry.amount for entry in first.rules[0].entries] == [90, -40]
    assert [entry.amount for entry in second.rules[0].entries] == [80]


@pytest.mark.parametrize("engine", ENGINES)
def test_ledgers_add_up_whatever_was_decided(tmp_path: Path, engine: str) -> None:
    policy = loaded(tmp_path, POLICY.replace("[adjustments.waive]", MORE + "[adjustments.waive]", 1))
    decisions = [
        decision(1, "甲", "set_score", 93),
        decision(2, "丙", "waive", "轻微"),
        decision(3, "戊", "recuse"),
        decision(4, "乙", "judge", 明细="y"),
        decision(5, "乙", "points", 0, 明细="x"),
    ]
    results = run(policy, decisions, engine)
    assert check_all(results) > 20
    for _name, text in all_ledgers(results, "zh"):
        written = json.loads(text)
        assert written == ledgers_document(ledgers_of(results, written["entity"], "2024"), "zh")


def test_people_read_who_decided_and_where_it_is_written(tmp_path: Path) -> None:
    results = run(loaded(tmp_path), [decision(1, "甲", "set_score", 93)])
    text = ledgers_text(ledgers_of(results, "甲", "2024").only("score"), "zh")
    (line,) = [line for line in text.splitlines() if "考核委员会" in line][:1]
    assert "+2" in line
    assert "会议纪要1号" in line
