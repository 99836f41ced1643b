"""Fields to columns: which header of an input is which declared field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from attrs import frozen

from rulecore.codes.records import (
    ABSENT_OPTIONAL_COLUMN,
    AMBIGUOUS_COLUMN,
    MISSING_COLUMN,
    UNUSED_COLUMNS,
)
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.planned import PlannedField
from rulecore.records.characters import fold_header, shown
from rulecore.source import Place

MOST_SHOWN: Final = 20
"""The most columns a message lists."""


@frozen(kw_only=True)
class Matched:
    """The result of matching: for each field the position of its column, or None where it may be absent.

    ``faults`` end the run, ``notes`` are warnings and notes to be shown once for an input.
    """

    positions: Mapping[str, int | None]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def match_headers(
    headers: Sequence[str], fields: Sequence[PlannedField], file: str, sheet: str = ""
) -> Matched:
    """Return which column of an input is which field.

    A field's column is the one whose header is its ``column`` or one of its ``aliases``, compared without
    blanks, line breaks and differences of width; failing these, a column named like the field itself that
    no other field claims.
    """
    place = Place(file=file, sheet=sheet)
    folded = [fold_header(header) for header in headers]
    claimed = [_positions(folded, (field.header or field.name, *_aliases(field))) for field in fields]
    taken = {position for positions in claimed for position in positions}
    positions: dict[str, int | None] = {}
    faults: list[Fault] = []
    absent: list[PlannedField] = []
    for field, found in zip(fields, claimed, strict=True):
        if not found:
            found = [position for position in _positions(folded, (field.name,)) if position not in taken]
        positions[field.name] = found[0] if found else None
        if len(found) > 1:
            columns = _listed([f"{headers[position]} ({position + 1})" for position in found])
            values = {"count": len(found), "field": field.name.removeprefix("#key:"), "columns": columns}
            faults.append(Fault(code=AMBIGUOUS_COLUMN, values=values, place=place))
        elif not found:
            absent.append(field)
    used = {position for position in positions.values() if position is not None}
    used |= taken
    unused = [header for position, header in enumerate(headers) if position not in used and folded[position]]
    missing = [_absent(field, unused, headers, place) for field in absent]
    notes = [fault for fault in missing if fault.code is ABSENT_OPTIONAL_COLUMN]
    faults += [fault for fault in missing if fault.code is MISSING_COLUMN]
    if unused:
        notes.append(
            Fault(
                code=UNUSED_COLUMNS,
                values={"columns": _listed(unused), "headers": tuple(unused)},
                place=place,
            )
        )
    return Matched(positions=positions, faults=tuple(faults), notes=tuple(notes))


def near_header(wanted: str, headers: Sequence[str]) -> str | None:
    """Return the header nearest to the one that is wanted, or None if none is near."""
    by_folded = {fold_header(header): header for header in headers}
    near = get_close_matches(fold_header(wanted), list(by_folded), n=1, cutoff=0.55)
    return by_folded[near[0]] if near else None


def _aliases(field: PlannedField) -> tuple[str, ...]:
    return field.declaration.aliases


def _positions(folded: Sequence[str], names: Sequence[str]) -> list[int]:
    wanted = {fold_header(name) for name in names}
    return [position for position, header in enumerate(folded) if header in wanted]


def _absent(field: PlannedField, unused: Sequence[str], headers: Sequence[str], place: Place) -> Fault:
    column = field.header or field.name
    near = near_header(column, unused)
    values = {
        "column": column,
        "field": field.name.removeprefix("#key:"),
        "near": shown(near or ""),
        "columns": _listed(headers),
    }
    required = field.declaration.missing == "refuse"
    hint = N_("did you mean {near}?") if near else None
    return Fault(
        code=MISSING_COLUMN if required else ABSENT_OPTIONAL_COLUMN, values=values, place=place, hint=hint
    )


def _listed(headers: Sequence[str]) -> str:
    text = ", ".join(shown(header) for header in headers[:MOST_SHOWN])
    return text if len(headers) <= MOST_SHOWN else f"{text}, … ({len(headers)})"
