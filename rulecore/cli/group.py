"""The group ``rulecore``: its options, and where commands come from.

Built-in commands are named in a table and imported when used. A plugin's commands are looked for only when
the command asked for is no built-in one, and when help or completion lists them: a plugin that is broken then
is passed over with a word, because ``--help`` must always work.
"""

from __future__ import annotations

import copy
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, Option
from rulecore.cli.table import TABLE
from rulecore.cli.words import speak
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.contracts import Command


BROKEN = N_("A plugin is broken, its commands are missing here: see rulecore plugins.")


class Program(click.Group):
    """The commands of rulecore and of its plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands: the built-in ones as in their table, then those of plugins."""
        return [*TABLE, *sorted(self._plugin_commands(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it; None if there is none. Raises PluginError if a plugin is broken."""
        if cmd_name in TABLE:
            found: click.Command = importlib.import_module(TABLE[cmd_name][1]).COMMAND
            return found
        if ctx.resilient_parsing:
            listed = self._plugin_commands(ctx).get(cmd_name)
            return listed.load() if listed is not None else None
        registered = ctx.ensure_object(Invocation).registry().commands.get(cmd_name)
        return registered.value.load() if registered is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from their summaries, without importing the built-in ones."""
        rows = [(name, _(summary)) for name, (summary, _module) in TABLE.items()]
        rows += [(name, _(command.summary)) for name, command in sorted(self._plugin_commands(ctx).items())]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the program's help, translated."""
        shown = copy.copy(self)
        shown.help = _(self.help or "")
        click.Command.format_help_text(shown, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say so where a plugin's commands are missing from the list."""
        if "rulecore.broken" in ctx.meta:
            formatter.write_paragraph()
            formatter.write_text(_(BROKEN))

    def _plugin_commands(self, ctx: click.Context) -> dict[str, Command]:
        if "rulecore.commands" not in ctx.meta:
            from rulecore.cli.listing import list_commands

            found, broken = list_commands(ctx.ensure_object(Invocation).plugins_dir)
            ctx.meta["rulecore.commands"] = {command.name: command for command in found}
            if broken:
                ctx.meta["rulecore.broken"] = True
        commands: dict[str, Command] = ctx.meta["rulecore.commands"]
        return {name: command for name, command in commands.items() if name not in TABLE}


def _plugins_dir(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    context.ensure_object(Invocation).plugins_dir = value


def _language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        speak(value)


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"rulecore {version('rulecore')}")
        context.exit()


program = Program(
    "rulecore",
    help=N_("Apply appraisal policies to records: exact results, every number explained."),
    no_args_is_help=True,
    params=[
        Option(
            ["--plugins-dir"],
            type=click.Path(path_type=Path),
            expose_value=False,
            is_eager=True,
            callback=_plugins_dir,
            help=N_("Load the plugin files (*.py) of this folder too."),
        ),
        Option(
            ["--lang"],
            type=click.Choice(["zh", "en"]),
            expose_value=False,
            is_eager=True,
            callback=_language,
            help=N_("The language of messages."),
        ),
        Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help=N_("Show the version and exit."),
        ),
    ],
)
