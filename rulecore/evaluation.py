"""One run: rows routed to their policies, typed, refused where the policy says so, computed, and all accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from rulecore.adjustments.given import NO_ADJUSTMENTS, Adjustments
from rulecore.codes.records import UNUSED_COLUMNS
from rulecore.contracts import Engine, RawTable
from rulecore.detail_sources import OwnedDetails, distinct_sources, owned_details
from rulecore.errors import Fault
from rulecore.history.others import with_other_policies
from rulecore.history.run import NOTHING, History, with_history
from rulecore.places import Places
from rulecore.plan.sources import in_turn
from rulecore.planned import Origin, Plan
from rulecore.policy_run import evaluate_plan, read_levels
from rulecore.records.details import TypedLevels
from rulecore.records.quarantine import Quarantined
from rulecore.records.typed import TypedRecords
from rulecore.results import PolicyResults, Results
from rulecore.routing import Routed, route
from rulecore.source import Place as SourcePlace


@frozen(kw_only=True)
class PlanRun:
    """One policy's share of a run: its number, the records with what they were given, and what came of them."""

    number: int
    levels: TypedLevels
    part: PolicyResults
    refused: list[Quarantined]


def plan_runs(
    plans: Sequence[Plan],
    routed: Routed,
    owned: OwnedDetails,
    engine: Engine,
    places: Places,
    history: History,
    adjustments: Adjustments = NO_ADJUSTMENTS,
) -> Iterator[PlanRun]:
    """Yield the share of each policy that has records, each after those whose results it needs.

    ``plans`` are those that can be adjusted where there are ``adjustments`` of their records.
    """
    parts: list[PolicyResults] = []
    history.check(plans)
    for number in in_turn(plans):
        plan, share = plans[number], routed.tables[number]
        if not share and not owned.of_plan(number):
            continue
        share = with_other_policies(plan, share, parts, history.others)
        levels = read_levels(plan, share, owned.of_plan(number))
        decided = adjustments.of(plan)
        levels = with_history(plan, levels, engine, places, history.with_parts(plan, parts), decided)
        part, refused = evaluate_plan(plan, levels, engine, places, decided)
        parts.append(part)
        yield PlanRun(number=number, levels=levels, part=part, refused=refused)


def evaluate(
    plans: Sequence[Plan],
    tables: Sequence[RawTable],
    engine: Engine,
    *,
    as_of: date | None = None,
    origins: Sequence[Origin] = (),
    details: Mapping[str, Sequence[RawTable]] | None = None,
    history: History = NOTHING,
    adjustments: Adjustments = NO_ADJUSTMENTS,
) -> Results:
    """Return the results of applying each row's one fitting plan to it.

    ``details`` holds the detail tables that have sources of their own, ``history`` the results of earlier periods,
    ``adjustments`` what a committee decided. Raises :class:`rulecore.errors.InputError` where a table lacks columns
    that its policies need, and where anything that was decided cannot be applied.
    """
    plans = adjustments.plans(plans)
    details = distinct_sources(tables, details or {})
    routed = route(tables, plans, as_of)
    owned = owned_details(plans, routed.tables, details)
    every = [*tables, *(table for each in details.values() for table in each)]
    places = Places(every)
    found: dict[int, PlanRun] = {}
    quarantined, blank, refused_rows = list(routed.quarantined), routed.blank_rows, routed.quarantined_rows
    for run in plan_runs(plans, routed, owned, engine, places, history, adjustments):
        found[run.number] = run
        records = run.levels.records
        quarantined += [*records.quarantined, *run.refused]
        blank += records.blank_rows
        refused_rows += run.part.rows_quarantined
    parts = [found[number].part for number in sorted(found)]
    typed = [found[number].levels.records for number in sorted(found)]
    quarantined.sort(key=lambda item: places.order((item.file, item.sheet, item.row)))
    return Results(
        parts=tuple(parts),
        quarantined=tuple(quarantined),
        rows_in=routed.rows_in + owned.rows_in,
        rows_quarantined=refused_rows,
        rows_blank=blank,
        tables=places.tables(),
        notes=(
            *(note for table in every for note in table.notes),
            *input_notes(typed),
            *history.notes([part.plan for part in parts]),
        ),
        inputs=tuple(_input(table) for table in (*every, *history.tables, *adjustments.tables)),
        origins=tuple(origins),
        engine=engine.name,
        adjustments=adjustments.outcome(parts, quarantined),
    )


def input_notes(typed: Sequence[TypedRecords]) -> tuple[Fault, ...]:
    """Return the notes on the inputs, each said once: a column is unused only if no policy uses it."""
    found: dict[str, Fault] = {}
    for records in typed:
        for note in records.notes:
            if note.code is not UNUSED_COLUMNS:
                found.setdefault(note.render("en"), note)
    for file in dict.fromkeys(table for records in typed for table in records.tables):
        lists = [_unused(records, file) for records in typed if file in records.tables]
        names = [name for name in lists[0] if all(name in other for other in lists)]
        if names:
            place = SourcePlace(file=file[0], sheet=file[1])
            note = Fault(code=UNUSED_COLUMNS, values={"columns": ", ".join(names)}, place=place)
            found.setdefault(note.render("en"), note)
    return tuple(found.values())


def _unused(records: TypedRecords, table: tuple[str, str]) -> tuple[str, ...]:
    """Return the headers of a table that no field of one policy uses."""
    for note in records.notes:
        if (
            note.code is UNUSED_COLUMNS
            and note.place is not None
            and (note.place.file, note.place.sheet) == table
        ):
            headers = note.values["headers"]
            return headers if isinstance(headers, tuple) else ()
    return ()


def _input(table: RawTable) -> Mapping[str, object]:
    rows = table.frame.height + len(table.broken)
    return {"file": table.file, "sheet": table.sheet, "sha256": table.sha256, "rows": rows}
