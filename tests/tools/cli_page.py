"""Writes docs/cli.md, the help of every built-in command: ``uv run python tests/tools/cli_page.py``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rulecore.cli.group import program
from rulecore.cli.table import TABLE

PAGE = Path(__file__).parent.parent.parent / "docs" / "cli.md"
WIDTH = 100
HEAD = """# The commands

What `rulecore COMMAND --help` says, for every built-in command. `rulecore --lang zh COMMAND --help` says it
in Chinese; plugins may add commands. This page is written by `tests/tools/cli_page.py`.

Exit codes: 0 done; 1 done, but there is something to look at (rows quarantined, a case that fails, warnings
where asked for); 2 a wrong policy, plugin, input or argument, and then nothing is written; 70 a bug in
rulecore; 130 interrupted.
"""


def page() -> str:
    """Return the page, in English whatever the language of the environment."""
    before = {name: os.environ.get(name) for name in ("RULECORE_LANG", "LANGUAGE")}
    os.environ.update(RULECORE_LANG="en", LANGUAGE="en")
    try:
        root = click.Context(program, info_name="rulecore", terminal_width=WIDTH, max_content_width=WIDTH)
        # What plugins add depends on what is installed.
        root.meta["rulecore.commands"] = {}
        blocks = [_block("rulecore", program.get_help(root))]
        for name in TABLE:
            command = program.get_command(root, name)
            assert command is not None
            context = click.Context(command, info_name=name, parent=root)
            blocks.append(_block(f"rulecore {name}", command.get_help(context)))
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return "\n".join((HEAD, *blocks))


def _block(name: str, text: str) -> str:
    return f"## `{name}`\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
