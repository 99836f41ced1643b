"""RC201: rules that are computed for nothing."""

from pathlib import Path

import pytest

from rulecore.checks.unused_rules import UNUSED_RULES
from tests.checks.policies import Found, finder


@pytest.fixture
def find(tmp_path: Path) -> Found:
    return finder(UNUSED_RULES, tmp_path)


def test_a_rule_nothing_reads_is_told(find: Found) -> None:
    rules = '[rules]\nshown = { scorer = "formula", value = "party" }\n'
    rules += 'idle = { scorer = "formula", value = "party" }\n'
    assert find(rules) == ["RC201 nothing uses the rule idle, and it is not shown"]


def test_a_rule_another_rule_reads_is_used(find: Found) -> None:
    rules = '[rules]\nshown = { scorer = "formula", value = "half" }\n'
    assert find(rules + 'half = { scorer = "formula", value = "party * 0.5" }\n') == []


def test_a_rule_a_rank_reads_is_used(find: Found) -> None:
    rules = '[rules]\nshown = { scorer = "rank", by = "half + 1" }\n'
    assert find(rules + 'half = { scorer = "formula", value = "party * 0.5" }\n') == []


def test_rules_that_only_need_each_other_downwards_are_told_from_the_top(find: Found) -> None:
    rules = '[rules]\nshown = { scorer = "formula", value = "party" }\n'
    rules += 'low = { scorer = "formula", value = "party" }\ntop = { scorer = "rank", by = "low" }\n'
    assert find(rules) == ["RC201 nothing uses the rule top, and it is not shown"]
