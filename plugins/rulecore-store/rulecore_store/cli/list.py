"""``rulecore history list``: every run with its state."""

from __future__ import annotations

import click

from rulecore.cli.frame import command, format_option, option
from rulecore.contracts import RUN_STATES
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


@command("list", help=N_("List the runs of a store: number, state, policies, and who did the last step."))
@on_store
@option("--policy", default="", metavar="NAME", help=N_("Runs of this policy only, by its name."))
@option("--state", type=click.Choice(RUN_STATES), help=N_("Runs in this state only."))
@format_option
def list_runs(store: str, policy: str, state: str | None, output_format: str) -> None:
    """Write the runs to standard output."""
    with opened(store) as found:
        every = found.runs()
    gone = superseded(every)
    runs = [
        run
        for run in every
        if (not policy or policy in {each.name for each in run.policies}) and state in (None, run.state)
    ]
    if output_format == "json":
        click.echo(json_text([run_document(run, gone) for run in runs]))
        return
    headers = (_("run"), _("state"), _("policy"), _("records"), _("since"), _("by"))
    rows = [
        (
            str(run.number),
            state_words(run, gone),
            policy_words(run),
            str(sum(each.records for each in run.policies)),
            run.events[-1].when,
            run.events[-1].who,
        )
        for run in runs
    ]
    click.echo(table(headers, rows))
