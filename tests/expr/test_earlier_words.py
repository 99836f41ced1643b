"""Earlier periods in words and as text that is read back."""

from __future__ import annotations

import pytest

from rulecore.expr.earlier import EarlierStanding, EarlierValue, Previous, PreviousRecord, PreviousState
from rulecore.expr.nodes import FieldRef, Node, Not, RuleRef
from rulecore.expr.parser import parse_expression
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.unparse import unparse
from rulecore.expr.words import formula
from rulecore.plan.resolve import Scope, resolve

SCOPE = Scope(names={"score": FieldRef("score"), "level": RuleRef("level")})
LABELS = {"score": "得分", "level": "等级"}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("previous(level)", "上期等级", "previous level"),
        ("previous(score, periods = 2)", "前第2期得分", "score 2 periods before"),
        ("previous(score, low = 0, high = 10.5, decimals = 1)", "上期得分", "previous score"),
        ("has_previous()", "上期有记录", "there is a previous record"),
        ("has_previous(periods = 3)", "前第3期有记录", "there is a record 3 periods before"),
        ("is_first_period()", "首期", "first period"),
        ("score - previous(score)", "得分 − 上期得分", "score − previous score"),
        ("not is_first_period() and score > 1", "非 首期 且 得分 > 1", "not first period and score > 1"),
    ],
)
def test_what_is_written_is_worded_and_read_back(text: str, zh: str, en: str) -> None:
    node = resolve(parse_expression(text), SCOPE)
    assert resolve(parse_expression(unparse(node)), SCOPE) == node
    assert formula(node, "zh", LABELS) == zh
    assert formula(node, "en") == en


def test_the_chinese_names_of_the_functions_mean_the_same() -> None:
    for zh, en in (
        ("上期(level)", "previous(level)"),
        ("有上期()", "has_previous()"),
        ("首期()", "is_first_period()"),
    ):
        assert resolve(parse_expression(zh), SCOPE) == resolve(parse_expression(en), SCOPE)
    held = [f"{name}(score > 1, periods = 2)" for name in ("连续期数", "consecutive")]
    assert len({resolve(parse_expression(text), SCOPE) for text in held}) == 1


@pytest.mark.parametrize(
    ("node", "zh"),
    [
        (SuppliedRef("a@1", Previous("level")), "上期等级"),
        (Not(SuppliedRef("a@1", PreviousRecord(0))), "首期"),
        (EarlierValue("level", 2), "前第2期等级"),
        (EarlierStanding(1), "上期有记录"),
        (PreviousState("level", "Ⅰ"), "上期状态"),
    ],
)
def test_what_a_plan_makes_of_it_is_worded_alike(node: Node, zh: str) -> None:
    assert formula(node, "zh", LABELS) == zh
    unparse(node)
