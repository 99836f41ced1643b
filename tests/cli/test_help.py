"""Every command's help: on its page, in full sentences, in Chinese too."""

from __future__ import annotations

import click
import pytest

from rulecore.cli.group import program
from rulecore.cli.main import run
from rulecore.cli.table import TABLE
from tests.tools.cli_page import PAGE, page


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def command(name: str) -> click.Command:
    found = program.get_command(click.Context(program), name)
    assert found is not None
    return found


def test_the_page_of_the_commands_is_current() -> None:
    # uv run python tests/tools/cli_page.py writes it anew.
    assert page() == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLE)
def test_help_begins_with_a_full_sentence(name: str) -> None:
    first = (command(name).help or "").partition("\n\n")[0]
    assert first[0].isupper()
    assert first.endswith(".")


@pytest.mark.parametrize("name", TABLE)
def test_every_option_says_what_it_does(name: str) -> None:
    options = [one for one in command(name).params if isinstance(one, click.Option)]
    assert [one.name for one in options if not (one.help or "").endswith(".")] == []


@pytest.mark.parametrize("name", TABLE)
def test_help_of_every_command_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: rulecore {name} [OPTIONS]")
