"""What a store keeps, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rulecore_store.blobs import PART_SIZE
from rulecore_store.store import DatabaseStore, open_store, superseded
from sqlalchemy import text

from rulecore.archive import Content, RunArchive
from rulecore.contracts import RunStore
from rulecore.errors import FaultsError, InputError, OutputError, UsageError

MOMENT = "2024-12-31T08:00:00Z"
Make = Callable[..., RunArchive]


def codes(error: FaultsError) -> list[str]:
    return [fault.code.id for fault in error.faults]


def test_an_archive_comes_back_byte_for_byte(store: DatabaseStore, make_archive: Make) -> None:
    archive = make_archive(7)
    run, new = store.add(archive, who="张三", when=MOMENT, why="年度考核")
    assert new
    assert store.archive(run.number) == archive
    assert run.identifier == archive.identifier


def test_a_store_is_what_the_contract_says(store: DatabaseStore) -> None:
    assert isinstance(store, RunStore)


def test_runs_are_listed_with_their_policies_and_events(filled: DatabaseStore) -> None:
    runs = filled.runs()
    assert [(run.number, run.state) for run in runs] == [(1, "sealed"), (2, "reviewed"), (3, "draft")]
    assert [(policy.name, policy.version, policy.title, policy.records) for policy in runs[1].policies] == [
        ("annual", "2024.1", "年度考核", 2)
    ]
    assert [(event.state, event.who, event.when, event.why) for event in runs[1].events] == [
        ("draft", "张三", MOMENT, "第2次"),
        ("reviewed", "李四", MOMENT, "复核"),
    ]


def test_the_same_archive_is_kept_once(filled: DatabaseStore, make_archive: Make) -> None:
    before = filled.check()
    run, new = filled.add(make_archive(2), who="王五", when=MOMENT)
    assert (run.number, run.state, new) == (2, "reviewed", False)
    assert filled.check() == before


def test_the_same_bytes_are_kept_once(filled: DatabaseStore) -> None:
    with filled.database.reading() as connection:
        contents = connection.execute(text("SELECT count(*) FROM rulecore_contents")).scalar()
        blobs = connection.execute(text("SELECT count(*) FROM rulecore_blobs")).scalar()
    assert (contents, blobs) == (15, 2 + 3 * 3)


def test_bytes_larger_than_a_part_come_back(store: DatabaseStore, make_archive: Make) -> None:
    data = bytes(range(256)) * (2 * PART_SIZE // 256) + b"rest"
    archive = RunArchive(
        contents=(*make_archive(1).contents, Content(role="records", name="records/2/big.csv", data=data))
    )
    run, _new = store.add(archive, who="张三", when=MOMENT)
    assert store.archive(run.number).of("records")[1].data == data
    assert store.check().faults == ()


def test_an_empty_file_is_kept(store: DatabaseStore, make_archive: Make) -> None:
    archive = RunArchive(
        contents=(*make_archive(1).contents, Content(role="table", name="tables/1/votes.csv", data=b""))
    )
    run, _new = store.add(archive, who="张三", when=MOMENT)
    assert store.archive(run.number).of("table")[0].data == b""
    assert store.check().faults == ()


def test_states_go_forward_one_step_at_a_time(filled: DatabaseStore) -> None:
    for number, state in ((3, "published"), (3, "sealed"), (3, "draft"), (2, "reviewed"), (1, "sealed")):
        with pytest.raises(UsageError) as raised:
            filled.move(number, state, who="李四", when=MOMENT)  # type: ignore[arg-type]
        assert codes(raised.value) == ["ST021"]
    assert [run.state for run in filled.runs()] == ["sealed", "reviewed", "draft"]


def test_a_moment_is_kept_in_utc(store: DatabaseStore, make_archive: Make) -> None:
    run, _new = store.add(make_archive(1), who="张三", when="2024-12-31T16:00:00.9+08:00")
    assert run.events[0].when == "2024-12-31T08:00:00Z"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"who": " "}, "ST022"),
        ({"who": "张\n三"}, "ST023"),
        ({"who": "张" * 201}, "ST023"),
        ({"why": "a\0b"}, "ST023"),
        ({"why": "\ud800"}, "ST023"),
        ({"when": "2024-12-31"}, "ST028"),
        ({"when": "gestern"}, "ST028"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_stored(
    store: DatabaseStore, make_archive: Make, said: dict[str, str], wrong: str
) -> None:
    with pytest.raises(UsageError) as raised:
        store.add(make_archive(1), **{"who": "张三", "when": MOMENT, **said})
    assert codes(raised.value) == [wrong]
    assert store.runs() == ()


def test_a_run_that_is_not_there_is_named_with_those_that_are(filled: DatabaseStore) -> None:
    with pytest.raises(UsageError) as raised:
        filled.archive(9)
    assert codes(raised.value) == ["ST020"]
    assert "1 … 3" in str(raised.value)


def test_a_sealed_run_can_take_the_place_of_another(filled: DatabaseStore) -> None:
    filled.move(2, "published", who="李四", when=MOMENT)
    run = filled.move(2, "sealed", who="李四", when=MOMENT, why="更正", supersedes=[1])
    assert run.events[-1].supersedes == (1,)
    assert superseded(filled.runs()) == {1}
    assert filled.check().faults == ()


def test_a_run_takes_the_place_of_sealed_runs_only_and_once(filled: DatabaseStore) -> None:
    filled.move(2, "published", who="李四", when=MOMENT)
    with pytest.raises(UsageError) as raised:
        filled.move(2, "sealed", who="李四", when=MOMENT, supersedes=[2, 3, 8])
    assert codes(raised.value) == ["ST025", "ST025", "ST025"]
    filled.move(2, "sealed", who="李四", when=MOMENT, supersedes=[1])
    for state in ("reviewed", "published"):
        filled.move(3, state, who="李四", when=MOMENT)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as raised:
        filled.move(3, "sealed", who="李四", when=MOMENT, supersedes=[1])
    assert codes(raised.value) == ["ST025"]


CHANGES = [
    "UPDATE rulecore_blobs SET size = 1",
    "UPDATE rulecore_parts SET data = data",
    "UPDATE rulecore_runs SET policies = '[]'",
    "UPDATE rulecore_contents SET role = 'output'",
    "UPDATE rulecore_events SET who = '王五' WHERE number = 1",
    "UPDATE rulecore_head SET number = 1",
    "UPDATE rulecore_head SET number = number + 1",
    "DELETE FROM rulecore_blobs",
    "DELETE FROM rulecore_parts",
    "DELETE FROM rulecore_runs",
    "DELETE FROM rulecore_contents",
    "DELETE FROM rulecore_events WHERE number = 7",
    "DELETE FROM rulecore_head",
    "INSERT INTO rulecore_head VALUES (2, 0, '')",
    "INSERT INTO rulecore_runs VALUES (9, 'x', '[]')",
    "INSERT INTO rulecore_contents SELECT run, 'more', role, sha256 FROM rulecore_contents WHERE run = 1",
    "INSERT INTO rulecore_events SELECT 9, run, identifier, state, who, moment, why, supersedes, previous, 'x' "
    "FROM rulecore_events WHERE number = 7",
    "INSERT INTO rulecore_events SELECT 8, 3, identifier, 'sealed', who, moment, why, supersedes, "
    "(SELECT sha256 FROM rulecore_events WHERE number = 7), 'x' FROM rulecore_events WHERE number = 7",
]


REPLACED_IN_SQLITE = [
    f"INSERT OR REPLACE INTO rulecore_{table} SELECT * FROM rulecore_{table} LIMIT 1"
    for table in ("blobs", "parts", "runs", "contents", "events", "head")
]
EMPTIED_IN_POSTGRESQL = [
    f"TRUNCATE rulecore_{table} CASCADE" for table in ("blobs", "parts", "runs", "contents", "events", "head")
]


def test_the_database_itself_refuses_what_a_store_never_does(filled: DatabaseStore) -> None:
    before = filled.check()
    own = REPLACED_IN_SQLITE if filled.database.location.kind == "sqlite" else EMPTIED_IN_POSTGRESQL
    for statement in (*CHANGES, *own):
        with (
            pytest.raises(OutputError, match=r"rulecore: (what is stored|rows come)"),
            filled.database.writing() as connection,
        ):
            connection.exec_driver_sql(statement)
    assert filled.check() == before
    assert before.faults == ()


def test_reading_never_makes_a_store(location: str) -> None:
    with pytest.raises(InputError) as raised:
        open_store(location)
    assert codes(raised.value) == ["ST001"]
    with pytest.raises(InputError):
        open_store(location)
