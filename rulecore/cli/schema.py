"""``rulecore schema``: the policy format as a JSON Schema, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from rulecore.cli.frame import Invocation, command, option, plugins_dir_option
from rulecore.language import N_


@command(
    "schema",
    help=N_(
        "Write the JSON Schema of policies, with the parameters of every scorer that is loaded, or that of "
        "cases or of ledgers.\n\n"
        "Editors complete and check policies with it: see docs/editors.md. Descriptions are in the language "
        "of messages."
    ),
)
@option(
    "--of",
    "kind",
    type=click.Choice(["policy", "cases", "ledger"]),
    default="policy",
    show_default=True,
    help=N_("Which format: that of policies, of cases.toml, or of the ledgers that explain writes."),
)
@option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write it to this file; left out: to standard output."),
)
@plugins_dir_option
@click.pass_obj
def schema(invocation: Invocation, kind: str, output: Path | None) -> None:
    """Write the schema."""
    from rulecore.output import write_bytes_atomically
    from rulecore.schema import cases_schema, ledger_schema, policy_schema, schema_text
    from rulecore.testing.cases import _Sections as CasesFile

    if kind == "cases":
        text = schema_text(cases_schema(CasesFile))
    elif kind == "ledger":
        text = schema_text(ledger_schema())
    else:
        scorers = [found.value for found in invocation.registry().scorers.values()]
        text = schema_text(policy_schema(scorers))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_bytes_atomically(output, text.encode())


COMMAND = schema
