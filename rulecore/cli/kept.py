"""``--store``: a run kept together with writing its results: first in the store, where it is whole, then as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar, cast

from rulecore.cli.frame import option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.api import PolicySet
    from rulecore.archive import RunRequest
    from rulecore.cli.given import RecordsGiven
    from rulecore.contracts import RunStore
    from rulecore.errors import Fault
    from rulecore.registry import Registry
    from rulecore.results import Results

P = ParamSpec("P")
R = TypeVar("R")

STORE_VARIABLE = "RULECORE_STORE"
WHO_VARIABLE = "RULECORE_WHO"
STATE_WORDS = (N_("draft"), N_("reviewed"), N_("published"), N_("sealed"))
"""The states of stored runs, in the order they are gone through, for the catalogue."""


def store_option(help: str) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: A002
    """Add ``--store`` to a command; what is said there, or in RULECORE_STORE, names a store."""
    return option("--store", default="", envvar=STORE_VARIABLE, metavar="STORE", help=help)


def event_options(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--who --when --why``: what a store keeps of who did something."""
    for add in reversed(_EVENT_OPTIONS):
        function = add(function)
    return function


_EVENT_OPTIONS: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    option(
        "--who", default="", envvar=WHO_VARIABLE, metavar="NAME", help=N_("Who does this, for the store.")
    ),
    option(
        "--when",
        default="",
        metavar="MOMENT",
        help=N_("When, such as 2024-12-31T16:00:00+08:00; now if left out."),
    ),
    option("--why", default="", metavar="TEXT", help=N_("Why, in one line, for the store.")),
)


def moment(given: str) -> str:
    """Return a moment as it was given, or that of this machine's clock: data of the store, never of results."""
    from datetime import UTC, datetime

    return given or datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Keeper:
    """Keeps a run as a draft in a store, once all of its files are on the disk and before anyone sees them."""

    def __init__(self, registry: Registry, location: str, *, who: str, when: str, why: str) -> None:
        """Refuse, before anything is computed, a store that cannot be used and a step that nobody takes."""
        from rulecore.codes.stores import NOBODY_NAMED
        from rulecore.errors import Fault, UsageError
        from rulecore.history.stored import open_named

        if not who.strip():
            raise UsageError([Fault(code=NOBODY_NAMED)])
        self.open: Callable[[], RunStore] = lambda: open_named(registry, location, create=True)
        self.said = {"who": who, "when": moment(when), "why": why}
        self.line = ""
        # A file that is not there yet is made when there is something to keep.
        if "://" in location or Path(location).exists() or registry.store_for(location) is None:
            self.open().close()

    def keeping(
        self,
        request: RunRequest,
        policies: PolicySet,
        results: Results,
        contents: Mapping[str, bytes],
        *,
        whole: bool,
        ledgers: bool,
    ) -> Callable[[Mapping[str, Path]], None]:
        """Return what keeps the run, given its files by name; not ``whole`` where the results go to standard output."""
        from rulecore.archive import archive_of
        from rulecore.cli.pack import ledger_files

        explanations = ledger_files(results) if ledgers else None

        def keep(staged: Mapping[str, Path]) -> None:
            archive = archive_of(
                request,
                policies,
                results,
                staged if whole else None,
                explanations=explanations,
                contents=contents,
            )
            with self.open() as store:
                run, new = store.add(archive, **self.said)
            template = _("stored in {store}: run {run}, {state}") if new else ""
            template = template or _("in {store} already, and not stored again: run {run}, {state}")
            self.line = template.format(store=store.name, run=run.number, state=_(run.state))

        return keep


class AtHand(NamedTuple):
    """What a run reads, each of it as a file: ``contents`` are the bytes of what cannot be read twice, by name."""

    given: RecordsGiven
    contents: Mapping[str, bytes] = {}
    notes: tuple[Fault, ...] = ()


@contextmanager
def at_hand(registry: Registry, policies: PolicySet, given: RecordsGiven) -> Iterator[AtHand]:
    """Give what a run reads with files in the place of stores and of standard input, so that it can be kept."""
    from rulecore.cli.pack import from_standard_input
    from rulecore.history.stored import read_across, read_back, without_stores

    with TemporaryDirectory(prefix="rulecore-") as temporary, from_standard_input(given) as (files, typed):
        folder = Path(temporary)
        history, back = without_stores(
            registry, given["history"], read_back(policies.plans), folder / "history", backwards=True
        )
        results, across = without_stores(
            registry, given["results"], read_across(policies.plans), folder / "results", backwards=False
        )
        located = {
            **files,
            "history": tuple(cast("list[str]", history)),
            "results": tuple(cast("list[str]", results)),
        }
        contents = {**typed, **back.contents, **across.contents}
        yield AtHand(cast("RecordsGiven", located), contents, back.notes)
