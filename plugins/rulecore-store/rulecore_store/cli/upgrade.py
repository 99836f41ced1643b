"""``rulecore history upgrade``: the tables of a store brought to the version known here."""

from __future__ import annotations

import click

from rulecore.cli.frame import command
from rulecore.errors import Fault, UsageError
from rulecore.language import N_, _
from rulecore_store.cli.frame import on_store


@command(
    "upgrade",
    help=N_(
        "Bring a store that an older rulecore-store made to the version known here. Keep a copy first: an older "
        "rulecore-store cannot read it afterwards."
    ),
)
@on_store
def upgrade(store: str) -> None:
    """Upgrade, all or nothing, and say from what to what."""
    from rulecore_store.codes import NO_STORE_NAMED
    from rulecore_store.database import connect
    from rulecore_store.locations import read_location

    if not store:
        raise UsageError([Fault(code=NO_STORE_NAMED)])
    database = connect(read_location(store))
    before, after = database.upgrade()
    words = (
        _("{store} is of version {after} already")
        if before == after
        else _("{store}: version {before} → {after}")
    )
    click.echo(words.format(store=database.location.shown, before=before, after=after))
