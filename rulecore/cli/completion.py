"""``rulecore completion``: the script that makes a shell complete rulecore's commands and options."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from rulecore.cli.frame import command
from rulecore.language import N_

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@command(
    "completion",
    help=N_(
        "Print the completion script for a shell.\n\n"
        "For bash, write it where bash reads it: rulecore completion bash > "
        "~/.local/share/bash-completion/completions/rulecore. For zsh, into a file _rulecore on your fpath. "
        "For fish: rulecore completion fish > ~/.config/fish/completions/rulecore.fish."
    ),
)
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Write the script of one shell to standard output."""
    root = context.find_root().command
    script = SHELLS[shell](root, {}, "rulecore", "_RULECORE_COMPLETE")
    # Not script.source(): for bash that would run the installed bash first, to look at its version.
    click.echo(script.source_template % script.source_vars())


COMMAND = completion
