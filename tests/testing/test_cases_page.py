"""The cases on the documentation's page run, and pass, on the policies they are about."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from attrs import fields

from rulecore.plugins import load_plugins
from rulecore.testing.bind import load_suite
from rulecore.testing.cases import Case, Override
from rulecore.testing.run import run_suite
from rulecore.testing.trials import run_overrides
from tests.testing.conftest import write_family

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"<!-- tested: (\w+) -->\n```toml\n(.*?)```", PAGE, re.DOTALL)


def test_every_toml_snippet_of_the_page_is_tested() -> None:
    assert PAGE.count("```toml") == len(SNIPPETS) > 0


@pytest.mark.parametrize(("policy", "snippet"), SNIPPETS)
def test_a_snippet_of_the_page_passes(policy: str, snippet: str, tmp_path: Path) -> None:
    if policy == "families":
        write_family(tmp_path / policy)
    else:
        shutil.copytree(ROOT / "policies" / policy, tmp_path / policy)
    file = tmp_path / policy / "cases.toml"
    file.write_text(snippet, encoding="utf-8")
    suite = load_suite(file, load_plugins(entry_points=False))
    assert [result.differences for result in run_suite(suite)] == [()] * snippet.count("[[cases]]")
    overrides = run_overrides(suite.overrides, suite.document, suite.policies.registry)
    assert [result.problems for result in overrides] == [()] * snippet.count("[[overrides]]")


@pytest.mark.parametrize("key", [one.name for one in (*fields(Case), *fields(Override))])
def test_every_key_of_a_case_is_on_the_page(key: str) -> None:
    assert f"`{key}`" in PAGE or f"`{key} = true`" in PAGE
