"""Texts and dates in columns."""

from __future__ import annotations

from collections.abc import Callable
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
from rulecore.texts import TEXT_NUMBER_BOUND, missing_items, read_number


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


@lowers(nodes.DaysBetween)
def _days_between(lowering: Lowering, node: nodes.DaysBetween) -> Column:
    days = (lowering.plain(node.end, DateType()) - lowering.plain(node.start, DateType())).dt.total_days()
    return Ratio(Integer(days.cast(pl.Int64()), -3_652_058, 3_652_058), integers.constant(1), 0)
