"""Which version the tables of a store are of: made new, brought up to date on request, refused where newer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from rulecore.errors import Fault, InputError
from rulecore_store import codes
from rulecore_store.locations import Location
from rulecore_store.tables import VERSION_TABLE

VERSIONS: Final = ("0001", "0002")
"""Every version there was, the oldest first. A test holds them to the migrations: reading need not import Alembic."""

CURRENT: Final = VERSIONS[-1]
MIGRATIONS: Final = Path(__file__).parent / "migrations"


def version_of(connection: Connection, location: Location) -> str | None:
    """Return the version of the tables, None where there are none yet.

    Raises :class:`rulecore.errors.InputError` for a file that holds other tables, and a version that is not known here.
    """
    names = inspect(connection).get_table_names()
    if VERSION_TABLE not in names:
        # A server's database may hold other things beside a store; a file belongs to one program.
        foreign = (
            names if location.kind == "sqlite" else [name for name in names if name.startswith("rulecore_")]
        )
        if foreign:
            raise InputError([Fault(code=codes.NOT_A_STORE, values={"store": location.shown})])
        return None
    rows = [str(row[0]) for row in connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))]  # noqa: S608
    found = ", ".join(rows) or "—"
    if len(rows) != 1 or found not in VERSIONS:
        values = {"store": location.shown, "found": found, "current": CURRENT}
        raise InputError([Fault(code=codes.NEWER_SCHEMA, values=values)])
    return found


def require_current(connection: Connection, location: Location) -> None:
    """Raise InputError unless there is a store, and its tables are of the version known here."""
    found = version_of(connection, location)
    if found is None:
        raise InputError([Fault(code=codes.NOT_THERE, values={"store": location.shown})])
    if found != CURRENT:
        values = {"store": location.shown, "found": found, "current": CURRENT}
        raise InputError([Fault(code=codes.OLDER_SCHEMA, values=values)])


def migrate(connection: Connection, target: str = CURRENT) -> None:
    """Bring the tables to a version, in the transaction that is open: all of it or nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, target)
