"""Working days in columns: counted by whole weeks, and moved by them for each distinct pair once."""

from __future__ import annotations

from datetime import date

import polars as pl

from rulecore.engines.columnar import integers
from rulecore.engines.columnar.integers import Integer
from rulecore.engines.columnar.lower import Column, Lowering, lowers
from rulecore.engines.columnar.texts import whole_count
from rulecore.engines.columnar.values import Ratio
from rulecore.expr import nodes
from rulecore.expr.types import DateType
from rulecore.workdays import WorkCalendar

EPOCH = date(1970, 1, 1).toordinal()
LARGEST = 3_652_058


@lowers(nodes.WorkdaysBetween)
def _between(lowering: Lowering, node: nodes.WorkdaysBetween) -> Column:
    calendar = WorkCalendar(node.holidays, node.workdays)
    ends = [_until(lowering.plain(end, DateType()), calendar) for end in (node.end, node.start)]
    return Ratio(Integer(ends[0] - ends[1], -LARGEST, LARGEST), integers.constant(1), 0)


def _until(day: pl.Expr, calendar: WorkCalendar) -> pl.Expr:
    """Return how many working days there are up to and with a day, from a Monday before all of them."""
    ordinal = day.cast(pl.Int32()).cast(pl.Int64()) + EPOCH
    count = ordinal // 7 * 5 + pl.min_horizontal(ordinal % 7, pl.lit(5, dtype=pl.Int64()))
    for days, sign in ((calendar.taken, -1), (calendar.given, 1)):
        if days:
            count = count + _at_or_before(ordinal, days) * sign
    return count


def _at_or_before(ordinal: pl.Expr, days: tuple[int, ...]) -> pl.Expr:
    """Return how many of some sorted days are not after a day."""
    known = pl.Series(days, dtype=pl.Int64())

    def found(column: pl.Series) -> pl.Series:
        places = known.search_sorted(column.fill_null(0), side="right")
        return pl.Series(column.name, places, dtype=pl.Int64())

    return ordinal.map_batches(found, return_dtype=pl.Int64())


@lowers(nodes.ShiftWorkdays)
def _shift(lowering: Lowering, node: nodes.ShiftWorkdays) -> Column:
    calendar = WorkCalendar(node.holidays, node.workdays)
    start = lowering.bind(lowering.plain(node.moment, DateType()))
    count = whole_count(lowering, node.amount)

    def shifted(pairs: pl.Series) -> pl.Series:
        frame = pairs.struct.unnest()
        distinct = frame.unique().drop_nulls()
        found = [calendar.shifted(day, number) for day, number in distinct.rows()]
        table = distinct.with_columns(found=pl.Series(found, dtype=pl.Date()))
        return frame.join(table, on=["start", "count"], how="left", maintain_order="left")["found"]

    pair = lowering.bind(pl.struct(start=start, count=count))
    moved = lowering.bind(pair.map_batches(shifted, return_dtype=pl.Date()))
    lowering.issue("outside_calendar", moved.is_null() & start.is_not_null() & count.is_not_null())
    return moved
