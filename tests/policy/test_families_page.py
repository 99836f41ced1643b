"""The family of docs/policy-families.md: its files are loaded as they stand, and its report is given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rulecore
from rulecore.errors import PolicyError

PAGE = Path(__file__).parents[2] / "docs" / "policy-families.md"
FILES = re.findall(
    r"^```toml (\S+\.toml)( breach)?\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)
REPORTS = re.findall(r"^```text\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def written(folder: Path, *, breach: bool) -> Path:
    for name, broken, text in FILES:
        if breach or not broken:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder / "annual"


def test_the_family_scores_each_unit_by_its_own_policy(tmp_path: Path) -> None:
    policies = rulecore.load_policies(written(tmp_path, breach=False))
    record = {"党建基本分": "90", "党建加分": "6", "经营得分": "91", "职工满意度": "80"}
    records = [
        {"单位编码": unit, "年度": year, **record}
        for unit, year in (("U01", 2024), ("U04", 2023), ("U04", 2024))
    ]
    results = policies.evaluate(records)
    headers = results.output_headers()
    rows = [dict(zip(headers, row, strict=True)) for row in results.output_rows()]
    assert [(row["党建得分"], row["综合得分"], row["等次"]) for row in rows] == [
        ("95.0", "90.00", "B"),
        ("93.0", "91.80", "A"),
        ("95.0", "92.60", "A"),
    ]


def test_the_breach_is_reported_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.chdir(tmp_path)
    written(tmp_path, breach=True)
    with pytest.raises(PolicyError) as caught:
        rulecore.load_policies("annual")
    assert [f"{caught.value}\n"] == REPORTS
