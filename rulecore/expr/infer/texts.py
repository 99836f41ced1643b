"""Types of texts and dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

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


TYPES.update(
    {
        nodes.Concatenate: _concatenate,
        nodes.FormatNumber: _format_number,
        nodes.ReadNumber: _read_number,
        nodes.MissingItems: _missing_items,
        nodes.TextTest: _text_test,
        nodes.DatePart: _date_part,
        nodes.DaysBetween: _days_between,
    }
)
