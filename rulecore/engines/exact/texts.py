"""Texts and dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date
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
from rulecore.numbers import Rounding, format_scaled, round_to, to_scaled
from rulecore.texts import missing_items, read_number


def _concatenate(node: nodes.Concatenate, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        values = [operand(environment) for operand in operands]
        texts = [str(value) for value in values if value is not None]
        if not texts:
            return None
        return node.separator.join(text for text in texts if text or not node.separator)

    return evaluate


def _format_number(node: nodes.FormatNumber, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)
    unit = Fraction(1, 10**node.decimals)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        return format_scaled(
            to_scaled(round_to(exact_number(value), unit, Rounding.HALF_UP), node.decimals), node.decimals
        )

    return evaluate


def _read_number(node: nodes.ReadNumber, compile_one: Compile) -> Evaluate:
    operand, decimals = compile_one(node.operand), node.decimals

    def evaluate(environment: Environment) -> ExactValue:
        text = operand(environment)
        if text is None:
            return None
        value = read_number(str(text), decimals)
        if value is None:
            environment.issues.add("not_a_number")
        return value

    return evaluate


def _missing_items(node: nodes.MissingItems, compile_one: Compile) -> Evaluate:
    wanted, given = compile_one(node.wanted), compile_one(node.given)

    def evaluate(environment: Environment) -> ExactValue:
        first, second = wanted(environment), given(environment)
        if first is None or second is None:
            return None
        return missing_items(str(first), str(second), node.separator, node.joiner)

    return evaluate


_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def _text_test(node: nodes.TextTest, compile_one: Compile) -> Evaluate:
    operand, part, holds = compile_one(node.operand), compile_one(node.part), _TEXT_TESTS[node.test]

    def evaluate(environment: Environment) -> ExactValue:
        text, other = operand(environment), part(environment)
        return None if text is None or other is None else holds(str(text), str(other))

    return evaluate


def _date_part(node: nodes.DatePart, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return Fraction(getattr(value, node.part)) if isinstance(value, date) else None

    return evaluate


def _days_between(node: nodes.DaysBetween, compile_one: Compile) -> Evaluate:
    start, end = compile_one(node.start), compile_one(node.end)

    def evaluate(environment: Environment) -> ExactValue:
        first, last = start(environment), end(environment)
        if isinstance(first, date) and isinstance(last, date):
            return Fraction((last - first).days)
        return None

    return evaluate


def _shift_date(node: nodes.ShiftDate, compile_one: Compile) -> Evaluate:
    moment, amount = compile_one(node.moment), compile_one(node.amount)
    shift = _shifted_days if node.unit == "days" else _shifted_months
    to_end = node.unit == "month_ends"

    def evaluate(environment: Environment) -> ExactValue:
        start, count = moment(environment), amount(environment)
        if not isinstance(start, date) or count is None:
            return None
        found = shift(start, int(exact_number(count)))
        if found is None:
            environment.issues.add("outside_calendar")
            return None
        return found.replace(day=monthrange(found.year, found.month)[1]) if to_end else found

    return evaluate


def _shifted_days(start: date, count: int) -> date | None:
    ordinal = start.toordinal() + count
    return date.fromordinal(ordinal) if date.min.toordinal() <= ordinal <= date.max.toordinal() else None


def _shifted_months(start: date, count: int) -> date | None:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


TEXTS: MakerTable = {
    nodes.Concatenate: _concatenate,
    nodes.FormatNumber: _format_number,
    nodes.ReadNumber: _read_number,
    nodes.MissingItems: _missing_items,
    nodes.TextTest: _text_test,
    nodes.DatePart: _date_part,
    nodes.DaysBetween: _days_between,
    nodes.ShiftDate: _shift_date,
}
