"""``rulecore history check``: whether everything in the store is as it was stored."""

from __future__ import annotations

from pathlib import Path

import click

from rulecore.cli.frame import command, format_option, option
from rulecore.errors import summary
from rulecore.language import N_, _
from rulecore_store.cli.frame import json_text, on_store, opened

EXIT_DIFFERENT = 2


@command(
    "check",
    help=N_(
        "Compute every hash of a store again and say exactly what is not as it was stored.\n\n"
        "With --anchor also whether the store still tells what it told when that account was written. Ends with 0 if "
        "nothing differs, 2 if something does."
    ),
)
@on_store
@option(
    "--anchor",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("An account or package that export or seal wrote, kept outside the store; may be repeated."),
)
@format_option
def check(store: str, anchor: tuple[Path, ...], output_format: str) -> int:
    """Write what was found to standard output and return the exit code."""
    from rulecore.findings.render import fault_document
    from rulecore_store.accounts import read_accounts

    accounts = read_accounts(anchor)
    with opened(store) as found:
        result = found.check(accounts)
        name = found.name
    if output_format == "json":
        values = {
            "store": name,
            "runs": result.runs,
            "events": result.events,
            "bytes": result.bytes,
            "head": result.head,
            "faults": [fault_document(fault) for fault in result.faults],
        }
        click.echo(json_text(values))
        return EXIT_DIFFERENT if result.faults else 0
    for fault in result.faults:
        click.echo(fault.render() + "\n")
    if result.faults:
        click.echo(summary(result.faults))
        return EXIT_DIFFERENT
    words = _("{store}: {runs} run(s), {events} event(s), {bytes} bytes: all as they were stored")
    click.echo(words.format(store=name, runs=result.runs, events=result.events, bytes=result.bytes))
    click.echo(_("the chain ends in {head}").format(head=result.head))
    return 0
