"""One pass over the inputs: each part routed, typed, computed and handed on, and all of it added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from rulecore.contracts import Engine, NotInPartsError, RawTable, Stream
from rulecore.digests import TableDigest
from rulecore.errors import Fault
from rulecore.evaluation import input_notes
from rulecore.manifest import RunFacts
from rulecore.places import Places
from rulecore.planned import Origin, Plan
from rulecore.policy_run import evaluate_plan, read_levels
from rulecore.records.quarantine import Quarantined, quarantine_frame
from rulecore.records.typed import TypedRecords
from rulecore.results import PolicyResults, Results
from rulecore.routing import route
from rulecore.streaming.beside import Beside
from rulecore.streaming.identities import Doubles, Found, Identity
from rulecore.streaming.outcome import RunOutcome
from rulecore.summary import PolicyTally, Summary

if TYPE_CHECKING:
    import polars as pl


@define(kw_only=True)
class Pass:
    """A pass over the inputs, and what it has come to so far.

    ``empty`` holds the results without records of each policy that is shown, by its number; ``doubles`` the rows of
    each policy that claim the identity of others, as far as they are known.
    """

    plans: tuple[Plan, ...]
    engine: Engine
    as_of: date | None
    places: Places
    empty: Mapping[int, PolicyResults]
    doubles: Sequence[Doubles]
    headers: tuple[str, ...]

    opened: list[Stream] = field(factory=list)
    hashes: tuple[str, ...] = ()
    found: list[Found] = field(init=False)
    digest: TableDigest = field(init=False)
    beside: Beside = field(factory=Beside)
    """Where the hash of the results is made, while the next part is."""
    tallies: dict[int, PolicyTally] = field(factory=dict)
    noted: dict[int, dict[int, TypedRecords]] = field(factory=dict)
    """For each policy and each input with rows of it, what is to be said of the input's columns."""
    rows: dict[int, int] = field(factory=dict)
    """The rows of each input."""
    quarantined: list[Quarantined] = field(factory=list)
    rows_in: int = 0
    rows_quarantined: int = 0
    rows_blank: int = 0
    parts: int = 0

    def __attrs_post_init__(self) -> None:
        """Begin with nothing."""
        self.found = [
            Found(identity=Identity.of(plan), doubles=doubles)
            for plan, doubles in zip(self.plans, self.doubles, strict=True)
        ]
        self.digest = TableDigest(self.headers)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the policies that have records."""
        return tuple(sorted(self.tallies))

    def take(self, number: int, table: RawTable, add: Callable[[pl.DataFrame], None]) -> None:
        """Compute a part of input ``number`` and hand its results on."""
        routed = route((table,), self.plans, self.as_of)
        found: dict[int, PolicyResults] = {}
        quarantined, blank, refused_rows = (
            list(routed.quarantined),
            routed.blank_rows,
            routed.quarantined_rows,
        )
        for at, plan in enumerate(self.plans):
            if not routed.tables[at]:
                continue
            same = partial(self.found[at].same, number=number)
            levels = read_levels(plan, routed.tables[at], {}, same)
            part, refused = evaluate_plan(plan, levels, self.engine, self.places)
            self.noted.setdefault(at, {}).setdefault(number, _without_rows(levels.records))
            quarantined += [*levels.records.quarantined, *refused]
            blank += levels.records.blank_rows
            refused_rows += part.rows_quarantined
            found[at] = part
        if not found.keys() <= self.empty.keys():
            raise NotInPartsError  # the input is another than that of the first pass
        results = Results(
            parts=tuple(found.get(at, empty) for at, empty in self.empty.items()),
            rows_in=routed.rows_in,
            rows_quarantined=refused_rows,
            rows_blank=blank,
            engine=self.engine.name,
        )
        frame = results.text_table
        self.beside.take(partial(self.digest.add, frame))
        add(frame)
        for at, part in found.items():
            self.tallies.setdefault(at, PolicyTally(plan=self.plans[at])).add(part)
        self.quarantined += quarantined
        self.rows[number] = self.rows.get(number, 0) + routed.rows_in
        self.rows_in += routed.rows_in
        self.rows_quarantined += refused_rows
        self.rows_blank += blank
        self.parts += 1

    def finish(self) -> None:
        """Bring the quarantine into the order of the input, and wait for all hashes."""
        self.beside.wait()
        self.quarantined.sort(key=lambda item: self.places.order((item.file, item.sheet, item.row)))
        self.hashes = tuple(stream.sha256() for stream in self.opened)

    def notes(self) -> tuple[Fault, ...]:
        """Return what a person should know of the inputs."""
        typed = [_of_all(self.noted[number]) for number in sorted(self.noted)]
        return (*(note for stream in self.opened for note in stream.notes), *input_notes(typed))

    def outcome(self, origins: tuple[Origin, ...], passes: int) -> RunOutcome:
        """Return what the run came to, this being its last pass."""
        tallies = [self.tallies[number] for number in self.numbers]
        language = tallies[0].plan.policy.policy.language if tallies else "zh"
        scored = sum(tally.rows_scored for tally in tallies)
        names = self.places.tables()
        inputs = [
            {"file": file, "sheet": sheet, "sha256": self.hashes[number], "rows": self.rows.get(number, 0)}
            for number, (file, sheet) in enumerate(names)
        ]
        return RunOutcome(
            summary=Summary(
                policies=tuple(tally.summary() for tally in tallies),
                rows=self.rows_in,
                scored=scored,
                quarantined=self.rows_quarantined,
                blank=self.rows_blank,
                unrouted=self.rows_quarantined - sum(tally.rows_quarantined for tally in tallies),
                language=language,
            ),
            facts=RunFacts(
                engine=self.engine.name,
                records=tuple((tally.plan, tally.scored) for tally in tallies),
                origins=origins,
                inputs=tuple(inputs),
                rows_in=self.rows_in,
                rows_scored=scored,
                rows_quarantined=self.rows_quarantined,
                rows_blank=self.rows_blank,
                table=self.digest.hexdigest(),
                quarantine=quarantine_frame(self.quarantined, language),
            ),
            quarantined=tuple(self.quarantined),
            notes=self.notes(),
            passes=passes,
            parts=self.parts,
        )


def _without_rows(records: TypedRecords) -> TypedRecords:
    """Return what is to be said of the columns of records, without the records."""
    import polars as pl

    return TypedRecords(
        frame=pl.DataFrame(),
        quarantined=(),
        rows_in=0,
        quarantined_rows=0,
        blank_rows=0,
        tables=records.tables,
        notes=records.notes,
    )


def _of_all(noted: Mapping[int, TypedRecords]) -> TypedRecords:
    """Return what is to be said of the columns of several inputs, in their order."""
    ordered = [noted[number] for number in sorted(noted)]
    return evolve(
        ordered[0],
        tables=tuple(table for records in ordered for table in records.tables),
        notes=tuple(note for records in ordered for note in records.notes),
    )
