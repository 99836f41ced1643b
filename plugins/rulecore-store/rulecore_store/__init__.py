"""Runs kept for years, in a SQLite file or on a PostgreSQL server: a plugin of two hooks.

Nothing heavy is imported here: rulecore imports this module whenever plugins are loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecore.contracts import Command, Store
from rulecore.language import N_
from rulecore.markers import hookimpl

if TYPE_CHECKING:
    import click

    from rulecore.contracts import RunStore

RULECORE_API = 1


def _open(location: str, create: bool) -> RunStore:
    from rulecore_store.store import open_store

    return open_store(location, create=create)


def _load_history() -> click.Command:
    from rulecore_store.cli.history import history

    return history


@hookimpl
def rulecore_stores() -> Sequence[Store]:
    """Give the store: a SQLite file, or a PostgreSQL database by its URL."""
    return (
        Store(
            name="database",
            summary=N_("Runs in a SQLite file or a PostgreSQL database: append-only, every byte hashed."),
            open=_open,
            schemes=("sqlite", "postgresql", "postgres"),
            suffixes=(".db", ".sqlite", ".sqlite3"),
        ),
    )


@hookimpl
def rulecore_commands() -> Sequence[Command]:
    """Give the command ``rulecore history``."""
    return (
        Command(
            name="history",
            summary=N_("Look at stored runs, compare them, bring them forward, prove them unchanged."),
            load=_load_history,
        ),
    )
