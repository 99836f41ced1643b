"""Texts and dates in columns."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from rulecore.engines.columnar import integers
from rulecore.engines.columnar.integers import Integer
from rulecore.engines.columnar.lower import Column, Lowering, lowers
from rulecore.engines.columnar.values import Ratio
from rulecore.expr import nodes
from rulecore.expr.types import DateType, TextType
from rulecore.numbers import Rounding
from rulecore.records.text import decimal_text


@lowers(nodes.Concatenate)
def _concatenate(lowering: Lowering, node: nodes.Concatenate) -> Column:
    parts = [lowering.bind(lowering.plain(operand, TextType())) for operand in node.operands]
    shown = [pl.when(part != "").then(part) for part in parts] if node.separator else parts
    joined = pl.concat_str(shown, separator=node.separator, ignore_nulls=True).fill_null("")
    return pl.when(~pl.all_horizontal([part.is_null() for part in parts])).then(joined)


@lowers(nodes.FormatNumber)
def _format_number(lowering: Lowering, node: nodes.FormatNumber) -> Column:
    rounded = nodes.Round(node.operand, Fraction(1, 10**node.decimals), Rounding.HALF_UP)
    value = lowering.number(rounded)
    assert isinstance(value, Ratio)  # noqa: S101 - a rounded number is a scaled integer
    scaled = lowering.bind(value.numerator.expr * 10 ** (node.decimals - value.scale))
    return decimal_text(scaled, node.decimals)


@lowers(nodes.TextTest)
def _text_test(lowering: Lowering, node: nodes.TextTest) -> Column:
    text, part = lowering.plain(node.operand, TextType()), lowering.plain(node.part, TextType())
    match node.test:
        case "contains":
            return text.str.contains(part, literal=True)
        case "starts_with":
            return text.str.starts_with(part)
        case "ends_with":
            return text.str.ends_with(part)


@lowers(nodes.DatePart)
def _date_part(lowering: Lowering, node: nodes.DatePart) -> Column:
    moment = lowering.plain(node.operand, DateType()).dt
    part = {"year": moment.year, "month": moment.month, "day": moment.day}[node.part]()
    high = {"year": 9999, "month": 12, "day": 31}[node.part]
    return Ratio(Integer(part.cast(pl.Int64()), 1, high), integers.constant(1), 0)


@lowers(nodes.DaysBetween)
def _days_between(lowering: Lowering, node: nodes.DaysBetween) -> Column:
    days = (lowering.plain(node.end, DateType()) - lowering.plain(node.start, DateType())).dt.total_days()
    return Ratio(Integer(days.cast(pl.Int64()), -3_652_058, 3_652_058), integers.constant(1), 0)

