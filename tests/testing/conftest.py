"""A small policy with cases, made anew for each test that changes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rulecore.plugins import load_plugins
from rulecore.registry import Registry

POLICY = """
[policy]
name = "small"
version = "1"

[record]
entity = "unit"
refuse = [{ when = "done < 0", reason = "不能为负" }]

[fields.unit]
column = "单位"
type = "text"
[fields.done]
column = "完成"
type = "decimal"
decimals = 1
min = -10
max = 200
[fields.target]
column = "目标"
type = "integer"
min = 0
max = 100
missing = "not_applicable"

[rules.ratio]
label = "完成率"
reference = "第一条"
scorer = "formula"
value = "done / target"
decimals = 3

[rules.score]
label = "得分"
scorer = "formula"
value = "min(ratio × 100, 120)"

[rules.band]
label = "档"
scorer = "bands"
of = "score"
bands = [{ at_least = 100, is = "A" }, { at_least = 60, is = "B" }, { is = "C" }]

[output]
columns = ["unit", { of = "score", header = "显示得分", decimals = 0 }, "band"]
"""

CASES = """
[[cases]]
name = "达标"
why = "100 ÷ 100"
records = [{ unit = "甲", done = 100, target = 100 }]
expect = [{ unit = "甲", ratio = 1, score = 100, band = "A" }]
"""


FAMILIES_PAGE = Path(__file__).parents[2] / "docs" / "policy-families.md"


def write_family(folder: Path) -> None:
    """Write the base of the documentation's family, and a policy that extends it, into a folder."""
    text = FAMILIES_PAGE.read_text(encoding="utf-8")
    for name in ("group/annual.toml", "yunling.toml"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        found = re.search(rf"```toml annual/{re.escape(name)}\n(.*?)```", text, re.DOTALL)
        assert found is not None
        file.write_text(found[1], encoding="utf-8")


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_plugins(entry_points=False)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that writes the policy and some cases, and returns the path of the cases."""
    monkeypatch.setenv("RULECORE_LANG", "en")

    def written(cases: str = CASES, policy: str = POLICY) -> Path:
        (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
        file = tmp_path / "cases.toml"
        file.write_text(cases, encoding="utf-8")
        return file

    return written
