"""The adjustments that a run is given: which policies they are about, and what nobody could place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from rulecore.adjustments.decision import Applied, Decision, Outcome
from rulecore.adjustments.matching import named, no_record
from rulecore.adjustments.reading import cell_text, read_decisions
from rulecore.adjustments.share import NO_SHARE, Share
from rulecore.adjustments.standing import Standing, by_name, natural, plans_of, sections_of, standing
from rulecore.codes import adjustments as codes
from rulecore.codes.tables import OTHER_ROW_REFUSED
from rulecore.contracts import RawTable
from rulecore.errors import Fault, InputError, ordered
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.planned import Plan
from rulecore.records.quarantine import Quarantined

if TYPE_CHECKING:
    from rulecore.results import PolicyResults

MOST_SEARCHED: Final = 20_000
"""Among how many entities a near name is looked for."""


@frozen(kw_only=True)
class Adjustments:
    """What a committee decided: the tables it stands in, the decisions, which of them stand, and what is wrong."""

    tables: tuple[RawTable, ...] = ()
    decisions: tuple[Decision, ...] = ()
    standing: Standing = field(factory=Standing)
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, tables: Sequence[RawTable], plans: Sequence[Plan]) -> Adjustments:
        """Return the adjustments that tables state for the policies of a run.

        What is wrong with them is told once the run knows its records, everything at once.
        """
        found = read_decisions(tables, plans)
        decisions = tuple(by_name(decision, plans) for decision in found.decisions)
        stands = standing(decisions, plans)
        faults = (*found.faults, *stands.faults)
        return cls(tables=tuple(tables), decisions=decisions, standing=stands, faults=faults)

    @property
    def given(self) -> bool:
        """Whether the run was given a file of adjustments at all, be it one without a decision."""
        return bool(self.tables)

    def plans(self, plans: Sequence[Plan]) -> tuple[Plan, ...]:
        """Return the plans to compute with: those that can be adjusted for the policies that decisions are about."""
        return tuple(
            plan.adjustable if plan.adjustable is not None and self.of(plan).decisions else plan
            for plan in plans
        )

    def of(self, plan: Plan) -> Share:
        """Return what is decided about the records of one policy, which says nothing yet of whether it has them."""
        if not self.standing.in_force:
            return NO_SHARE
        own = tuple(one for one in self.standing.in_force if any(plans_of(one, [plan])))
        uses = any(one.adjustment in plan.policy.adjustments for one in own)
        return Share(decisions=own if uses else (), asked=() if uses else own)

    def outcome(self, parts: Sequence[PolicyResults], quarantined: Sequence[Quarantined]) -> Outcome | None:
        """Return what came of the decisions, in the order of their numbers; None where a run was given no file.

        Raises :class:`rulecore.errors.InputError` with everything that is wrong: nothing decided is ever left out.
        """
        if not self.given:
            return None
        faults = [*self.faults]
        for part in parts:
            faults += part.adjusted.faults
        faults += self._nowhere(parts, quarantined)
        if faults:
            distinct = {(fault.code.id, fault.place, fault.message("en")): fault for fault in faults}
            raise InputError(ordered(distinct.values()))
        applied = [one for part in parts for one in part.adjusted.applied]
        for decision, by in self.standing.revoked:
            applied += _taken_back(decision, by, [part.plan for part in parts])
        files = tuple(
            {
                "file": table.file,
                "sheet": table.sheet,
                "sha256": table.sha256,
                "rows": table.frame.height + len(table.broken),
            }
            for table in self.tables
        )
        return Outcome(files=files, applied=tuple(sorted(applied, key=lambda one: natural(one.decision))))

    def _nowhere(self, parts: Sequence[PolicyResults], quarantined: Sequence[Quarantined]) -> Iterator[Fault]:
        """Yield a fault for each decision whose record was not scored, or by more than one policy."""
        placed: dict[str, list[PolicyResults]] = {}
        seen: dict[str, list[PolicyResults]] = {}
        for part in parts:
            for number in part.adjusted.placed:
                placed.setdefault(number, []).append(part)
            for number in part.adjusted.seen:
                seen.setdefault(number, []).append(part)
        refused: Mapping[str, list[Quarantined]] = {}
        if len(placed) < len(self.standing.in_force):
            refused = _by_entity(quarantined)
        for decision in self.standing.in_force:
            policies = placed.get(decision.number, [])
            if len(policies) > 1:
                names = ", ".join(part.plan.policy.policy.name for part in policies)
                reason = phrase(
                    N_("several policies have it: name one in the column policy ({names})"), names=names
                )
                yield no_record(decision, reason)
            elif not policies and decision.entity is not None:
                yield from _unplaced(decision, parts, seen.get(decision.number, []), refused)


def _taken_back(decision: Decision, by: Decision, plans: Sequence[Plan]) -> Iterator[Applied]:
    """Yield a decision that was revoked, and the one that did it, as they are listed."""
    declared = sections_of(decision, plans)
    label = next((one.label for one in declared if one.label), decision.adjustment)
    listed = Applied(
        decision=decision,
        label=label,
        entity=cell_text(decision.entity),
        period=cell_text(decision.period),
        row_name=cell_text(decision.row),
        revoked_by=by,
    )
    yield listed
    yield evolve(listed, decision=by, revoked_by=None)


NO_ADJUSTMENTS: Final = Adjustments()


def _by_entity(quarantined: Sequence[Quarantined]) -> dict[str, list[Quarantined]]:
    found: dict[str, list[Quarantined]] = {}
    for item in quarantined:
        found.setdefault(item.entity, []).append(item)
    return found


def _unplaced(
    decision: Decision,
    parts: Sequence[PolicyResults],
    seen: Sequence[PolicyResults],
    refused: Mapping[str, Sequence[Quarantined]],
) -> Iterator[Fault]:
    entity = cell_text(decision.entity)
    if entity in refused:
        items = refused[entity]
        own = [item for item in items if item.code is not OTHER_ROW_REFUSED] or items
        why = "; ".join(dict.fromkeys(f"{item.code.id} {item.reason()}" for item in own))
        values = {"number": decision.number, "entity": named(decision), "reason": why}
        row = items[0].fault().place
        related = ((N_("the refused row is here"), row),) if row is not None else ()
        yield Fault(code=codes.QUARANTINED, values=values, place=decision.at("entity"), related=related)
        return
    if any(decision.number in part.adjusted.placed_badly for part in parts):
        return
    if seen and any(decision.adjustment in part.plan.policy.adjustments for part in parts):
        known = ", ".join(name for part in seen for name in part.plan.policy.adjustments) or "—"
        policy = ", ".join(part.plan.policy.policy.name for part in seen)
        reason = phrase(
            N_("its policy {policy} allows no such adjustment; it allows: {known}"),
            policy=policy,
            known=known,
        )
        yield no_record(decision, reason)
    if seen:  # else nobody knows the adjustment, which is told by itself
        return
    near = _near(entity, parts)
    if near:
        yield no_record(decision, phrase(N_("the run has no such record; did you mean {near}?"), near=near))
    else:
        yield no_record(decision, phrase(N_("the run has no such record")))


def _near(entity: str, parts: Sequence[PolicyResults]) -> str:
    """Return the name of an entity near to one that is not there; "" for none, or where there are too many to look."""
    names: list[str] = []
    for part in parts:
        if part.records.height > MOST_SEARCHED:
            return ""
        names += part.entities().to_list()
    near = get_close_matches(entity, dict.fromkeys(names), n=1)
    return near[0] if near and near[0] != entity else ""
