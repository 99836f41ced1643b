"""What a long command says while it works."""

import io
import sys
import time

import pytest

from rulecore.cli import progress
from rulecore.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def open_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    # No fixture: pytest puts its own stream in place once more between a fixture and its test.
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    return stream


def appears(text: str, terminal: Terminal) -> bool:
    deadline = time.monotonic() + 10
    while text not in terminal.getvalue() and time.monotonic() < deadline:
        time.sleep(0.02)
    return text in terminal.getvalue()


def test_long_work_says_its_stage_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with Progress() as shown:
        for stage in ("reading", "computing"):
            shown.stage(stage)
            assert appears(stage, terminal)


def test_quick_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with Progress() as shown:
        shown.stage("reading")
    time.sleep(0.1)
    assert terminal.getvalue() == ""


def test_nothing_is_said_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with Progress(enabled=False) as shown:
        shown.stage("reading")
        time.sleep(0.2)
    assert terminal.getvalue() == ""


def test_nothing_is_said_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    monkeypatch.setattr(terminal, "isatty", lambda: False)
    with Progress() as shown:
        shown.stage("reading")
        time.sleep(0.2)
    assert terminal.getvalue() == ""
