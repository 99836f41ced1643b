"""Every shipped policy's cases pass on both engines, reach everything, and notice what a case can notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.testing.bind import load_suite
from rulecore.testing.coverage import measure
from rulecore.testing.files import find_cases
from rulecore.testing.mutate import mutate
from rulecore.testing.report import case_lines
from rulecore.testing.run import run_suite
from rulecore.testing.words import item_words

POLICIES = Path(__file__).parents[1] / "policies"
FILES, _WITHOUT = find_cases([POLICIES])
FULLY_NOTICED = ("double_hundred", "party_branch_star", "milestone", "chief_goals")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


def name(file: Path) -> str:
    return file.parent.relative_to(POLICIES).as_posix()


@pytest.mark.parametrize("file", FILES, ids=name)
def test_the_cases_pass_on_both_engines_and_reach_everything(file: Path, registry: Registry) -> None:
    suite = load_suite(file, registry)
    results = run_suite(suite)
    failed = [line for result in results if not result.passed for line in case_lines(result, suite)]
    assert failed == []
    coverage = measure(suite, [scope for result in results for scope in result.scopes])
    assert [item_words(item, suite.policies.plans[item.number]) for item in coverage.unreached] == []


@pytest.mark.parametrize("folder", FULLY_NOTICED)
def test_every_change_to_the_policy_is_noticed(folder: str, registry: Registry) -> None:
    suite = load_suite(POLICIES / folder / "cases.toml", registry)
    (mutation,) = mutate(suite, run_suite(suite))
    assert mutation.survivors == ()
    assert mutation.tried == mutation.found > 50


def test_every_folder_with_policies_has_cases() -> None:
    folders = {path.relative_to(POLICIES).parts[0] for path in POLICIES.rglob("*.toml")}
    assert folders == {file.relative_to(POLICIES).parts[0] for file in FILES}
