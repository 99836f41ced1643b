"""Decisions of a committee in explanations: at the rule, for the record and for the row they are about."""

from __future__ import annotations

import pytest

from rulecore.api import CompiledPolicy
from rulecore.explain.values import ExplainedRule
from tests.adjustments.given import decision, loaded, run


@pytest.fixture(name="policy", scope="module")
def _policy(tmp_path_factory: pytest.TempPathFactory) -> CompiledPolicy:
    return loaded(tmp_path_factory.mktemp("policy"))


def explained(policy: CompiledPolicy, entity: str, name: str, *decisions: dict[str, object]) -> ExplainedRule:
    explanation = run(policy, decisions).explain(entity)
    rules = [
        *explanation.rules,
        *(rule for table in explanation.tables for row in table.rows for rule in row.rules),
    ]
    return next(rule for rule in rules if rule.name == name)


def test_an_overridden_rule_shows_how_the_computed_value_came_about(policy: CompiledPolicy) -> None:
    rule = explained(policy, "戊", "score", decision(1, "戊", "set_score", 69))
    (said,) = rule.adjustments
    assert (said.computed, said.adjusted, rule.value, rule.shown) == (68, 69, 69, "69.00")
    assert rule.formula.en == "rounded half up to 2 decimals(经营 × 0.6 + panel × 0.4)"
    assert rule.unrounded == 68


def test_others_are_explained_as_without_any_decision(policy: CompiledPolicy) -> None:
    decided = explained(policy, "甲", "score", decision(1, "戊", "set_score", 69))
    assert decided == next(rule for rule in run(policy).explain("甲").rules if rule.name == "score")


def test_a_vote_taken_out_is_said_at_the_rule_that_did_without_it(policy: CompiledPolicy) -> None:
    (said,) = explained(policy, "戊", "panel", decision(1, "戊", "judge", 明细="x")).adjustments
    assert (said.computed, said.adjusted, said.decided_by) == (65, 70, "考核委员会")


def test_a_row_that_was_set_says_so_and_its_neighbour_does_not(policy: CompiledPolicy) -> None:
    explanation = run(policy, [decision(1, "戊", "points", 0, 明细="y")]).explain("戊")
    rows = {row.name: row.rules[0] for row in explanation.tables[0].rows}
    assert [said.adjusted for said in rows["y"].adjustments] == [0]
    assert rows["x"].adjustments == ()
