"""``rulecore history review``, ``publish`` and ``seal``: the three steps of a run, each with who, when and why."""

from __future__ import annotations

from pathlib import Path

import click

from rulecore.cli.frame import Invocation, command, format_option, option, plugins_dir_option
from rulecore.cli.kept import event_options
from rulecore.contracts import StoredRun
from rulecore.language import N_, _
from rulecore_store.cli.frame import json_text, on_store, opened, run_document, said


@command("review", help=N_("Mark a draft as reviewed: somebody looked at it, and it may be published."))
@click.argument("run", type=click.IntRange(min=1))
@on_store
@event_options
@format_option
def review(run: int, store: str, who: str, when: str, why: str, output_format: str) -> None:
    """Bring the run from draft to reviewed."""
    with opened(store) as found:
        _show(found.move(run, "reviewed", **said(who, when, why)), found.name, output_format)


@command("publish", help=N_("Mark a reviewed run as published: those concerned can see it, and appeal."))
@click.argument("run", type=click.IntRange(min=1))
@on_store
@event_options
@format_option
def publish(run: int, store: str, who: str, when: str, why: str, output_format: str) -> None:
    """Bring the run from reviewed to published."""
    with opened(store) as found:
        _show(found.move(run, "published", **said(who, when, why)), found.name, output_format)


@command(
    "seal",
    help=N_(
        "Seal a published run: it is final, and the history that later runs read.\n\n"
        "Refused if a sealed run has results of the same policy for one of its records, unless it takes that run's "
        "place (--supersedes)."
    ),
)
@click.argument("run", type=click.IntRange(min=1))
@on_store
@event_options
@option(
    "--supersedes",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="RUN",
    help=N_("The sealed run in whose place this one stands from now on; may be repeated."),
)
@option(
    "--anchor",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write the account of the run and of the chain's end, to be kept outside the store."),
)
@plugins_dir_option
@format_option
@click.pass_obj
def seal(
    invocation: Invocation,
    run: int,
    store: str,
    who: str,
    when: str,
    why: str,
    supersedes: tuple[int, ...],
    anchor: Path | None,
    output_format: str,
) -> None:
    """Bring the run from published to sealed."""
    from rulecore.output import write_bytes_atomically
    from rulecore.sources import readers_by_suffix
    from rulecore_store.accounts import account_bytes
    from rulecore_store.sealing import refuse_overlap

    readers = readers_by_suffix(found.value for found in invocation.registry().readers.values())
    with opened(store) as found:
        sealed = found.move(
            run,
            "sealed",
            **said(who, when, why),
            supersedes=supersedes,
            before=lambda snapshot: refuse_overlap(snapshot, run, frozenset(supersedes), readers),
        )
        _show(sealed, found.name, output_format)
        if anchor is not None:
            with found.reading() as snapshot:
                data = account_bytes(snapshot, run)
            write_bytes_atomically(anchor, data)
            click.echo(_("written: {file}").format(file=anchor), err=True)


def _show(run: StoredRun, store: str, output_format: str) -> None:
    if output_format == "json":
        click.echo(json_text(run_document(run)))
        return
    event = run.events[-1]
    words = _("run {run} of {store} is {state} now (event {event}, {sha256})")
    click.echo(
        words.format(run=run.number, store=store, state=_(run.state), event=event.number, sha256=event.sha256)
    )
