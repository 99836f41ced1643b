from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import rulecore
from rulecore.contracts import Function, Value
from rulecore.engines.decode import decode
from rulecore.engines.exact import evaluate_node
from rulecore.expr.nodes import CohortCall, Node
from rulecore.expr.parser import parse_expression
from rulecore.functions import FUNCTIONS
from rulecore.numbers import format_number
from rulecore.plan.references import walk
from rulecore.plan.resolve import Scope, resolve

PAGES = Path(__file__).parents[2] / "docs" / "functions"
SCOPE = Scope(
    functions={name: function for function in FUNCTIONS for name in (function.name, *function.aliases)}
)


ALONE = """
[policy]
name = "alone"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[output]
columns = ["unit"]
[rules.value]
scorer = "formula"
"""


def closed(text: str) -> Node:
    return resolve(parse_expression(text), SCOPE)


def shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_number(value) if isinstance(value, Fraction) else str(value)


def value_of(text: str) -> Value:
    node = closed(text)
    if any(isinstance(part, CohortCall) for part in walk(node)):
        return value_among_none(text)
    return evaluate_node(node, {})[0]  # type: ignore[return-value]


def value_among_none(text: str) -> Value:
    """Return the value for one record that has its cohort to itself."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.toml"
        path.write_text(f"{ALONE}value = '{text}'\n", encoding="utf-8")
        part = rulecore.load_policy(path).evaluate([{"unit": "A"}]).parts[0]
    step = part.plan.rule("value")
    assert step is not None
    return decode(part.steps["value"], step.type)[0]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_example_of_every_function_gives_its_result(function: Function) -> None:
    assert shown(value_of(function.example)) == function.result


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_page_of_every_function_shows_its_example_parameters_and_aliases(function: Function) -> None:
    page = (PAGES / f"{function.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {function.name}\n")
    assert f"{function.example}\n" in page
    assert f"→ {function.result}" in page
    for word in (*(parameter.name for parameter in function.parameters), *function.aliases):
        assert f"`{word}`" in page


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_example_on_a_page_gives_the_result_beside_it(function: Function) -> None:
    page = (PAGES / f"{function.name}.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```\n(.+)\n→ (.+)\n```$", page, flags=re.MULTILINE)
    assert examples
    for text, result in examples:
        value = value_of(text)
        assert ("not applicable" if value is None else shown(value)) == result


def test_the_index_names_every_function() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for function in FUNCTIONS:
        assert f"[{function.name}]({function.name}.md)" in index


def test_no_two_functions_share_a_name() -> None:
    names = [name for function in FUNCTIONS for name in (function.name, *function.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clip(1, 2, 3)", "min(max(1, 2), 3)"),
        ("sqrt(2)", "power(2, 0.5)"),
        ("限定(1, 2, 3)", "clip(1, 2, 3)"),
        ("四舍五入(1.5)", 'round(1.5, 0, "half_up")'),
        ("round(1.5, 1)", "round_to(1.5, 0.1)"),
        ("round_half_even(1.5)", 'round(1.5, rounding = "half_even")'),
        ("is_not_applicable(1)", "not is_applicable(1)"),
        ("trimmed_mean(1, 2, 3)", "trimmed_mean(1, 2, 3, low = 1, high = 1)"),
    ],
)
def test_two_calls_that_mean_the_same_are_equal_trees(one: str, other: str) -> None:
    assert closed(one) == closed(other)
