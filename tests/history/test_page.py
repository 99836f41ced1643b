"""The cases on docs/history.md pass for the policy above them on that page."""

from __future__ import annotations

from pathlib import Path

from rulecore.plugins import load_plugins
from rulecore.testing.bind import load_suite
from rulecore.testing.run import run_suite
from tests.test_docs import ROOT, blocks, tables


def test_the_cases_of_the_page_pass(tmp_path: Path) -> None:
    whole: dict[str, str] = {}
    for kind, text in blocks(ROOT / "docs" / "history.md", "toml"):
        if kind == "cases":
            (tmp_path / "cases.toml").write_text(text, encoding="utf-8")
        elif not whole or kind == "fragment":
            whole |= tables(text)
    (tmp_path / "policy.toml").write_text("\n".join(whole.values()), encoding="utf-8")
    (result,) = run_suite(load_suite(tmp_path / "cases.toml", load_plugins()))
    assert result.passed, (result.differences, result.faults)
