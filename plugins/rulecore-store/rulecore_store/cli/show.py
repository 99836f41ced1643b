"""``rulecore history show``: one run: what became of it, and every file it consists of."""

from __future__ import annotations

import click

from rulecore.cli.frame import command, format_option
from rulecore.language import N_, _
from rulecore_store.cli.frame import (
    json_text,
    on_store,
    opened,
    policy_words,
    run_document,
    state_words,
    table,
)
from rulecore_store.store import superseded


@command("show", help=N_("Show one run: its events, and every file it consists of with its hash."))
@click.argument("run", type=click.IntRange(min=1))
@on_store
@format_option
def show(run: int, store: str, output_format: str) -> None:
    """Write the run to standard output."""
    with opened(store) as found, found.reading() as snapshot:
        stored = snapshot.run(run)
        gone = superseded(snapshot.runs())
        contents = snapshot.contents(run)
    if output_format == "json":
        files = [{"name": name, "role": role, "sha256": sha256} for name, role, sha256 in contents]
        click.echo(json_text({**run_document(stored, gone), "contents": files}))
        return
    click.echo(f"{_('run')} {stored.number}: {state_words(stored, gone)}")
    click.echo(f"{_('policy')}: {policy_words(stored)}")
    click.echo(f"{_('identifier')}: {stored.identifier}\n")
    events = [
        (str(event.number), _(event.state), event.when, event.who, event.why, _numbers(event.supersedes))
        for event in stored.events
    ]
    headers = (_("event"), _("state"), _("when"), _("who"), _("why"), _("supersedes"))
    click.echo(table(headers, events) + "\n")
    click.echo(
        table((_("role"), _("file"), "sha256"), [(role, name, sha256) for name, role, sha256 in contents])
    )


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
