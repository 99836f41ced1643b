"""What can go wrong with a server: a clear message, nothing lost, no password shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from rulecore_store.failures import fault_of
from rulecore_store.locations import read_location, without_password
from rulecore_store.store import DatabaseStore, open_store
from sqlalchemy.exc import DBAPIError

from rulecore.archive import RunArchive
from rulecore.errors import FaultsError, OutputError

if TYPE_CHECKING:
    from conftest import Server

MOMENT = "2024-12-31T08:00:00Z"
PASSWORD = "geheim-42"  # noqa: S105 - of a server that lives as long as the tests
Make = Callable[..., RunArchive]


def code_of(error: FaultsError) -> str:
    assert len(error.faults) == 1
    assert "Traceback" not in str(error)
    return error.faults[0].code.id


def refused(location: str, *, create: bool = False) -> FaultsError:
    with pytest.raises(FaultsError) as raised:
        open_store(location, create=create)
    return raised.value


def test_a_wrong_password_is_named_and_not_shown(server: Server) -> None:
    error = refused(server.by_network("postgres", "falsch-99"))
    assert code_of(error) == "ST007"
    assert "falsch-99" not in str(error)
    assert "postgres" in str(error)


def test_the_right_password_opens_and_is_shown_nowhere(server: Server) -> None:
    server.run("CREATE DATABASE with_password")
    location = server.by_network("with_password", PASSWORD)
    with open_store(location, create=True) as store:
        assert store.check().faults == ()
        assert PASSWORD not in store.name
        assert PASSWORD not in repr(store.database)
        assert store.name == f"postgresql://postgres@127.0.0.1:{server.port}/with_password"


def test_a_missing_password_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    assert code_of(refused(f"postgresql://postgres@127.0.0.1:{server.port}/postgres")) == "ST007"


def test_a_server_that_is_not_there_is_named() -> None:
    error = refused("postgresql://me:geheim@127.0.0.1:9/x")
    assert code_of(error) == "ST006"
    assert "geheim" not in str(error)


def test_a_database_that_is_not_there_is_named(server: Server) -> None:
    assert code_of(refused(server.by_socket("nothing_here"))) == "ST009"


def test_who_may_only_read_can_read_and_is_told_when_writing(server: Server, make_archive: Make) -> None:
    server.run("CREATE DATABASE for_readers")
    with open_store(server.by_socket("for_readers"), create=True) as store:
        store.add(make_archive(1), who="张三", when=MOMENT)
        with store.database.writing() as connection:
            connection.exec_driver_sql("CREATE ROLE reader LOGIN")
            connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with open_store(server.by_socket("for_readers").replace("postgres@", "reader@")) as store:
        assert len(store.runs()) == 1
        assert store.check().faults == ()
        with pytest.raises(OutputError) as raised:
            store.add(make_archive(2), who="张三", when=MOMENT)
    assert code_of(raised.value) == "ST011"


def broken_off(server: Server, store: DatabaseStore, *, then: str) -> None:
    """Write something, and have the connection broken by the server before it is kept."""
    with store.database.writing() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        connection.exec_driver_sql("INSERT INTO rulecore_blobs VALUES ('x', 0)")
        server.run(f"SELECT pg_terminate_backend({process})")
        if then:
            connection.exec_driver_sql(then)


@pytest.mark.parametrize(("then", "codes"), [("SELECT 1", ("ST006", "ST014")), ("", ("ST015",))])
def test_a_connection_that_breaks_stores_nothing_and_says_where_it_broke(
    server: Server, then: str, codes: tuple[str, ...]
) -> None:
    with open_store(server.new_store(), create=True) as store:
        before = store.check()
        with pytest.raises(OutputError) as raised:
            broken_off(server, store, then=then)
        assert code_of(raised.value) in codes
        assert store.check() == before


def test_a_full_disk_of_a_server_is_named() -> None:
    class DiskFullError(Exception):
        sqlstate = "53100"

    error = DBAPIError("INSERT", {}, DiskFullError("could not extend file: No space left on device"))
    assert fault_of(error, read_location("postgresql://me@host/x")).code.id == "ST010"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql://me:geheim@host/x", "postgresql://me:***@host/x"),
        (
            "connection to postgresql://me:ge:heim@host/x failed",
            "connection to postgresql://me:***@host/x failed",
        ),
        ("host=a password=geheim user=me", "host=a password=*** user=me"),
        (
            "postgresql://host/x?password=geheim&sslmode=require",
            "postgresql://host/x?password=***&sslmode=require",
        ),
        ("results.db", "results.db"),
    ],
)
def test_passwords_are_hidden_in_any_text(given: str, shown: str) -> None:
    assert without_password(given) == shown


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://me:geheim@host:5432/x",
        "postgresql://me@host/x?password=geheim",
        "postgres://me:geheim@host/x",
    ],
)
def test_a_location_is_shown_without_its_password(given: str) -> None:
    location = read_location(given)
    assert "geheim" not in location.shown
    assert "geheim" not in repr(location)


def test_a_clerk_with_rights_of_his_own_can_store_and_cannot_take_the_guards_away(
    server: Server, make_archive: Make
) -> None:
    server.run("CREATE DATABASE for_clerks")
    with open_store(server.by_socket("for_clerks"), create=True) as store, store.database.writing() as owner:
        owner.exec_driver_sql("CREATE ROLE clerk LOGIN")
        owner.exec_driver_sql("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO clerk")
        owner.exec_driver_sql("GRANT UPDATE ON rulecore_head TO clerk")
    with open_store(server.by_socket("for_clerks").replace("postgres@", "clerk@"), create=True) as store:
        run, _new = store.add(make_archive(1), who="张三", when=MOMENT)
        store.move(run.number, "reviewed", who="李四", when=MOMENT)
        for statement in (
            "ALTER TABLE rulecore_events DISABLE TRIGGER ALL",
            "DROP TRIGGER rulecore_events_kept ON rulecore_events",
            "SET LOCAL session_replication_role = replica",
            "UPDATE rulecore_events SET who = '王五'",
            "UPDATE rulecore_head SET number = 0",
            "DELETE FROM rulecore_runs",
            "DROP TABLE rulecore_head",
        ):
            with pytest.raises(OutputError), store.database.writing() as connection:
                connection.exec_driver_sql(statement)
        assert store.check().faults == ()
