"""Texts and dates in columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Final

import polars as pl

from rulecore.engines.columnar import integers
from rulecore.engines.columnar.integers import Integer
from rulecore.engines.columnar.lower import Column, Lowering, lowers
from rulecore.engines.columnar.values import Ratio
from rulecore.expr import nodes
from rulecore.expr.types import DateType, TextType
from rulecore.numbers import Rounding
from rulecore.records.text import decimal_text
from rulecore.texts import TEXT_NUMBER_BOUND, missing_items, read_number

LARGEST_SHIFT: Final = 4_000_000
"""More days, or months, than any two dates lie apart."""


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


@lowers(nodes.ReadNumber)
def _read_number(lowering: Lowering, node: nodes.ReadNumber) -> Column:
    text, factor = lowering.bind(lowering.plain(node.operand, TextType())), 10**node.decimals

    def scaled(cell: str) -> int | None:
        value = read_number(cell, node.decimals)
        return None if value is None else int(value * factor)

    bound = TEXT_NUMBER_BOUND * factor
    dtype = pl.Int64() if bound <= integers.INT64_LIMIT else pl.Int128()
    found = lowering.bind(
        text.map_batches(lambda column: _by_distinct(column, scaled, dtype), return_dtype=dtype)
    )
    lowering.issue("not_a_number", text.is_not_null() & found.is_null())
    return Ratio(Integer(found, -bound, bound), integers.constant(1), node.decimals)


def _by_distinct(column: pl.Series, function: Callable[[str], int | None], dtype: pl.DataType) -> pl.Series:
    """Return a function of texts applied to each distinct text once."""
    distinct = column.unique().drop_nulls()
    results = pl.Series("result", [function(text) for text in distinct.to_list()], dtype=dtype)
    return column.replace_strict(distinct, results, default=None, return_dtype=dtype)


@lowers(nodes.MissingItems)
def _missing_items(lowering: Lowering, node: nodes.MissingItems) -> Column:
    wanted, given = lowering.plain(node.wanted, TextType()), lowering.plain(node.given, TextType())

    def missing(pairs: pl.Series) -> pl.Series:
        frame = pairs.struct.unnest()
        distinct = frame.unique().drop_nulls()
        found = [
            missing_items(first, second, node.separator, node.joiner) for first, second in distinct.rows()
        ]
        table = distinct.with_columns(found=pl.Series(found, dtype=pl.String()))
        return frame.join(table, on=["wanted", "given"], how="left", maintain_order="left")["found"]

    pair = pl.struct(wanted=wanted, given=given)
    return lowering.bind(lowering.bind(pair).map_batches(missing, return_dtype=pl.String()))


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


@lowers(nodes.ShiftDate)
def _shift_date(lowering: Lowering, node: nodes.ShiftDate) -> Column:
    start = lowering.bind(lowering.plain(node.moment, DateType()))
    count = whole_count(lowering, node.amount)
    shifted = _shifted_days(start, count) if node.unit == "days" else _shifted_months(start, count, node.unit)
    found = lowering.bind(shifted)
    lowering.issue("outside_calendar", found.is_null() & start.is_not_null() & count.is_not_null())
    return found


def whole_count(lowering: Lowering, node: nodes.Node) -> pl.Expr:
    """Return a whole number of days or months as a column of 64 bits.

    It is kept within a bound beyond which every date leaves the calendar.
    """
    amount = lowering.number(node)
    assert isinstance(amount, Ratio)  # noqa: S101 - inference refuses what is not a whole number
    unit = integers.constant(10**amount.scale)
    whole = integers.round_divide(amount.numerator, unit, Rounding.FLOOR, lowering.bind_integer)
    kept = integers.clipped(whole, -LARGEST_SHIFT, LARGEST_SHIFT)
    return lowering.bind(kept.expr.cast(pl.Int64()))


def _shifted_days(start: pl.Expr, count: pl.Expr) -> pl.Expr:
    ordinal = start.cast(pl.Int32()).cast(pl.Int64()) + count
    inside = ordinal.is_between(pl.lit(date.min).cast(pl.Int32()), pl.lit(date.max).cast(pl.Int32()))
    return pl.when(inside).then(ordinal).cast(pl.Int32()).cast(pl.Date())


def _shifted_months(start: pl.Expr, count: pl.Expr, unit: nodes.DateShift) -> pl.Expr:
    months = start.dt.year().cast(pl.Int64()) * 12 + start.dt.month().cast(pl.Int64()) - 1 + count
    inside = months.is_between(12, 9999 * 12 + 11)
    months = pl.when(inside).then(months)
    first = pl.date((months // 12).cast(pl.Int32()), (months % 12 + 1).cast(pl.Int8()), 1)
    last = first.dt.month_end()
    if unit == "month_ends":
        return last
    day = pl.min_horizontal(start.dt.day(), last.dt.day())
    return pl.when(last.is_not_null()).then(first.dt.replace(day=day))


@lowers(nodes.DaysBetween)
def _days_between(lowering: Lowering, node: nodes.DaysBetween) -> Column:
    days = (lowering.plain(node.end, DateType()) - lowering.plain(node.start, DateType())).dt.total_days()
    return Ratio(Integer(days.cast(pl.Int64()), -3_652_058, 3_652_058), integers.constant(1), 0)
