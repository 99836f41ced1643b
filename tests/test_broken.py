"""Policies as people get them wrong: each folder of ``tests/broken`` holds one, and the report it must give.

``RULECORE_UPDATE_GOLDEN=1`` writes the reports anew; read the difference before committing it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from rulecore.errors import PolicyError, ordered
from rulecore.findings import find, render
from rulecore.plan.compile import compile_policy
from rulecore.plugins import load_plugins
from rulecore.policy.load import load_policy_document

BROKEN = Path(__file__).parent / "broken"
REGISTRY = load_plugins(entry_points=False)
CHECKED = "check-"
"""What the names of folders begin with whose policies run, but are perhaps not meant so."""
CASES = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir())


def report(path: Path) -> str:
    """Return what a person who uses the policy at ``path`` is told; in the folders ``check-…`` by the checks too."""
    try:
        plan = compile_policy(load_policy_document(path, root=path.parent), REGISTRY)
    except PolicyError as error:
        return f"{error}\n"
    found = ordered(find([plan], REGISTRY)) if path.parent.name.startswith(CHECKED) else ()
    return f"{render(found, 'text')}\n" if found else "nothing is wrong\n"


@pytest.mark.parametrize("case", CASES)
def test_a_broken_policy_gives_the_agreed_report(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    expected = BROKEN / case / "report.txt"
    written = report(BROKEN / case / "policy.toml")
    if os.environ.get("RULECORE_UPDATE_GOLDEN") == "1":
        expected.write_text(written, encoding="utf-8", newline="\n")
    assert expected.read_text(encoding="utf-8") == written


def test_every_broken_policy_is_refused() -> None:
    reports = {case: (BROKEN / case / "report.txt").read_text("utf-8") for case in CASES}
    words = {case: r"(warning|note) RC2" if case.startswith(CHECKED) else "error RC" for case in CASES}
    assert [case for case in CASES if not re.search(words[case], reports[case])] == []
