"""Connections and transactions: one writer at a time, readers that see one moment, nothing kept by halves.

SQLite keeps the rollback journal, not WAL: the store stays one file that can be copied, and WAL needs memory shared
between processes, which network drives do not give. ``synchronous=EXTRA`` makes a kept run outlast a power cut, and
``BEGIN IMMEDIATE`` makes writers queue before they look. On PostgreSQL an advisory lock does that, for the time of the
transaction: the next number and the head of the chain are read and written by one process at a time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attrs import frozen
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from rulecore.errors import Fault, InputError, OutputError
from rulecore_store import codes
from rulecore_store.failures import PATIENCE, fault_of, is_lost
from rulecore_store.locations import Location
from rulecore_store.schema import CURRENT, migrate, require_current, version_of

LOCK: Final = 0x72756C65_636F7265
"""The advisory lock of writers on PostgreSQL: the bytes of "rulecore"."""

WRITING: Final = "rulecore_writing"
_IDLE_MINUTES = 10


@frozen(kw_only=True)
class Database:
    """A place of a store with the means to connect to it; connections live as long as a transaction."""

    location: Location
    engine: Engine

    @contextmanager
    def reading(self, *, current: bool = True) -> Iterator[Connection]:
        """Give a connection that sees the database as it is at one moment. Raises InputError.

        With ``current`` it is refused unless there is a store with tables of the version known here.
        """
        self._require_file()
        try:
            with self.engine.connect() as connection, connection.begin():
                if current:
                    require_current(connection, self.location)
                yield connection
        except DBAPIError as error:
            raise InputError([fault_of(error, self.location)]) from None

    @contextmanager
    def writing(self, *, current: bool = True) -> Iterator[Connection]:
        """Give a connection whose work is kept whole or not at all, while nobody else writes. Raises OutputError."""
        self._require_file()
        with self._writing() as connection:
            if current:
                require_current(connection, self.location)
            yield connection

    def create(self) -> None:
        """Make file and tables where there are none; two programs that do it at once make them once."""
        if self.location.path is not None:
            try:
                os.close(os.open(self.location.path, os.O_CREAT | os.O_RDWR, 0o666))
            except OSError as error:
                values = {"store": self.location.shown, "reason": error.strerror or str(error)}
                raise OutputError([Fault(code=codes.NOT_ALLOWED, values=values)]) from None
        with self._writing() as connection:
            if version_of(connection, self.location) is None:
                migrate(connection)
            else:
                require_current(connection, self.location)

    def upgrade(self) -> tuple[str, str]:
        """Bring the tables to the version known here; return the version before and after."""
        with self.writing(current=False) as connection:
            found = version_of(connection, self.location)
            if found is None:
                raise InputError([Fault(code=codes.NOT_THERE, values={"store": self.location.shown})])
            if found != CURRENT:
                migrate(connection)
        return found, CURRENT

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        committing = False
        try:
            with self.engine.connect() as plain:
                connection = plain.execution_options(**{WRITING: True})
                with connection.begin() as transaction:
                    yield connection
                    committing = True
                    transaction.commit()
        except DBAPIError as error:
            fault = fault_of(error, self.location)
            if committing and is_lost(error):
                fault = Fault(code=codes.UNSURE, values=fault.values)
            raise OutputError([fault]) from None

    def _require_file(self) -> None:
        path = self.location.path
        if path is not None and not path.exists():
            raise InputError([Fault(code=codes.NOT_THERE, values={"store": self.location.shown})])


def connect(location: Location) -> Database:
    """Return a database; nothing is opened before it is read or written."""
    return Database(location=location, engine=_engine(location))


def _engine(location: Location) -> Engine:
    if location.path is not None:
        file = location.path
        engine = create_engine("sqlite://", creator=lambda: _open_file(file), poolclass=NullPool)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    assert location.url is not None  # noqa: S101 - it is one or the other
    wanted = {"connect_timeout": 10, "application_name": "rulecore"}
    settings = {name: value for name, value in wanted.items() if name not in location.url.query}
    engine = create_engine(location.url, poolclass=NullPool, connect_args=settings, hide_parameters=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _open_file(path: Path) -> sqlite3.Connection:
    # A file that may only be read is opened for that: SQLite falls back by itself, and rolls back what a killed
    # writer left where it may write.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    # Bytes that are no text, put there past the store, are for the check to name, not for the driver to stumble over.
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    for setting in ("foreign_keys=ON", "synchronous=EXTRA", "trusted_schema=OFF", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITING, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    # A server told not to wait for its disk would say that a run is kept before it is.
    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_MINUTES}min'")
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
