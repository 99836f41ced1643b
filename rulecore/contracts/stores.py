"""What plugins that keep runs return: stores, and what they say of the runs in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from attrs import frozen

if TYPE_CHECKING:
    from rulecore.archive.contents import RunArchive

RunState = Literal["draft", "reviewed", "published", "sealed"]
"""How far a stored run has come; only forward, one step at a time."""

RUN_STATES: Final[tuple[RunState, ...]] = ("draft", "reviewed", "published", "sealed")


@frozen(kw_only=True)
class RunEvent:
    """A stored run was brought into a state: by whom, when (UTC, ``2024-12-31T08:00:00Z``) and why.

    ``number`` counts the events of the whole store. ``supersedes`` are the sealed runs in whose place this one stands
    from now on. ``sha256`` is the store's proof of the event, empty where it keeps none.
    """

    number: int
    state: RunState
    who: str
    when: str
    why: str = ""
    supersedes: tuple[int, ...] = ()
    sha256: str = ""


@frozen(kw_only=True)
class StoredPolicy:
    """A policy of a stored run: its name, version and title, and how many records it scored."""

    name: str
    version: str
    title: str = ""
    records: int = 0


@frozen(kw_only=True)
class StoredRun:
    """What a store says of a run without reading its files: its number there, its archive's identifier, its events."""

    number: int
    identifier: str
    policies: tuple[StoredPolicy, ...]
    events: tuple[RunEvent, ...]

    @property
    def state(self) -> RunState:
        """How far the run has come."""
        return self.events[-1].state


class RunStore(ABC):
    """An opened store of runs. What is in it never changes: runs are added, and brought forward from state to state.

    ``name`` says in messages which store it is, without any password. Every method raises a
    :class:`rulecore.errors.FaultsError` where the store cannot do it, and then has done nothing.
    """

    name: str

    @abstractmethod
    def add(self, archive: RunArchive, *, who: str, when: str, why: str = "") -> tuple[StoredRun, bool]:
        """Keep a run as a draft; return it, and whether it is new: the same archive is kept once."""

    @abstractmethod
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
        """Bring a run into the next state and return it as it is then."""

    @abstractmethod
    def runs(self) -> tuple[StoredRun, ...]:
        """Return every run in the order of their numbers."""

    @abstractmethod
    def archive(self, number: int) -> RunArchive:
        """Return everything that one run was made of and gave, each file proved against its hash."""

    def close(self) -> None:
        """Let go of files and connections."""
        return

    def __enter__(self) -> RunStore:
        """Use the store in a ``with`` statement, which closes it."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the store."""
        self.close()


@frozen(kw_only=True)
class Store:
    """A kind of store, chosen by the scheme of its URL (``postgresql``) or the suffix of its file (``.db``).

    ``open`` takes the location, and whether a store that is not there yet is to be made. It raises a
    :class:`rulecore.errors.FaultsError` where there is none, or none that can be used.
    """

    name: str
    summary: str
    open: Callable[[str, bool], RunStore]
    schemes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
