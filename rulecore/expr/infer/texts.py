"""Types of texts and dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rulecore.codes import types as codes
from rulecore.expr import nodes
from rulecore.expr.infer.core import TYPES, Inference
from rulecore.expr.types import (
    DateType,
    FlagType,
    NumberType,
    TextType,
    Type,
)
from rulecore.language import N_
from rulecore.texts import TEXT_NUMBER_BOUND


def _concatenate(inference: Inference, node: nodes.Concatenate) -> Type:
    types = [inference.expect(operand, N_("concat()"), TextType, N_("text")) for operand in node.operands]
    return TextType(nullable=all(type_.nullable for type_ in types))


def _format_number(inference: Inference, node: nodes.FormatNumber) -> Type:
    return TextType(nullable=inference.number(node.operand, N_("text()"), exact=True).nullable)


def _read_number(inference: Inference, node: nodes.ReadNumber) -> Type:
    inference.expect(node.operand, N_("number()"), TextType, N_("text"))
    bound = Fraction(TEXT_NUMBER_BOUND)
    return NumberType(scale=node.decimals, low=-bound, high=bound, nullable=True)


def _missing_items(inference: Inference, node: nodes.MissingItems) -> Type:
    wanted = inference.expect(node.wanted, N_("missing_items()"), TextType, N_("text"))
    given = inference.expect(node.given, N_("missing_items()"), TextType, N_("text"))
    return TextType(nullable=wanted.nullable or given.nullable)


def _text_test(inference: Inference, node: nodes.TextTest) -> Type:
    operand = inference.expect(node.operand, node.test, TextType, N_("text"))
    part = inference.expect(node.part, node.test, TextType, N_("text"))
    return FlagType(nullable=operand.nullable or part.nullable)


_PART_RANGES = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}


def _date_part(inference: Inference, node: nodes.DatePart) -> Type:
    operand = inference.expect(node.operand, node.part, DateType, N_("date"))
    low, high = _PART_RANGES[node.part]
    return NumberType(scale=0, low=Fraction(low), high=Fraction(high), nullable=operand.nullable)


def _days_between(inference: Inference, node: nodes.DaysBetween) -> Type:
    start = inference.expect(node.start, N_("days_between()"), DateType, N_("date"))
    end = inference.expect(node.end, N_("days_between()"), DateType, N_("date"))
    days = Fraction((date.max - date.min).days)
    return NumberType(scale=0, low=-days, high=days, nullable=start.nullable or end.nullable)


def _whole(inference: Inference, node: nodes.Node, what: str) -> NumberType:
    """Return the type of a number that must be whole, or a fault where it may have decimals."""
    amount = inference.number(node, what, exact=True)
    known = isinstance(inference.type_of(node), NumberType)
    if known and (amount.scale is None or amount.scale > 0):
        inference.fault(codes.NOT_WHOLE, node, what=what)
    return amount


def _shift_date(inference: Inference, node: nodes.ShiftDate) -> Type:
    what = {"days": N_("add_days()"), "months": N_("add_months()"), "month_ends": N_("month_end()")}[
        node.unit
    ]
    moment = inference.expect(node.moment, what, DateType, N_("date"))
    amount = _whole(inference, node.amount, what)
    return DateType(nullable=moment.nullable or amount.nullable or _may_leave_the_calendar(moment, amount))


def _may_leave_the_calendar(moment: Type, amount: NumberType) -> bool:
    if not isinstance(moment, DateType) or moment.low is None or moment.high is None:
        return True
    if amount.low is None or amount.high is None:
        return True
    days = max(abs(amount.low), abs(amount.high)) * 31 + 31  # a month has no more, and a day has less
    return moment.low.toordinal() - days < 1 or moment.high.toordinal() + days > date.max.toordinal()


def _workdays_between(inference: Inference, node: nodes.WorkdaysBetween) -> Type:
    start = inference.expect(node.start, N_("workdays_between()"), DateType, N_("date"))
    end = inference.expect(node.end, N_("workdays_between()"), DateType, N_("date"))
    days = Fraction((date.max - date.min).days)
    return NumberType(scale=0, low=-days, high=days, nullable=start.nullable or end.nullable)


def _shift_workdays(inference: Inference, node: nodes.ShiftWorkdays) -> Type:
    what = N_("add_workdays()")
    inference.expect(node.moment, what, DateType, N_("date"))
    _whole(inference, node.amount, what)
    return DateType(nullable=True)


TYPES.update(
    {
        nodes.Concatenate: _concatenate,
        nodes.FormatNumber: _format_number,
        nodes.ReadNumber: _read_number,
        nodes.MissingItems: _missing_items,
        nodes.TextTest: _text_test,
        nodes.DatePart: _date_part,
        nodes.DaysBetween: _days_between,
        nodes.ShiftDate: _shift_date,
        nodes.WorkdaysBetween: _workdays_between,
        nodes.ShiftWorkdays: _shift_workdays,
    }
)
