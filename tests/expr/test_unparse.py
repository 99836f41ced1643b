from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.parser import parse_expression
from rulecore.expr.unparse import unparse
from tests.expr.trees import written_trees


@pytest.mark.parametrize(
    "text",
    [
        "a + b * c",
        "(a + b) * c",
        "a - (b - c)",
        "a / b / c",
        "-x * -5",
        "-(5)",
        "not (a and b) or c",
        "a and (b or c)",
        'x not in (1, "A")',
        "x in names",
        "if a then 1 else if b then 2 else 3",
        "if a then 1 else (if b then 2 else 3)",
        "(if a then 1 else 2) + 3",
        "f(a, b = 2, by = [a, b])",
        "「党建 得分」 >= 0.5",
        "2024-01-31 < d",
        '"说""好""" == t',
    ],
)
def test_a_formula_with_no_bracket_too_many_is_written_as_it_was(text: str) -> None:
    assert unparse(parse_expression(text)) == text


def test_brackets_that_change_nothing_are_left_out() -> None:
    assert unparse(parse_expression("((a) + (b * c))")) == "a + b * c"


def test_a_quotient_that_no_decimal_holds_is_written_as_a_quotient() -> None:
    assert unparse(nodes.Literal(Fraction(1, 3))) == "(1 / 3)"


@settings(max_examples=300, deadline=None)
@given(written_trees())
def test_what_is_written_is_read_back_as_an_equal_tree(tree: Node) -> None:
    assert parse_expression(unparse(tree)) == tree
