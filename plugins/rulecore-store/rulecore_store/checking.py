"""``rulecore history check``: every hash of every row computed again, and what differs named.

Nothing in the database is believed: rows are read as they are, whatever their types, and each is held against the hash
that covers it. ``parts`` are covered by their blob's hash, blobs by the contents that name them, contents by the run's
identifier, runs by the event that made them drafts, events by the chain, its end by the head, and the head by the
accounts that are kept outside the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from attrs import field, frozen
from sqlalchemy import Connection, Table, select, text

from rulecore.archive.contents import Content, Role, RunArchive
from rulecore.contracts import RUN_STATES
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore_store import codes
from rulecore_store.blobs import difference
from rulecore_store.chain import START, ChainedEvent, next_state, numbers_of
from rulecore_store.guarding import guard_faults
from rulecore_store.reading import policies_text
from rulecore_store.tables import BLOBS, CONTENTS, EVENTS, HEAD, METADATA, PARTS, RUNS


@frozen(kw_only=True)
class Account:
    """What a store said of its events at some time: hashes by event number. ``file`` is where it was kept.

    The package of a run says nothing of events; its ``identifier`` is that of a run that was stored.
    """

    file: str
    events: Mapping[int, str] = field(factory=dict)
    identifier: str = ""


@frozen(kw_only=True)
class Check:
    """What a check found: faults in the order of the store, and what was looked at."""

    faults: tuple[Fault, ...]
    runs: int
    events: int
    bytes: int
    head: str
    hashes: Mapping[int, str] = field(repr=False)
    """The hash of each event by its number."""


def check(connection: Connection, accounts: Sequence[Account] = ()) -> Check:
    """Return what is wrong with a store, read on one connection."""
    rows = {table.name: _Rows.of(connection, table) for table in METADATA.sorted_tables if table is not PARTS}
    faults = [fault for found in rows.values() for fault in found.faults]
    events = _events(rows[EVENTS.name].good)
    faults += _chain(events)
    faults += _head(rows[HEAD.name].good, events)
    runs = {row["number"]: row for row in rows[RUNS.name].good}
    contents: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows[CONTENTS.name].good:
        contents.setdefault(row["run"], []).append(row)
    names: dict[str, list[str]] = {}
    for run, items in sorted(contents.items()):
        for row in items:
            names.setdefault(row["sha256"], []).append(f"{run}/{row['name']}")
    sizes = {row["sha256"]: row["size"] for row in rows[BLOBS.name].good}
    blobs = _Blobs.of(connection, sizes, names, _manifests(contents))
    faults += _runs(runs, contents, events, blobs.kept)
    faults += blobs.faults
    faults += guard_faults(connection)
    faults += [fault for account in accounts for fault in _account(account, events)]
    last = events[-1] if events else None
    return Check(
        faults=tuple(faults),
        runs=len(runs),
        events=len(events),
        bytes=blobs.size,
        head=last.sha256 if last is not None else START,
        hashes={event.number: event.sha256 for event in events},
    )


@frozen(kw_only=True)
class _Rows:
    """The rows of a table whose cells are of the kinds that a store writes, and what is wrong with the others."""

    good: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, connection: Connection, table: Table) -> _Rows:
        kinds = {column.name: column.type.python_type for column in table.c}
        good: list[Mapping[str, Any]] = []
        faults: list[Fault] = []
        names = ", ".join(kinds)
        order = ", ".join(column.name for column in table.primary_key)
        # Read past SQLAlchemy's own types: what somebody put there may be of any kind, and not even text.
        for values in connection.exec_driver_sql(f"SELECT {names} FROM {table.name} ORDER BY {order}"):  # noqa: S608
            row = dict(zip(kinds, values, strict=True))
            wrong = [name for name, kind in kinds.items() if type(row[name]) is not kind]
            if wrong:
                shown = ", ".join(
                    f"{name} = {row[name]!r:.80}" for name in dict.fromkeys((*_keys(table), *wrong))
                )
                faults.append(Fault(code=codes.UNREADABLE_CELL, values={"table": table.name, "row": shown}))
            else:
                good.append(row)
        return cls(good=tuple(good), faults=tuple(faults))


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


# --- the chain ----------------------------------------------------------------------------------------------------


def _events(rows: Sequence[Mapping[str, Any]]) -> tuple[ChainedEvent, ...]:
    return tuple(ChainedEvent(**row) for row in sorted(rows, key=lambda row: cast("int", row["number"])))


def _chain(events: Sequence[ChainedEvent]) -> Iterator[Fault]:
    """Yield what is wrong with each event, and with their order."""
    previous, expected = START, 1
    states: dict[int, str] = {}
    sealed: set[int] = set()
    for event in events:
        for missing in range(expected, min(event.number, expected + 100)):
            yield Fault(code=codes.EVENT_MISSING, values={"event": missing})
        values = {"event": event.number, "run": event.run, "state": phrase(event.state)}
        if event.computed() != event.sha256:
            stated = {"found": event.computed(), "stated": event.sha256}
            yield Fault(code=codes.EVENT_CHANGED, values={**values, **stated})
        if event.previous != previous:
            yield Fault(
                code=codes.CHAIN_BROKEN, values={**values, "found": previous, "stated": event.previous}
            )
        known = states.get(event.run)
        comes = next_state(known) if known is None or known in RUN_STATES else None
        if event.state != comes or not _successor(event, sealed):
            yield Fault(code=codes.OUT_OF_ORDER, values=values)
        states[event.run] = event.state
        if event.state == "sealed":
            sealed.add(event.run)
        previous, expected = event.sha256, event.number + 1


def _successor(event: ChainedEvent, sealed: set[int]) -> bool:
    """Return whether an event may supersede what it says it does."""
    try:
        numbers = numbers_of(event.supersedes)
    except ValueError:
        return False
    return not numbers or (event.state == "sealed" and sealed.issuperset(numbers))


def _head(rows: Sequence[Mapping[str, Any]], events: Sequence[ChainedEvent]) -> Iterator[Fault]:
    stated = [(row["one"], row["number"], row["sha256"]) for row in rows]
    found = (1, events[-1].number, events[-1].sha256) if events else (1, 0, START)
    if stated != [found]:
        shown = "; ".join(f"{number} ({sha256})" for _one, number, sha256 in stated) or "—"
        yield Fault(code=codes.HEAD_DIFFERS, values={"stated": shown, "found": f"{found[1]} ({found[2]})"})


def _account(account: Account, events: Sequence[ChainedEvent]) -> Iterator[Fault]:
    if account.identifier and account.identifier not in {event.identifier for event in events}:
        values: dict[str, object] = {"file": account.file, "identifier": account.identifier}
        yield Fault(code=codes.PACKAGE_UNKNOWN, values=values)
    now = {event.number: event.sha256 for event in events}
    for number, sha256 in sorted(account.events.items()):
        if now.get(number) != sha256:
            found = now.get(number, "—")
            values = {"file": account.file, "event": number, "stated": sha256, "found": found}
            yield Fault(code=codes.ANCHOR_DIFFERS, values=values)


# --- runs and their bytes -----------------------------------------------------------------------------------------


def _runs(
    runs: Mapping[int, Mapping[str, Any]],
    contents: Mapping[int, Sequence[Mapping[str, Any]]],
    events: Sequence[ChainedEvent],
    manifests: Mapping[str, bytes],
) -> Iterator[Fault]:
    """Yield what is wrong with runs: each is what its first event says, and what its files say."""
    first: dict[int, ChainedEvent] = {}
    for event in events:
        first.setdefault(event.run, event)
        if event.identifier != first[event.run].identifier:
            stated = first[event.run].identifier
            yield _changed(event.run, "identifier", event.identifier, stated)
    for number in sorted({*first, *contents} - set(runs)):
        where = phrase(EVENTS.name) if number in first else phrase(CONTENTS.name)
        yield Fault(code=codes.RUN_MISSING, values={"run": number, "where": where})
    for number, row in sorted(runs.items()):
        begun = first.get(number)
        if begun is None:
            shown = f"number = {number}"
            yield Fault(code=codes.STRAY, values={"table": RUNS.name, "row": shown})
        elif begun.identifier != row["identifier"]:
            yield _changed(number, "identifier", row["identifier"], begun.identifier)
        own = contents.get(number, ())
        found = _identifier(own)
        if found != row["identifier"]:
            values = {"run": number, "found": found, "stated": row["identifier"]}
            yield Fault(code=codes.CONTENTS_CHANGED, values=values)
        data = next((manifests[item["sha256"]] for item in own if item["sha256"] in manifests), None)
        said = _said(data)
        if said is not None and said != row["policies"]:
            yield _changed(number, "policies", row["policies"], said)


def _changed(run: int, column: str, found: object, stated: object) -> Fault:
    values = {"run": run, "column": column, "found": found, "stated": stated}
    return Fault(code=codes.RUN_CHANGED, values=values)


def _identifier(contents: Sequence[Mapping[str, Any]]) -> str:
    """Return the identifier of an archive from roles, names and hashes alone."""
    return RunArchive(
        contents=tuple(
            _Hashed(role=cast("Role", row["role"]), name=row["name"], data=b"", stated=row["sha256"])
            for row in contents
        )
    ).identifier


@frozen(kw_only=True, slots=False)
class _Hashed(Content):
    """A content of which only the hash is at hand."""

    stated: str

    @property
    def sha256(self) -> str:
        return self.stated


def _manifests(contents: Mapping[int, Sequence[Mapping[str, Any]]]) -> frozenset[str]:
    return frozenset(
        row["sha256"] for items in contents.values() for row in items if row["role"] == "manifest"
    )


def _said(manifest: bytes | None) -> str | None:
    """Return what the row of a run should say of its policies; None where its manifest cannot be read."""
    if manifest is None:
        return None
    try:
        return policies_text(manifest)
    except (ValueError, RecursionError):
        return None


@frozen(kw_only=True)
class _Blobs:
    """What became of the bytes: faults, how many there are, and those of the manifests."""

    faults: tuple[Fault, ...]
    size: int
    kept: Mapping[str, bytes]

    @classmethod
    def of(
        cls,
        connection: Connection,
        sizes: Mapping[str, int],
        names: Mapping[str, Sequence[str]],
        manifests: frozenset[str],
    ) -> _Blobs:
        """Prove the bytes hash by hash, so that no more than one file is held at a time."""
        faults: list[Fault] = []
        kept: dict[str, bytes] = {}
        total = 0
        query = text(f"SELECT part, data FROM {PARTS.name} WHERE sha256 = :sha256 ORDER BY part")  # noqa: S608
        for sha256 in sorted({*sizes, *names}):
            owners = names.get(sha256)
            if owners is None:
                shown = f"sha256 = {sha256}"
                faults.append(Fault(code=codes.STRAY, values={"table": BLOBS.name, "row": shown}))
            values: dict[str, object] = {"names": ", ".join(owners or ("—",)), "sha256": sha256}
            if sha256 not in sizes:
                faults.append(Fault(code=codes.CONTENT_MISSING, values=values))
                continue
            parts = [(row.part, row.data) for row in connection.execute(query, {"sha256": sha256})]
            reason = _difference(sha256, sizes[sha256], parts)
            if reason:
                faults.append(Fault(code=codes.CONTENT_CHANGED, values={**values, "reason": phrase(reason)}))
            elif sha256 in manifests:
                kept[sha256] = b"".join(data for _part, data in parts)
            total += sizes[sha256]
        faults += _stray_parts(connection, sizes)
        return cls(faults=tuple(faults), size=total, kept=kept)


def _difference(sha256: str, size: int, parts: Sequence[tuple[Any, Any]]) -> str:
    if any(type(part) is not int or type(data) is not bytes for part, data in parts):
        return N_("parts that are no bytes")
    return difference(sha256, size, parts)


def _stray_parts(connection: Connection, sizes: Mapping[str, int]) -> Iterator[Fault]:
    query = select(PARTS.c.sha256).distinct().order_by(PARTS.c.sha256)
    for sha256 in connection.execute(query).scalars():
        if sha256 not in sizes:
            shown = f"sha256 = {sha256!r}"
            yield Fault(code=codes.STRAY, values={"table": PARTS.name, "row": shown})
