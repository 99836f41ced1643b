"""What can go wrong with a file or a server: a clear message, nothing lost, no password shown."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rulecore_store import database
from rulecore_store.database import connect
from rulecore_store.failures import fault_of
from rulecore_store.locations import read_location, without_password
from rulecore_store.schema import CURRENT, MIGRATIONS, VERSIONS, migrate
from rulecore_store.store import DatabaseStore, open_store
from rulecore_store.tables import METADATA
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rulecore.archive import RunArchive
from rulecore.errors import FaultsError, InputError, OutputError

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


# --- files --------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    assert code_of(refused(str(tmp_path / "results.db"))) == "ST001"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [False, True])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, create: bool) -> None:
    file = tmp_path / "results.db"
    file.write_text("单位,得分\n" * 1000, encoding="utf-8")
    before = file.read_bytes()
    assert code_of(refused(str(file), create=create)) == "ST002"
    assert file.read_bytes() == before


@pytest.mark.parametrize("create", [False, True])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, create: bool) -> None:
    file = tmp_path / "results.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    other.close()
    before = file.read_bytes()
    assert code_of(refused(str(file), create=create)) == "ST003"
    assert file.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    file = tmp_path / "results.db"
    file.touch()
    assert code_of(refused(str(file))) == "ST001"
    with open_store(str(file), create=True) as store:
        assert store.check().faults == ()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert code_of(refused(str(tmp_path / "none" / "results.db"), create=True)) == "ST016"


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "results.db").mkdir()
    assert code_of(refused(str(tmp_path / "results.db"), create=True)) == "ST016"
    assert code_of(refused(str(tmp_path / "results.db"))) == "ST016"


@pytest.mark.parametrize("location", ["", "sqlite://", "postgresql://host:port/x", "sqlite:///"])
def test_what_is_no_location_is_refused(location: str) -> None:
    assert code_of(refused(location)) == "ST008"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be somebody whom files that may only be read refuse; root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_only_be_read_can_be_read_and_says_so_when_written(
    tmp_path: Path, make_archive: Make
) -> None:
    file = tmp_path / "results.db"
    with open_store(str(file), create=True) as store:
        store.add(make_archive(1), who="张三", when=MOMENT)
        for folder in (*tmp_path.parents[:3], tmp_path):
            folder.chmod(0o755)
        file.chmod(0o444)
        with as_nobody():
            assert len(store.runs()) == 1
            assert store.check().faults == ()
            with pytest.raises(OutputError) as raised:
                store.add(make_archive(2), who="张三", when=MOMENT)
    assert code_of(raised.value) == "ST011"


def test_a_full_disk_is_named_and_nothing_is_stored(tmp_path: Path, make_archive: Make) -> None:
    file = str(tmp_path / "results.db")
    with open_store(file, create=True) as store:
        store.add(make_archive(1), who="张三", when=MOMENT)
        before = store.check()
        pages = sqlite3.connect(file).execute("PRAGMA page_count").fetchone()[0]
        add = _limited(store, f"PRAGMA max_page_count={pages + 2}")
        with pytest.raises(OutputError) as raised:
            add(make_archive(2, 20_000), who="张三", when=MOMENT)
        assert code_of(raised.value) == "ST010"
        assert store.check() == before


def _limited(store: DatabaseStore, setting: str) -> Callable[..., object]:
    """Return how the store adds runs while a setting of SQLite limits it, as a small disk would."""
    from sqlalchemy import event

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(setting)

    event.listen(store.database.engine, "connect", limit)
    return store.add


def test_a_write_that_the_system_refuses_stores_nothing(tmp_path: Path, make_archive: Make) -> None:
    # A limit of the system on the size of files: the write itself fails, somewhere in the middle.
    file = str(tmp_path / "results.db")
    with open_store(file, create=True) as store:
        store.add(make_archive(1), who="张三", when=MOMENT)
        before = store.check()
    size = Path(file).stat().st_size
    program = (
        "import resource, sys\n"
        "from rulecore.archive import Content, RunArchive\n"
        "from rulecore.errors import FaultsError\n"
        "from rulecore_store.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 50_000}, {size + 50_000}))\n"
        "big = Content(role='output', name='results/r.csv', data=b'x' * 2_000_000)\n"
        "manifest = Content(role='manifest', name='results/r.manifest.json', data=b'{\"policies\":[]}')\n"
        "try:\n"
        f"    store.add(RunArchive(contents=(big, manifest)), who='x', when='{MOMENT}')\n"
        "except FaultsError as error:\n"
        "    print(error.faults[0].code.id)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True)
    assert done.stdout.strip() == "ST010", done.stderr
    with open_store(file) as store:
        assert store.check() == before


def test_another_writer_is_waited_for_and_then_named(
    location: str, make_archive: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 1)
    with open_store(location, create=True) as store:
        before = store.check()
        with store.database.writing(), pytest.raises(OutputError) as raised:
            store.add(make_archive(1), who="张三", when=MOMENT)
        assert code_of(raised.value) == "ST012"
        assert store.check() == before


def test_a_damaged_file_is_named(tmp_path: Path, make_archive: Make) -> None:
    file = tmp_path / "results.db"
    with open_store(str(file), create=True) as store:
        for number in range(20):
            store.add(make_archive(number, 2000), who="张三", when=MOMENT)
    data = bytearray(file.read_bytes())
    data[8192 : len(data) : 64] = b"\xff" * len(range(8192, len(data), 64))
    file.write_bytes(data)
    with pytest.raises(InputError) as raised, open_store(str(file)) as store:
        store.check()
    assert code_of(raised.value) in ("ST013", "ST014")


def test_bytes_that_were_changed_are_never_handed_out_or_leant_on(
    filled: DatabaseStore, make_archive: Make
) -> None:
    policy = make_archive(1).of("policy")[0].sha256
    with filled.database.writing() as connection:
        if connection.dialect.name == "sqlite":
            guard = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE name = 'rulecore_parts_kept'"
            ).scalar()
            connection.exec_driver_sql("DROP TRIGGER rulecore_parts_kept")
        else:
            guard = None
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(
            text("UPDATE rulecore_parts SET data = :data WHERE sha256 = :sha256"),
            {"data": b"x = 1\n", "sha256": policy},
        )
        if guard:
            connection.exec_driver_sql(str(guard))
    with pytest.raises(InputError) as unread:
        filled.archive(1)
    assert code_of(unread.value) == "ST048"
    with pytest.raises(OutputError) as unkept:
        filled.add(make_archive(4), who="张三", when=MOMENT)
    assert code_of(unkept.value) == "ST048"
    assert len(filled.runs()) == 3


# --- servers ------------------------------------------------------------------------------------------------------


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


# --- versions of the tables ---------------------------------------------------------------------------------------


def at_version(location: str, version: str) -> None:
    made = connect(read_location(location))
    if made.location.path is not None:
        made.location.path.touch()
    with made.writing(current=False) as connection:
        migrate(connection, version)


def test_the_versions_known_are_those_of_the_migrations() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == VERSIONS


def test_the_migrations_make_the_tables_that_the_code_uses(store: DatabaseStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "rulecore_version"})
        assert compare_metadata(context, METADATA) == []


def test_an_older_store_is_not_touched_before_it_is_upgraded(location: str) -> None:
    at_version(location, VERSIONS[0])
    for create in (False, True):
        error = refused(location, create=create)
        assert code_of(error) == "ST004"
        assert "rulecore history upgrade" in str(error)
    assert connect(read_location(location)).upgrade() == (VERSIONS[0], CURRENT)
    with open_store(location) as store:
        assert store.check().faults == ()


def test_an_upgrade_keeps_what_is_there(filled: DatabaseStore, make_archive: Make) -> None:
    before = filled.check()
    with filled.database.writing() as connection:
        for name in ("kept", "stays", "order", "whole"):
            on_table = "" if connection.dialect.name == "sqlite" else " ON rulecore_head"
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS rulecore_head_{name}{on_table}")
        connection.exec_driver_sql("DROP TABLE rulecore_head")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION rulecore_next_head")
        connection.exec_driver_sql(f"UPDATE rulecore_version SET version_num = '{VERSIONS[0]}'")
    assert filled.database.upgrade() == (VERSIONS[0], CURRENT)
    assert filled.database.upgrade() == (CURRENT, CURRENT)
    assert filled.check() == before
    assert filled.archive(2) == make_archive(2)
    assert filled.add(make_archive(4), who="张三", when=MOMENT)[0].number == 4


def test_a_newer_store_is_refused(filled: DatabaseStore) -> None:
    with filled.database.writing() as connection:
        connection.exec_driver_sql("UPDATE rulecore_version SET version_num = '0099'")
    for action in (filled.runs, filled.check, filled.database.upgrade):
        with pytest.raises(FaultsError) as raised:
            action()
        assert code_of(raised.value) == "ST005"


def test_an_upgrade_that_is_interrupted_changes_nothing(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_version(location, VERSIONS[0])

    def stopped(connection: object) -> None:
        migrate(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(database, "migrate", stopped)
    made = connect(read_location(location))
    with pytest.raises(KeyboardInterrupt):
        made.upgrade()
    assert code_of(refused(location)) == "ST004"


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
