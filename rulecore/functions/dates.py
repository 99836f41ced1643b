"""Functions of dates: their parts and the days between them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import (
    Add,
    And,
    Branch,
    Compare,
    Conditional,
    DatePart,
    DaysBetween,
    Literal,
    Multiply,
    Node,
    ShiftDate,
    ShiftWorkdays,
    Step,
    Subtract,
    WorkdaysBetween,
)
from rulecore.functions.parameters import VALUE
from rulecore.language import N_

HOLIDAYS = FunctionParameter(name="holidays", kind="dates", required=False)
WORKDAYS = FunctionParameter(name="workdays", kind="dates", required=False)


def _refuse_both(holidays: tuple[date, ...], workdays: tuple[date, ...]) -> None:
    both = sorted(set(holidays) & set(workdays))
    if both:
        raise ValueError(f"{both[0]} is among the holidays and among the workdays")


def _workdays_between(start: Node, end: Node, holidays: tuple[date, ...], workdays: tuple[date, ...]) -> Node:
    _refuse_both(holidays, workdays)
    return WorkdaysBetween(start, end, holidays, workdays)


def _add_workdays(value: Node, days: Node, holidays: tuple[date, ...], workdays: tuple[date, ...]) -> Node:
    _refuse_both(holidays, workdays)
    return ShiftWorkdays(value, days, holidays, workdays)


def _months_between(start: Node, end: Node) -> Node:
    """Return the months by the calendar, less one where the day of the last of them has not come yet."""
    years = Subtract(DatePart("year", end), DatePart("year", start))
    months = Subtract(DatePart("month", end), DatePart("month", start))
    apart = Step(N_("months by the calendar"), Add(Multiply(years, Literal(Fraction(12))), months))
    moved = ShiftDate("months", start, apart)
    one = Literal(Fraction(1))
    beyond = And((Compare(">=", end, start), Compare(">", moved, end)))
    before = And((Compare("<", end, start), Compare("<", moved, end)))
    return Conditional((Branch(beyond, Subtract(apart, one)), Branch(before, Add(apart, one))), apart)


FUNCTIONS = (
    Function(
        name="year",
        summary=N_("The year of a date."),
        parameters=(VALUE,),
        build=lambda value: DatePart("year", value),
        aliases=("年",),
        example="year(2024-01-31)",
        result="2024",
    ),
    Function(
        name="month",
        summary=N_("The month of a date, from 1 to 12."),
        parameters=(VALUE,),
        build=lambda value: DatePart("month", value),
        aliases=("月",),
        example="month(2024-01-31)",
        result="1",
    ),
    Function(
        name="day",
        summary=N_("The day of the month of a date."),
        parameters=(VALUE,),
        build=lambda value: DatePart("day", value),
        aliases=("日",),
        example="day(2024-01-31)",
        result="31",
    ),
    Function(
        name="days_between",
        summary=N_("Natural days from the first date to the second; negative if the second is earlier."),
        parameters=(FunctionParameter(name="start"), FunctionParameter(name="end")),
        build=DaysBetween,
        aliases=("相隔天数",),
        example="days_between(2024-02-28, 2024-03-01)",
        result="2",
    ),
    Function(
        name="add_days",
        summary=N_("The date so many natural days after another; before it if the number is negative."),
        parameters=(VALUE, FunctionParameter(name="days")),
        build=lambda value, days: ShiftDate("days", value, days),
        aliases=("加天数", "顺延天数"),
        example="add_days(2024-02-28, 2)",
        result="2024-03-01",
    ),
    Function(
        name="add_months",
        summary=N_("The same day so many months later, or the last of that month if it is shorter."),
        parameters=(VALUE, FunctionParameter(name="months")),
        build=lambda value, months: ShiftDate("months", value, months),
        aliases=("加月数", "顺延月数"),
        example="add_months(2024-01-31, 1)",
        result="2024-02-29",
    ),
    Function(
        name="months_between",
        summary=N_("Whole months from the first date to the second; negative if the second is earlier."),
        parameters=(FunctionParameter(name="start"), FunctionParameter(name="end")),
        build=_months_between,
        aliases=("相隔月数", "满月数"),
        example="months_between(2024-01-15, 2024-04-14)",
        result="2",
    ),
    Function(
        name="month_end",
        summary=N_("The last day of a date's month, or of the month so many months later."),
        parameters=(VALUE, FunctionParameter(name="months", default=Fraction(0))),
        build=lambda value, months: ShiftDate("month_ends", value, months),
        aliases=("月末",),
        example="month_end(2023-02-10)",
        result="2023-02-28",
    ),
    Function(
        name="workdays_between",
        summary=N_("Working days after the first date up to the second; negative if the second is earlier."),
        parameters=(FunctionParameter(name="start"), FunctionParameter(name="end"), HOLIDAYS, WORKDAYS),
        build=_workdays_between,
        aliases=("相隔工作日",),
        example="workdays_between(2024-04-30, 2024-05-06, holidays = [2024-05-01, 2024-05-02, 2024-05-03])",
        result="1",
    ),
    Function(
        name="add_workdays",
        summary=N_("The working day so many after a date; before it if the number is negative."),
        parameters=(VALUE, FunctionParameter(name="days"), HOLIDAYS, WORKDAYS),
        build=_add_workdays,
        aliases=("加工作日",),
        example="add_workdays(2024-05-10, 1, workdays = [2024-05-11])",
        result="2024-05-11",
    ),
)
