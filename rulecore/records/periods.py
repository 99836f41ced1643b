"""Periods: the days that a year, half-year, quarter, month or date stands for."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from rulecore.records.characters import fold_width, trim

Days = tuple[date, date]
"""The first and last day of a period, inclusive."""

_YEAR: Final = r"(?P<year>(?:19|20|21)[0-9]{2})"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR} ?(?:年度?)?",
        rf"{_YEAR} ?(?:年度?)?[ -]?(?:Q(?P<quarter>[1-4])|第?(?P<chinese>[1-4一二三四]) ?季度?)",
        rf"{_YEAR} ?(?:年度?)?[ -]?(?:H(?P<half>[12])|(?P<halves>[上下])半年)",
        rf"{_YEAR}(?:[-/.](?P<month>[0-9]{{1,2}})|(?P<compact>[0-9]{{2}})"
        r"| ?年 ?(?P<written>[0-9]{1,2}) ?月份?)",
        rf"{_YEAR}(?:-(?P<m1>[0-9]{{1,2}})-(?P<d1>[0-9]{{1,2}})|/(?P<m2>[0-9]{{1,2}})/(?P<d2>[0-9]{{1,2}})"
        rf"|\.(?P<m3>[0-9]{{1,2}})\.(?P<d3>[0-9]{{1,2}})|(?P<m4>[0-9]{{2}})(?P<d4>[0-9]{{2}})"
        r"| ?年 ?(?P<m5>[0-9]{1,2}) ?月 ?(?P<d5>[0-9]{1,2}) ?[日号])",
    )
)
_DIGITS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}


def period_days(value: object) -> Days | None:
    """Return the days of a period, or None if it cannot be read as one.

    Read are dates, the years 1900 to 2199 (2024, ``2024年``, ``2024年度``), half-years (``2024H1``,
    ``2024年上半年``), quarters (``2024Q1``, ``2024年第一季度``), months (``2024-03``, ``202403``,
    ``2024年3月``) and written dates.
    """
    if isinstance(value, date):
        return value, value
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = fold_width(trim(str(value)))
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            return _days({name: part for name, part in found.groupdict().items() if part is not None})
    return None


def _days(parts: dict[str, str]) -> Days | None:
    year = int(parts.pop("year"))
    match parts:
        case {"quarter": quarter} | {"chinese": quarter}:
            last = 3 * (_DIGITS.get(quarter) or int(quarter))
            return _months(year, last - 2, last)
        case {"half": half} | {"halves": half}:
            return _months(year, 1, 6) if half in "1上" else _months(year, 7, 12)
        case {"month": month} | {"compact": month} | {"written": month}:
            return _months(year, int(month), int(month))
        case {}:
            numbers = [int(part) for part in parts.values()]
    if not numbers:
        return _months(year, 1, 12)
    try:
        day = date(year, *numbers)
    except ValueError:
        return None
    return day, day


def _months(year: int, first: int, last: int) -> Days | None:
    if not 1 <= first <= last <= 12:
        return None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
