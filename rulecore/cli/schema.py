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
        "cases, or of the documents that explain, reach, diff, sweep and robustness write.\n\n"
        "Editors complete and check policies with it: see docs/editors.md. Descriptions are in the language "
        "of messages."
    ),
)
@option(
    "--of",
    "kind",
    type=click.Choice(["policy", "cases", "ledger", "explanation", "reach", "diff", "sweep", "robustness"]),
    default="policy",
    show_default=True,
    help=N_(
        "Which format: that of policies, of cases.toml, of the ledgers or explanations that explain writes, or of "
        "what reach, diff, sweep or robustness write."
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
def schema(invocation: Invocation, kind: str, output: Path | None) -> None:
    """Write the schema."""
    from rulecore import schema as schemas
    from rulecore.output import write_bytes_atomically
    from rulecore.testing.cases import _Sections as CasesFile

    written = {
        "ledger": schemas.ledger_schema,
        "explanation": schemas.explanation_schema,
        "reach": schemas.reach_schema,
        "diff": schemas.difference_schema,
        "sweep": schemas.sweep_schema,
        "robustness": schemas.robustness_schema,
    }
    if kind == "cases":
        found = schemas.cases_schema(CasesFile)
    elif kind in written:
        found = written[kind]()
    else:
        scorers = [scorer.value for scorer in invocation.registry().scorers.values()]
        found = schemas.policy_schema(scorers)
    text = schemas.schema_text(found)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_bytes_atomically(output, text.encode())


COMMAND = schema
