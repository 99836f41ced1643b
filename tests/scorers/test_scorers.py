"""What holds for every built-in scorer: its page, its docstring's example, its descriptions."""

import ast
import inspect
import re
import textwrap
from pathlib import Path

import attrs
import pytest
import tomli

from rulecore.codes import scorers as scorer_codes
from rulecore.contracts import Scorer
from rulecore.errors import Code
from rulecore.policy.sections import RULE_KEYS
from rulecore.scorers import SCORERS
from tests.scorers.policies import codes

DOCS = Path(__file__).parents[2] / "docs"
CODES = [code for code in vars(scorer_codes).values() if isinstance(code, Code)]


def keys(cls):
    return {attribute.name.rstrip("_") for attribute in attrs.fields(cls)}


def rules_in(text: str) -> list[str]:
    """Return the settings of each rule in a TOML text, as TOML again."""
    blocks = re.split(r"(?m)^\[rules\.[^\]]+\]$", textwrap.dedent(text))
    return [block for block in blocks[1:] if block.strip()]


def example(cls: type[Scorer]) -> str:
    return textwrap.dedent(inspect.getdoc(cls).split("Example::")[1])


def without_common_keys(rule: str) -> str:
    return "\n".join(
        line for line in rule.splitlines() if line.split(" = ")[0] not in RULE_KEYS or "scorer" in line
    )


def test_names_are_unique():
    assert len({cls.name for cls in SCORERS}) == len(SCORERS)


@pytest.mark.parametrize("cls", SCORERS, ids=lambda cls: cls.name)
def test_no_parameter_hides_a_key_that_every_rule_has(cls):
    assert keys(cls).isdisjoint(RULE_KEYS)


@pytest.mark.parametrize("cls", SCORERS, ids=lambda cls: cls.name)
def test_every_parameter_has_a_description(cls):
    assert all(attribute.metadata["description"].endswith(".") for attribute in attrs.fields(cls))


@pytest.mark.parametrize("cls", SCORERS, ids=lambda cls: cls.name)
def test_the_example_of_the_docstring_is_a_rule(cls):
    (rule,) = rules_in(example(cls))
    assert tomli.loads(rule)["scorer"] == cls.name
    assert codes(without_common_keys(rule), bonus_cap=3) == []


@pytest.mark.parametrize("cls", SCORERS, ids=lambda cls: cls.name)
def test_the_page_lists_every_parameter_and_its_examples_are_rules(cls):
    page = (DOCS / "scorers" / f"{cls.name}.md").read_text(encoding="utf-8")
    assert all(f"`{key}`" in page for key in keys(cls))
    examples = [rule for block in re.findall(r"```toml\n(.*?)```", page, re.S) for rule in rules_in(block)]
    own = [rule for rule in examples if tomli.loads(rule)["scorer"] == cls.name]
    assert own
    for rule in examples:
        assert codes(without_common_keys(rule), bonus_cap=3) == []


def test_every_page_is_in_the_index():
    index = (DOCS / "scorers" / "README.md").read_text(encoding="utf-8")
    assert all(f"({cls.name}.md)" in index for cls in SCORERS)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_has_its_page(code):
    page = (DOCS / "errors" / f"{code.id}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code.id}: ")


def test_the_smallest_scorer_fits_in_thirty_lines():
    path = Path(inspect.getfile(SCORERS[0]))
    assert len(path.read_text(encoding="utf-8").splitlines()) < 30
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
