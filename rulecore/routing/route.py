"""The way of the rows: by columns, one by one only where a row fits no policy or several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from attrs import field as attribute

from rulecore.codes.records import MISSING_COLUMN
from rulecore.contracts import RawTable
from rulecore.errors import Fault, InputError
from rulecore.planned import Plan
from rulecore.records.headers import match_headers
from rulecore.records.quarantine import Quarantined
from rulecore.records.rows import blank_rows, broken_rows
from rulecore.routing.candidates import Candidate, candidate_for, limited
from rulecore.routing.reasons import reasons_for

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class Routed:
    """Where the rows of the inputs went.

    ``tables`` holds, for each plan in the order given, one subset of each input that has rows for it, row
    numbers kept. ``rows_in`` = rows in ``tables`` (with their blank and broken ones) + ``quarantined_rows``
    + ``blank_rows``, always.
    """

    tables: tuple[tuple[RawTable, ...], ...] = attribute(eq=False)
    quarantined: tuple[Quarantined, ...] = ()
    rows_in: int
    quarantined_rows: int = 0
    blank_rows: int = 0


def route(tables: Sequence[RawTable], plans: Sequence[Plan], as_of: date | None = None) -> Routed:
    """Return the rows of ``tables`` for each plan, and in the quarantine those that fit none or several.

    A record's period decides which version is in force; for policies without a period ``as_of`` does, and
    without that every version fits. A single plan without conditions takes all rows as they are: blank and
    broken ones are then left to the typing. Raises :class:`rulecore.errors.InputError` where a table lacks
    the columns that decide.
    """
    rows_in = sum(table.frame.height + len(table.broken) for table in tables)
    if len(plans) == 1 and not plans[0].policy.policy.applies_to and not limited(plans[0]):
        return Routed(tables=(tuple(tables),), rows_in=rows_in)
    routed = [_route_table(table, plans, as_of) for table in tables]
    faults = [fault for table in routed for fault in table.faults]
    if faults:
        raise InputError(faults)
    shares = [[table.parts[number] for table in routed] for number in range(len(plans))]
    return Routed(
        tables=tuple(tuple(part for part in share if part is not None) for share in shares),
        quarantined=tuple(item for table in routed for item in table.quarantined),
        rows_in=rows_in,
        quarantined_rows=sum(table.refused_rows for table in routed),
        blank_rows=sum(table.blank for table in routed),
    )


@frozen(kw_only=True)
class _RoutedTable:
    """One table's share for each plan (None: no row), and what went to no plan."""

    parts: list[RawTable | None]
    quarantined: list[Quarantined]
    refused_rows: int
    blank: int
    faults: tuple[Fault, ...] = ()


def _route_table(table: RawTable, plans: Sequence[Plan], as_of: date | None) -> _RoutedTable:
    import polars as pl

    blank = blank_rows(table)
    frame, rows = table.frame, table.rows
    if blank is not None:
        frame, rows = frame.filter(~blank), rows.filter(~blank)
    whole = evolve(table, frame=frame, rows=rows, broken=())
    candidates = _with_columns(whole, [candidate_for(whole, plan, as_of) for plan in plans])
    faults: tuple[Fault, ...] = ()
    if candidates and all(candidate.faults for candidate in candidates):
        faults = tuple(
            {fault.message("en"): fault for candidate in candidates for fault in candidate.faults}.values()
        )
    count = pl.repeat(0, rows.len(), dtype=pl.UInt32, eager=True)
    for candidate in candidates:
        count = count + candidate.fits.cast(pl.UInt32)
    one = count == 1
    parts: list[RawTable | None] = []
    for candidate in candidates:
        mine = candidate.fits & one
        if not mine.any():
            parts.append(None)
        else:
            parts.append(
                whole if mine.all() else evolve(whole, frame=frame.filter(mine), rows=rows.filter(mine))
            )
    astray = (~one).arg_true().to_list()
    refused = [item for position in astray for item in reasons_for(position, whole, candidates, as_of)]
    return _RoutedTable(
        parts=parts,
        quarantined=broken_rows(table) + refused,
        refused_rows=len(table.broken) + len(astray),
        blank=table.frame.height - rows.len(),
        faults=faults,
    )


def _with_columns(table: RawTable, candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates without those that only lack of conditions would let apply to a table of another kind.

    Where a table has every column that some policy needs, a policy without conditions whose columns are not all there
    is not meant: units and people may well stand in two files of one run.
    """
    lacking = [_lacks_columns(table, candidate.plan) for candidate in candidates]
    if all(lacking):
        return candidates
    nobody = _nobody(table.rows.len())
    return [
        evolve(candidate, applies=nobody, fits=nobody) if lacks and not candidate.conditions else candidate
        for candidate, lacks in zip(candidates, lacking, strict=True)
    ]


def _nobody(height: int) -> pl.Series:
    """Return a column that is false in every row."""
    import polars as pl

    return pl.repeat(False, height, dtype=pl.Boolean, eager=True)


def _lacks_columns(table: RawTable, plan: Plan) -> bool:
    """Whether a column is missing that every record of a policy must have, or that names it."""
    own = [field for field in plan.fields if field.declaration.from_ is None]
    return any(
        fault.code is MISSING_COLUMN
        for fault in match_headers(table.headers, own, table.file, table.sheet).faults
    )
