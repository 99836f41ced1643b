"""The search for a record that reaches an item: a case's own record with one field changed, then with two.

A field's values are tried at the constants of the policy and at the field's bounds; where two of them lead
to different outcomes the step between them is found by halving, down to one unit of the last decimal. The
order is fixed, and the number of tries is bounded, so the same policy and cases always give the same
proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from attrs import define, frozen

from rulecore.contracts import Value
from rulecore.engines.schedule import Task, needed_tasks, schedule, within_record
from rulecore.expr import nodes
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.expr.types import DateType, FlagType, NumberType, TextType
from rulecore.levels import limited
from rulecore.plan.references import names_read, row_parts, walk
from rulecore.planned import CohortStep, Plan
from rulecore.testing.coverage import Watcher
from rulecore.testing.items import Item, Items
from rulecore.testing.scopes import Record, refusals, row_places
from rulecore.testing.slots import Slot, fewer_or_more_rows, renamed, row_paths

TRIES: Final = 3_000
"""The most records that are computed for one item."""
MOST_CONSTANTS: Final = 12
RECORDS_TRIED: Final = 4
SCOPES_TRIED: Final = 6
COPIES: Final = (1, 3, 9)
DAYS_MOVED: Final = (0, 1, -1, 31, -31, 100, -100, 366, -366)
"""How far a date is moved from those it may be compared with."""


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
    _needed: tuple[Task, ...] = ()
    _watcher: Watcher | None = None

    def find(self, scopes: Sequence[Sequence[Record]]) -> Found | None:
        """Return records that reach the item, or None if none was found within the tries."""
        plan = self.items.plan
        self._needed = needed_tasks(plan, schedule(plan), {(self.item.table, self.item.step)})
        self._watcher = Watcher(items=self.items, traced=self.item)
        starts = [
            ([*records[:index], *records[index + 1 :]], records[index])
            for records in list(scopes)[:SCOPES_TRIED]
            for index in range(min(len(records), RECORDS_TRIED))
        ]
        for others, record in starts:
            found = self.by_copies(others, record) if self.compares_records else None
            for slot in self.slots(record):
                found = found or self.by_field(others, record, slot)
            found = found or self.by_rows(others, record)
            if found is not None:
                return found
        for others, record in starts:
            slots = self.slots(record)
            for first in slots:
                for value in self.candidates(first, record):
                    changed = first.changed(record, value)
                    for second in slots:
                        found = self.by_field(others, changed, second) if second != first else None
                        if found is not None:
                            return found
        return None

    @property
    def compares_records(self) -> bool:
        """Whether the item depends on other records."""
        return any(
            isinstance(task.item, CohortStep) and not (task.level and within_record(task.item))
            for task in self._needed
        )

    def slots(self, record: Record) -> list[Slot]:
        """Return the fields the item depends on, of the record and of its rows.

        Left out are those that say who and when a record is, and which row a row is.
        """
        plan = self.items.plan
        trees = [(task.level, task.item.node) for task in self._needed]
        if self.item.kind == "refusal":
            conditions = limited(plan, plan.refusal_rules)
            trees = [(task.level, task.item.node) for task in schedule(conditions)]
        used = {
            (level, name)
            for tree_level, node in trees
            for level, name in _fields_read(plan, tree_level, node)
        }
        header = plan.policy
        fixed = {header.record.entity, header.record.period, *header.policy.applies_to}
        found = [
            Slot(field=planned)
            for planned in plan.fields
            if ("", planned.name) in used and planned.name not in fixed
        ]
        for path in row_paths(record):
            level = plan.level(path[-1][0])
            found += [
                Slot(field=planned, path=path)
                for planned in level.fields
                if (path[-1][0], planned.name) in used and planned.name != level.policy.record.entity
            ]
        return found

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
        self._watcher.trace.clear()
        levels = self._watcher.watch([*others, record], self._needed)
        reached = self.item in self._watcher.reached
        mine = [row for level, row in row_places(levels, len(others)) if level == self.item.table]
        if self.item.kind in ("value", "flag"):
            values = levels[self.item.table].computed.values
            return reached, tuple(values[row].get(self.item.step) for row in mine)
        return reached, tuple(self._watcher.trace[row] for row in mine if row < len(self._watcher.trace))

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
        return renamed(record, self.items.plan.policy.record.entity, number)

    def by_rows(self, others: Sequence[Record], record: Record) -> Found | None:
        """Try the record with a row less, and with a row more, as far as its tables allow."""
        for changed in fewer_or_more_rows(self.items.plan, record):
            if self.tries <= 0:
                return None
            if self.reaches(others, changed)[0]:
                return Found(records=(*others, changed), beside=record, cohort=self.compares_records)
        return None

    def by_field(self, others: Sequence[Record], record: Record, slot: Slot) -> Found | None:
        """Try other values of one field.

        Between neighbours that differ in outcome, the step is found by halving.
        """
        if isinstance(slot.field.type, NumberType):
            return self.by_number(others, record, slot, slot.field.type)
        for value in self.candidates(slot, record):
            if self.tries <= 0:
                return None
            changed = slot.changed(record, value)
            if self.reaches(others, changed)[0]:
                return Found(records=(*others, changed), beside=record, cohort=self.compares_records)
        return None

    def by_number(
        self, others: Sequence[Record], record: Record, slot: Slot, type_: NumberType
    ) -> Found | None:
        """Try numbers from low to high, and halve between neighbours of different outcome."""
        unit = Fraction(1, 10 ** (type_.scale or 0))
        outcomes: dict[Fraction, tuple[bool, object]] = {}

        def outcome(value: Fraction) -> tuple[bool, object]:
            if value not in outcomes:
                outcomes[value] = self.reaches(others, slot.changed(record, value))
            return outcomes[value]

        points = sorted({value for value in self.candidates(slot, record) if isinstance(value, Fraction)})
        spans = list(pairwise(points))
        while spans and self.tries > 0:
            low, high = spans.pop(0)
            if outcome(low) == outcome(high):
                continue
            if high - low <= unit:
                if outcome(low)[0] != outcome(high)[0]:
                    hit, beside = (low, high) if outcome(low)[0] else (high, low)
                    return Found(
                        records=(*others, slot.changed(record, hit)),
                        beside=slot.changed(record, beside),
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
        return Found(records=(*others, slot.changed(record, hits[0])), cohort=self.compares_records)

    # --- values -------------------------------------------------------------------------------------------

    def candidates(self, slot: Slot, record: Record) -> list[Value]:
        """Return the values of a field that are worth a try, in a fixed order."""
        found: dict[Value, None] = {}
        planned, own = slot.field, slot.value(record)
        constants = self.constants()
        match planned.type:
            case NumberType(scale=scale, low=low, high=high):
                unit = Fraction(1, 10 ** (scale or 0))
                wanted = [low, high, own, Fraction(0), *constants[:MOST_CONSTANTS]]
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
                found |= dict.fromkeys(moved(day, step) for day in days for step in (-1, 0, 1))
                near = [value for value in slot.beside(record) if isinstance(value, date)]
                found |= dict.fromkeys(moved(day, step) for day in near for step in DAYS_MOVED)
            case _:
                pass
        if planned.type.nullable:
            found[None] = None
        return list(found)

    def constants(self) -> list[Value]:
        """Return the constants of the steps the item depends on, nearest to the item first."""
        trees = [task.item.node for task in reversed(self._needed)] or [
            rule.node for rule in self.items.plan.refusal_rules
        ]
        found: dict[Value, None] = {}
        for node in trees:
            for part in walk(node):
                literal = part.value if isinstance(part, nodes.ParameterRef) else part
                if isinstance(literal, nodes.Literal) and not isinstance(literal.value, bool):
                    found[literal.value] = None
        return list(found)


def moved(day: date, days: int) -> date:
    """Return the day so many days later, or the day itself where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _fields_read(plan: Plan, level: str, node: nodes.Node) -> Iterator[tuple[str, str]]:
    """Yield the fields an expression of a level reads, of its own rows and of those above and below."""
    above = {table.name: table.declaration.parent for table in plan.tables}
    match node:
        case ParentValue(name=name):
            yield above[level], name
        case TableCall(table=table) as call:
            yield from ((table, name) for part in row_parts(call) for name in names_read(part))
        case _:
            yield from ((level, part.name) for part in walk(node) if isinstance(part, nodes.FieldRef))
