"""Values from elsewhere in words and as text: calls over rows, values of the record above."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rulecore.expr.nodes import FieldRef, Multiply, Node, Not, RuleRef
from rulecore.expr.parser import parse_expression
from rulecore.expr.supplied import ParentValue, SuppliedRef
from rulecore.expr.unparse import unparse
from rulecore.expr.words import formula
from rulecore.plan.resolve import Scope, resolve
from rulecore.plan.table_calls import ROW_FUNCTIONS

TOTAL = SuppliedRef("^total", ParentValue("total", is_field=False))
VOTES = Scope(
    names={"points": FieldRef("points"), "valid": FieldRef("valid"), "net": RuleRef("net"), "total": TOTAL},
    own=frozenset({"points", "valid", "net"}),
)
SCOPE = Scope(names={"total": RuleRef("total")}, tables={"votes": VOTES})
LABELS = {
    "total": "总分",
    "votes": "票",
    "votes.points": "打分",
    "votes.valid": "有效",
    "votes.net": "净分",
    "points": "不是这个",
}
ENGLISH = {
    "total": "total score",
    "votes": "votes",
    "votes.points": "points",
    "votes.valid": "valid",
    "votes.net": "net",
}


def resolved(text: str) -> Node:
    return resolve(parse_expression(text), SCOPE)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("sum(votes.points)", "票的打分合计", "total of points over votes"),
        ("count(votes)", "票的行数", "number of rows in votes"),
        (
            "sum(votes.points * votes.net where not votes.valid)",
            "票的「打分 × 净分」合计，其中 非 有效",
            "total of “points × net” over votes, where not valid",
        ),
        (
            "sum(votes.points where votes.valid) / 2",
            "(票的打分合计，其中 有效) ÷ 2",
            "(total of points over votes, where valid) ÷ 2",
        ),
        (
            "mean(votes.points - total)",
            "票的「打分 − 记录的总分」平均值",
            "mean of “points − the record's total score” over votes",
        ),
        (
            "nth_largest(votes.points, n = 2)",
            "票的打分第2大值",
            "no. 2 from the largest of points over votes",
        ),
        (
            "first(votes.points, order = [votes.net, votes.points])",
            "票的打分首个值，按 净分，打分 从低到高排列",
            "first points over votes, in the order of net, points",
        ),
        ("all(votes.points > 3)", "票中每一行 「打分 > 3」", "every row of votes: “points > 3”"),
    ],
)
def test_a_call_over_rows_in_words_and_back_to_the_text_it_was_written_as(
    text: str, chinese: str, english: str
) -> None:
    tree = resolved(text)
    assert formula(tree, "zh", LABELS) == chinese
    assert formula(tree, "en", ENGLISH) == english
    assert unparse(tree) == text


@pytest.mark.parametrize("function", sorted({name for name, _named in ROW_FUNCTIONS.values()}))
def test_every_function_over_rows_has_words_and_a_text_that_reads_as_the_same_tree(function: str) -> None:
    named = ", n = 3" if function in ("nth_largest", "sum_largest") else ""
    tree = resolved(f"{function}(votes.points where not votes.valid{named})")
    assert resolved(unparse(tree)) == tree
    for language in ("zh", "en"):
        assert "{" not in formula(tree, language)  # type: ignore[arg-type]


def test_a_supplied_value_is_said_as_what_it_is() -> None:
    call = resolved("sum(votes.points)")
    assert formula(SuppliedRef("score@1", call), "zh", LABELS) == "票的打分合计"
    assert unparse(SuppliedRef("score@1", call)) == "sum(votes.points)"


def test_in_a_formula_of_the_table_itself_a_value_of_the_record_is_said_to_be_the_records() -> None:
    node = Multiply(FieldRef("points"), TOTAL)
    assert formula(node, "zh", {"points": "打分", "^total": "项目的总分"}) == "打分 × 项目的总分"
    assert formula(node, "en") == "points × the record's total"
    assert unparse(node) == "points * total"
    own = SuppliedRef("^#record", ParentValue("#record", is_field=False))
    assert formula(Not(own), "zh") == "非 同一记录"


def test_options_that_are_not_the_usual_ones_are_written() -> None:
    text = 'join(votes.points, separator = "; ")'
    assert unparse(resolved(text)) == text
    assert unparse(resolved("trimmed_mean(votes.points, low = 1, high = 2)")) == (
        "trimmed_mean(votes.points, high = 2)"
    )
    assert dict(resolved("trimmed_mean(votes.points)").options)["low"] == Fraction(1)  # type: ignore[attr-defined]
