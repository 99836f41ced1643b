"""Types of what functions make of a record's rows: kind, scale, range, and whether there may be nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.codes import types as codes
from rulecore.expr import ranges
from rulecore.expr.infer import Inference
from rulecore.expr.infer.core import range_of, ranged
from rulecore.expr.nodes import Node
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import TableCall
from rulecore.expr.types import (
    DateType,
    FlagType,
    NothingType,
    NumberType,
    TextType,
    Type,
    as_nullable,
    kind,
)
from rulecore.language import N_

_ZERO: Final = Range(Fraction(0), Fraction(0))


@frozen(kw_only=True)
class Rows:
    """How many rows a record can have that meet the condition."""

    least: int
    most: int


def row_call_type(call: TableCall, inference: Inference, rows: Rows) -> Type:
    """Return the type of a call over rows; ``inference`` is that of the table, and takes the faults."""
    if call.argument is None:
        return _counted(rows)
    node = call.argument.node
    found = inference.type_of(node)
    if isinstance(found, NumberType):
        inference.number(node, f"{call.function}()", exact=True)
    if call.function in ("count", "count_distinct"):
        return _counted(rows)
    if call.function in ("any", "all"):
        inference.expect(node, f"{call.function}()", FlagType, N_("flag"))
        return FlagType(nullable=found.nullable)
    if call.function == "join":
        inference.expect(node, "join()", TextType, N_("text"))
        return TextType()
    if call.function in ("first", "last"):
        return as_nullable(found, found.nullable or rows.least == 0)
    if call.function in ("min", "max") and isinstance(found, DateType):
        return as_nullable(found, found.nullable or rows.least == 0)
    if not isinstance(found, NumberType):
        if not isinstance(found, NothingType):
            _wrong_kind(inference, node, call.function, found)
        return NumberType(scale=None, nullable=True)
    return _NUMBERS[call.function](call, found, rows)


def _wrong_kind(inference: Inference, node: Node, function: str, found: Type) -> None:
    inference.fault(codes.WRONG_KIND, node, what=f"{function}()", expected=N_("number"), found=kind(found))


def _counted(rows: Rows) -> NumberType:
    return NumberType(scale=0, low=Fraction(0), high=Fraction(rows.most))


def _sum(_call: TableCall, found: NumberType, rows: Rows) -> Type:
    sure = rows.least if not found.nullable else 0
    return _times(found, sure, rows.most, nullable=found.nullable)


def _times(found: NumberType, least: int, most: int, *, nullable: bool) -> NumberType:
    """Return the type of a sum of from ``least`` to ``most`` numbers."""
    low = None if found.low is None else found.low * (least if found.low > 0 else most)
    high = None if found.high is None else found.high * (least if found.high < 0 else most)
    return ranged(Range(low, high), scale=found.scale, nullable=nullable)


def _sum_largest(call: TableCall, found: NumberType, rows: Rows) -> Type:
    most = min(rows.most, int(Fraction(dict(call.options)["n"])))
    least = min(most, rows.least if not found.nullable else 0)
    return _times(found, least, most, nullable=found.nullable)


def _mean(_call: TableCall, found: NumberType, rows: Rows) -> Type:
    return ranged(range_of(found), scale=None, nullable=found.nullable or rows.least == 0)


def _trimmed_mean(call: TableCall, found: NumberType, rows: Rows) -> Type:
    options = dict(call.options)
    dropped = int(Fraction(options["low"]) + Fraction(options["high"]))
    return ranged(range_of(found), scale=None, nullable=found.nullable or rows.least <= dropped)


def _extreme(_call: TableCall, found: NumberType, rows: Rows) -> Type:
    return as_nullable(found, found.nullable or rows.least == 0)


def _nth(call: TableCall, found: NumberType, rows: Rows) -> Type:
    return as_nullable(found, found.nullable or rows.least < int(Fraction(dict(call.options)["n"])))


def _median(_call: TableCall, found: NumberType, rows: Rows) -> Type:
    scale = None if found.scale is None else found.scale + 1
    return ranged(range_of(found), scale=scale, nullable=found.nullable or rows.least == 0)


def _product(_call: TableCall, found: NumberType, _rows: Rows) -> Type:
    inside = found.low is not None and found.low >= 0 and found.high is not None and found.high <= 1
    whole = ranges.union((_ZERO, Range(Fraction(1), Fraction(1))))
    return ranged(whole if inside else Range(None, None), scale=None, nullable=found.nullable)


_NUMBERS: Final[dict[str, Callable[[TableCall, NumberType, Rows], Type]]] = {
    "sum": _sum,
    "sum_largest": _sum_largest,
    "mean": _mean,
    "trimmed_mean": _trimmed_mean,
    "min": _extreme,
    "max": _extreme,
    "nth_largest": _nth,
    "median": _median,
    "product": _product,
}
