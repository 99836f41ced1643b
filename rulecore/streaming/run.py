"""One run from file to file, part by part; see :mod:`rulecore.streaming`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from rulecore.contracts import Document, Engine, NotInPartsError, RawTable, ReadOptions, Stream, Writer
from rulecore.errors import InputError
from rulecore.manifest import manifest_bytes
from rulecore.output import PlannedFile, PlannedManifest, sheet_files, write_files
from rulecore.places import Places
from rulecore.planned import Origin, Plan
from rulecore.policy_run import evaluate_plan, read_levels
from rulecore.records.headers import match_headers
from rulecore.records.quarantine import Quarantined
from rulecore.results import Column, PolicyResults, Results
from rulecore.routing import route
from rulecore.streaming.ahead import ahead
from rulecore.streaming.applies import InputFile
from rulecore.streaming.identities import Doubles, Identity, stand_ins
from rulecore.streaming.outcome import RunOutcome
from rulecore.streaming.passing import Pass

if TYPE_CHECKING:
    import polars as pl

ROWS_OF_A_PART: Final = 250_000
"""Rows that are read, typed and computed at one time."""

MOST_PASSES: Final = 3
"""After the first pass everything is known but for what the second changes; a third has nothing left to find."""


@frozen(kw_only=True)
class Known:
    """What a pass must know beforehand.

    ``shown`` are the numbers of the policies whose columns the table has, ``doubles`` for each policy the rows that
    claim the identity of others.
    """

    shown: tuple[int, ...]
    doubles: tuple[Doubles, ...]


@frozen(kw_only=True, slots=False)
class PartsRun:
    """A run to make: policies whose records are independent, and files to read part by part.

    Raises :class:`rulecore.contracts.NotInPartsError` where only the whole will do, also for everything that is wrong
    with an input as a whole: the run in memory then says what it is. Nothing is written then.
    """

    plans: tuple[Plan, ...]
    engine: Engine
    inputs: tuple[InputFile, ...]
    options: ReadOptions = field(factory=ReadOptions)
    as_of: date | None = None
    origins: tuple[Origin, ...] = ()
    rows: int = ROWS_OF_A_PART

    def write(
        self,
        output: Path,
        writer: Writer,
        *,
        manifest: Path | None = None,
        accept: Callable[[RunOutcome], None] | None = None,
    ) -> RunOutcome:
        """Write results, quarantine and manifest, all or nothing, and return what came of it.

        ``accept`` may refuse the outcome by raising an error before anything is in place. Raises
        :class:`rulecore.errors.OutputError`.
        """
        found: list[RunOutcome] = []

        def results(temporary: Path) -> None:
            found.append(self.passes(temporary, writer))
            if accept is not None:
                accept(found[0])

        def files() -> Iterator[PlannedFile]:
            yield PlannedFile(path=output, write=results)
            # Which files there are besides is known once the results are.
            yield from islice(sheet_files(self.document(found[0]), output, writer), 1, None)

        beside = None
        if manifest is not None:
            beside = PlannedManifest(
                path=manifest, content=lambda hashes: manifest_bytes(found[0].facts, hashes)
            )
        written = write_files(files(), beside)
        return evolve(found[0], written=written)

    def passes(self, path: Path, writer: Writer) -> RunOutcome:
        """Write the results to ``path``, in as many passes as it takes to know what is needed."""
        known = Known(shown=tuple(range(len(self.plans))), doubles=tuple({} for _plan in self.plans))
        hashes: tuple[str, ...] | None = None
        for count in range(1, MOST_PASSES + 1):
            done = self.one_pass(known, path, writer)
            if hashes is not None and hashes != done.hashes:
                raise NotInPartsError
            hashes = done.hashes
            shown = known.shown if self.shape(done.numbers) == self.shape(known.shown) else done.numbers
            better = Known(shown=shown, doubles=self.doubles(done) if count == 1 else known.doubles)
            if better == known:
                return done.outcome(self.origins, count)
            known = better
        raise NotInPartsError

    def one_pass(self, known: Known, path: Path, writer: Writer) -> Pass:
        """Go through the inputs once, and write what comes of them."""
        assert writer.stream is not None  # noqa: S101 - others are not chosen
        whole = self.empty(known.shown)
        done = Pass(
            plans=self.plans,
            engine=self.engine,
            as_of=self.as_of,
            places=self.places,
            empty={number: self.empty_parts[number] for number in known.shown},
            doubles=known.doubles,
            headers=tuple(whole.output_headers()),
        )
        try:
            document = whole.document()
            with (
                writer.stream(evolve(document, sheets=document.sheets[:1]), path) as add,
                closing(ahead(self.tables(done.opened))) as tables,
            ):
                for number, table in tables:
                    done.take(number, table, add)
            done.finish()
        except InputError:
            raise NotInPartsError from None
        return done

    def doubles(self, done: Pass) -> tuple[Doubles, ...]:
        """Return the rows that claim the identity of others, for each policy."""
        repeated = {number: found.repeated() for number, found in enumerate(done.found)}
        looked_for = {number: hashes for number, hashes in repeated.items() if hashes is not None}
        if not looked_for:
            return tuple({} for _plan in self.plans)
        frames: dict[int, list[pl.DataFrame]] = {number: [] for number in looked_for}
        identities = [Identity.of(plan) for plan in self.plans]
        for number, table in self.tables([]):
            shares = route((table,), self.plans, self.as_of).tables
            for plan_number, hashes in looked_for.items():
                for share in shares[plan_number]:
                    fields = self.plans[plan_number].fields
                    matched = match_headers(share.headers, fields, share.file, share.sheet)
                    identity = identities[plan_number]
                    frames[plan_number].append(identity.records(share, number, matched, hashes))
        named = stand_ins((item.name, "") for item in self.inputs)
        return tuple(
            identities[number].doubles(frames[number], named) if number in looked_for else {}
            for number in range(len(self.plans))
        )

    def tables(self, opened: list[Stream]) -> Iterator[tuple[int, RawTable]]:
        """Yield the parts of all inputs in order, with the input's number; the streams are put into ``opened``."""
        for number, item in enumerate(self.inputs):
            assert item.reader.stream is not None  # noqa: S101 - others are not chosen
            stream = item.reader.stream(item.path, item.name, self.options, self.rows)
            opened.append(stream)
            for table in stream.parts:
                yield number, table

    # --- what a run without records looks like -----------------------------------------------------------------------

    @cached_property
    def places(self) -> Places:
        """Where rows stand among all inputs."""
        return Places(stand_ins((item.name, "") for item in self.inputs))

    @cached_property
    def empty_parts(self) -> tuple[PolicyResults, ...]:
        """What each policy gives for no records."""
        empty = partial(read_levels, share=(), details={})
        return tuple(evaluate_plan(plan, empty(plan), self.engine, self.places)[0] for plan in self.plans)

    def empty(self, numbers: Sequence[int], quarantined: Sequence[Quarantined] = ()) -> Results:
        """Return results without records under some policies."""
        parts = tuple(self.empty_parts[number] for number in numbers)
        return Results(parts=parts, quarantined=tuple(quarantined), rows_in=0, engine=self.engine.name)

    def shape(self, numbers: Sequence[int]) -> tuple[tuple[Column, ...], bool, str]:
        """Return what decides how records are shown, where these policies have records."""
        results = self.empty(numbers)
        return results.columns(), results.provenance, results.language

    def document(self, outcome: RunOutcome) -> Document:
        """Return the document of an outcome, without the results themselves."""
        numbers = [self.plans.index(plan) for plan, _records in outcome.facts.records]
        return self.empty(numbers, outcome.quarantined).document()


def write_in_parts(
    run: PartsRun | None,
    output: Path,
    writer: Writer,
    *,
    manifest: Path | None = None,
    accept: Callable[[RunOutcome], None] | None = None,
) -> RunOutcome | None:
    """Write a run part by part and return what came of it; None, and nothing written, where only the whole will do."""
    if run is None or writer.stream is None or writer.holds_sheets:
        return None
    try:
        return run.write(output, writer, manifest=manifest, accept=accept)
    except NotInPartsError:
        return None
