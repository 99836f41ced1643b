"""Writers that store runs in a loop and are killed at random moments: run as a program of its own, which forks.

    python killed_writers.py LOCATION KILLS SEED LOG

LOG gets a line before a run is stored (``begun IDENTIFIER``) and one after it (``done IDENTIFIER``), each written by
the writer itself in one piece; the last line of standard output says how many writers were killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from rulecore_store.store import DatabaseStore, open_store

from rulecore.archive import Content, RunArchive

MOMENT = "2024-12-31T08:00:00Z"
WRITERS = 2
SHARED = b"the same policy for all\n" * 4000


def archive_of(writer: int, number: int) -> RunArchive:
    own = f"{writer}/{number}\n".encode()
    manifest = b'{"policies":[{"name":"annual","version":"1","records":1}]}'
    return RunArchive(
        contents=(
            Content(role="policy", name="policies/policy.toml", data=SHARED),
            Content(role="output", name="results/results.csv", data=own * 20_000),
            Content(role="manifest", name="results/results.manifest.json", data=manifest),
        )
    )


def write(store: DatabaseStore, writer: int, log: int) -> None:
    number = 0
    while True:
        number += 1
        archive = archive_of(writer, number)
        os.write(log, f"begun {archive.identifier}\n".encode())
        run, new = store.add(archive, who=f"writer {writer}", when=MOMENT)
        assert new
        os.write(log, f"done {archive.identifier}\n".encode())
        if number % 2:
            os.write(log, f"begun {archive.identifier} reviewed\n".encode())
            store.move(run.number, "reviewed", who="reviewer", when=MOMENT)
            os.write(log, f"done {archive.identifier} reviewed\n".encode())


def started(store: DatabaseStore, writer: int, log: int) -> int:
    process = os.fork()
    if process == 0:
        try:
            write(store, writer, log)
        finally:
            os._exit(70)  # reached through an error only
    return process


def main(location: str, kills: int, seed: int, log_file: str) -> None:
    chance = random.Random(seed)
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    # No connection outlives its transaction, so the opened store can be handed to children; they begin at once.
    store = open_store(location)
    store.check()
    running = [started(store, writer, log) for writer in range(WRITERS)]
    for kill in range(kills):
        time.sleep(chance.uniform(0, 0.15))
        index = chance.randrange(WRITERS)
        os.kill(running[index], signal.SIGKILL)
        _process, status = os.waitpid(running[index], 0)
        assert os.WIFSIGNALED(status), f"a writer ended by itself: {status}"
        running[index] = started(store, WRITERS + kill, log)
    for process in running:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    sys.stdout.write(f"{kills + WRITERS}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
