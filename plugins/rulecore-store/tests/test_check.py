"""Whatever is changed in a store past the store, a check names it."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rulecore_store.accounts import account_bytes, read_accounts
from rulecore_store.chain import START, ChainedEvent
from rulecore_store.checking import Check, check
from rulecore_store.guards import SQLITE_FIRST, SQLITE_HEAD
from rulecore_store.locations import read_location
from rulecore_store.schema import require_current
from rulecore_store.store import DatabaseStore, open_store
from rulecore_store.tables import METADATA, VERSION_TABLE
from sqlalchemy import Connection, StaticPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from rulecore.archive import RunArchive
from rulecore.errors import InputError

MOMENT = "2024-12-31T08:00:00Z"
TABLES = {table.name: [column.name for column in table.c] for table in METADATA.sorted_tables}
TABLES[VERSION_TABLE] = ["version_num"]
TAMPERINGS = int(os.environ.get("RULECORE_TAMPERINGS", "10000"))
Make = Callable[..., RunArchive]


@contextmanager
def past_the_store(connection: Connection) -> Iterator[None]:
    """Let changes through that the triggers forbid, and leave the triggers as they were."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        return
    guards = {**SQLITE_FIRST, **SQLITE_HEAD}
    for name in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in guards.values():
        connection.exec_driver_sql(statement)


def found_in(connection: Connection, location: str) -> list[str]:
    """Return the codes of what a check finds, or of why the store is refused altogether."""
    try:
        require_current(connection, read_location(location))
    except InputError as error:
        return [fault.code.id for fault in error.faults]
    return [fault.code.id for fault in check(connection).faults]


def changed_cell(value: Any, others: list[Any], chance: random.Random) -> Any:
    """Return another value for a cell, of the same type: SQLite's strict tables and PostgreSQL refuse other ones."""
    if isinstance(value, int):
        return chance.choice(
            [value + 1, value - 1, -value, 0, value * 10 + 1, chance.randrange(10**6), *others]
        )
    if isinstance(value, bytes):
        position = chance.randrange(len(value) + 1)
        flipped = bytes([value[position] ^ (1 << chance.randrange(8))]) if position < len(value) else b"\x00"
        return chance.choice(
            [
                value[:position] + flipped + value[position + 1 :],
                value[:position],
                value + b"\n",
                b"",
                *others,
            ]
        )
    position = chance.randrange(len(value) + 1)
    return chance.choice(
        [
            value[:position] + chance.choice("0aZ 张,[") + value[position + 1 :],
            value[:position] + value[position + 1 :],
            value + chance.choice("0 \t"),
            value.upper(),
            value[::-1],
            "",
            *others,
        ]
    )


def tamper(connection: Connection, chance: random.Random) -> str:
    """Change one cell of one row, and say which; empty where the database refused it."""
    table, columns = chance.choice(list(TABLES.items()))
    column = chance.choice(columns)
    rows = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table}").all()
    row = chance.choice(rows)
    others = [other[columns.index(column)] for other in rows]
    value = changed_cell(row[columns.index(column)], others, chance)
    if value == row[columns.index(column)]:
        return ""
    where = " AND ".join(f"{name} = :old_{name}" for name in columns)
    parameters = {f"old_{name}": cell for name, cell in zip(columns, row, strict=True)}
    statement = text(f"UPDATE {table} SET {column} = :new WHERE {where}")
    try:
        with connection.begin_nested(), past_the_store(connection):
            assert connection.execute(statement, {**parameters, "new": value}).rowcount == 1
    except DBAPIError:
        return ""
    return f"{table}.{column}: {row[columns.index(column)]!r:.80} → {value!r:.80}"


@pytest.fixture
def in_memory(tmp_path: Path, make_archive: Make) -> Connection:
    """Return a connection to a store in memory, with two runs and five events."""
    file = tmp_path / "results.db"
    with open_store(str(file), create=True) as store:
        for number in (1, 2):
            store.add(make_archive(number, 3), who="张三", when=MOMENT, why=f"第{number}次")
        for state in ("reviewed", "published", "sealed"):
            store.move(1, state, who="李四", when=MOMENT)  # type: ignore[arg-type]
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with sqlite3.connect(file) as source:
        source.backup(memory)
    source.close()
    memory.execute("PRAGMA foreign_keys=OFF")
    engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
    return engine.connect()


def test_every_one_of_many_random_changes_of_a_cell_is_noticed(in_memory: Connection) -> None:
    chance = random.Random(20241231)
    assert found_in(in_memory, "results.db") == []
    done = 0
    cells = set()
    missed = []
    while done < TAMPERINGS:
        in_memory.exec_driver_sql("BEGIN")
        told = tamper(in_memory, chance)
        if told:
            done += 1
            cells.add(told.partition(":")[0])
            if not found_in(in_memory, "results.db"):
                missed.append(told)
        in_memory.exec_driver_sql("ROLLBACK")
    assert missed == []
    assert cells == {f"{table}.{column}" for table, columns in TABLES.items() for column in columns}
    assert found_in(in_memory, "results.db") == []


def test_changes_of_cells_are_noticed_on_both_databases(filled: DatabaseStore) -> None:
    chance = random.Random(7)
    done = 0
    while done < 60:
        with filled.database.engine.connect() as plain:
            connection = plain.execution_options(rulecore_writing=True)
            with connection.begin() as transaction:
                told = tamper(connection, chance)
                if told:
                    done += 1
                    assert found_in(connection, filled.name), told
                transaction.rollback()
    assert filled.check().faults == ()


def changed(store: DatabaseStore, *statements: str) -> Check:
    """Change a store past the store, and check it."""
    with store.database.engine.connect() as plain:
        connection = plain.execution_options(rulecore_writing=True)
        with connection.begin() as transaction:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            with past_the_store(connection):
                for statement in statements:
                    connection.exec_driver_sql(statement)
            result = check(connection)
            transaction.rollback()
    return result


def codes(result: Check) -> set[str]:
    return {fault.code.id for fault in result.faults}


def test_every_row_taken_out_is_missed(filled: DatabaseStore) -> None:
    with filled.database.reading() as connection:
        rows = {
            table: connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table}").all()
            for table, columns in TABLES.items()
            if table != VERSION_TABLE
        }
    missed = []
    for table, found in rows.items():
        keys = {"rulecore_parts": 2, "rulecore_contents": 2}.get(table, 1)
        for row in found:
            named = list(zip(TABLES[table], row, strict=True))[:keys]
            where = " AND ".join(f"{name} = '{value}'" for name, value in named)
            if not changed(filled, f"DELETE FROM {table} WHERE {where}").faults:
                missed.append(f"{table}: {where}")
    assert missed == []


def test_rows_put_in_are_noticed(filled: DatabaseStore) -> None:
    sha = "ab" * 32
    added = [
        f"INSERT INTO rulecore_blobs VALUES ('{sha}', 0)",
        f"INSERT INTO rulecore_parts VALUES ('{sha}', 0, '')",
        "INSERT INTO rulecore_parts SELECT sha256, 1, data FROM rulecore_parts WHERE part = 0 LIMIT 1",
        f"INSERT INTO rulecore_runs VALUES (4, '{sha}', '[]')",
        "INSERT INTO rulecore_contents SELECT 1, 'more', role, sha256 FROM rulecore_contents WHERE run = 2 LIMIT 1",
        "INSERT INTO rulecore_contents SELECT 9, name, role, sha256 FROM rulecore_contents WHERE run = 2",
        f"INSERT INTO rulecore_events SELECT 8, 3, identifier, 'reviewed', who, moment, why, '', sha256, '{sha}' "
        "FROM rulecore_events WHERE number = 7",
        f"INSERT INTO rulecore_head VALUES (2, 7, '{sha}')",
    ]
    if filled.database.location.kind == "sqlite":
        added[1] = f"INSERT INTO rulecore_parts VALUES ('{sha}', 0, x'')"
    assert [statement for statement in added if not changed(filled, statement).faults] == []


def test_events_that_are_exchanged_are_noticed(filled: DatabaseStore) -> None:
    exchange = [
        "UPDATE rulecore_events SET number = 99 WHERE number = 4",
        "UPDATE rulecore_events SET number = 4 WHERE number = 5",
        "UPDATE rulecore_events SET number = 5 WHERE number = 99",
    ]
    assert {"ST040", "ST041", "ST043"} <= codes(changed(filled, *exchange))


def test_files_that_change_places_are_noticed(filled: DatabaseStore) -> None:
    exchange = [
        "UPDATE rulecore_contents SET run = 99 WHERE run = 1 AND role = 'output'",
        "UPDATE rulecore_contents SET run = 1 WHERE run = 2 AND role = 'output'",
        "UPDATE rulecore_contents SET run = 2 WHERE run = 99",
    ]
    result = changed(filled, *exchange)
    assert [(fault.code.id, fault.values["run"]) for fault in result.faults] == [("ST046", 1), ("ST046", 2)]


@pytest.mark.parametrize(
    ("statement", "code", "named"),
    [
        ("UPDATE rulecore_events SET who = '王五' WHERE number = 4", "ST040", {"event": 4, "run": 1}),
        (
            "UPDATE rulecore_events SET moment = '2020-01-01T00:00:00Z' WHERE number = 7",
            "ST040",
            {"event": 7},
        ),
        ("DELETE FROM rulecore_events WHERE number = 7", "ST050", {}),
        ("DELETE FROM rulecore_events WHERE number = 2", "ST042", {"event": 2}),
        ("DELETE FROM rulecore_runs WHERE number = 3", "ST044", {"run": 3}),
        (
            "UPDATE rulecore_runs SET policies = '[]' WHERE number = 2",
            "ST045",
            {"run": 2, "column": "policies"},
        ),
        (
            "UPDATE rulecore_contents SET role = 'table' WHERE run = 2 AND role = 'records'",
            "ST046",
            {"run": 2},
        ),
    ],
)
def test_what_was_changed_is_named(
    filled: DatabaseStore, statement: str, code: str, named: dict[str, object]
) -> None:
    faults = [fault for fault in changed(filled, statement).faults if fault.code.id == code]
    assert faults
    assert named.items() <= faults[0].values.items()


def test_changed_bytes_are_named_by_run_and_file(filled: DatabaseStore) -> None:
    with filled.database.reading() as connection:
        sha256 = connection.exec_driver_sql(
            "SELECT sha256 FROM rulecore_contents WHERE run = 2 AND name = 'results/results.csv'"
        ).scalar()
    empty = "x'31'" if filled.database.location.kind == "sqlite" else "'1'"
    result = changed(filled, f"UPDATE rulecore_parts SET data = {empty} WHERE sha256 = '{sha256}'")
    assert [(fault.code.id, fault.values["names"]) for fault in result.faults] == [
        ("ST048", "2/results/results.csv")
    ]


def test_a_guard_that_was_taken_away_is_named(filled: DatabaseStore) -> None:
    with filled.database.writing() as connection:
        on_table = "" if filled.database.location.kind == "sqlite" else " ON rulecore_events"
        connection.exec_driver_sql(f"DROP TRIGGER rulecore_events_kept{on_table}")
    faults = filled.check().faults
    assert [(fault.code.id, fault.values["guard"]) for fault in faults] == [("ST051", "rulecore_events_kept")]


def test_a_guard_that_does_nothing_any_more_is_named(filled: DatabaseStore) -> None:
    with filled.database.writing() as connection:
        if filled.database.location.kind == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER rulecore_events_kept")
            connection.exec_driver_sql(
                "CREATE TRIGGER rulecore_events_kept BEFORE UPDATE ON rulecore_events BEGIN SELECT 1; END"
            )
            named = "rulecore_events_kept"
        else:
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION rulecore_refuse() RETURNS trigger LANGUAGE plpgsql "
                "AS 'BEGIN RETURN NEW; END'"
            )
            named = "rulecore_refuse"
    assert [fault.values.get("guard") for fault in filled.check().faults] == [named]


def test_text_that_is_no_text_is_named(tmp_path: Path, make_archive: Make) -> None:
    with open_store(str(tmp_path / "r.db"), create=True) as store:
        store.add(make_archive(1), who="张三", when=MOMENT)
        result = changed(store, "UPDATE rulecore_events SET why = CAST(x'ff00fe' AS TEXT)")
    assert "ST040" in codes(result)


# --- what a database alone cannot show, and an account kept elsewhere can -------------------------------------------


def account(store: DatabaseStore, run: int, file: Path) -> Path:
    with store.reading() as snapshot:
        file.write_bytes(account_bytes(snapshot, run))
    return file


def rewritten(store: DatabaseStore, last: int, **changes: str) -> None:
    """Do what an owner of the database can do: write the chain anew up to some event, every hash right."""
    with store.database.writing() as connection, past_the_store(connection):
        rows = [
            ChainedEvent(**row)
            for row in connection.execute(text("SELECT * FROM rulecore_events ORDER BY number")).mappings()
        ]
        connection.exec_driver_sql("DELETE FROM rulecore_events")
        previous, names = START, ", ".join(TABLES["rulecore_events"])
        places = ", ".join(f":{name}" for name in TABLES["rulecore_events"])
        for row in rows[:last]:
            values = {name: getattr(row, name) for name in TABLES["rulecore_events"]}
            values |= {"previous": previous, **(changes if row.number == 1 else {})}
            values["sha256"] = previous = ChainedEvent(**values).computed()
            connection.execute(text(f"INSERT INTO rulecore_events ({names}) VALUES ({places})"), values)
        connection.exec_driver_sql(f"UPDATE rulecore_head SET number = {last}, sha256 = '{previous}'")


def test_a_chain_cut_off_with_its_head_is_noticed_by_an_account_only(
    filled: DatabaseStore, tmp_path: Path
) -> None:
    kept = account(filled, 1, tmp_path / "a.json")
    rewritten(filled, 6)
    assert filled.check().faults == ()
    faults = filled.check(read_accounts([kept])).faults
    assert [(fault.code.id, fault.values["event"]) for fault in faults] == [("ST052", 7)]


def test_a_chain_written_anew_is_noticed_by_an_account_only(filled: DatabaseStore, tmp_path: Path) -> None:
    kept = account(filled, 1, tmp_path / "a.json")
    assert filled.check(read_accounts([kept])).faults == ()
    rewritten(filled, 7, who="王五")
    assert filled.check().faults == ()
    faults = filled.check(read_accounts([kept])).faults
    assert [fault.values["event"] for fault in faults] == [1, 4, 5, 6, 7]


def test_an_account_can_be_computed_again_without_the_store(filled: DatabaseStore, tmp_path: Path) -> None:
    said = json.loads(account(filled, 1, tmp_path / "a.json").read_bytes())
    events = [ChainedEvent(**event) for event in said["events"]]
    assert [event.computed() for event in events] == [event.sha256 for event in events]
    assert [event.state for event in events] == ["draft", "reviewed", "published", "sealed"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"events":[{"number":1}]}', '{"events":[]}'])
def test_a_file_that_is_no_account_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(InputError) as raised:
        read_accounts([tmp_path / "a.json", tmp_path / "none.json"])
    assert [fault.code.id for fault in raised.value.faults] == ["ST027", "ST027"]
