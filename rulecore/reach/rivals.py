"""Ranks and counts of one record, bounded: the other records stay as they are, this one lies within bounds.

That only holds where the values the others are compared by do not depend on this record. Where they do, or where
another function looks at the whole cohort, a step can be anything its type allows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from rulecore.engines.exact import ExactValue
from rulecore.expr import nodes
from rulecore.expr.ranges import Range
from rulecore.planned import CohortStep
from rulecore.reach.bounds import Bounds
from rulecore.reach.columns import Columns
from rulecore.reach.possible import Nothing, Numbers, Possible, flags_of, of_type

Key = tuple[bool, Fraction]
"""A value to order by: whether it is not applicable (those come last), and the number, turned where descending."""


@frozen(kw_only=True, slots=False)
class Rivals:
    """The other records that one cohort step compares a record with."""

    columns: Columns
    row: int
    step: CohortStep
    fixed: bool
    """Whether neither the others' values nor this record's group depend on what is changed."""

    def possible(self, own: Bounds) -> Possible:
        """Return what the step can be for the record, given what its own values can be."""
        node = self.step.node
        if not self.fixed or self.others is None:
            return of_type(self.step.type)
        match node:
            case nodes.CohortCount():
                takes_part = flags_of(own.of(node.where)) if node.where is not None else None
                least = takes_part is None or not (takes_part.false or takes_part.null)
                most = takes_part is None or takes_part.true
                count = len(self.others)
                return Numbers(range=Range(Fraction(count + least), Fraction(count + most)))
            case nodes.Rank():
                return self._rank(node, own)
            case _:
                return of_type(self.step.type)

    @cached_property
    def others(self) -> list[int] | None:
        """The other rows of the group that meet the condition; None if the record is in no group."""
        node = self.step.node
        rows = [row for row in range(self.columns.part.records.height) if row != self.row]
        for operand in node.by:
            values = self.columns.of(operand)
            if values[self.row] is None:
                return None
            rows = [row for row in rows if values[row] == values[self.row]]
        if node.where is not None:
            flags = self.columns.of(node.where)
            rows = [row for row in rows if flags[row] is True]
        return rows

    @cached_property
    def keys(self) -> list[tuple[Key, ...]] | None:
        """What the others that have a rank are ordered by, in that order; None for what is no number or date."""
        node, rows = self.step.node, self.others
        assert isinstance(node, nodes.Rank)  # noqa: S101 - asked only for ranks
        assert rows is not None  # noqa: S101
        columns: list[Sequence[ExactValue]] = []
        for key in node.keys:
            values = self.columns.of(key.operand)
            if any(isinstance(value, str | bool) for value in values):
                return None
            columns.append(values)
        found = [
            tuple(_key(column[row], key.descending) for column, key in zip(columns, node.keys, strict=True))
            for row in rows
            if columns[0][row] is not None
        ]
        return sorted(found)

    def _rank(self, node: nodes.Rank, own: Bounds) -> Possible:
        takes_part = flags_of(own.of(node.where)) if node.where is not None else None
        first = own.of(node.keys[0].operand)
        if isinstance(first, Nothing) or (takes_part is not None and not takes_part.true):
            return Nothing()
        if self.keys is None:
            return of_type(self.step.type)
        null = first.null or (takes_part is not None and (takes_part.false or takes_part.null))
        ahead, uncertain, tied = self._placed(node, own)
        if node.method == "max":
            low, high = 1 + ahead + tied, 1 + ahead + uncertain + tied
        elif node.method == "dense":
            low, high = (1 if ahead == 0 else 2), 1 + ahead + uncertain
        else:
            low, high = 1 + ahead, 1 + ahead + uncertain
        null = null or (node.method == "ordinal" and (tied > 0 or uncertain > 0))
        return Numbers(range=Range(Fraction(low), Fraction(high)), null=null)

    def _placed(self, node: nodes.Rank, own: Bounds) -> tuple[int, int, int]:
        """Return how many others are surely ahead, how many may be ahead or not, and how many are surely tied."""
        keys = self.keys
        assert keys is not None  # noqa: S101 - asked only where it is known
        ahead = 0
        for level, key in enumerate(node.keys):
            low, high = _ends(own.of(key.operand), key.descending)
            column = [one[level] for one in keys]
            first = bisect_left(column, low) if low is not None else 0
            last = bisect_right(column, high) if high is not None else len(column)
            ahead += first
            keys = keys[first:last]
            if low is None or low != high:
                return ahead, len(keys), 0
        return ahead, 0, len(keys)


def _key(value: ExactValue, descending: bool) -> Key:
    if value is None:
        return (True, Fraction(0))
    number = Fraction(value.toordinal()) if isinstance(value, date) else value
    assert isinstance(number, Fraction)  # noqa: S101 - texts and flags were told apart before
    return (False, -number if descending else number)


def _ends(value: Possible, descending: bool) -> tuple[Key | None, Key | None]:
    """Return the first and the last key a value can be; None where there is no such bound."""
    if isinstance(value, Nothing):
        return (True, Fraction(0)), (True, Fraction(0))
    if not isinstance(value, Numbers):
        return None, None
    low, high = value.range.low, value.range.high
    if descending:
        low, high = (None if high is None else -high), (None if low is None else -low)
    last: Key | None = None if high is None else (False, high)
    return (None if low is None else (False, low)), ((True, Fraction(0)) if value.null else last)
