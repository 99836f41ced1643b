"""``rulecore schema``: the policy format as a JSON Schema, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from rulecore.cli.frame import Invocation, command, option, plugins_dir_option
from rulecore.language import N_


@command(
    "schema",
    help=N_(
        "Write the JSON Schema of policies, with the parameters of every scorer that is loaded.\n\n"
        "Editors complete and check policies with it: see docs/editors.md. Descriptions are in the language "
        "of messages."
    ),
)
@option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write it to this file; left out: to standard output."),
)
@plugins_dir_option
@click.pass_obj
def schema(invocation: Invocation, output: Path | None) -> None:
    """Write the schema."""
    from rulecore.output import write_bytes_atomically
    from rulecore.schema import schema_text

    registry = invocation.registry()
    text = schema_text(found.value for found in registry.scorers.values())
    if output is None:
        click.echo(text, nl=False)
    else:
        write_bytes_atomically(output, text.encode())


COMMAND = schema
