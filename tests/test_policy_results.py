"""What one policy gives: what is said of a record does not depend on the others."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from rulecore.policy_results import PolicyResults

POLICY = """
[policy]
name = "quotients"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.x]
type = "integer"
[fields.y]
type = "integer"
[fields.z]
type = "integer"
[rules.first]
scorer = "formula"
value = "1 / x"
decimals = 1
[rules.second]
scorer = "formula"
value = "1 / y"
decimals = 1
[rules.third]
scorer = "formula"
value = "1 / z"
decimals = 1
[output]
columns = ["unit", "first", "second", "third"]
"""


def test_issues_stand_in_the_order_of_the_plan_whoever_else_meets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two steps of one rule say the same: it stands where the first of them does, also where only the other met it."""
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    policy = rulecore.load_policy(tmp_path)
    said = {"first": "A", "second": "B", "third": "A"}
    monkeypatch.setattr(PolicyResults, "issue_text", lambda _part, step, _reason: said[step])
    one, other = {"unit": "a", "x": 1, "y": 0, "z": 0}, {"unit": "b", "x": 0, "y": 1, "z": 1}
    alone = policy.evaluate([one]).parts[0].issues().to_list()
    assert alone == ["A; B"]
    assert policy.evaluate([one, other]).parts[0].issues().to_list() == ["A; B", "A"]
