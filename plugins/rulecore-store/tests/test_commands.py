"""``rulecore run --store`` and ``rulecore history``, as a person uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rulecore_store.codes
from rulecore_store.store import open_store

import rulecore
from rulecore.cli.main import run as program
from rulecore.errors import Code, UsageError
from rulecore.language import translate

POLICY = """
[policy]
name = "unit-appraisal"
title = "单位年度考核"
version = "2024.1"
[record]
entity = "unit"
period = "year"
[fields.unit]
column = "单位"
type = "text"
[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100
[fields.score]
column = "得分"
type = "decimal"
decimals = 1
min = 0
max = 100
[rules.change]
label = "比上年"
scorer = "formula"
value = "score - previous(score)"
[output]
columns = ["unit", "year", "score", "change"]
"""

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a policy and the records of two years; it is the current one."""
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "2023.csv").write_text("单位,年度,得分\n甲,2023,91\n乙,2023,55\n", encoding="utf-8")
    (tmp_path / "2024.csv").write_text("单位,年度,得分\n甲,2024,88.5\n乙,2024,56\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("RULECORE_STORE", "results.db")
    monkeypatch.setenv("RULECORE_WHO", "张三")
    return tmp_path


@pytest.fixture
def say(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return what runs the program: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = program(arguments)
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        return code, found.out, found.err

    return run


def run_of(say: Say, year: int, *more: str) -> tuple[int, str, str]:
    return say("run", "policy.toml", "--records", f"{year}.csv", "--output", f"r{year}.csv", "--quiet", *more)


def sealed(say: Say, number: int, *more: str) -> tuple[int, str, str]:
    for step in ("review", "publish"):
        assert say("history", step, str(number))[0] == 0
    return say("history", "seal", str(number), *more)


def test_a_run_is_kept_as_a_draft_with_everything_it_was_made_of(say: Say, folder: Path) -> None:
    code, _out, err = say("run", "policy.toml", "--records", "2023.csv", "--output", "r2023.csv")
    assert code == 0
    assert "stored in results.db: run 1, draft" in err
    with open_store("results.db") as store:
        archive = store.archive(1)
        assert store.runs()[0].events[0].who == "张三"
    kept = {content.name: content.data for content in archive.contents}
    for name in ("r2023.csv", "r2023.manifest.json"):
        assert kept[f"results/{name}"] == (folder / name).read_bytes()
    assert kept["records/1/2023.csv"] == (folder / "2023.csv").read_bytes()


def test_the_same_run_again_is_not_kept_again(say: Say) -> None:
    run_of(say, 2023)
    assert (
        "not stored again: run 1"
        in say("run", "policy.toml", "--records", "2023.csv", "--output", "r2023.csv")[2]
    )
    assert len(json.loads(say("history", "list", "--format", "json")[1])) == 1


def test_nothing_is_computed_for_nobody(say: Say, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RULECORE_WHO")
    code, _out, err = run_of(say, 2023)
    assert (code, "RC628" in err) == (2, True)
    assert sorted(path.name for path in folder.iterdir()) == ["2023.csv", "2024.csv", "policy.toml"]


def test_a_run_that_cannot_be_kept_writes_nothing(say: Say, folder: Path) -> None:
    (folder / "results.db").write_text("no database\n" * 1000)
    code, _out, err = run_of(say, 2023)
    assert (code, "ST002" in err) == (2, True)
    assert not (folder / "r2023.csv").exists()


def test_a_run_whose_keeping_fails_at_the_last_moment_writes_nothing(
    say: Say, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "r2023.csv").write_text("old")
    assert run_of(say, 2023, "--why", "x" * 3000)[0] == 2
    assert (folder / "r2023.csv").read_text() == "old"
    assert json.loads(say("history", "list", "--format", "json")[1]) == []


def test_a_run_without_a_store_keeps_nothing(say: Say, folder: Path) -> None:
    assert run_of(say, 2023, "--store", "")[0] == 0
    assert not (folder / "results.db").exists()


def test_a_run_to_standard_output_is_kept_too(say: Say) -> None:
    assert say("run", "policy.toml", "--records", "2023.csv", "--output", "-", "--quiet")[0] == 0
    with open_store("results.db") as store:
        names = [content.name for content in store.archive(1).of("output", "manifest")]
    assert names == ["results/results.csv", "results/results.manifest.json", "summary.json"]


def test_ledgers_are_kept_when_asked_for(say: Say) -> None:
    assert run_of(say, 2023, "--ledgers")[0] == 0
    with open_store("results.db") as store:
        kept = store.archive(1).of("explanation")
    assert [content.name for content in kept] == ["explanations/ledgers.zh.jsonl"]
    assert kept[0].data.count(b"\n") == 2


def test_a_store_that_nobody_keeps_is_refused(say: Say) -> None:
    code, _out, err = run_of(say, 2023, "--store", "mysql://me:geheim@host/x")
    assert (code, "RC627" in err, "geheim" in err) == (2, True, False)


def test_a_later_run_reads_what_is_sealed_and_only_that(say: Say, folder: Path) -> None:
    run_of(say, 2023)
    _code, _out, err = say(
        *("run", "policy.toml", "--records", "2024.csv", "--output", "r2024.csv", "--history", "results.db"),
        *("--store", ""),
    )
    assert "RC629" in err
    assert "甲,2024,单位年度考核,2024.1,88.5,,已计分" in (folder / "r2024.csv").read_text("utf-8")
    assert sealed(say, 1)[0] == 0
    assert run_of(say, 2024, "--history", "results.db")[0] == 0
    assert "甲,2024,单位年度考核,2024.1,88.5,-2.5,已计分" in (folder / "r2024.csv").read_text("utf-8")
    manifest = json.loads((folder / "r2024.manifest.json").read_bytes())
    assert manifest["inputs"][1]["file"] == "results.db#1/r2023.csv"


def test_results_in_python_read_a_store_too(say: Say) -> None:
    run_of(say, 2023)
    sealed(say, 1)
    policy = rulecore.load_policy("policy.toml")
    for history in ("results.db", ["results.db"], Path("results.db")):
        found = policy.evaluate("2024.csv", history=history)
        assert found.text_table["比上年"].to_list() == ["-2.5", "1.0"]
    with open_store("results.db") as store:
        assert policy.evaluate("2024.csv", history=store).text_table["比上年"].to_list() == ["-2.5", "1.0"]


def test_a_kept_run_with_history_can_be_verified_on_a_machine_without_the_store(
    say: Say, folder: Path
) -> None:
    run_of(say, 2023)
    sealed(say, 1)
    run_of(say, 2024, "--history", "results.db")
    assert say("history", "export", "2", "--output", "run2.zip")[0] == 0
    (folder / "results.db").unlink()
    code, out, _err = say("verify", "run2.zip")
    assert code == 0, out


def test_the_whole_way_of_a_run_on_either_database_without_a_password_anywhere(
    say: Say, folder: Path, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server asks nobody for a password by its socket, so any one will do, and must not be seen.
    named = location.replace("postgres@", "postgres:geheim@") if "://" in location else location
    monkeypatch.setenv("RULECORE_STORE", named)
    heard = [run_of(say, 2023)[2]]
    heard += sealed(say, 1)[1:]
    heard += say("run", "policy.toml", "--records", "2024.csv", "--output", "r2024.csv", "--history", named)[
        1:
    ]
    assert "甲,2024,单位年度考核,2024.1,88.5,-2.5,已计分" in (folder / "r2024.csv").read_text("utf-8")
    heard += say("history", "list")[1:]
    code, *said = say("history", "export", "2", "--output", "run2.zip")
    assert (code, say("verify", "run2.zip")[0], say("history", "check")[0]) == (0, 0, 0)
    written = [path.read_bytes() for path in folder.iterdir() if path.suffix != ".db"]
    assert not any(b"geheim" in data for data in written)
    assert "geheim" not in "".join([*heard, *said])


def test_a_period_is_sealed_once_unless_the_later_run_takes_its_place(say: Say, folder: Path) -> None:
    run_of(say, 2023)
    sealed(say, 1)
    (folder / "2023.csv").write_text("单位,年度,得分\n甲,2023,90\n丙,2023,55\n", encoding="utf-8")
    run_of(say, 2023)
    code, _out, err = sealed(say, 2)
    assert (code, "ST024" in err, "甲 2023" in err) == (2, True, True)
    assert say("history", "seal", "2", "--supersedes", "1", "--why", "更正")[0] == 0
    assert say("history", "list")[1].splitlines()[1].split()[:2] == ["1", "superseded"]
    run_of(say, 2024, "--history", "results.db")
    assert "甲,2024,单位年度考核,2024.1,88.5,-1.5,已计分" in (folder / "r2024.csv").read_text("utf-8")


def test_other_records_of_the_same_period_are_sealed_beside_each_other(say: Say, folder: Path) -> None:
    run_of(say, 2023)
    sealed(say, 1)
    (folder / "2023.csv").write_text("单位,年度,得分\n丙,2023,70\n", encoding="utf-8")
    run_of(say, 2023)
    assert sealed(say, 2)[0] == 0
    assert say("history", "list", "--state", "sealed")[1].count("sealed") == 2


def test_steps_are_taken_in_order_and_named(say: Say) -> None:
    run_of(say, 2023)
    code, _out, err = say("history", "seal", "1")
    assert (code, "ST021" in err) == (2, True)
    code, out, _err = say(
        *("history", "review", "1", "--who", "李四", "--when", "2024-12-31T16:00:00+08:00", "--why", "复核")
    )
    assert (code, "run 1 of results.db is reviewed now" in out) == (0, True)
    shown = json.loads(say("history", "show", "1", "--format", "json")[1])
    event = shown["events"][1]
    assert (event["who"], event["when"], event["why"]) == ("李四", "2024-12-31T08:00:00Z", "复核")
    assert {item["role"] for item in shown["contents"]} >= {"policy", "records", "output", "manifest"}
    assert "李四" in say("history", "show", "1")[1]


def test_two_kept_runs_are_compared(say: Say, folder: Path) -> None:
    run_of(say, 2023)
    (folder / "2023.csv").write_text("单位,年度,得分\n甲,2023,90\n乙,2023,55\n", encoding="utf-8")
    run_of(say, 2023)
    code, out, _err = say("history", "diff", "1", "2", "--output", "moved.csv")
    assert (code, "甲" in out) == (1, True)
    assert (folder / "moved.csv").exists()
    assert say("history", "diff", "1", "1")[0] == 0
    assert json.loads(say("history", "diff", "1", "2", "--format", "json")[1])


def test_results_go_to_a_new_folder_with_their_account(say: Say, folder: Path) -> None:
    run_of(say, 2023)
    assert say("history", "export", "1", "--output", "out")[0] == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "account.json",
        "r2023.csv",
        "r2023.manifest.json",
    ]
    code, _out, err = say("history", "export", "1", "--output", "out")
    assert (code, "RC" in err) == (2, True)


def test_a_check_is_clean_and_ends_with_the_head(say: Say) -> None:
    run_of(say, 2023)
    sealed(say, 1, "--anchor", "account.json")
    code, out, _err = say("history", "check", "--anchor", "account.json")
    assert code == 0
    found = json.loads(say("history", "check", "--format", "json")[1])
    assert found["faults"] == []
    assert found["head"] in out


def test_a_package_kept_elsewhere_shows_that_its_run_was_taken_out(say: Say, folder: Path) -> None:
    run_of(say, 2023)
    assert say("history", "export", "1", "--output", "run1.zip")[0] == 0
    assert say("history", "check", "--anchor", "run1.zip", "--anchor", "run1.account.json")[0] == 0
    (folder / "results.db").unlink()
    run_of(say, 2024)
    code, out, _err = say("history", "check", "--anchor", "run1.zip")
    assert (code, "ST054" in out) == (2, True)
    (folder / "run1.zip").write_bytes(b"PK")
    assert "RC094" in say("history", "check", "--anchor", "run1.zip")[2]


def test_a_check_names_what_was_changed(say: Say) -> None:
    run_of(say, 2023)
    with open_store("results.db") as store, store.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER rulecore_events_kept")
        connection.exec_driver_sql("UPDATE rulecore_events SET who = '王五'")
    code, out, _err = say("history", "check")
    assert (code, "ST040" in out, "ST051" in out) == (2, True, True)
    found = json.loads(say("history", "check", "--format", "json")[1])
    assert [fault["code"] for fault in found["faults"]] == ["ST040", "ST051"]


def test_a_store_must_be_named(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RULECORE_STORE")
    code, _out, err = say("history", "list")
    assert (code, "ST026" in err) == (2, True)
    assert "ST026" in say("history", "upgrade")[2]


def test_the_commands_speak_chinese(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "zh")
    run_of(say, 2023)
    assert "草稿" in say("history", "list")[1]
    assert "仓库" in say("history", "--help")[1] or "存档" in say("history", "--help")[1]


def codes() -> list[Code]:
    return [value for value in vars(rulecore_store.codes).values() if isinstance(value, Code)]


@pytest.mark.parametrize("code", codes(), ids=lambda code: code.id)
def test_every_fault_has_a_page_and_chinese_words(code: Code) -> None:
    page = Path(rulecore_store.codes.__file__).parent.parent / "errors" / f"{code.id}.md"
    assert page.read_text(encoding="utf-8").startswith(f"# {code.id}: ")
    for message in (code.message, code.hint):
        assert translate(message, "zh") != message


def test_no_two_faults_share_a_code() -> None:
    assert len({code.id for code in codes()}) == len(codes())


def test_a_step_of_nobody_is_refused_in_python(say: Say) -> None:
    run_of(say, 2023)
    with open_store("results.db") as store, pytest.raises(UsageError, match="ST022"):
        store.move(1, "reviewed", who=" ", when="2024-12-31T08:00:00Z")


# While somebody works on rulecore, two programs have two versions of its code: not what these tests are about.
SAME_CODE = "import rulecore.archive.environment as e; e.code_hash = lambda modules: 'the same'\n"
KILLED = """
import os, sys
import rulecore.output
moment, replaced = sys.argv[1], []
real = os.replace

def replace(*paths):
    if moment == "first" or replaced:
        os.kill(os.getpid(), 9)
    replaced.append(paths)
    real(*paths)

rulecore.output.os.replace = replace
from rulecore.cli.main import run
run(sys.argv[2:])
"""


WHOLE = "import sys; from rulecore.cli.main import run; sys.exit(run(sys.argv[1:]))"


@pytest.mark.parametrize("moment", ["first", "second"])
def test_a_run_killed_after_it_was_kept_is_in_the_store_whole_and_once(folder: Path, moment: str) -> None:
    arguments = ["run", "policy.toml", "--records", "2023.csv", "--output", "r2023.csv"]
    killed = subprocess.run(
        [sys.executable, "-c", SAME_CODE + KILLED, moment, *arguments], capture_output=True, text=True
    )
    assert killed.returncode == -9, killed.stderr
    with open_store("results.db") as store:
        assert store.check().faults == ()
        kept = {content.name: content.data for content in store.archive(1).contents}
    again = subprocess.run(
        [sys.executable, "-c", SAME_CODE + WHOLE, *arguments], capture_output=True, text=True
    )
    assert "not stored again: run 1" in again.stderr
    assert (folder / "r2023.csv").read_bytes() == kept["results/r2023.csv"]
    assert (folder / "r2023.manifest.json").read_bytes() == kept["results/r2023.manifest.json"]
