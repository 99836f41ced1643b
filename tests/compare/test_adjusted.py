"""What a committee decided, in comparisons: a run without adjustments against one with them names the decision."""

from __future__ import annotations

import pytest

from rulecore.api import CompiledPolicy
from rulecore.compare import Difference, compare_results
from rulecore.compare.text import difference_text
from rulecore.compare.values import Cause, RecordDifference
from tests.adjustments.given import ENGINES, decision, loaded, revocation, run


@pytest.fixture(name="policy", scope="module")
def _policy(tmp_path_factory: pytest.TempPathFactory) -> CompiledPolicy:
    return loaded(tmp_path_factory.mktemp("policy"))


def record(found: Difference, entity: str) -> RecordDifference:
    return next(item for item in found.records if item.entity == entity)


def kinds(causes: tuple[Cause, ...]) -> list[tuple[str, object, object]]:
    return [(cause.kind, cause.before, cause.after) for cause in causes]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_computed_and_an_adjusted_run_differ_by_the_decision(policy: CompiledPolicy, engine: str) -> None:
    adjusted = run(policy, [decision(7, "戊", "set_score", "70.9")], engine)
    found = compare_results(run(policy, None, engine), adjusted)
    assert kinds(record(found, "戊").causes) == [("adjustment", None, "7")]
    assert [item.entity for item in found.records if not item.ripple] == ["戊"]
    assert "the adjustment 7, set_score (考核委员会, 会议纪要1号)" in difference_text(found, "en")
    back = compare_results(adjusted, run(policy, None, engine))
    assert kinds(record(back, "戊").causes) == [("adjustment", "7", None)]
    assert "the adjustment 7 no longer" in difference_text(back, "en")


def test_two_decisions_about_one_record_are_both_told(policy: CompiledPolicy) -> None:
    old = run(policy, [decision(7, "戊", "set_score", "70.9")])
    new = run(policy, [decision(7, "戊", "set_score", "70.9"), decision(8, "丙", "waive")])
    found = compare_results(old, new)
    assert kinds(record(found, "丙").causes)[0] == ("adjustment", None, "8")
    assert all(item.entity != "戊" or item.ripple for item in found.records)


def test_a_recused_judge_is_the_cause_of_the_panels_mean(policy: CompiledPolicy) -> None:
    found = compare_results(run(policy, None), run(policy, [decision(9, "甲", "judge", 明细="x")]))
    assert kinds(record(found, "甲").causes) == [("adjustment", None, "9")]


def test_an_adjusted_cell_of_a_row_is_told_at_the_row(policy: CompiledPolicy) -> None:
    found = compare_results(run(policy, None), run(policy, [decision(9, "甲", "points", 50, 明细="x")]))
    (row,) = record(found, "甲").rows
    assert kinds(row.causes) == [("adjustment", None, "9")]


def test_a_run_whose_decisions_change_nothing_does_not_differ(policy: CompiledPolicy) -> None:
    taken_back = [decision(7, "戊", "set_score", "70.9"), revocation(8, 7)]
    assert compare_results(run(policy, None), run(policy, taken_back)).empty
