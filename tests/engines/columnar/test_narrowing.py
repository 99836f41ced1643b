from fractions import Fraction

import pytest

from rulecore.engines.columnar.narrowing import signs
from rulecore.expr import nodes
from rulecore.expr.parser import parse_expression
from rulecore.expr.transform import transform
from rulecore.expr.types import NumberType

NAMES = {
    "x": NumberType(scale=2, low=Fraction(0), high=Fraction(120)),
    "y": NumberType(scale=2, low=Fraction(-5), high=Fraction(5)),
}


def conditional(text):
    def named(node):
        return nodes.FieldRef(node.name) if isinstance(node, nodes.Name) else node

    return transform(parse_expression(text), named)


@pytest.mark.parametrize(("text", "at_least", "at_most"), [
    ("if x < 60 then 0 else if x <= 100 then x - 60 else x - 100", True, False),
    ("if x <= 60 then x - 60 else 0", False, True),
    ("if 60 > x then 0 else x - 60", True, False),
    ("if not x >= 60 then 0 else x - 60", True, False),
    ("if x < 60 or y < 0 then 0 else (x - 60) * y", True, False),
    ("if x >= 60 and y >= 0 then (x - 60) * y else 0", True, False),
    ("if x >= 60 and y >= 0 then 0 else (x - 60) * y", False, False),
    ("if x == 60 then x - 60 else 1", True, False),
    ("if x != 60 then 1 else x - 60", True, False),
    ("if x < 60 then x - 60 else x", False, False),
    ("if x > y then 0 else x - y", False, False),
    ("if x < 60 then 0 else not_applicable", True, True),
    ("if x > 200 then 0 - 1 else 1", False, False),
])  # fmt: skip
def test_conditions_tell_the_sign_of_what_they_choose(text, at_least, at_most):
    assert signs(NAMES, conditional(text)) == (at_least, at_most)
