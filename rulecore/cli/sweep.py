"""``rulecore sweep``: the outcome of records against a parameter of their policy."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from rulecore.cli.compared import check_output, experiment_of, json_text, output_option, write_output
from rulecore.cli.frame import (
    Invocation,
    command,
    format_option,
    option,
    plugins_dir_option,
    records_options,
)
from rulecore.cli.given import RecordsGiven
from rulecore.language import N_, current_language


@command(
    "sweep",
    help=N_(
        "Compute records again and again with other values of a parameter of the policy or policy set POLICY, and show "
        "the outcome against it: means, counts of grades, who changes.\n\n"
        "Values that guardrails forbid are computed all the same and marked. Several parameters make a grid."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@option(
    "--parameter",
    "parameters",
    multiple=True,
    required=True,
    metavar="NAME=VALUES",
    help=N_("A parameter and its values: bonus_cap=0..6:1 (both ends included) or bonus_cap=3,5."),
)
@option(
    "--show",
    multiple=True,
    metavar="RULE",
    help=N_("A rule to look at; may be repeated. The output columns if left out."),
)
@records_options
@output_option
@plugins_dir_option
@format_option
@click.pass_obj
def sweep(
    invocation: Invocation,
    *,
    policy: Path,
    parameters: tuple[str, ...],
    show: tuple[str, ...],
    output: str,
    output_format: str,
    **given: Unpack[RecordsGiven],
) -> int:
    """Write the outcomes to standard output and return the exit code."""
    from rulecore.compare.sweep import parameter_values
    from rulecore.compare.sweep import sweep as swept
    from rulecore.compare.sweep_shown import sweep_document, sweep_tables, sweep_text

    registry = invocation.registry()
    check_output(registry, output, [str(policy), *given["records"]])
    wanted = dict(parameter_values(text) for text in parameters)
    found = swept(experiment_of(registry, policy, given), wanted, show)
    language = current_language()
    values = sweep_document(found, language)
    write_output(registry, output, values, lambda: sweep_tables(found, language))
    click.echo(json_text(values) if output_format == "json" else sweep_text(found, language))
    return 0


COMMAND = sweep
