"""A policy's share of a run together with its history: each record given what its entity had in earlier periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from rulecore.adjustments.share import NO_SHARE, Share
from rulecore.codes import history as codes
from rulecore.contracts import Engine, RawTable
from rulecore.errors import Fault, InputError
from rulecore.history.given import combined, own_records, supplied
from rulecore.history.mapping import NOBODY_RENAMED, EntityMapping
from rulecore.history.reading import Reading, steps_of
from rulecore.history.sealed import Sealed, sealed_part
from rulecore.history.typed_results import records_of, sealed_policies
from rulecore.places import Places
from rulecore.plan.earlier import reads_earlier
from rulecore.planned import Plan
from rulecore.policy_run import evaluate_plan
from rulecore.records.details import TypedLevels
from rulecore.results import PolicyResults

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class History:
    """The results of earlier periods that a run was given, and how entities were renamed since.

    ``others`` are the results of other policies that fields come from, ``mapping_tables`` the tables that state the
    mapping. ``stated``: whether the run says what its
    history is, be it that there is none; else policies that read earlier periods get a warning.
    ``remarks`` are notes on what a store had to give.
    """

    sealed: tuple[Sealed, ...] = ()
    mapping: EntityMapping = NOBODY_RENAMED
    others: tuple[Sealed, ...] = ()
    stated: bool = False
    mapping_tables: tuple[RawTable, ...] = ()
    remarks: tuple[Fault, ...] = ()

    @property
    def tables(self) -> tuple[RawTable, ...]:
        """The tables that were read."""
        return (*(sealed.table for sealed in (*self.sealed, *self.others)), *self.mapping_tables)

    def with_parts(self, plan: Plan, parts: Sequence[PolicyResults]) -> History:
        """Return the history with what the same run gave under earlier versions of a policy that looks back."""
        names = (plan.policy.policy.name, *plan.policy.policy.formerly)
        same = [part for part in parts if part.plan.policy.policy.name in names]
        if not same or not reads_earlier(plan):
            return self
        return evolve(self, sealed=(*self.sealed, *map(sealed_part, same)))

    def check(self, plans: Sequence[Plan]) -> None:
        """Raise InputError for files that are results of no policy of the run that reads earlier periods."""
        reading = [plan for plan in plans if reads_earlier(plan)]
        faults: list[Fault] = []
        for sealed in self.sealed if reading else ():
            if not any(sealed_policies(plan, sealed) for plan in reading):
                name = ", ".join(dict.fromkeys(plan.policy.policy.name for plan in reading))
                found = ", ".join(policy.name for policy in sealed.policies) or "—"
                values = {"file": sealed.file, "found": found, "name": name}
                faults.append(Fault(code=codes.OTHER_POLICY, values=values, place=sealed.place))
        if faults:
            raise InputError(faults)

    def notes(self, plans: Sequence[Plan]) -> tuple[Fault, ...]:
        """Return what a person should know: a history that nobody reads, or one that is not there."""
        reading = [plan for plan in plans if reads_earlier(plan)]
        if self.sealed and not reading:
            return (Fault(code=codes.HISTORY_UNUSED),)
        if self.stated and not self.sealed:
            return self.remarks
        lacking = [plan for plan in reading if not any(sealed_policies(plan, one) for one in self.sealed)]
        names = dict.fromkeys(plan.policy.policy.name for plan in lacking)
        return (*self.remarks, *(Fault(code=codes.NO_HISTORY, values={"policy": name}) for name in names))


NOTHING = History()


def with_history(
    plan: Plan,
    levels: TypedLevels,
    engine: Engine,
    places: Places,
    history: History,
    decided: Share = NO_SHARE,
) -> TypedLevels:
    """Return the records with what they are given from earlier periods.

    Where the records themselves are of several periods, the earlier ones are computed first: their results, with what
    was ``decided`` about them, are the history of the later ones. Raises :class:`rulecore.errors.InputError`.
    """
    if not reads_earlier(plan):
        return levels
    reading = Reading(plan=plan, mapping=history.mapping)
    files = [
        records_of(reading, sealed, policy)
        for sealed in history.sealed
        for policy in sealed_policies(plan, sealed)
    ]
    tables = levels.records.tables
    file = tables[0][0] if tables else ""
    frame = levels.records.frame
    steps = steps_of(reading, frame[plan.policy.record.period], file)
    given = _given(levels, supplied(reading, frame, combined(reading, files), file))
    for step in steps.drop_nulls().unique().sort().to_list()[1:]:
        part, _refused = evaluate_plan(plan, given, engine, places, decided)
        own = own_records(reading, part, places.tables(), step)
        given = _given(levels, supplied(reading, frame, combined(reading, [*files, own]), file))
    return given


def _given(levels: TypedLevels, frame: pl.DataFrame) -> TypedLevels:
    return evolve(levels, records=evolve(levels.records, frame=frame))
