"""Several programs at once, and writers that are killed: nothing is lost, nothing is there twice or by halves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from rulecore_store.store import DatabaseStore, open_store

from rulecore.archive import RunArchive

MOMENT = "2024-12-31T08:00:00Z"
KILLS = int(os.environ.get("RULECORE_KILLS", "60"))
"""200 are asked for; they take half a minute on each database."""


def test_what_writers_reported_is_there_once_though_they_are_killed_at_any_moment(
    location: str, tmp_path: Path
) -> None:
    open_store(location, create=True).close()
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_writers.py"), location, str(KILLS), "7", log],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    lines = log.read_text().splitlines()
    begun = {line.removeprefix("begun ") for line in lines if line.startswith("begun ")}
    reported = [line.removeprefix("done ") for line in lines if line.startswith("done ")]
    with open_store(location) as store:
        runs = store.runs()
        result = store.check()
    kept = Counter(run.identifier for run in runs)
    moved = {run.identifier for run in runs if run.state == "reviewed"}
    added = {line for line in reported if " " not in line}
    assert result.faults == ()
    assert [run.number for run in runs] == list(range(1, len(runs) + 1))
    assert set(kept.values()) == {1}
    assert added <= set(kept)
    assert set(kept) <= {line for line in begun if " " not in line}
    assert {line.removesuffix(" reviewed") for line in reported if " " in line} <= moved
    cut_short = len(begun) - len(reported)
    unheard = len(kept) - len(added)
    # Most were killed while they wrote, or the test would show nothing.
    assert KILLS // 4 < cut_short <= KILLS + 2
    assert unheard <= cut_short
    sys.stdout.write(
        f"{KILLS} kills: {len(runs)} runs, {cut_short} cut short, {unheard} of them kept unheard\n"
    )


def test_programs_that_make_and_fill_a_store_at_once_do_it_as_if_one_after_the_other(
    location: str, make_archive: Callable[..., RunArchive]
) -> None:
    faults: list[BaseException] = []
    ready = threading.Barrier(4)

    def fill(writer: int) -> None:
        try:
            ready.wait()
            with open_store(location, create=True) as store:
                for number in range(5):
                    store.add(make_archive(number * 2 + writer % 2), who=f"{writer}", when=MOMENT)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=fill, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with open_store(location) as store:
        # Two writers each stored the same five archives: ten runs, each once.
        assert len(store.runs()) == 10
        assert store.check().faults == ()


def test_a_reader_sees_whole_runs_while_another_program_writes(
    store: DatabaseStore, make_archive: Callable[..., RunArchive]
) -> None:
    stop = threading.Event()
    faults: list[object] = []

    def look() -> None:
        while not stop.is_set():
            faults.extend(store.check().faults)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(20):
            store.add(make_archive(number), who="张三", when=MOMENT)
    finally:
        stop.set()
        reader.join()
    assert faults == []
    assert len(store.runs()) == 20


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_writer_that_dies_between_writing_and_keeping_leaves_no_trace(kind: str, tmp_path: Path) -> None:
    # The journal is there, the file is changed already: the next one to open it rolls it back.
    location = str(tmp_path / f"{kind}.db")
    with open_store(location, create=True) as store:
        before = store.check()
    program = (
        "import os, sys\n"
        "from rulecore_store.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "with store.database.writing() as connection:\n"
        "    connection.exec_driver_sql('PRAGMA cache_size=1')\n"
        "    for number in range(2000):\n"
        "        sha = f'{number:064}'\n"
        "        connection.exec_driver_sql(f\"INSERT INTO rulecore_blobs VALUES ('{sha}', 0)\")\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, location])
    assert killed.returncode == -9
    assert Path(f"{location}-journal").stat().st_size > 0
    with open_store(location) as store:
        assert store.check() == before
