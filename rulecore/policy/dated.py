"""Dated parameters: which values are in force while the policy is, and whether records can tell.

If one value holds on all the policy's days, the parameter is that value. If more than one does, the
record's period decides, and it must be able to: a whole year cannot choose between two values of one year,
nor can a text. Nothing is picked silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeGuard

from rulecore.codes import families as codes
from rulecore.declarations import DatedValue, FieldDeclaration, ParameterValue
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.family import days_words
from rulecore.policy.sections import Sections
from rulecore.source import KeyPath

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""The years that a whole number can mean as a period; 202403 would be a month."""


def is_dated_value(value: ParameterValue) -> TypeGuard[tuple[DatedValue, ...]]:
    """Return whether a parameter has values with days."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], DatedValue)


def resolve_dated(sections: Sections) -> tuple[dict[str, ParameterValue], list[Fault]]:
    """Return the parameters with the dated ones cut to the policy's days, and what is wrong with them."""
    resolved: dict[str, ParameterValue] = {}
    faults: list[Fault] = []
    for name, value in sections.parameters.items():
        if not is_dated_value(value):
            resolved[name] = value
            continue
        wrong = list(_disorder(sections, name, value))
        if not wrong:
            wrong = list(_gap(sections, name, value))
            held = _in_force(sections, value)
            resolved[name] = held if len(held) > 1 else held[0].value
            if len(held) > 1 and not wrong:
                wrong = list(_undecidable(sections, name, value, held))
        faults += wrong
    return resolved, faults


def _disorder(sections: Sections, name: str, values: Sequence[DatedValue]) -> Iterator[Fault]:
    """Yield a fault for the first value out of order, undated, or of another kind than the first."""
    for index, one in enumerate(values):
        before = values[index - 1] if index else None
        reason: Phrase | None = None
        key: KeyPath = ("parameters", name, index)
        if before is not None and one.from_ is None:
            reason = phrase(N_("only the first may go without from"))
        elif before is not None and one.from_ is not None and one.from_ <= (before.from_ or date.min):
            reason = phrase(N_("this one does not begin after the one before it"))
            key = (*key, "from")
        elif _kind(one.value) != _kind(values[0].value):
            reason = phrase(N_("this one is of another kind than the first"))
            key = (*key, "value")
        if reason is not None:
            yield Fault(
                code=codes.DATED_VALUES,
                values={"name": name, "reason": reason},
                place=sections.document.place(key),
            )
            return


def _kind(value: object) -> str:
    match value:
        case tuple():
            return "list"
        case bool():
            return "flag"
        case int() | Decimal():
            return "number"
    return type(value).__name__


def _bounds(sections: Sections) -> tuple[date, date]:
    effective = sections.header.effective if sections.header is not None else None
    first, last = (effective.from_, effective.until) if effective is not None else (None, None)
    return first or date.min, last or date.max


def _gap(sections: Sections, name: str, values: Sequence[DatedValue]) -> Iterator[Fault]:
    first, start = _bounds(sections), values[0].from_
    if start is not None and start > first[0]:
        words = {"name": name, "first": start.isoformat(), "since": days_words(first)}
        place = sections.document.place(("parameters", name, 0, "from"))
        yield Fault(code=codes.DATED_GAP, values=words, place=place)


def _in_force(sections: Sections, values: Sequence[DatedValue]) -> tuple[DatedValue, ...]:
    """Return the values that hold on any of the policy's days; the first where the policy ends before all."""
    first, last = _bounds(sections)
    held = []
    for index, one in enumerate(values):
        begins = one.from_ or date.min
        ends = _day_before(values[index + 1].from_) if index + 1 < len(values) else date.max
        if begins <= last and ends >= first:
            held.append(one)
    return tuple(held) or (values[0],)


def _day_before(day: date | None) -> date:
    return day - timedelta(days=1) if day is not None and day > date.min else date.min


def _undecidable(
    sections: Sections, name: str, values: Sequence[DatedValue], held: Sequence[DatedValue]
) -> Iterator[Fault]:
    """Yield a fault for each change that the records' periods cannot place."""
    period = sections.record.period if sections.record is not None else ""
    declaration = sections.fields.get(period)
    for one in held[1:]:
        assert one.from_ is not None  # noqa: S101 - only the first value may go without
        reason = _why_not(period, declaration, one.from_)
        if isinstance(one.value, tuple):
            reason = phrase(N_("a list cannot change from record to record"))
        if reason is not None:
            values_ = {"name": name, "day": one.from_.isoformat(), "reason": reason}
            place = sections.document.place(("parameters", name, values.index(one), "from"))
            yield Fault(code=codes.DATED_WITHIN_PERIOD, values=values_, place=place)


def _why_not(period: str, declaration: FieldDeclaration | None, day: date) -> Phrase | None:
    """Return why a record's period cannot tell whether it lies before or after a day; None if it can."""
    if not period:
        return phrase(N_("the records have no period ([record] period)"))
    if declaration is None or declaration.type == "date":
        return None  # a period that names no field is a fault of its own
    if declaration.type != "integer":
        return phrase(N_("the period {name} is neither a year nor a date"), name=period)
    low, high = declaration.min, declaration.max
    if not (isinstance(low, int) and isinstance(high, int) and low >= FIRST_YEAR and high <= LAST_YEAR):
        return phrase(
            N_("the period {name} need not be a year: give it min = 2000 and max = 2100"), name=period
        )
    if (day.month, day.day) != (1, 1):
        return phrase(N_("the period {name} is a whole year"), name=period)
    return None
