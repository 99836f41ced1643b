"""``rulecore run``: policies applied to records, results written, the summary shown."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from rulecore.cli.frame import (
    Invocation,
    command,
    option,
    plugins_dir_option,
    records_options,
    table_files,
)
from rulecore.cli.given import RecordsGiven
from rulecore.cli.kept import AtHand, Keeper, at_hand, event_options, store_option
from rulecore.cli.whole import run_whole, show_whole, takes_whole_runs
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.api import PolicySet
    from rulecore.cli.progress import Progress
    from rulecore.cli.targets import Targets
    from rulecore.errors import Fault
    from rulecore.results import Results
    from rulecore.streaming import RunOutcome

EXIT_QUARANTINED = 1


@command(
    "run",
    help=N_(
        "Apply the policy or policy set POLICY to records and write the results.\n\n"
        "Ends with 0 if every record was scored, 1 if some were quarantined, 2 if the policy, the records or "
        "the arguments are wrong; then nothing is written, and nothing kept in a store."
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
@store_option(N_("Keep the run as a draft too: results.db, or postgresql://user@server/database."))
@event_options
@option("--ledgers", is_flag=True, help=N_("With --store: keep the ledgers of every record too."))
@plugins_dir_option
@click.pass_obj
def run(
    invocation: Invocation,
    *,
    policy: Path,
    output: str,
    strict: bool,
    report: tuple[str, ...],
    manifest: bool | None,
    quiet: bool,
    summary_format: str,
    store: str,
    who: str,
    when: str,
    why: str,
    ledgers: bool,
    **given: Unpack[RecordsGiven],
) -> int:
    """Evaluate, write, and return the exit code."""
    from rulecore.api import load_policies
    from rulecore.archive import request_of
    from rulecore.cli.progress import Progress
    from rulecore.cli.shown import show_quarantined, show_summary
    from rulecore.cli.targets import plan_targets
    from rulecore.contracts import ReadOptions
    from rulecore.evaluation import evaluate
    from rulecore.summary import summarize

    with Progress(enabled=not quiet) as progress, ExitStack() as opened:
        progress.stage(_("loading the policies"))
        registry = invocation.registry()
        if takes_whole_runs(registry, given["engine"]):
            others = {"--report": report, "--store": store}
            whole = run_whole(
                progress,
                registry,
                policy,
                given,
                output=output,
                strict=strict,
                manifest=manifest,
                others=others,
            )
            opened.callback(show_whole, *whole, summary_format, quiet=quiet)
            opened.callback(progress.__exit__, None, None, None)  # before anything is shown
            return EXIT_QUARANTINED if whole[0].rows_quarantined else 0
        records = (*given["records"], *(file for _name, file in given["table"]))
        beside = (*given["history"], *given["mapping"], *given["results"], *given["adjustments"])
        targets = plan_targets(
            registry, output, report, manifest, reads=(*records, *beside, str(policy), store)
        )
        keeper = Keeper(registry, store, who=who, when=when, why=why) if store else None
        policies = load_policies(policy, registry=registry)
        chosen = policies.engine(given["engine"])
        if not (report or store or beside or given["table"] or targets.to_stdout):
            outcome = write_parts(progress, policies, given, targets, strict=strict)
            if outcome is not None:
                if not quiet:
                    opened.callback(show_parts, outcome, summary_format)
                    opened.callback(progress.__exit__, None, None, None)
                return EXIT_QUARANTINED if outcome.rows_quarantined else 0
        progress.stage(_("reading the records"))
        refuse_stdin_twice(records)
        hand = opened.enter_context(at_hand(registry, policies, given)) if keeper else AtHand(given)
        read = hand.given
        encoding = read["encoding"]
        options = ReadOptions(sheet=read["sheet"], encoding=encoding)
        tables, details = policies.read(list(read["records"]), table_files(read["table"]), options)
        stated = list(read["history"]) if given["history"] else None
        earlier = policies.history(stated, read["mapping"], read["results"], encoding)
        decided = policies.adjustments(read["adjustments"], encoding)
        progress.stage(_("computing"))
        found = evaluate(
            policies.plans,
            tables,
            chosen,
            as_of=read["as_of"],
            origins=registry.origins(),
            details=details,
            history=earlier,
            adjustments=decided,
        )
        if strict:
            refuse_quarantined(found)
        progress.stage(_("writing the results"))
        summary = summarize(found)
        before = None
        if keeper:
            request = request_of(
                policy, read, plugins_dir=invocation.plugins_dir, output=output, reports=report
            )
            before = keeper.keeping(
                request, policies, found, hand.contents, whole=not targets.to_stdout, ledgers=ledgers
            )
        written = targets.write(found, summary, before)
    if not quiet:
        show_summary(summary, summary_format, err=targets.to_stdout)
        show_notes((*hand.notes, *found.notes), written)
        show_decisions(found)
        if keeper:
            click.echo(keeper.line, err=True)
        if targets.to_stdout:
            show_quarantined(found)
    return EXIT_QUARANTINED if found.rows_quarantined else 0


def write_parts(
    progress: Progress, policies: PolicySet, given: RecordsGiven, targets: Targets, *, strict: bool
) -> RunOutcome | None:
    """Write the results part by part, and return what came of it; None, and nothing written, where that cannot be."""
    from rulecore.streaming import write_in_parts

    run = policies.in_parts(
        list(given["records"]),
        engine=given["engine"],
        as_of=given["as_of"],
        sheet=given["sheet"],
        encoding=given["encoding"],
    )
    progress.stage(_("computing"))
    output = Path(targets.output)
    writer = targets.writers[output.suffix.lower()]
    accept = refuse_quarantined if strict else None
    return write_in_parts(run, output, writer, manifest=targets.manifest, accept=accept)


def show_parts(outcome: RunOutcome, summary_format: str) -> None:
    """Show what came of a run part by part."""
    from rulecore.cli.shown import show_summary

    show_summary(outcome.summary, summary_format, err=False)
    show_notes(outcome.notes, outcome.written)


def refuse_stdin_twice(records: tuple[str, ...]) -> None:
    """Raise UsageError if standard input is named more than once."""
    from rulecore.codes.usage import STDIN_TWICE
    from rulecore.errors import Fault, UsageError

    if records.count("-") > 1:
        raise UsageError([Fault(code=STDIN_TWICE)])


def refuse_quarantined(results: Results | RunOutcome) -> None:
    """Raise InputError with every reason if any row is refused."""
    from rulecore.codes.usage import ROWS_REFUSED
    from rulecore.errors import Fault, InputError

    if results.rows_quarantined:
        values = {"quarantined": results.rows_quarantined, "rows": results.rows_in}
        reasons = [item.fault() for item in results.quarantined]
        raise InputError([*reasons, Fault(code=ROWS_REFUSED, values=values)])


def show_notes(notes: Iterable[Fault], written: Iterable[Path]) -> None:
    """Say on standard error what the inputs were read with, and which files were written."""
    for note in notes:
        click.echo(note.render(), err=True)
    for path in written:
        click.echo(_("written: {file}").format(file=path), err=True)


def show_decisions(results: Results) -> None:
    """Say on standard error how many decisions of a committee are in force, if the run was given any."""
    if results.adjustments is None:
        return
    applied = results.adjustments.applied
    revoked = {one.decision.number for one in applied if one.revoked_by is not None}
    in_force = {one.decision.number for one in applied if not one.decision.revokes} - revoked
    said = _("decisions of a committee: {in_force} in force, {revoked} revoked")
    click.echo(said.format(in_force=len(in_force), revoked=len(revoked)), err=True)


COMMAND = run
