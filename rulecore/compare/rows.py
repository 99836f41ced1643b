"""The detail rows of two sides, compared one by one: which row is which, what of it differs, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from attrs import evolve, field, frozen

from rulecore.adjustments.decision import NOTHING_ADJUSTED, Adjusted, Applied
from rulecore.compare.causes import Tracer
from rulecore.compare.same import same_value
from rulecore.compare.side import Key, Side, compared_rules
from rulecore.compare.values import ComparedRule, Moved, RowDifference
from rulecore.engines.exact import ExactValue
from rulecore.explain.numbers import explained
from rulecore.planned import Plan
from rulecore.reach.columns import Columns
from rulecore.records.details import OWNER
from rulecore.results import TableResults

Pair = tuple[int | None, int | None]
"""A row on the old and on the new side, by its place among the rows of its record; None where it is not there."""


@frozen(kw_only=True, slots=False)
class TableSide:
    """The rows of one detail table on one side."""

    found: TableResults
    above: TableSide | None = None
    adjusted: Adjusted = NOTHING_ADJUSTED

    @cached_property
    def columns(self) -> Columns:
        """The exact values of all rows."""
        return Columns(part=self.found.part)

    @property
    def plan(self) -> Plan:
        """The plan of the rows."""
        return self.found.table.plan

    @cached_property
    def names(self) -> frozenset[str]:
        """What rows have: inputs and steps."""
        return frozenset(item.name for item in (*self.plan.inputs, *self.plan.steps))

    @cached_property
    def below(self) -> Mapping[int, Sequence[int]]:
        """The rows of each record (or row) above."""
        found: dict[int, list[int]] = {}
        for row, owner in enumerate(self.found.records[OWNER]):
            found.setdefault(int(owner), []).append(row)
        return found

    def of_record(self, record: int) -> list[int]:
        """Return the rows of a record, in the order of the input."""
        owners = [record] if self.above is None else self.above.of_record(record)
        return [row for owner in owners for row in self.below.get(owner, ())]

    def identity(self, row: int) -> tuple[ExactValue, ...]:
        """Return what tells a row apart within its record: the names of the rows above it, and its own."""
        name = self.found.table.declaration.row
        own = (self.columns.named(name)[row],) if name else ()
        if self.above is None:
            return own
        return (*self.above.identity(int(self.found.records[OWNER][row])), *own)

    @property
    def named(self) -> bool:
        """Whether rows have names, and those above them too."""
        return bool(self.found.table.declaration.row) and (self.above is None or self.above.named)

    def cells(self, row: int) -> tuple[ExactValue, ...]:
        """Return the fields of a row as they were read."""
        return tuple(self.columns.named(item.name)[row] for item in self.plan.fields)

    def name(self, row: int) -> str:
        """Return what the policy calls a row, or nothing."""
        name = self.found.table.declaration.row
        return self.found.part.field_at(name, row) if name else ""


@frozen(kw_only=True)
class OfRow:
    """A detail row of one side."""

    side: TableSide
    row: int

    def has(self, name: str) -> bool:
        """Return whether it has an input or step of that name."""
        return name in self.side.names

    def value(self, name: str) -> ExactValue:
        """Return a value that it has."""
        return self.side.columns.named(name)[self.row]

    def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        """Return nothing that equals another's: rows of rows are not looked into to find what passes a value on."""
        return ((table, id(self)),)

    def decision(self, section: str) -> Applied | None:
        """Return what a committee decided about it under ``[adjustments.section]``, if anything."""
        table = self.side.found.table.name
        return next(
            (
                one
                for one in self.side.adjusted.applied
                if one.table == table and one.row == self.row and one.decision.adjustment == section
            ),
            None,
        )

    def row_decision(self, table: str) -> Applied | None:
        """Return nothing: decisions about rows below rows are told there."""
        return None


@frozen(kw_only=True, slots=False)
class RowsCompared:
    """Compares the rows of records that stand on both sides."""

    old: Side
    new: Side
    tracer: Tracer
    _tables: dict[tuple[int, str], TableSide] = field(factory=dict, init=False, repr=False, eq=False)
    _rules: dict[tuple[int, int], list[ComparedRule]] = field(factory=dict, init=False, repr=False, eq=False)

    def differences(self, key: Key) -> Iterator[RowDifference]:
        """Yield the rows of a record that differ, table by table."""
        old_part, _row = self.old.places[key]
        new_part, _row = self.new.places[key]
        for name in new_part.tables:
            if name in old_part.tables:
                yield from self._table(key, name)

    def _table(self, key: Key, name: str) -> Iterator[RowDifference]:
        sides = [self._side(side, key, name) for side in (self.old, self.new)]
        rows = [
            table.of_record(side.places[key][1])
            for table, side in zip(sides, (self.old, self.new), strict=True)
        ]
        for before, after in paired(sides[0], rows[0], sides[1], rows[1]):
            table, row = (sides[1], rows[1][after]) if after is not None else (sides[0], rows[0][before or 0])
            found = RowDifference(
                table=name,
                label=table.found.table.label,
                row=table.name(row),
                before=None if before is None else before + 1,
                after=None if after is None else after + 1,
            )
            if before is None or after is None:
                yield found
                continue
            views = OfRow(side=sides[0], row=rows[0][before]), OfRow(side=sides[1], row=rows[1][after])
            moved = tuple(self._moved(sides, *views))
            if moved:
                yield self._with_causes(evolve(found, moved=moved), key, *views)

    def _side(self, side: Side, key: Key, name: str) -> TableSide:
        part, _row = side.places[key]
        if (id(part), name) not in self._tables:
            table = part.tables[name]
            parent = table.table.declaration.parent
            above = self._side(side, key, parent) if parent else None
            self._tables[id(part), name] = TableSide(found=table, above=above, adjusted=part.adjusted)
        return self._tables[id(part), name]

    def _moved(self, sides: Sequence[TableSide], old: OfRow, new: OfRow) -> Iterator[Moved]:
        known = (id(sides[0].plan), id(sides[1].plan))
        if known not in self._rules:
            rules = {rule.name: rule for side in sides for rule in compared_rules(side.plan)}
            self._rules[known] = list(rules.values())
        for rule in self._rules[known]:
            before, after = (view.value(rule.name) if view.has(rule.name) else None for view in (old, new))
            if not same_value(before, after):
                yield Moved(rule=rule, before=explained(before), after=explained(after))

    def _with_causes(self, found: RowDifference, key: Key, old: OfRow, new: OfRow) -> RowDifference:
        traced = self.tracer.trace_pair(self.tracer.rows(key, found.table), old, new)
        moved = (evolve(item, because=traced.because.get(item.rule.name, ())) for item in found.moved)
        return evolve(found, moved=tuple(moved), causes=traced.causes)


def paired(old: TableSide, before: Sequence[int], new: TableSide, after: Sequence[int]) -> list[Pair]:
    """Return which row is which: by name where rows have names, else by their cells and then by their order.

    They come in the order of the new side; rows that went come last.
    """
    found = (
        _by_name(old, before, new, after) if old.named and new.named else _by_cells(old, before, new, after)
    )
    gone = [pair for pair in found if pair[1] is None]
    return [*sorted((pair for pair in found if pair[1] is not None), key=lambda pair: pair[1] or 0), *gone]


def _by_name(old: TableSide, before: Sequence[int], new: TableSide, after: Sequence[int]) -> list[Pair]:
    places = {old.identity(row): place for place, row in enumerate(before)}
    pairs: list[Pair] = [(places.pop(new.identity(row), None), place) for place, row in enumerate(after)]
    return [*pairs, *((place, None) for place in places.values())]


def _by_cells(old: TableSide, before: Sequence[int], new: TableSide, after: Sequence[int]) -> list[Pair]:
    """Return rows paired by equal cells in order; between equal ones, those that are left pair up as they stand."""
    first, second = [old.cells(row) for row in before], [new.cells(row) for row in after]
    pairs: list[Pair] = []
    for _tag, low, high, start, end in SequenceMatcher(a=first, b=second, autojunk=False).get_opcodes():
        both = min(high - low, end - start)
        pairs += [(low + place, start + place) for place in range(both)]
        pairs += [(place, None) for place in range(low + both, high)]
        pairs += [(None, place) for place in range(start + both, end)]
    return pairs
