"""What the commands are made of: click's pieces with help in the reader's language, and shared options.

Help texts are marked with ``N_`` where a command is declared and translated when they are shown, so that
``--lang`` works whenever it is read.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.registry import Registry

P = ParamSpec("P")
R = TypeVar("R")


class Invocation:
    """What was said to the program as a whole; commands find it as ``click.pass_obj``."""

    # No attrs class: importing attrs would take a fifth of the time of --help.
    def __init__(self, plugins_dir: Path | None = None) -> None:
        self.plugins_dir = plugins_dir

    def registry(self) -> Registry:
        """Return everything that is loaded. Raises PluginError."""
        from rulecore.plugins import load_plugins

        return load_plugins(self.plugins_dir)


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line of help, translated."""
        shown = copy.copy(self)
        shown.help = _(self.help or "")
        return click.Option.get_help_record(shown, ctx)


class Command(click.Command):
    """A command whose help is translated when it is shown."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's help, translated."""
        shown = copy.copy(self)
        shown.help = _(self.help or "")
        click.Command.format_help_text(shown, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, its text translated."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _(HELP_OPTION)
        return option


class Day(click.ParamType):  # type: ignore[type-arg, unused-ignore] # generic in newer click only
    """A calendar day, written 2024-12-31."""

    name = "DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with how to write one."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(_("{value} is no day; write 2024-12-31, for example").format(value=value), param, ctx)


class TableFile(click.ParamType):  # type: ignore[type-arg, unused-ignore] # generic in newer click only
    """A detail table and the file with its rows, written ``votes=votes.csv``."""

    name = "NAME=FILE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the name and the file, or fail with how to write them."""
        name, equals, file = str(value).partition("=")
        if not equals or not name or not file:
            self.fail(_("{value} is not NAME=FILE, such as votes=votes.csv").format(value=value), param, ctx)
        return name, file


def table_files(given: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the files of each detail table by its name."""
    found: dict[str, list[str]] = {}
    for name, file in given:
        found.setdefault(name, []).append(file)
    return found


ADJUSTMENTS_OPTION = N_("What a committee decided on top: exemptions, overrides, recusals, ties.")
HELP_OPTION = N_("Show this message and exit.")


def command(name: str, *, help: str) -> Callable[[Callable[..., object]], Command]:  # noqa: A002
    """Make a command of a function; ``help`` is marked with ``N_``."""
    return click.command(name, cls=Command, help=help)


def option(
    *names: str,
    help: str,  # noqa: A002
    **settings: Any,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add an option to a command; ``help`` is marked with ``N_``, ``settings`` are click's."""
    return click.option(*names, cls=Option, help=help, **settings)


def _remember_plugins_dir(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(Invocation).plugins_dir = value


def plugins_dir_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--plugins-dir`` to a command; the folder is then in its :class:`Invocation`."""
    return option(
        "--plugins-dir",
        type=click.Path(path_type=Path),
        expose_value=False,
        is_eager=True,
        callback=_remember_plugins_dir,
        help=N_("Load the plugin files (*.py) of this folder too."),
    )(function)


def format_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--format text|json`` to a command, as its parameter ``output_format``."""
    return option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=N_("How to print: for people or for programs."),
    )(function)


def records_options(function: Callable[P, R]) -> Callable[P, R]:
    """Add what every command that evaluates records takes: which records, how they are read, engine and day.

    They are the parameters ``records``, ``table``, ``history``, ``mapping``, ``results``, ``adjustments``, ``engine``,
    ``sheet``, ``encoding`` and ``as_of``.
    """
    for add in reversed(_RECORDS_OPTIONS):
        function = add(function)
    return function


_RECORDS_OPTIONS = (
    option(
        "--records",
        multiple=True,
        required=True,
        metavar="FILE",
        help=N_("The records; - is standard input."),
    ),
    option(
        "--table",
        multiple=True,
        type=TableFile(),
        metavar="NAME=FILE",
        help=N_("The rows of a detail table that has a file of its own."),
    ),
    option(
        "--history",
        multiple=True,
        metavar="FILE",
        help=N_("The results of earlier periods, with their manifest beside them, or a store of runs."),
    ),
    option(
        "--mapping",
        multiple=True,
        metavar="FILE",
        help=N_("Entities that were renamed or merged: a table with the columns old, new and from."),
    ),
    option(
        "--results",
        multiple=True,
        metavar="FILE",
        help=N_(
            "The results of other policies that fields come from, with their manifest beside them, or a store."
        ),
    ),
    option("--adjustments", multiple=True, metavar="FILE", help=ADJUSTMENTS_OPTION),
    option(
        "--engine",
        default="columnar",
        show_default=True,
        metavar="NAME",
        help=N_("The engine: columnar, exact, or a plugin's such as spark."),
    ),
    option("--sheet", default="", metavar="NAME", help=N_("The sheet to read, for workbooks with several.")),
    option(
        "--encoding",
        default="",
        metavar="NAME",
        help=N_("The encoding of text files; recognised if left out."),
    ),
    option(
        "--as-of",
        type=Day(),
        help=N_("The day that decides which version is in force, for policies without a period."),
    ),
)
