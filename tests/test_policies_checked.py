"""The checks find nothing in the shipped policies that is not allowed there, with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.api import compile_policies
from rulecore.findings import find, render
from rulecore.plugins import load_plugins
from rulecore.policy.chain import POLICY_FILE

POLICIES = Path(__file__).parents[1] / "policies"
FOLDERS = sorted({file.parent for file in POLICIES.rglob(POLICY_FILE)} | {POLICIES / "annual"})


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(POLICIES).as_posix())
def test_the_checks_find_nothing_that_is_not_allowed(folder: Path) -> None:
    registry = load_plugins()
    found, errors = compile_policies(folder, registry)
    assert render(errors, "text") == ""
    assert render(find(found.plans, registry), "text") == ""
