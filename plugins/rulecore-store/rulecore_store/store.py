"""The store itself: runs added whole or not at all, brought forward step by step, read and proved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select, update

from rulecore.archive.contents import RunArchive
from rulecore.contracts import RunState, RunStore, StoredRun
from rulecore.errors import Fault, OutputError, UsageError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore_store import blobs, codes
from rulecore_store.chain import START, ChainedEvent, checked_texts, listed, next_state
from rulecore_store.checking import Account, Check, check
from rulecore_store.database import Database, connect
from rulecore_store.locations import read_location
from rulecore_store.reading import Snapshot, policies_text
from rulecore_store.tables import CONTENTS, EVENTS, HEAD, RUNS


def open_store(location: str | os.PathLike[str], *, create: bool = False) -> DatabaseStore:
    """Return the store at a location: a file, or a URL of a PostgreSQL database.

    With ``create`` it is made where there is none. Raises :class:`rulecore.errors.InputError` (OutputError while it
    is made) where there is no store, or none that can be used: see the codes ST001 to ST016.
    """
    store = DatabaseStore(connect(read_location(os.fspath(location))))
    if create:
        store.database.create()
    else:
        with store.database.reading():
            pass
    return store


class DatabaseStore(RunStore):
    """Runs in a SQLite file or a PostgreSQL database. It can be used by several programs at once."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.name = database.location.shown

    def add(self, archive: RunArchive, *, who: str, when: str, why: str = "") -> tuple[StoredRun, bool]:
        """Keep a run as a draft; return it, and whether it is new: the same archive is kept once.

        ``when`` is a moment with its time zone, such as ``2024-12-31T16:00:00+08:00``. Raises UsageError where who,
        when or why cannot be kept, OutputError where the run cannot; then nothing of it is there.
        """
        who, when, why = checked_texts(who, when, why)
        with self._writing() as (snapshot, connection):
            known = snapshot.number_of(archive.identifier)
            if known is not None:
                return snapshot.run(known), False
            blobs.keep(connection, archive.contents)
            number = 1 + (
                connection.execute(select(RUNS.c.number).order_by(RUNS.c.number.desc())).scalar() or 0
            )
            policies = policies_text(archive.manifest)
            connection.execute(
                insert(RUNS).values(number=number, identifier=archive.identifier, policies=policies)
            )
            connection.execute(
                insert(CONTENTS),
                [
                    {"run": number, "name": content.name, "role": content.role, "sha256": content.sha256}
                    for content in archive.contents
                ],
            )
            self._append(snapshot, number, archive.identifier, "draft", (who, when, why), "")
            return snapshot.run(number), True

    def move(
        self,
        number: int,
        state: RunState,
        *,
        who: str,
        when: str,
        why: str = "",
        supersedes: Sequence[int] = (),
        before: Callable[[Snapshot], None] | None = None,
    ) -> StoredRun:
        """Bring a run into the next state and return it as it is then.

        ``supersedes`` are sealed runs in whose place this one stands once it is sealed. ``before`` is called with the
        store as it is while nobody else writes, and raises where the step must not be taken. Raises UsageError for
        a step out of order, OutputError where it cannot be kept.
        """
        who, when, why = checked_texts(who, when, why)
        with self._writing() as (snapshot, _connection):
            run = snapshot.run(number)
            faults = [*_out_of_order(run, state), *_unfit_successor(run, state, supersedes, snapshot)]
            if faults:
                raise UsageError(faults)
            if before is not None:
                before(snapshot)
            self._append(snapshot, number, run.identifier, state, (who, when, why), listed(supersedes))
            return snapshot.run(number)

    def runs(self) -> tuple[StoredRun, ...]:
        """Return every run in the order of their numbers."""
        with self.reading() as snapshot:
            return snapshot.runs()

    def run(self, number: int) -> StoredRun:
        """Return one run. Raises UsageError where there is none of that number."""
        with self.reading() as snapshot:
            return snapshot.run(number)

    def archive(self, number: int) -> RunArchive:
        """Return everything that one run was made of and gave, each file proved against its hash."""
        with self.reading() as snapshot:
            return snapshot.archive(number)

    def check(self, accounts: Sequence[Account] = ()) -> Check:
        """Return what is wrong with the store: every hash of every row is computed again, and compared.

        ``accounts`` were written by this store earlier and kept elsewhere; what they say must still stand.
        """
        with self.reading() as snapshot:
            return check(snapshot.connection, accounts)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Give the store as it is at one moment."""
        with self.database.reading() as connection:
            yield Snapshot(connection=connection, shown=self.name)

    def close(self) -> None:
        """Let go of the database; connections live no longer than what they were opened for."""
        self.database.engine.dispose()

    def __enter__(self) -> DatabaseStore:
        """Use the store in a ``with`` statement, which closes it."""
        return self

    @contextmanager
    def _writing(self) -> Iterator[tuple[Snapshot, Connection]]:
        with self.database.writing() as connection:
            yield Snapshot(connection=connection, shown=self.name), connection

    def _append(
        self,
        snapshot: Snapshot,
        run: int,
        identifier: str,
        state: RunState,
        said: tuple[str, str, str],
        supersedes: str,
    ) -> None:
        """Put an event at the end of the chain, and the head on it."""
        connection = snapshot.connection
        last = snapshot.last_event()
        number, previous = (last.number, last.sha256) if last is not None else (0, START)
        head = connection.execute(select(HEAD.c.number, HEAD.c.sha256)).all()
        if [tuple(row) for row in head] != [(number, previous)]:
            stated = ", ".join(f"{row.number} ({row.sha256})" for row in head) or "—"
            values = {"stated": stated, "found": f"{number} ({previous})"}
            raise OutputError([Fault(code=codes.HEAD_DIFFERS, values=values)])
        who, moment, why = said
        event = ChainedEvent(
            number=number + 1,
            run=run,
            identifier=identifier,
            state=state,
            who=who,
            moment=moment,
            why=why,
            supersedes=supersedes,
            previous=previous,
        )
        row = {column.name: getattr(event, column.name) for column in EVENTS.c} | {"sha256": event.computed()}
        connection.execute(insert(EVENTS).values(**row))
        connection.execute(update(HEAD).values(number=event.number, sha256=row["sha256"]))


def _out_of_order(run: StoredRun, state: RunState) -> Iterator[Fault]:
    if next_state(run.state) != state:
        needed = {"reviewed": "draft", "published": "reviewed", "sealed": "published"}.get(state, "—")
        values = {
            "run": run.number,
            "state": phrase(run.state),
            "wanted": phrase(state),
            "needed": phrase(needed),
        }
        yield Fault(code=codes.WRONG_STATE, values=values)


def _unfit_successor(
    run: StoredRun, state: RunState, supersedes: Sequence[int], snapshot: Snapshot
) -> Iterator[Fault]:
    """Yield why a run cannot take the place of others."""
    if not supersedes:
        return
    runs = {each.number: each for each in snapshot.runs()}
    gone = superseded(tuple(runs.values()))
    for other in sorted(set(supersedes)):
        reason = ""
        if state != "sealed":
            reason = N_("only sealing it can do that")
        elif other not in runs:
            reason = N_("there is no such run")
        elif other == run.number:
            reason = N_("it is the same run")
        elif runs[other].state != "sealed":
            reason = N_("that run is not sealed")
        elif other in gone:
            reason = N_("another run took its place already")
        if reason:
            values = {"run": run.number, "other": other, "reason": phrase(reason)}
            yield Fault(code=codes.NOT_TO_SUPERSEDE, values=values)


def superseded(runs: Sequence[StoredRun]) -> frozenset[int]:
    """Return the numbers of the runs in whose place another one stands."""
    return frozenset(number for run in runs for event in run.events for number in event.supersedes)
