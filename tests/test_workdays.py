"""Working days, against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.workdays import WorkCalendar

DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))
CALENDARS = st.tuples(st.lists(DAYS, max_size=12), st.lists(DAYS, max_size=12))
DAY = timedelta(days=1)


def worked(day: date, holidays: list[date], workdays: list[date]) -> bool:
    return (day.weekday() < 5 and day not in holidays) or (day.weekday() >= 5 and day in workdays)


@given(CALENDARS, DAYS, DAYS)
def test_the_days_between_are_counted_one_by_one(
    calendar: tuple[list[date], list[date]], start: date, end: date
) -> None:
    low, high = sorted((start, end))
    days = [low + DAY * number for number in range(1, (high - low).days + 1)]
    count = sum(worked(day, *calendar) for day in days)
    found = WorkCalendar(*map(tuple, calendar)).between(start, end)
    assert found == (count if start <= end else -count)


@given(CALENDARS, DAYS, st.integers(1, 40), st.sampled_from([1, -1]))
def test_a_date_moves_from_working_day_to_working_day(
    calendar: tuple[list[date], list[date]], start: date, count: int, direction: int
) -> None:
    day, left = start, count
    while left:
        day += DAY * direction
        left -= worked(day, *calendar)
    assert WorkCalendar(*map(tuple, calendar)).shifted(start, count * direction) == day


@pytest.mark.parametrize("day", [date(2024, 5, 10), date(2024, 5, 11)])
def test_no_days_later_is_the_day_itself(day: date) -> None:
    assert WorkCalendar().shifted(day, 0) == day


def test_outside_the_calendar_there_is_no_day() -> None:
    assert WorkCalendar().shifted(date.max, 1) is None
    assert WorkCalendar().shifted(date.min, -1) is None
    assert WorkCalendar().shifted(date(2024, 1, 1), 4_000_000) is None
    assert WorkCalendar().shifted(date(2024, 1, 1), -4_000_000) is None
