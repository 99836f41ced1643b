"""The built-in commands as values, for the hook ``rulecore_commands``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Final

import click

from rulecore.cli.table import TABLE
from rulecore.contracts import Command


def load_from(module: str) -> Callable[[], click.Command]:
    """Return a function that imports a module of ``rulecore.cli`` and returns its command."""

    def load() -> click.Command:
        command: click.Command = importlib.import_module(module).COMMAND
        return command

    return load


COMMANDS: Final = tuple(
    Command(name=name, summary=summary, load=load_from(module)) for name, (summary, module) in TABLE.items()
)
