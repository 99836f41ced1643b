"""docs/compare.md shows what the commands print, in the folder that it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rulecore.cli.main import run

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n\$ rulecore ([^\n]*)\n(.+?)\n```$", re.MULTILINE | re.DOTALL)
SHOWN = BLOCK.findall((ROOT / "docs" / "compare.md").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the shipped policies, a draft and corrected records, as the page says."""
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    own = ROOT / "policies" / "double_hundred"
    policy = (own / "policy.toml").read_text(encoding="utf-8")
    records = (own / "records.csv").read_text(encoding="utf-8")
    (tmp_path / "draft").mkdir()
    draft = policy.replace("bonus_cap = 3", "bonus_cap = 1")
    corrected = records.replace("中原轻金属研究院,94.0", "中原轻金属研究院,84.0")
    assert draft != policy
    assert corrected != records
    (tmp_path / "draft" / "policy.toml").write_text(draft, encoding="utf-8")
    (tmp_path / "corrected.csv").write_text(corrected, encoding="utf-8")
    return tmp_path


def test_the_page_shows_each_command() -> None:
    assert [command.split()[0] for command, _printed in SHOWN] == ["diff"] * 3 + ["sweep", "robustness"]


@pytest.mark.parametrize(("command", "printed"), SHOWN, ids=[command[:40] for command, _printed in SHOWN])
def test_the_page_shows_what_is_printed(
    command: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command.split()) == (1 if command.startswith("diff") else 0)
    assert capsys.readouterr().out.rstrip("\n") == printed
