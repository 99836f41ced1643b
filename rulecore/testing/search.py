"""The search for a record that reaches an item: a case's own record with one field changed, then with two.

A field's values are tried at the constants of the policy and at the field's bounds; where two of them lead
to different outcomes the step between them is found by halving, down to one unit of the last decimal. The
order is fixed, and the number of tries is bounded, so the same policy and cases always give the same
proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from attrs import define, evolve, frozen

from rulecore.contracts import Value
from rulecore.expr import nodes
from rulecore.expr.types import DateType, FlagType, NumberType, TextType
from rulecore.plan.references import walk
from rulecore.planned import CohortStep, Plan, PlannedField, PlannedRule
from rulecore.testing.coverage import Watcher
from rulecore.testing.items import Item, Items
from rulecore.testing.scopes import Record, refusals

TRIES: Final = 3_000
"""The most records that are computed for one item."""
MOST_CONSTANTS: Final = 12
RECORDS_TRIED: Final = 4
SCOPES_TRIED: Final = 6
COPIES: Final = (1, 3, 9)


@frozen(kw_only=True)
class Found:
    """Records that reach an item: ``changed`` is the last of them.

    ``beside`` the same record one unit away from it.
    """

    records: tuple[Record, ...]
    beside: Record | None = None
    cohort: bool = False

    @property
    def changed(self) -> Record:
        """The record that reaches the item."""
        return self.records[-1]


@define(kw_only=True)
class Search:
    """Looks for records that reach one item, starting from the records of some scopes."""

    item: Item
    items: Items
    tries: int = TRIES
    _needed: tuple[PlannedRule | CohortStep, ...] = ()
    _watcher: Watcher | None = None

    def find(self, scopes: Sequence[Sequence[Record]]) -> Found | None:
        """Return records that reach the item, or None if none was found within the tries."""
        plan = self.items.plan
        self._needed = needed_steps(plan, self.item)
        reduced = evolve(plan, steps=self._needed)
        self._watcher = Watcher(items=Items(plan=reduced, all=self.items.all, watched=self.items.watched))
        starts = [
            ([*records[:index], *records[index + 1 :]], records[index])
            for records in list(scopes)[:SCOPES_TRIED]
            for index in range(min(len(records), RECORDS_TRIED))
        ]
        fields = self.fields()
        for others, record in starts:
            found = self.by_copies(others, record) if self.compares_records else None
            for planned in fields:
                found = found or self.by_field(others, record, planned)
            if found is not None:
                return found
        for others, record in starts:
            for first in fields:
                for value in self.candidates(first, record):
                    changed = {**record, first.name: value}
                    for second in fields:
                        found = self.by_field(others, changed, second) if second is not first else None
                        if found is not None:
                            return found
        return None

    @property
    def compares_records(self) -> bool:
        """Whether the item depends on other records."""
        return any(isinstance(step, CohortStep) for step in self._needed)

    def fields(self) -> list[PlannedField]:
        """Return the fields the item depends on, but those that say who and when a record is."""
        header = self.items.plan.policy
        fixed = {header.record.entity, header.record.period, *header.policy.applies_to}
        trees = [step.node for step in self._needed]
        if self.item.kind == "refusal":
            trees = [rule.node for rule in self.items.plan.refusal_rules]
        used = {part.name for node in trees for part in walk(node) if isinstance(part, nodes.FieldRef)}
        return [
            planned
            for planned in self.items.plan.fields
            if planned.name in used and planned.name not in fixed
        ]

    # --- tries --------------------------------------------------------------------------------------------

    def reaches(self, others: Sequence[Record], record: Record) -> tuple[bool, object]:
        """Return whether a record among others reaches the item, and what its node gives for that record."""
        assert self._watcher is not None  # noqa: S101 - set by find()
        self.tries -= 1
        reasons = refusals(self.items.plan, [record])[0]
        if self.item.kind == "refusal":
            hit = self.items.plan.refusals[self.item.index].reason in reasons
            return hit, hit
        if reasons:
            return False, reasons
        self._watcher.reached.clear()
        values = self._watcher.watch([*others, record])
        if self.item.kind in ("value", "flag"):
            return self.item in self._watcher.reached, values[-1].get(self.item.step)
        return self.item in self._watcher.reached, self._watcher.outcome(self.item)

    def by_copies(self, others: Sequence[Record], record: Record) -> Found | None:
        """Try the record beside copies of itself, which tie with it and make a cohort larger."""
        for count in COPIES:
            if self.tries <= 0:
                return None
            copies = [self.renamed(record, number) for number in range(1, count + 1)]
            for beside in ([], others):
                if self.reaches([*beside, *copies], record)[0]:
                    return Found(records=(*beside, *copies, record), cohort=True)
        return None

    def renamed(self, record: Record, number: int) -> Record:
        """Return a record as that of another entity."""
        entity = self.items.plan.policy.record.entity
        value = record[entity]
        new: Value = (
            f"{value}-{number}"
            if isinstance(value, str)
            else value + number
            if isinstance(value, Fraction)
            else value
        )
        return {**record, entity: new}

    def by_field(self, others: Sequence[Record], record: Record, planned: PlannedField) -> Found | None:
        """Try other values of one field.

        Between neighbours that differ in outcome, the step is found by halving.
        """
        if isinstance(planned.type, NumberType):
            return self.by_number(others, record, planned, planned.type)
        for value in self.candidates(planned, record):
            if self.tries <= 0:
                return None
            changed = {**record, planned.name: value}
            if self.reaches(others, changed)[0]:
                return Found(records=(*others, changed), beside=record, cohort=self.compares_records)
        return None

    def by_number(
        self, others: Sequence[Record], record: Record, planned: PlannedField, type_: NumberType
    ) -> Found | None:
        """Try numbers from low to high, and halve between neighbours of different outcome."""
        unit = Fraction(1, 10 ** (type_.scale or 0))
        outcomes: dict[Fraction, tuple[bool, object]] = {}

        def outcome(value: Fraction) -> tuple[bool, object]:
            if value not in outcomes:
                outcomes[value] = self.reaches(others, {**record, planned.name: value})
            return outcomes[value]

        points = sorted({value for value in self.candidates(planned, record) if isinstance(value, Fraction)})
        spans = list(pairwise(points))
        while spans and self.tries > 0:
            low, high = spans.pop(0)
            if outcome(low) == outcome(high):
                continue
            if high - low <= unit:
                if outcome(low)[0] != outcome(high)[0]:
                    hit, beside = (low, high) if outcome(low)[0] else (high, low)
                    return Found(
                        records=(*others, {**record, planned.name: hit}),
                        beside={**record, planned.name: beside},
                        cohort=self.compares_records,
                    )
                continue
            middle = low + floor((high - low) / unit / 2) * unit
            # The half that leads to the item comes first.
            halves = [(low, middle), (middle, high)]
            spans = [*(halves if outcome(low)[0] or not outcome(high)[0] else halves[::-1]), *spans]
        hits = sorted(value for value, (hit, _signature) in outcomes.items() if hit)
        if not hits:
            return None
        return Found(records=(*others, {**record, planned.name: hits[0]}), cohort=self.compares_records)

    # --- values -------------------------------------------------------------------------------------------

    def candidates(self, planned: PlannedField, record: Mapping[str, Value]) -> list[Value]:
        """Return the values of a field that are worth a try, in a fixed order."""
        found: dict[Value, None] = {}
        constants = self.constants()
        match planned.type:
            case NumberType(scale=scale, low=low, high=high):
                unit = Fraction(1, 10 ** (scale or 0))
                wanted = [low, high, record[planned.name], Fraction(0), *constants[:MOST_CONSTANTS]]
                for value in wanted:
                    if isinstance(value, Fraction):
                        for rounded in (floor(value / unit) * unit, ceil(value / unit) * unit):
                            if (low is None or rounded >= low) and (high is None or rounded <= high):
                                found[rounded] = None
            case TextType(values=values):
                known = sorted(values) if values is not None else [c for c in constants if isinstance(c, str)]
                found |= dict.fromkeys([*known, *([] if values is not None else ["某事项"])])
            case FlagType():
                found |= dict.fromkeys([True, False])
            case DateType():
                days = [value for value in constants if isinstance(value, date)]
                found |= dict.fromkeys(day + timedelta(days=step) for day in days for step in (-1, 0, 1))
            case _:
                pass
        if planned.type.nullable:
            found[None] = None
        return list(found)

    def constants(self) -> list[Value]:
        """Return the constants of the steps the item depends on, nearest to the item first."""
        trees = [step.node for step in reversed(self._needed)] or [
            rule.node for rule in self.items.plan.refusal_rules
        ]
        found: dict[Value, None] = {}
        for node in trees:
            for part in walk(node):
                literal = part.value if isinstance(part, nodes.ParameterRef) else part
                if isinstance(literal, nodes.Literal) and not isinstance(literal.value, bool):
                    found[literal.value] = None
        return list(found)


def needed_steps(plan: Plan, item: Item) -> tuple[PlannedRule | CohortStep, ...]:
    """Return the steps an item depends on, its own last, in the plan's order."""
    by_name = {step.name: step for step in plan.steps}
    wanted: set[str] = set()
    pending = [item.step]
    while pending:
        name = pending.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            pending += _references(by_name[name].node)
    return tuple(step for step in plan.steps if step.name in wanted)


def _references(node: nodes.Node) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, nodes.RuleRef | nodes.CohortRef):
            yield part.name
