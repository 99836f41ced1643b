"""Versions of the tables: made by migrations, upgraded on request, refused where newer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rulecore_store import database
from rulecore_store.database import connect
from rulecore_store.locations import read_location
from rulecore_store.schema import CURRENT, MIGRATIONS, VERSIONS, migrate
from rulecore_store.store import DatabaseStore, open_store
from rulecore_store.tables import METADATA

from rulecore.archive import RunArchive
from rulecore.errors import FaultsError

MOMENT = "2024-12-31T08:00:00Z"
Make = Callable[..., RunArchive]


def code_of(error: FaultsError) -> str:
    assert len(error.faults) == 1
    assert "Traceback" not in str(error)
    return error.faults[0].code.id


def refused(location: str, *, create: bool = False) -> FaultsError:
    with pytest.raises(FaultsError) as raised:
        open_store(location, create=create)
    return raised.value


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
