"""The program's frame: help, exit codes, languages, and errors that are words and not tracebacks."""

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rulecore.cli.group import program
from rulecore.cli.main import run
from rulecore.cli.table import TABLE
from rulecore.errors import InternalError


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set through monkeypatch so that what the program changes is put back after each test.
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def get_command(ctx: click.Context, cmd_name: str) -> click.Command:
        raise error

    monkeypatch.setattr(program, "get_command", get_command)


def test_help_lists_every_built_in_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in TABLE)


def test_help_lists_the_commands_of_plugins(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "  origins " in capsys.readouterr().out


def test_help_works_while_a_plugin_is_broken_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.py").write_text("rulecore_commands = 1 / 0", encoding="utf-8")
    assert run(["--plugins-dir", str(tmp_path), "--help"]) == 0
    shown = capsys.readouterr().out
    assert "  scorers " in shown
    assert "A plugin is broken" in shown


def test_help_imports_no_plugin_that_gives_no_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "slow.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    assert run(["--plugins-dir", str(tmp_path), "--help"]) == 0
    assert "A plugin is broken" not in capsys.readouterr().out


def test_a_broken_plugin_ends_a_command_with_2_and_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.py").write_text("1 / 0", encoding="utf-8")
    assert run(["--plugins-dir", str(tmp_path), "plugins"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "RC601: plugin broken.py" in captured.err
    assert captured.err.endswith("1 error(s), 0 warning(s)\n")


def test_the_folder_may_be_named_after_the_command_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plugins", "--plugins-dir", str(tmp_path / "none")]) == 2
    assert "RC611" in capsys.readouterr().err


def test_an_unknown_command_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runn"]) == 2
    assert "runn" in capsys.readouterr().err


def test_an_unknown_option_ends_with_2() -> None:
    assert run(["plugins", "--nothing"]) == 2


def test_version_names_the_program_and_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("rulecore 0.")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_ends_with_130(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, error)
    assert run(["plugins"]) == 130


@pytest.mark.parametrize("error", [ZeroDivisionError("1/0"), InternalError("a promise was broken")])
def test_a_bug_ends_with_70_and_names_the_exception_without_a_traceback(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(monkeypatch, error)
    assert run(["plugins"]) == 70
    shown = capsys.readouterr().err
    assert f"{type(error).__name__}: {error}" in shown
    assert "Traceback" not in shown
    assert "RULECORE_DEBUG=1" in shown


def test_the_traceback_of_a_bug_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RULECORE_DEBUG", "1")
    fail_with(monkeypatch, ZeroDivisionError("1/0"))
    assert run(["plugins"]) == 70
    assert "Traceback" in capsys.readouterr().err


def in_shell(command: str) -> subprocess.CompletedProcess[str]:
    program = f"{sys.executable} -c 'from rulecore.cli import main; main()'"
    return subprocess.run(["bash", "-c", f"{program} {command}"], capture_output=True, text=True)


def test_a_reader_that_goes_away_ends_the_program_quietly() -> None:
    done = in_shell("functions --format json | head -c 1")
    assert done.stderr == ""
    assert done.stdout == "["


def test_standard_output_that_is_full_is_an_error_in_one_line() -> None:
    done = in_shell("functions > /dev/full")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


def test_lang_sets_the_language_of_the_process() -> None:
    assert run(["--lang", "zh", "--version"]) == 0
    assert os.environ["RULECORE_LANG"] == "zh"


def test_a_console_that_cannot_show_chinese_gets_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding="latin-1"))
    assert run(["functions"]) == 0
    assert b"?" in content.getvalue()
