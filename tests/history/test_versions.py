"""A policy in several versions: each looks back at what the version before gave, in one run or from its results."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from tests.history.policies import policy_text, records


def versions(folder: Path, *names: str) -> rulecore.api.PolicySet:
    texts = {
        "b2023": ("1", "2023-01-01", "2023-12-31", '"Ⅰ"'),
        "a2024": (
            "2",
            "2024-01-01",
            "2024-12-31",
            'if score > 50 then "Ⅰ" else coalesce(previous(level), "无")',
        ),
    }
    for name in names:
        version, start, end, value = texts[name]
        text = policy_text({"level": value.strip()}).replace(
            'version = "1"', f'version = "{version}"\neffective = {{ from = {start}, until = {end} }}'
        )
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return rulecore.load_policies(folder)


ROWS = records(("甲", "2023", 1), ("甲", "2024", 2), ("乙", "2024", 3))


@pytest.mark.parametrize("engine", ["columnar", "exact"])
def test_in_one_run_a_version_reads_what_the_one_before_gave(tmp_path: Path, engine: str) -> None:
    found = versions(tmp_path, "b2023").evaluate(ROWS[:1])
    assert found.text_table["level"].to_list() == ["Ⅰ"]
    results = versions(tmp_path, "a2024").evaluate(ROWS, history=(), engine=engine)
    assert results.text_table["level"].to_list() == ["Ⅰ", "Ⅰ", "无"]


def test_results_of_several_versions_are_one_history(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    both = versions(tmp_path / "set", "b2023", "a2024").evaluate(ROWS, history=())
    value = 'if score > 50 then "Ⅰ" else coalesce(previous(level), "无")'
    text = policy_text({"level": value})
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    now = rulecore.load_policy(tmp_path / "policy.toml").evaluate(
        records(("甲", "2025", 1), ("乙", "2025", 1), ("丙", "2025", 1)), history=both
    )
    assert now.text_table["level"].to_list() == ["Ⅰ", "无", "无"]
