"""Dates in cells: ISO, the usual Chinese forms, eight digits, and the day numbers of spreadsheets."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from rulecore.codes.records import (
    ABOVE_MAXIMUM,
    AMBIGUOUS_DATE,
    BELOW_MINIMUM,
    NO_SUCH_DAY,
    NOT_A_DATE,
    TIME_OF_DAY,
)
from rulecore.errors import Code
from rulecore.planned import PlannedField
from rulecore.records.characters import fold_width, shown
from rulecore.records.outcome import CellFault, CellRead

_DAY: Final = (
    r"(?:([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"|([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"
    r"|([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]"
    r"|([0-9]{4})([0-9]{2})([0-9]{2}))"
)
_DATE: Final = re.compile(
    _DAY + r"(?P<time>[T ] *(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MIDNIGHT: Final = re.compile(r"[0:.]+")
_SERIAL: Final = re.compile(r"([0-9]{1,7})(?:\.(0+|[0-9]+))?")

LAST_SERIAL: Final = 2_958_465
"""The day number of 9999-12-31, the last one of spreadsheets."""
LEAP_SERIAL: Final = 60
"""The day number of 1900-02-29, a day that the 1900 system has and the calendar has not."""

YEARS: Final = range(1900, 2200)
"""Bare numbers taken for a year (2024) or month (202403), not for a day number of 1905 or 2454."""


@frozen(kw_only=True)
class DateRules:
    """How the dates of one field are read; ``low`` and ``high`` are inclusive."""

    column: str
    low: date | None
    high: date | None


def date_rules(field: PlannedField) -> DateRules:
    """Return how the dates of a date field are read."""
    low, high = field.declaration.min, field.declaration.max
    return DateRules(
        column=field.header or field.name,
        low=low if isinstance(low, date) else None,
        high=high if isinstance(high, date) else None,
    )


def read_date(text: str, rules: DateRules) -> CellRead:
    """Return the date that a trimmed text means."""
    folded = fold_width(text)
    found = _DATE.fullmatch(folded)
    if found is None:
        return _read_serial(folded, text, rules)
    clock = found["clock"]
    if clock is not None and not _MIDNIGHT.fullmatch(clock):
        return _refuse(TIME_OF_DAY, text, rules)
    year, month, day = (int(part) for part in found.groups()[:15] if part is not None)
    try:
        value = date(year, month, day)
    except ValueError:
        return _refuse(NOT_A_DATE, text, rules)
    return within_dates(value, text, rules)


def within_dates(value: date, text: str, rules: DateRules) -> CellRead:
    """Return a date if it keeps the field's bounds; ``text`` is how it was written."""
    for bound, code, breaks in (
        (rules.low, BELOW_MINIMUM, rules.low is not None and value < rules.low),
        (rules.high, ABOVE_MAXIMUM, rules.high is not None and value > rules.high),
    ):
        if breaks:
            values = {"column": rules.column, "value": shown(text), "bound": bound}
            return None, CellFault(code=code, values=values)
    return value, None


def _read_serial(folded: str, text: str, rules: DateRules) -> CellRead:
    """Return the date of a day number of the 1900 system: 1 is 1900-01-01, 61 is 1900-03-01."""
    found = _SERIAL.fullmatch(folded)
    if found is None:
        return _refuse(NOT_A_DATE, text, rules)
    serial = int(found[1])
    if serial in YEARS or (serial // 100 in YEARS and 1 <= serial % 100 <= 12):
        return _refuse(AMBIGUOUS_DATE, text, rules)
    if not 1 <= serial <= LAST_SERIAL:
        return _refuse(NOT_A_DATE, text, rules)
    if serial == LEAP_SERIAL:
        return _refuse(NO_SUCH_DAY, text, rules)
    if (found[2] or "").strip("0"):
        return _refuse(TIME_OF_DAY, text, rules)
    first = date(1899, 12, 31) if serial < LEAP_SERIAL else date(1899, 12, 30)
    return within_dates(first + timedelta(days=serial), text, rules)


def _refuse(code: Code, text: str, rules: DateRules) -> CellRead:
    return None, CellFault(code=code, values={"column": rules.column, "value": shown(text)})
