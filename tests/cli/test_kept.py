"""``rulecore run --store``, with the store of the example plugin."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.cli.main import run

POLICY = "tests/history/two_years"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "2024.csv"
    path.write_text("单位,年度,得分\n甲,2024,91\n", encoding="utf-8")
    return path


def run_of(records: Path, *more: str) -> int:
    output = records.with_name("r.csv")
    return run(["run", POLICY, "--records", str(records), "--output", str(output), *more])


def test_a_run_is_kept_by_the_store_of_a_plugin(
    records: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    assert run_of(records, "--store", "memory://here", "--who", "张三") == 0
    assert "stored in memory://here: run 1, draft" in capsys.readouterr().err
    assert records.with_name("r.csv").exists()


def test_a_store_wants_a_name(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_of(records, "--store", "memory://here") == 2
    assert "RC628" in capsys.readouterr().err
    assert not records.with_name("r.csv").exists()


def test_a_store_that_refuses_leaves_the_files_as_they_were(
    records: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rulecore_example.memory import Memory

    from rulecore.codes.stores import NOBODY_NAMED
    from rulecore.errors import Fault, OutputError

    def refuse(*_given: object, **_said: object) -> None:
        raise OutputError([Fault(code=NOBODY_NAMED)])

    monkeypatch.setattr(Memory, "add", refuse)
    records.with_name("r.csv").write_text("old")
    assert run_of(records, "--store", "memory://here", "--who", "张三") == 2
    assert sorted(path.name for path in records.parent.iterdir()) == ["2024.csv", "r.csv"]
    assert records.with_name("r.csv").read_text() == "old"
    assert "RC628" in capsys.readouterr().err


def test_a_location_that_no_plugin_takes_is_refused_before_anything_is_computed(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_of(records, "--store", "nowhere.xyz", "--who", "张三") == 2
    assert "RC627" in capsys.readouterr().err
    assert not records.with_name("r.csv").exists()
