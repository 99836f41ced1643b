"""Bounds of what functions make of detail rows, where rows are only known within bounds, and may count or not.

A row counts, counts as not applicable, or is left out; where several of these are possible, all combinations are
looked at. For a given combination the functions of numbers never fall when a value rises, so their ends are those of
the values' ends. Where there are too many combinations, the value can be anything its type allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Final, Literal

from attrs import frozen

from rulecore.contracts import Value
from rulecore.engines.rows import over_rows
from rulecore.expr import ranges
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import TableCall
from rulecore.expr.types import Type
from rulecore.reach.possible import (
    Flags,
    Nothing,
    Numbers,
    Possible,
    either,
    flags_of,
    nullable,
    of_type,
)

MOST_COMBINATIONS: Final = 64
State = Literal["counts", "null", "left out"]
_RISING: Final = ("sum", "mean", "trimmed_mean", "median", "min", "max", "nth_largest", "sum_largest")
"""Functions that never fall when one of their values rises."""


@frozen(kw_only=True)
class RowBounds:
    """One row as a function sees it: its value (None where only rows are counted), and whether it counts."""

    value: Possible | None
    met: Flags

    @property
    def states(self) -> tuple[State, ...]:
        """What may become of the row."""
        found: list[State] = []
        if self.met.true and self.value is not None and not isinstance(self.value, Nothing):
            found.append("counts")
        if self.met.true and self.value is not None and self.value.null:
            found.append("null")
        if self.met.false or self.met.null:
            found.append("left out")
        return tuple(found)

    @property
    def surely(self) -> bool:
        """Whether the row surely counts with a value."""
        return self.states == ("counts",)


def call_bounds(call: TableCall, rows: Sequence[RowBounds], type_: Type) -> Possible:
    """Return what a function over the rows of one record can be."""
    match call.function:
        case "count":
            return _count(rows)
        case "any" | "all":
            return _junction(rows, call.function == "all")
        case "first" | "last":
            return _picked(rows if call.function == "first" else rows[::-1], bool(call.order))
        case function if function in _RISING or function == "product":
            return _combined(call, rows, type_)
        case _:
            return of_type(type_)


def _count(rows: Sequence[RowBounds]) -> Possible:
    least = most = 0
    for row in rows:
        sure = not (row.met.false or row.met.null)
        if row.value is None:
            least, most = least + sure, most + row.met.true
            continue
        flags = row.value if isinstance(row.value, Flags) else None
        least += sure and not row.value.null and not (flags is not None and flags.false)
        most += (
            row.met.true and not isinstance(row.value, Nothing) and not (flags is not None and not flags.true)
        )
    return Numbers(range=Range(Fraction(least), Fraction(most)))


def _junction(rows: Sequence[RowBounds], every: bool) -> Possible:
    """Return ``any`` or ``all``: a row that is left out decides nothing."""
    decisive = null = certain = False
    neutral = True
    for row in rows:
        flags = flags_of(row.value) if row.value is not None else Flags(true=True, false=False)
        deciding = row.met.true and (flags.false if every else flags.true)
        out = row.met.false or row.met.null
        passing = (row.met.true and (flags.true if every else flags.false)) or out
        unknown = row.met.true and flags.null
        decisive, null = decisive or deciding, null or unknown
        neutral = neutral and passing
        certain = certain or (deciding and not passing and not unknown)
    null = null and not certain
    return (
        Flags(true=neutral, false=decisive, null=null)
        if every
        else Flags(true=decisive, false=neutral, null=null)
    )


def _picked(rows: Sequence[RowBounds], ordered: bool) -> Possible:
    """Return the value of the first row that counts; where rows are put in order, that of any row that may count."""
    found: Possible | None = None
    for row in rows:
        if row.met.true and row.value is not None:
            found = row.value if found is None else either(found, row.value)
        surely = not (row.met.false or row.met.null)
        if surely and not ordered:
            return Nothing() if found is None else found
    some = any(not (row.met.false or row.met.null) for row in rows)
    return Nothing() if found is None else nullable(found, not some)


def _combined(call: TableCall, rows: Sequence[RowBounds], type_: Type) -> Possible:
    combinations = 1
    for row in rows:
        combinations *= len(row.states)
        numbers = isinstance(row.value, Numbers) and row.value.range.bounded
        if combinations > MOST_COMBINATIONS or ("counts" in row.states and not numbers):
            return of_type(type_)
    found: Possible | None = None
    for states in product(*(row.states for row in rows)):
        one = _of_states(call, rows, states)
        found = one if found is None else either(found, one)
    return Nothing() if found is None else found


def _of_states(call: TableCall, rows: Sequence[RowBounds], states: Sequence[State]) -> Possible:
    spans = [
        row.value.range if state == "counts" and isinstance(row.value, Numbers) else None
        for row, state in zip(rows, states, strict=True)
        if state != "left out"
    ]
    if call.function == "product":
        return _product(spans)
    low = _ends(call, [None if span is None else span.low for span in spans])
    high = _ends(call, [None if span is None else span.high for span in spans])
    if not isinstance(low, Fraction) or not isinstance(high, Fraction):
        return Nothing()
    return Numbers(range=Range(low, high))


def _ends(call: TableCall, values: Sequence[Value]) -> Value:
    return over_rows(call, values, None, [], [0] * len(values), 1)[0]


def _product(spans: Sequence[Range | None]) -> Possible:
    counted = [span for span in spans if span is not None]
    if spans and not counted:
        return Nothing()
    found = Range(Fraction(1), Fraction(1))
    for span in counted:
        found = ranges.multiply(found, span)
    return Numbers(range=found)
