"""Detail tables with sources of their own, where several policies share a run: each row to the policy of its record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from rulecore.codes.tables import TABLE_WITHOUT_FILE, UNKNOWN_TABLE
from rulecore.contracts import BrokenRow, RawTable
from rulecore.errors import Fault, InputError
from rulecore.planned import Plan, PlannedTable
from rulecore.records.characters import fold_header, trim
from rulecore.records.table_fields import tables_apart

if TYPE_CHECKING:
    import polars as pl

Details = Mapping[str, Sequence[RawTable]]
MOST_CELLS: Final = 20
"""In how many cells of a line that could not be read the names of records are looked for."""


@frozen(kw_only=True)
class OwnedDetails:
    """The rows of detail tables by the policy whose record they belong to; ``rows_in`` counts all of them once."""

    shares: tuple[Details, ...] = field(eq=False)
    rows_in: int = 0

    def of_plan(self, number: int) -> Details:
        """Return the tables of the plan of that number."""
        return self.shares[number]


def distinct_sources(tables: Sequence[RawTable], details: Details) -> Details:
    """Return detail tables that no other input shares file and sheet with, so that every row has a place of its own.

    Tables from Python are all called alike, and one file may be given twice: such a table is called a sheet of its
    name.
    """
    taken = {(table.file, table.sheet) for table in tables}
    found: dict[str, list[RawTable]] = {}
    for name, sources in details.items():
        for source in sources:
            sheet, count = source.sheet, 1
            while (source.file, sheet) in taken:
                sheet, count = name if count == 1 else f"{name} {count}", count + 1
            taken.add((source.file, sheet))
            found.setdefault(name, []).append(
                source if sheet == source.sheet else evolve(source, sheet=sheet)
            )
        found.setdefault(name, [])
    return found


def owned_details(
    plans: Sequence[Plan], shares: Sequence[Sequence[RawTable]], details: Details
) -> OwnedDetails:
    """Return which policy each detail row goes to.

    A row goes to the policy among whose records its own is; one whose record is in none goes to the first policy that
    has the table, which refuses it. Raises :class:`rulecore.errors.InputError` for a table that no policy has, and for
    one that a policy with records needs and nothing was given for.
    """
    known = {table.name for plan in plans for table in tables_apart(plan)}
    faults = [
        Fault(code=UNKNOWN_TABLE, values={"table": name, "known": ", ".join(sorted(known)) or "—"})
        for name in details
        if name not in known
    ]
    lacking = {
        table.name
        for plan, share in zip(plans, shares, strict=True)
        for table in tables_apart(plan)
        if share and table.name not in details
    }
    faults += [Fault(code=TABLE_WITHOUT_FILE, values={"table": name}) for name in sorted(lacking)]
    if faults:
        raise InputError(faults)
    rows_in = sum(table.frame.height + len(table.broken) for each in details.values() for table in each)
    having = {
        name: [number for number, plan in enumerate(plans) if shares[number] and _table(plan, name)]
        for name in details
    }
    found: list[dict[str, list[RawTable]]] = [{} for _plan in plans]
    for name, tables in details.items():
        numbers = having[name]
        if len(numbers) < 2:
            # Where no policy has records, the first that has the table says so of each row.
            for number in numbers or [next(n for n, plan in enumerate(plans) if _table(plan, name))]:
                found[number][name] = list(tables)
            continue
        identities = {number: _identities(plans[number], shares[number]) for number in numbers}
        for raw in tables:
            for number, part in _split(raw, numbers, plans, name, identities).items():
                found[number].setdefault(name, []).append(part)
        for number in numbers:
            found[number].setdefault(name, [])
    return OwnedDetails(shares=tuple(found), rows_in=rows_in)


def _table(plan: Plan, name: str) -> PlannedTable | None:
    return next((table for table in tables_apart(plan) if table.name == name), None)


def _split(
    raw: RawTable,
    numbers: Sequence[int],
    plans: Sequence[Plan],
    name: str,
    identities: Mapping[int, set[tuple[str, ...]]],
) -> dict[int, RawTable]:
    import polars as pl

    keys = {}
    for number in numbers:
        table = _table(plans[number], name)
        assert table is not None  # noqa: S101 - only plans that have the table are asked
        size = len(plans[number].policy.record.identity)
        keys[number] = _key_texts(raw, table.headers[:size])
    chosen: list[int] = []
    for row in range(raw.frame.height):
        fits = [number for number in numbers if keys[number][row] in identities[number]]
        # A row with a blank name may belong to the record of the row above.
        blank = chosen and not any(any(keys[number][row]) for number in numbers)
        chosen.append(fits[0] if fits else chosen[-1] if blank else numbers[0])
    broken_of = [_broken_owner(item, raw, chosen, numbers, identities) for item in raw.broken]
    owner = pl.Series(chosen, dtype=pl.Int64)
    parts = {}
    for number in numbers:
        mine = owner == number
        broken = tuple(item for item, its in zip(raw.broken, broken_of, strict=True) if its == number)
        if mine.any() or broken:
            parts[number] = evolve(
                raw, frame=raw.frame.filter(mine), rows=raw.rows.filter(mine), broken=broken
            )
    return parts


def _broken_owner(
    item: BrokenRow,
    raw: RawTable,
    chosen: Sequence[int],
    numbers: Sequence[int],
    identities: Mapping[int, set[tuple[str, ...]]],
) -> int:
    """Return whose a broken line may be: the policy whose record it names, else that of the row above."""
    cells = dict.fromkeys(_text(cell) for cell in re.split("[,;\t]", item.text)[:MOST_CELLS])
    for number in numbers:
        size = len(next(iter(identities[number]), ()))
        if any(name in identities[number] for name in permutations(cells, size)):
            return number
    above = [owner for owner, row in zip(chosen, raw.rows, strict=True) if row < item.row]
    return above[-1] if above else numbers[0]


def _identities(plan: Plan, share: Sequence[RawTable]) -> set[tuple[str, ...]]:
    headers = {planned.name: planned.header for planned in plan.fields}
    names = [headers[name] for name in plan.policy.record.identity]
    return {key for raw in share for key in _key_texts(raw, names)}


def _key_texts(raw: RawTable, headers: Sequence[str]) -> list[tuple[str, ...]]:
    folded = [fold_header(header) for header in raw.headers]
    columns: list[list[str]] = []
    for header in headers:
        wanted = fold_header(header)
        if wanted not in folded:
            return [() for _row in range(raw.frame.height)]
        columns.append([_text(cell) for cell in _column(raw, folded.index(wanted)).to_list()])
    return list(zip(*columns, strict=True))


def _column(raw: RawTable, position: int) -> pl.Series:
    return raw.frame.to_series(position)


def _text(cell: object) -> str:
    return "" if cell is None else fold_header(trim(str(cell)))
