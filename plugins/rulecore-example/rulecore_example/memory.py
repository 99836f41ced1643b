"""A store: runs kept for as long as the program lives, for trying out what a store is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.contracts import RUN_STATES, RunEvent, RunState, RunStore, Store, StoredRun
from rulecore.errors import Fault, UsageError
from rulecore_example.codes import NO_SUCH_STEP

if TYPE_CHECKING:
    from rulecore.archive import RunArchive


class Memory(RunStore):
    """Runs in a list. Nothing is proved here; see rulecore-store for a store that can be relied upon."""

    def __init__(self, name: str) -> None:
        """Begin without runs; ``name`` is how messages call the store."""
        self.name = name
        self._kept: list[tuple[StoredRun, RunArchive]] = []

    def add(self, archive: RunArchive, *, who: str, when: str, why: str = "") -> tuple[StoredRun, bool]:
        """Keep a run as a draft, the same archive once."""
        known = [run for run, kept in self._kept if kept.identifier == archive.identifier]
        if known:
            return known[0], False
        event = RunEvent(number=self._events() + 1, state="draft", who=who, when=when, why=why)
        run = StoredRun(
            number=len(self._kept) + 1, identifier=archive.identifier, policies=(), events=(event,)
        )
        self._kept.append((run, archive))
        return run, True

    def move(
        self,
        number: int,
        state: RunState,
        *,
        who: str,
        when: str,
        why: str = "",
        supersedes: Sequence[int] = (),
    ) -> StoredRun:
        """Bring a run into the next state."""
        run, archive = self._kept[number - 1]
        if RUN_STATES.index(state) != RUN_STATES.index(run.state) + 1:
            raise UsageError([Fault(code=NO_SUCH_STEP, values={"run": number, "state": state})])
        event = RunEvent(
            number=self._events() + 1,
            state=state,
            who=who,
            when=when,
            why=why,
            supersedes=tuple(supersedes),
        )
        moved = evolve(run, events=(*run.events, event))
        self._kept[number - 1] = (moved, archive)
        return moved

    def runs(self) -> tuple[StoredRun, ...]:
        """Return every run."""
        return tuple(run for run, _archive in self._kept)

    def archive(self, number: int) -> RunArchive:
        """Return what a run was made of."""
        return self._kept[number - 1][1]

    def _events(self) -> int:
        return sum(len(run.events) for run, _archive in self._kept)


def _open(location: str, create: bool) -> RunStore:
    return Memory(location)


MEMORY = Store(
    name="memory", summary="Runs for as long as the program lives.", open=_open, schemes=("memory",)
)
