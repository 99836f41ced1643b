"""``rulecore run`` with an engine that takes the run as a whole: it reads, computes and writes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.progress import Progress
from rulecore.language import _

if TYPE_CHECKING:
    from rulecore.cli.given import RecordsGiven
    from rulecore.contracts import WholeResults
    from rulecore.registry import Registry
    from rulecore.summary import Summary

MOST_REASONS = 20
"""The most refused rows that ``--strict`` tells of: there may be millions."""


def takes_whole_runs(registry: Registry, name: str) -> bool:
    """Whether the engine of that name reads the records itself."""
    found = registry.engines.get(name)
    return found is not None and found.value.whole is not None


def run_whole(
    progress: Progress,
    registry: Registry,
    policy: Path,
    given: RecordsGiven,
    *,
    output: str,
    strict: bool,
    manifest: bool | None,
    others: Mapping[str, object],
) -> tuple[WholeResults, Summary, tuple[Path, ...]]:
    """Write a run's results; return them, their summary and what was written.

    ``others`` are the options of the command that such an engine cannot take, by their names. Raises UsageError for
    those that were given.
    """
    from rulecore.api import load_policies, refuse_options

    engine = registry.engines[given["engine"]].value
    unfit = {f"--{name}": value for name, value in given.items() if name not in _TAKEN} | dict(others)
    named = [name for name, value in unfit.items() if value]
    refuse_options(engine.name, [*named, *(["--output -"] if output == "-" else [])])
    policies = load_policies(policy, registry=registry)
    progress.stage(_("reading the records"))
    found = policies.evaluate_whole(list(given["records"]), engine=engine.name, as_of=given["as_of"])
    progress.stage(_("computing"))
    if strict:
        _refuse_quarantined(found)
    progress.stage(_("writing the results"))
    written = found.write(output, manifest=manifest is not False)
    return found, found.summary(), written


_TAKEN = ("records", "engine", "as_of")
"""What of the options for records means something to an engine that reads them itself."""


def _refuse_quarantined(results: WholeResults) -> None:
    from rulecore.codes.usage import ROWS_REFUSED
    from rulecore.errors import Fault, InputError

    if results.rows_quarantined:
        values = {"quarantined": results.rows_quarantined, "rows": results.rows_in}
        raise InputError([*results.reasons(MOST_REASONS), Fault(code=ROWS_REFUSED, values=values)])


def show_whole(
    results: WholeResults, summary: Summary, written: tuple[Path, ...], summary_format: str, *, quiet: bool
) -> None:
    """Show the summary, what is to be known of the inputs, and what was written."""
    from rulecore.cli.shown import show_summary

    if quiet:
        return
    show_summary(summary, summary_format, err=False)
    for note in results.notes:
        click.echo(note.render(), err=True)
    for path in written:
        click.echo(_("written: {file}").format(file=path), err=True)
