"""``rulecore run``: policies applied to records, results written, the summary shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import (
    Invocation,
    command,
    option,
    plugins_dir_option,
    records_options,
    table_files,
)
from rulecore.language import N_, _

if TYPE_CHECKING:
    from datetime import date

    from rulecore.results import Results

EXIT_QUARANTINED = 1


@command(
    "run",
    help=N_(
        "Apply the policy or policy set POLICY to records and write the results.\n\n"
        "Ends with 0 if every record was scored, 1 if some were quarantined, 2 if the policy, the records or "
        "the arguments are wrong; then nothing is written."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@records_options
@option(
    "--output", required=True, metavar="FILE", help=N_("Where the results go; - is standard output (CSV).")
)
@option("--strict", is_flag=True, help=N_("Write nothing and end with 2 if any row is refused."))
@option(
    "--report",
    multiple=True,
    metavar="NAME=FILE",
    help=N_("Write a report too, such as markdown=summary.md."),
)
@option(
    "--manifest/--no-manifest", default=None, help=N_("Write the manifest beside the results (the default).")
)
@option("--quiet", is_flag=True, help=N_("Show errors only."))
@option(
    "--summary-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=N_("How to print the summary: for people or for programs."),
)
@plugins_dir_option
@click.pass_obj
def run(
    invocation: Invocation,
    *,
    policy: Path,
    records: tuple[str, ...],
    table: tuple[tuple[str, str], ...],
    history: tuple[str, ...],
    mapping: tuple[str, ...],
    results: tuple[str, ...],
    adjustments: tuple[str, ...],
    output: str,
    engine: str,
    sheet: str,
    encoding: str,
    as_of: date | None,
    strict: bool,
    report: tuple[str, ...],
    manifest: bool | None,
    quiet: bool,
    summary_format: str,
) -> int:
    """Evaluate, write, and return the exit code."""
    from rulecore.api import load_policies
    from rulecore.cli.progress import Progress
    from rulecore.cli.shown import show_quarantined, show_summary
    from rulecore.cli.targets import plan_targets
    from rulecore.contracts import ReadOptions
    from rulecore.evaluation import evaluate
    from rulecore.summary import summarize

    with Progress(enabled=not quiet) as progress:
        progress.stage(_("loading the policies"))
        registry = invocation.registry()
        beside = (*history, *mapping, *results, *adjustments)
        reads = (*records, *(file for _name, file in table), *beside, str(policy))
        targets = plan_targets(registry, output, report, manifest, reads=reads)
        policies = load_policies(policy, registry=registry)
        chosen = policies.engine(engine)
        progress.stage(_("reading the records"))
        refuse_stdin_twice((*records, *(file for _name, file in table)))
        options = ReadOptions(sheet=sheet, encoding=encoding)
        tables, details = policies.read(list(records), table_files(table), options)
        earlier = policies.history(list(history) or None, mapping, results, encoding)
        decided = policies.adjustments(adjustments, encoding)
        progress.stage(_("computing"))
        origins = registry.origins()
        found = evaluate(
            policies.plans,
            tables,
            chosen,
            as_of=as_of,
            origins=origins,
            details=details,
            history=earlier,
            adjustments=decided,
        )
        if strict:
            refuse_quarantined(found)
        progress.stage(_("writing the results"))
        summary = summarize(found)
        written = targets.write(found, summary)
    if not quiet:
        show_summary(summary, summary_format, err=targets.to_stdout)
        show_notes(found, written)
        if targets.to_stdout:
            show_quarantined(found)
    return EXIT_QUARANTINED if found.rows_quarantined else 0


def refuse_stdin_twice(records: tuple[str, ...]) -> None:
    """Raise UsageError if standard input is named more than once."""
    from rulecore.codes.usage import STDIN_TWICE
    from rulecore.errors import Fault, UsageError

    if records.count("-") > 1:
        raise UsageError([Fault(code=STDIN_TWICE)])


def refuse_quarantined(results: Results) -> None:
    """Raise InputError with every reason if any row is refused."""
    from rulecore.codes.usage import ROWS_REFUSED
    from rulecore.errors import Fault, InputError

    if results.rows_quarantined:
        values = {"quarantined": results.rows_quarantined, "rows": results.rows_in}
        reasons = [item.fault() for item in results.quarantined]
        raise InputError([*reasons, Fault(code=ROWS_REFUSED, values=values)])


def show_notes(results: Results, written: Iterable[Path]) -> None:
    """Say on standard error what the inputs were read with, and which files were written."""
    for note in results.notes:
        click.echo(note.render(), err=True)
    for path in written:
        click.echo(_("written: {file}").format(file=path), err=True)


COMMAND = run
