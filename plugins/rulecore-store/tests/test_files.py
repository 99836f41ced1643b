"""What can go wrong with the file of a store: a clear message, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rulecore_store import database
from rulecore_store.store import DatabaseStore, open_store
from sqlalchemy import text

from rulecore.archive import RunArchive
from rulecore.errors import FaultsError, InputError, OutputError

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
