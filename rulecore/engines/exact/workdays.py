"""Working days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rulecore.engines.exact.kernel import (
    Compile,
    Environment,
    Evaluate,
    ExactValue,
    MakerTable,
    exact_number,
)
from rulecore.expr import nodes
from rulecore.workdays import WorkCalendar


def _between(node: nodes.WorkdaysBetween, compile_one: Compile) -> Evaluate:
    start, end = compile_one(node.start), compile_one(node.end)
    calendar = WorkCalendar(node.holidays, node.workdays)

    def evaluate(environment: Environment) -> ExactValue:
        first, last = start(environment), end(environment)
        if isinstance(first, date) and isinstance(last, date):
            return Fraction(calendar.between(first, last))
        return None

    return evaluate


def _shift(node: nodes.ShiftWorkdays, compile_one: Compile) -> Evaluate:
    moment, amount = compile_one(node.moment), compile_one(node.amount)
    calendar = WorkCalendar(node.holidays, node.workdays)

    def evaluate(environment: Environment) -> ExactValue:
        start, count = moment(environment), amount(environment)
        if not isinstance(start, date) or count is None:
            return None
        found = calendar.shifted(start, int(exact_number(count)))
        if found is None:
            environment.issues.add("outside_calendar")
        return found

    return evaluate


WORKDAYS: MakerTable = {nodes.WorkdaysBetween: _between, nodes.ShiftWorkdays: _shift}
