"""Counting back periods: each period as a kind and a whole number that grows by one from period to period."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from rulecore.language import N_
from rulecore.records.characters import fold_width, trim
from rulecore.records.periods import period_days

PeriodKind = Literal["year", "half_year", "quarter", "month", "day", "number"]
Step = tuple[PeriodKind, int]
"""The kind of a period, and its number: 2024-Q1 is the quarter 8096, of which 8095 is the one before."""

KIND_WORDS: Final[dict[PeriodKind, str]] = {
    "year": N_("years"),
    "half_year": N_("half-years"),
    "quarter": N_("quarters"),
    "month": N_("months"),
    "day": N_("days"),
    "number": N_("numbered periods"),
}

_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def period_step(value: object, length: str = "") -> Step | None:
    """Return a period's kind and number, or None for what is no period that can be counted back from.

    Read are the years, half-years, quarters, months and written dates that :func:`rulecore.records.periods.period_days`
    reads, and other whole numbers (the third round is 3). ``length`` says what a date stands for; without it, the day.
    """
    if isinstance(value, Fraction | Decimal):
        value = int(value) if value == int(value) else str(value)
    days = period_days(value)
    if days is not None:
        first, last = days
        if first == last:
            return _step(first, length or "day")
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return _step(first, {12: "year", 6: "half_year", 3: "quarter"}.get(months, "month"))
    text = (
        fold_width(trim(str(value))) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )
    return ("number", int(text)) if _WHOLE.fullmatch(text) else None


def _step(day: date, kind: str) -> Step:
    months = day.year * 12 + day.month - 1
    match kind:
        case "year":
            return "year", day.year
        case "half_year":
            return "half_year", months // 6
        case "quarter":
            return "quarter", months // 3
        case "month":
            return "month", months
        case _:
            return "day", day.toordinal()


def step_text(step: Step) -> str:
    """Return a period as people write it: 2024, 2024H1, 2024Q1, 2024-03, 2024-03-31, 3."""
    kind, number = step
    match kind:
        case "half_year":
            return f"{number // 2}H{number % 2 + 1}"
        case "quarter":
            return f"{number // 4}Q{number % 4 + 1}"
        case "month":
            return f"{number // 12}-{number % 12 + 1:02}"
        case "day":
            return date.fromordinal(number).isoformat()
        case _:
            return str(number)
