from __future__ import annotations

import re
from pathlib import Path

import pytest

from rulecore.codes import expressions as codes
from rulecore.errors import Code
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import FieldRef, ListLiteral, Literal
from rulecore.expr.parser import parse_expression
from rulecore.functions import FUNCTIONS
from rulecore.plan.resolve import Scope, resolve

PAGES = Path(__file__).parents[2] / "docs" / "errors"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]
SCOPE = Scope(
    names={
        "score": FieldRef("score"),
        "unit": FieldRef("unit"),
        "grades": ListLiteral((Literal("A"),), name="grades"),
    },
    functions={function.name: function for function in FUNCTIONS},
)


def test_codes_are_numbered_from_301_without_a_double() -> None:
    numbers = [code.id for code in CODES]
    assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"RC3\d\d", number) for number in numbers)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_has_a_page_whose_example_gives_it(code: Code) -> None:
    page = (PAGES / f"{code.id}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code.id}: ")
    assert "## What to do" in page
    examples = re.findall(r"^```\n(.*?)\n```$", page, flags=re.MULTILINE)
    if not examples:
        assert code in (codes.TOO_LONG, codes.FUNCTION_FAILED)
        return
    wrong, right = examples
    with pytest.raises(ExpressionError) as caught:
        resolve(parse_expression(wrong), SCOPE)
    assert [problem.code for problem in caught.value.problems] == [code]
    resolve(parse_expression(right), SCOPE)
