"""Working days (工作日): Monday to Friday, less the holidays, plus the weekend days that are worked instead (调休)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from attrs import field, frozen

FIRST, LAST = date.min.toordinal(), date.max.toordinal()


def is_weekday(day: date) -> bool:
    """Return whether a day is from Monday to Friday."""
    return day.weekday() < 5


def _sorted(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


@frozen
class WorkCalendar:
    """Which days are worked: ``holidays`` are weekdays that are not, ``workdays`` weekend days that are.

    Holidays that fall on a weekend, and workdays that are weekdays anyway, change nothing.
    """

    holidays: tuple[date, ...] = field(default=(), converter=_sorted)
    workdays: tuple[date, ...] = field(default=(), converter=_sorted)

    @cached_property
    def taken(self) -> tuple[int, ...]:
        """The ordinals of the weekdays that are not worked."""
        return tuple(day.toordinal() for day in self.holidays if is_weekday(day))

    @cached_property
    def given(self) -> tuple[int, ...]:
        """The ordinals of the weekend days that are worked."""
        return tuple(day.toordinal() for day in self.workdays if not is_weekday(day))

    def until(self, ordinal: int) -> int:
        """Return how many working days there are from 0001-01-01, a Monday, up to and with a day."""
        weeks, rest = divmod(ordinal, 7)
        exceptions = bisect_right(self.given, ordinal) - bisect_right(self.taken, ordinal)
        return weeks * 5 + min(rest, 5) + exceptions

    def between(self, start: date, end: date) -> int:
        """Return the working days after ``start`` up to and with ``end``; negative if ``end`` is earlier."""
        return self.until(end.toordinal()) - self.until(start.toordinal())

    def shifted(self, start: date, count: int) -> date | None:
        """Return the working day so many after (or before) a day, the day itself for 0; None outside the calendar."""
        if count == 0:
            return start
        ordinal = start.toordinal()
        if count > 0:
            found = bisect_left(range(LAST + 1), self.until(ordinal) + count, key=self.until)
        else:
            found = bisect_right(range(LAST + 1), self.until(ordinal - 1) + count, key=self.until)
        return date.fromordinal(found) if FIRST <= found <= LAST else None
