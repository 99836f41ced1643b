"""Functions of dates: their parts and the days between them."""

from __future__ import annotations

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import DatePart, DaysBetween
from rulecore.functions.parameters import VALUE
from rulecore.language import N_

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
)
