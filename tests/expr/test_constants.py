from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Add, Divide, Literal, Negate, ParameterRef
from rulecore.expr.parser import parse_expression


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 8", Fraction(13, 2)),
        ("-(2)", Fraction(-2)),
        ("'A'", "A"),
        ("true", True),
        ("2024-01-31", date(2024, 1, 31)),
        ("1 / 0", None),
        ("a", None),
        ("1 + a", None),
        ("1 + 'A'", None),
        ("true + 1", None),
        ("1 < 2", None),
        ("不适用", None),
    ],
)
def test_the_value_of_a_constant_expression(text: str, value: object) -> None:
    assert constant_value(parse_expression(text)) == value


def test_parameters_are_constant() -> None:
    cap = ParameterRef("cap", Literal(Fraction(3)))
    assert constant_value(Add(cap, Negate(Divide(cap, Literal(Fraction(2)))))) == Fraction(3, 2)
