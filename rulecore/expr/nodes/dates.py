"""Dates."""

from __future__ import annotations

from datetime import date
from typing import Literal as OneOf

from attrs import frozen

from rulecore.expr.nodes.base import Node


@frozen
class DatePart(Node):
    """The year, month or day of a date, as a whole number."""

    part: OneOf["year", "month", "day"]
    operand: Node


@frozen
class DaysBetween(Node):
    """Natural days from ``start`` to ``end``; negative if ``end`` is earlier."""

    start: Node
    end: Node


DateShift = OneOf["days", "months", "month_ends"]


@frozen
class ShiftDate(Node):
    """The date so many natural days, or calendar months, after another (before it, if negative).

    A month later is the same day of that month, or its last day if it is shorter; ``month_ends`` is the last day of
    that month in any case. Outside the years 1 to 9999 it is not applicable, with the issue ``outside_calendar``.
    """

    unit: DateShift
    moment: Node
    amount: Node


@frozen
class WorkdaysBetween(Node):
    """Working days after ``start`` up to and with ``end``; negative if ``end`` is earlier.

    Days from Monday to Friday are worked, but those in ``holidays``; weekend days in ``workdays`` are too (调休).
    """

    start: Node
    end: Node
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


@frozen
class ShiftWorkdays(Node):
    """The working day so many after a date (before it, if negative); the date itself for 0.

    Outside the years 1 to 9999 it is not applicable, with the issue ``outside_calendar``.
    """

    moment: Node
    amount: Node
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
