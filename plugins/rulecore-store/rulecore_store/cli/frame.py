"""What the commands of ``rulecore history`` share: the group, the store they work on, how runs are written down."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import TypedDict

import click

from rulecore.cli.kept import store_option
from rulecore.contracts import RunEvent, StoredRun
from rulecore.errors import Fault, UsageError
from rulecore.language import N_, _
from rulecore.source import display_width
from rulecore_store.store import DatabaseStore, open_store

on_store = store_option(N_("The store: results.db, or postgresql://user@server/database."))


class Group(click.Group):
    """A command of commands whose help is in the reader's language."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the group's help, translated."""
        shown = copy.copy(self)
        shown.help = _(self.help or "")
        click.Command.format_help_text(shown, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands with the first sentence of each, translated."""
        rows = [(name, _(found.help or "").partition("\n")[0]) for name, found in self.commands.items()]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order they were added."""
        return list(self.commands)


def opened(location: str) -> DatabaseStore:
    """Return the store that is named. Raises UsageError if none is, InputError if it cannot be used."""
    from rulecore_store.codes import NO_STORE_NAMED

    if not location:
        raise UsageError([Fault(code=NO_STORE_NAMED)])
    return open_store(location)


def json_text(values: object) -> str:
    """Return plain values as JSON, Chinese as it is."""
    return json.dumps(values, ensure_ascii=False, indent=2)


def run_document(run: StoredRun, gone: frozenset[int] = frozenset()) -> dict[str, object]:
    """Return a run as plain values; ``gone`` are the numbers of the runs in whose place another one stands."""
    return {
        "run": run.number,
        "identifier": run.identifier,
        "state": run.state,
        "superseded": run.number in gone,
        "policies": [
            {
                "name": policy.name,
                "version": policy.version,
                "title": policy.title,
                "records": policy.records,
            }
            for policy in run.policies
        ],
        "events": [event_document(event) for event in run.events],
    }


def event_document(event: RunEvent) -> dict[str, object]:
    """Return an event as plain values."""
    return {
        "number": event.number,
        "state": event.state,
        "who": event.who,
        "when": event.when,
        "why": event.why,
        "supersedes": list(event.supersedes),
        "sha256": event.sha256,
    }


def state_words(run: StoredRun, gone: frozenset[int]) -> str:
    """Return the state of a run in the reader's language."""
    return _("superseded") if run.number in gone else _(run.state)


def policy_words(run: StoredRun) -> str:
    """Return the policies of a run in one cell."""
    return ", ".join(f"{policy.title or policy.name} {policy.version}" for policy in run.policies)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as lines, its columns beside each other, wide characters or not."""
    widths = [max(display_width(row[index]) for row in (headers, *rows)) for index in range(len(headers))]
    lines = []
    for row in (headers, *rows):
        cells = [cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


class Said(TypedDict):
    """Who takes a step, when and why."""

    who: str
    when: str
    why: str


def said(who: str, when: str, why: str) -> Said:
    """Return what a step is kept with; the moment is now where none was given."""
    from rulecore.cli.kept import moment

    return {"who": who, "when": moment(when), "why": why}
