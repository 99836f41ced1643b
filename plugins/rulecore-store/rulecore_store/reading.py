"""What a store holds, read on one connection: its events, its runs, the archive of one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from attrs import frozen
from sqlalchemy import Connection, select

from rulecore.archive.contents import Content, Role, RunArchive
from rulecore.contracts import StoredPolicy, StoredRun
from rulecore.errors import Fault, InputError, UsageError
from rulecore_store import blobs, codes
from rulecore_store.chain import ChainedEvent
from rulecore_store.tables import CONTENTS, EVENTS, RUNS


@frozen(kw_only=True)
class Snapshot:
    """A store as it is within one transaction; ``shown`` is its name in messages."""

    connection: Connection
    shown: str

    def events(self) -> tuple[ChainedEvent, ...]:
        """Return every event in the order of the chain."""
        rows = self.connection.execute(select(EVENTS).order_by(EVENTS.c.number)).mappings()
        return tuple(ChainedEvent(**row) for row in rows)

    def last_event(self) -> ChainedEvent | None:
        """Return the last event of the chain, None where nothing has happened yet."""
        row = (
            self.connection.execute(select(EVENTS).order_by(EVENTS.c.number.desc()).limit(1))
            .mappings()
            .first()
        )
        return ChainedEvent(**row) if row is not None else None

    def runs(self) -> tuple[StoredRun, ...]:
        """Return every run in the order of their numbers."""
        return self._runs(self.events())

    def run(self, number: int) -> StoredRun:
        """Return one run. Raises UsageError where there is none of that number."""
        rows = self.connection.execute(
            select(EVENTS).where(EVENTS.c.run == number).order_by(EVENTS.c.number)
        ).mappings()
        found = self._runs([ChainedEvent(**row) for row in rows], number)
        if not found:
            raise UsageError([self._unknown(number)])
        return found[0]

    def number_of(self, identifier: str) -> int | None:
        """Return the number of the run whose archive has an identifier, None where there is none."""
        query = select(RUNS.c.number).where(RUNS.c.identifier == identifier)
        return cast("int | None", self.connection.execute(query).scalar())

    def archive(self, number: int) -> RunArchive:
        """Return a run's archive, every file proved. Raises UsageError or InputError."""
        identifier = self.connection.execute(
            select(RUNS.c.identifier).where(RUNS.c.number == number)
        ).scalar()
        if identifier is None:
            raise UsageError([self._unknown(number)])
        rows = self.contents(number)
        contents: list[Content] = []
        faults: list[Fault] = []
        for name, role, sha256 in rows:
            try:
                data = blobs.get(self.connection, sha256, (name,))
                contents.append(Content(role=cast("Role", role), name=name, data=data))
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(faults)
        archive = RunArchive(contents=tuple(contents))
        if archive.identifier != identifier:
            values = {"run": number, "found": archive.identifier, "stated": identifier}
            raise InputError([Fault(code=codes.CONTENTS_CHANGED, values=values)])
        return archive

    def contents(self, number: int) -> tuple[tuple[str, str, str], ...]:
        """Return name, role and hash of each file of a run, without its bytes."""
        query = select(CONTENTS.c.name, CONTENTS.c.role, CONTENTS.c.sha256).where(CONTENTS.c.run == number)
        return tuple(sorted((row.name, row.role, row.sha256) for row in self.connection.execute(query)))

    def _runs(self, events: Sequence[ChainedEvent], number: int | None = None) -> tuple[StoredRun, ...]:
        query = select(RUNS).order_by(RUNS.c.number)
        rows = self.connection.execute(query if number is None else query.where(RUNS.c.number == number))
        by_run: dict[int, list[ChainedEvent]] = {}
        for event in events:
            by_run.setdefault(event.run, []).append(event)
        return tuple(
            StoredRun(
                number=row.number,
                identifier=row.identifier,
                policies=policies_of(row.policies),
                events=tuple(event.public() for event in by_run[row.number]),
            )
            for row in rows
            if row.number in by_run
        )

    def _unknown(self, number: int) -> Fault:
        numbers = self.connection.execute(select(RUNS.c.number).order_by(RUNS.c.number)).scalars().all()
        known = (
            "—" if not numbers else str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} … {numbers[-1]}"
        )
        return Fault(code=codes.UNKNOWN_RUN, values={"store": self.shown, "run": number, "known": known})


def policies_text(manifest: bytes) -> str:
    """Return the policies of a run as its row has them: taken from its manifest, so that they can be proved."""
    found = json.loads(manifest)
    items = found.get("policies") if isinstance(found, Mapping) else None
    said = [
        [str(item.get("name", "")), str(item.get("version", "")), str(item.get("title", "")), _count(item)]
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, Mapping)
    ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _count(item: Mapping[str, object]) -> int:
    records = item.get("records")
    return records if isinstance(records, int) else 0


def policies_of(text: str) -> tuple[StoredPolicy, ...]:
    """Return the policies of a run from its row."""
    try:
        return tuple(
            StoredPolicy(name=name, version=version, title=title, records=records)
            for name, version, title, records in json.loads(text)
        )
    except (ValueError, TypeError):
        return ()  # a check says that this row was changed; a list of runs shows the others
