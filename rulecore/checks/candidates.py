"""Values that stand for all the values of a subject: one from each stretch that no comparison tells apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from rulecore.checks.judge import Known
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type

OTHER_TEXT: Final = "…"
"""Stands for any text that nothing is compared with."""

MOST_TEXTS: Final = 200


def candidates(type_: Type, constants: Sequence[Known]) -> tuple[Known, ...]:
    """Return one value for each stretch that the constants do not tell apart, not applicable last."""
    found: list[Known]
    match type_:
        case NumberType():
            found = [*_numbers(type_, [item for item in constants if isinstance(item, Fraction)])]
        case TextType():
            found = [*_texts(type_, [item for item in constants if isinstance(item, str)])]
        case FlagType():
            found = [True, False] if type_.always is None else [type_.always]
        case DateType():
            found = [*_dates(type_, [item for item in constants if isinstance(item, date)])]
        case _:
            found = []
    return (*found, None) if type_.nullable else tuple(found)


def _numbers(type_: NumberType, constants: Sequence[Fraction]) -> list[Fraction]:
    """Return the constants themselves and a number on each side of them, as far as the type can take them."""
    unit = None if type_.scale is None else Fraction(1, 10**type_.scale)
    ends = [end for end in (type_.low, type_.high) if end is not None]
    edges = sorted({*constants, *ends})
    found: set[Fraction] = set()
    if unit is not None:
        for edge in edges:
            steps = edge / unit
            found |= {unit * step for step in (floor(steps), ceil(steps), ceil(steps) - 1, floor(steps) + 1)}
    else:
        found |= {*edges, *((one + other) / 2 for one, other in pairwise(edges))}
        found |= {edges[0] - 1, edges[-1] + 1} if edges else {Fraction(0)}
    kept = (
        value
        for value in found or {Fraction(0)}
        if (type_.low is None or value >= type_.low) and (type_.high is None or value <= type_.high)
    )
    bounds = sorted({*constants}) or ends[:1]
    # Those next to a bound come first: they make the better examples.
    return sorted(
        kept, key=lambda value: (min((abs(value - bound) for bound in bounds), default=value), value)
    )


def _texts(type_: TextType, constants: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(constants))
    if type_.values is None:
        return [*wanted, OTHER_TEXT]
    others = sorted(type_.values - set(wanted))
    return [*(text for text in wanted if text in type_.values), *others[:1]]


def _dates(type_: DateType, constants: Sequence[date]) -> list[date]:
    low, high = type_.low or date.min, type_.high or date.max
    days = {
        day + step for edge in (*constants, low, high) for day in (edge.toordinal(),) for step in (-1, 0, 1)
    }
    return [date.fromordinal(day) for day in sorted(days) if low.toordinal() <= day <= high.toordinal()]
