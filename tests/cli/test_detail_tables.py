"""What check and show say of a policy with a detail table, word for word. RULECORE_UPDATE_GOLDEN=1 writes it anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.cli.main import run
from rulecore.findings import find
from rulecore.plugins import load_plugins

GOLDEN = Path(__file__).parent / "golden"
POLICIES = Path(__file__).parents[1] / "explain" / "policies"


def agreed(name: str, written: str) -> str:
    """Return the agreed text of that name, after writing it anew if that is asked for."""
    file = GOLDEN / name
    if os.environ.get("RULECORE_UPDATE_GOLDEN") == "1":
        file.write_text(written, encoding="utf-8", newline="\n")
    return file.read_text(encoding="utf-8")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(POLICIES)
    monkeypatch.setenv("RULECORE_LANG", request.param)
    return str(request.param)


def test_a_policy_with_a_detail_table_is_shown_as_agreed(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["show", "milestones.toml"]) == 0
    page = re.sub(r"rulecore \d[\w.+-]*", "rulecore 0.0.0", capsys.readouterr().out)
    assert page == agreed(f"milestones.show.{language}.txt", page)


def test_what_the_checks_find_in_a_detail_table_is_as_agreed(language: str) -> None:
    registry = load_plugins(entry_points=False)
    faults = find([load_policy("milestones.toml", registry=registry).plan], registry)
    report = "\n\n".join(fault.render() for fault in faults) + "\n"
    assert report == agreed(f"milestones.check.{language}.txt", report)
