"""What ``[adjustments]`` of a policy may say, and what is told when it says something else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import rulecore
from rulecore.checks.adjustments import ADJUSTMENTS
from rulecore.errors import PolicyError
from tests.adjustments.given import POLICY, column, decision, loaded, registry, run


def faults(folder: Path, adjustment: str, policy: str = POLICY) -> list[str]:
    """Return what is wrong with a policy that has one more adjustment."""
    text = policy.replace("[output]", f"[adjustments.more]\n{adjustment}\n\n[output]")
    try:
        loaded(folder, text)
    except PolicyError as error:
        return [f"{fault.code.id} {fault.message('en')}" for fault in error.faults]
    return []


def only(folder: Path, adjustment: str, policy: str = POLICY) -> str:
    found = faults(folder, adjustment, policy)
    assert len(found) == 1, found
    return found[0]


def test_a_rule_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    found = only(tmp_path, 'kind = "override"\nrule = "scor"\n')
    assert found.startswith('RC821 the adjustment more is about "scor", which is not among panel, score')


def test_keys_of_another_kind_are_refused(tmp_path: Path) -> None:
    assert "vetoes means nothing" in only(tmp_path, 'kind = "override"\nrule = "score"\nvetoes = ["轻微"]\n')
    assert "min means nothing" in only(tmp_path, 'kind = "tie"\nrule = "rank"\nmin = 1\n')


def test_an_exemption_says_what_it_waives_or_what_the_value_becomes(tmp_path: Path) -> None:
    assert "either which vetoes it waives" in only(tmp_path, 'kind = "exemption"\nrule = "after"\n')


def test_an_unwaivable_veto_cannot_be_named_by_an_exemption(tmp_path: Path) -> None:
    found = only(tmp_path, 'kind = "exemption"\nrule = "after"\nvetoes = ["事故"]\n')
    assert found == 'RC824 the adjustment more would waive "事故", which the policy marks as unwaivable'


def test_a_veto_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    found = only(tmp_path, 'kind = "exemption"\nrule = "after"\nvetoes = ["迟到"]\n')
    assert "no veto of that reason; it has: 事故, 轻微" in found


def test_only_what_ranks_has_ties_and_only_what_compares_has_recusals(tmp_path: Path) -> None:
    assert "it ranks nothing" in only(tmp_path, 'kind = "tie"\nrule = "score"\n')
    assert "it compares no records" in only(tmp_path, 'kind = "recusal"\nrule = "score"\n')
    assert "makes nothing of the rows" in only(tmp_path, 'kind = "recusal"\nrule = "rank"\ntable = "votes"\n')


def test_bounds_must_be_of_the_rules_kind_and_decimals(tmp_path: Path) -> None:
    assert "of another kind" in only(tmp_path, 'kind = "override"\nrule = "score"\nmay_be = ["A"]\n')
    assert "of another kind" in only(tmp_path, 'kind = "recusal"\nrule = "grade"\nbecomes = 5\n')
    assert "only 2 decimals" in only(tmp_path, 'kind = "override"\nrule = "score"\nmay_be = [90.125]\n')
    assert "min is above max" in only(tmp_path, 'kind = "override"\nrule = "score"\nmin = 90\nmax = 80\n')


def test_what_is_not_rounded_needs_decimals(tmp_path: Path) -> None:
    policy = POLICY.replace(
        "[rules.rank]", '[rules.third]\nscorer = "formula"\nvalue = "score / 3"\n\n[rules.rank]'
    )
    assert "say in decimals" in only(tmp_path, 'kind = "override"\nrule = "third"\n', policy)
    assert faults(tmp_path, 'kind = "override"\nrule = "third"\ndecimals = 1\n', policy) == []


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_what_is_not_rounded_is_kept_beside_the_decided_value(tmp_path: Path, engine: str) -> None:
    text = POLICY.replace(
        "[rules.rank]", '[rules.third]\nscorer = "formula"\nvalue = "score / 3"\n\n[rules.rank]'
    )
    text = text.replace('by = "score"\n\n', 'by = "third"\n\n', 1)
    more = '[adjustments.more]\nkind = "override"\nrule = "third"\ndecimals = 1\n\n[output]'
    found = run(loaded(tmp_path, text.replace("[output]", more)), [decision(1, "戊", "more", "33.3")], engine)
    assert found.adjustments is not None
    (one,) = found.adjustments.applied
    assert one.computed == Fraction(68, 3)
    assert one.adjusted == Fraction(333, 10)


def test_a_locked_rule_can_only_be_opened_by_the_base_that_locks_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(
        POLICY.replace('version = "1"', 'version = "1"\nabstract = true')
        + '\n[guardrails."rules.score"]\nlocked = true\n[guardrails."adjustments.set_grade"]\nlocked = true\n',
        encoding="utf-8",
    )
    own = '[policy]\nname = "own"\nversion = "1"\nextends = "base.toml"\n'
    path = tmp_path / "own.toml"
    path.write_text(own, encoding="utf-8")
    rulecore.load_policy(path, registry=registry())
    path.write_text(own + '[adjustments.more]\nkind = "override"\nrule = "score"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="RC823"):
        rulecore.load_policy(path, registry=registry())
    path.write_text(own + '[adjustments.set_grade]\nmay_be = ["A"]\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="RC80"):
        rulecore.load_policy(path, registry=registry())


def lints(folder: Path, adjustment: str, policy: str = POLICY) -> list[str]:
    """Return what the lint says of one more adjustment."""
    plan = loaded(folder, policy.replace("[output]", f"[adjustments.more]\n{adjustment}\n\n[output]")).plan
    return [f"{fault.code.id} {fault.message('en')}" for fault in ADJUSTMENTS.inspect(plan)]


def test_an_adjustment_that_changes_nothing_shown_is_told(tmp_path: Path) -> None:
    policy = POLICY.replace("[rules.rank]", '[rules.idle]\nscorer = "formula"\nvalue = "ops"\n\n[rules.rank]')
    assert lints(tmp_path, 'kind = "override"\nrule = "idle"\n', policy) == [
        "RC270 the adjustment more changes nothing that is shown: no output column comes from idle"
    ]


def test_bounds_beyond_what_the_rule_can_be_are_told(tmp_path: Path) -> None:
    assert lints(tmp_path, 'kind = "override"\nrule = "score"\nmax = 120\n') == [
        "RC271 the adjustment more allows 120, and the rule score itself can only be 0 … 100"
    ]
    assert lints(tmp_path, 'kind = "override"\nrule = "grade"\nmay_be = ["A", "优"]\n') == [
        "RC271 the adjustment more allows 优, and the rule grade itself can only be A, B, C, D, 待定"
    ]


def test_an_adjustment_without_signatures_is_told(tmp_path: Path) -> None:
    assert lints(tmp_path, 'kind = "tie"\nrule = "rank"\nsignatures = 0\n') == [
        "RC272 the adjustment more asks for no signature"
    ]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_ties_are_those_of_exact_values_also_where_these_are_not_rounded(tmp_path: Path, engine: str) -> None:
    text = POLICY.replace(
        "[rules.rank]", '[rules.part]\nscorer = "formula"\nvalue = "score / 7"\n\n[rules.rank]'
    )
    policy = loaded(tmp_path, text.replace('scorer = "rank"\nby = "score"', 'scorer = "rank"\nby = "part"'))
    found = run(policy, [decision(1, "甲", "order", 2), decision(2, "乙", "order", 1)], engine)
    assert (column(found, "rank")["甲"], column(found, "rank")["乙"]) == ("4", "3")


def test_a_base_may_lock_that_nothing_is_adjusted_at_all(tmp_path: Path) -> None:
    without = POLICY[: POLICY.index("[adjustments")] + POLICY[POLICY.index("[output]") :]
    base = without.replace('version = "1"', 'version = "1"\nabstract = true')
    (tmp_path / "base.toml").write_text(
        f"{base}\n[guardrails.adjustments]\nlocked = true\n", encoding="utf-8"
    )
    own = '[policy]\nname = "own"\nversion = "1"\nextends = "base.toml"\n'
    path = tmp_path / "own.toml"
    path.write_text(own, encoding="utf-8")
    rulecore.load_policy(path, registry=registry())
    path.write_text(own + '[adjustments.more]\nkind = "override"\nrule = "score"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="RC801"):
        rulecore.load_policy(path, registry=registry())
