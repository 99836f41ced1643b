"""``rulecore robustness``: how far results hold when weights, thresholds and parameters are varied."""

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
    "robustness",
    help=N_(
        "Vary weights, thresholds and parameters of the policy or policy set POLICY at random, compute the records for "
        "each draw, and show how far the results hold: rank intervals, grades that stay, which number matters most, "
        "and records within one rounding unit of a boundary.\n\n"
        "The same seed gives the same output, byte for byte."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@option(
    "--vary",
    multiple=True,
    required=True,
    metavar="WHAT=AMOUNT",
    help=N_(
        "What varies by how much to either side: weights=10%, thresholds=1, bonus_cap=0.5; may be repeated."
    ),
)
@option(
    "--runs",
    type=click.IntRange(min=2),
    default=200,
    show_default=True,
    metavar="NUMBER",
    help=N_("How many draws; sensitivities take half as many evaluations more for each varied number."),
)
@option("--seed", type=int, default=1, show_default=True, metavar="NUMBER", help=N_("The seed of the draws."))
@option(
    "--sensitivity/--no-sensitivity",
    default=True,
    show_default=True,
    help=N_("Estimate which varied number matters how much."),
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
def robustness(
    invocation: Invocation,
    *,
    policy: Path,
    vary: tuple[str, ...],
    runs: int,
    seed: int,
    sensitivity: bool,
    show: tuple[str, ...],
    output: str,
    output_format: str,
    **given: Unpack[RecordsGiven],
) -> int:
    """Write how far the results hold to standard output and return the exit code."""
    from rulecore.compare.factors import variation
    from rulecore.compare.robustness import robustness as how_robust
    from rulecore.compare.robustness_shown import robustness_document, robustness_tables, robustness_text

    registry = invocation.registry()
    check_output(registry, output, [str(policy), *given["records"]])
    variations = [variation(text) for text in vary]
    experiment = experiment_of(registry, policy, given)
    found = how_robust(experiment, variations, runs=runs, seed=seed, show=show, sensitivity=sensitivity)
    language = current_language()
    values = robustness_document(found, language)
    write_output(registry, output, values, lambda: robustness_tables(found, language))
    click.echo(json_text(values) if output_format == "json" else robustness_text(found, language))
    return 0


COMMAND = robustness
