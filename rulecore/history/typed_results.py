"""The results that a file holds for a policy as typed records of earlier periods; each cell what it can be today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.codes import history as codes
from rulecore.contracts import RawTable
from rulecore.declarations import FieldDeclaration
from rulecore.errors import Fault, InputError
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type
from rulecore.history.reading import (
    Reading,
    earlier_frame,
    steps_of,
    with_refused,
)
from rulecore.history.sealed import LANGUAGES, Sealed, SealedPolicy
from rulecore.language import N_, translate
from rulecore.plan.earlier import shown_whole
from rulecore.planned import Plan, PlannedField
from rulecore.records.headers import match_headers
from rulecore.records.identity import ROW, Refused, written
from rulecore.records.rows import place_text
from rulecore.records.typed import type_part
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl


def records_of(reading: Reading, sealed: Sealed, policy: SealedPolicy) -> pl.DataFrame:
    """Return the earlier records that a file of results holds for one policy, typed.

    Raises :class:`rulecore.errors.InputError`.
    """
    record = reading.plan.policy.record
    fields = [_field(reading, policy, name) for name in (record.entity, *reading.keys, record.period)]
    fields += [_value_field(reading, policy, name) for name in reading.names if name not in _names(fields)]
    table = evolve(sealed.table, broken=())
    rows = sealed.rows_of(policy)
    if not rows.all():
        table = evolve(table, frame=table.frame.filter(rows), rows=table.rows.filter(rows))
    refused = refused_rows(sealed, policy, table)
    scored = evolve(table, frame=table.frame.filter(~refused), rows=table.rows.filter(~refused))
    match = match_headers(table.headers, fields, sealed.file, table.sheet)
    faults = [*match.faults, *_absent(fields, match.positions, sealed)]
    if faults:
        raise InputError(faults)
    part = type_part(scored, 0, fields, record.entity, match.positions)
    if part.refused:
        raise InputError(_cell_faults(reading, sealed, part.frame, part.refused))
    frame = part.frame
    steps = steps_of(reading, frame[record.period], sealed.file)
    found = earlier_frame(reading, frame, steps, _wheres(sealed, frame[ROW].to_list()))
    return with_refused(
        reading, found, refused_entities(table, refused, match.positions[record.entity]), sealed.file
    )


def sealed_policies(plan: Plan, sealed: Sealed) -> tuple[SealedPolicy, ...]:
    """Return what the manifest says of a plan's policy, as it is called now or was before, in each version there is."""
    header = plan.policy.policy
    names = (header.name, *header.formerly)
    return tuple(policy for policy in sealed.policies if policy.name in names)


def _names(fields: Iterable[PlannedField]) -> set[str]:
    return {item.name for item in fields}


def _field(reading: Reading, policy: SealedPolicy, name: str) -> PlannedField:
    planned = reading.planned(name)
    header = policy.headers.get(name, planned.header)
    declaration = evolve(planned.declaration, column=header, aliases=())
    return evolve(planned, header=header, declaration=declaration)


def _value_field(reading: Reading, policy: SealedPolicy, name: str) -> PlannedField:
    """Return how an earlier value is read: a column whose cells must be what the rule can give today."""
    column = shown_whole(reading.plan.columns, name)
    assert column is not None  # noqa: S101 - checked when the policy was compiled
    header = policy.headers.get(name, column.header)
    blank = policy.not_applicable.get(name, column.not_applicable)
    declaration = declared_as(reading.type_of(name), header, blank)
    return PlannedField(
        name=name,
        header=header,
        label=header,
        type=reading.type_of(name),
        declaration=declaration,
        place=Place(file=reading.plan.file),
    )


def declared_as(type_: Type, header: str, not_applicable: str = "") -> FieldDeclaration:
    """Return the declaration of a field whose cells are values of a type, as results write them."""
    missing = {"missing": "not_applicable", "not_applicable": (not_applicable,) if not_applicable else ()}
    match type_:
        case NumberType(scale=scale, low=low, high=high):
            factor = 10 ** (scale or 0)
            return FieldDeclaration(
                column=header,
                type="decimal",
                decimals=scale or 0,
                min=Decimal(ceil((low or 0) * factor)) / factor,
                max=Decimal(floor((high or 0) * factor)) / factor,
                **missing,  # type: ignore[arg-type]
            )
        case FlagType():
            words = {
                flag: tuple(dict.fromkeys(translate(word, language) for language in LANGUAGES))
                for flag, word in (("true", N_("yes")), ("false", N_("no")))
            }
            return FieldDeclaration(
                column=header,
                type="flag",
                true=(*words["true"], "true"),
                false=(*words["false"], "false"),
                **missing,  # type: ignore[arg-type]
            )
        case DateType(low=low_day, high=high_day):
            return FieldDeclaration(column=header, type="date", min=low_day, max=high_day, **missing)  # type: ignore[arg-type]
        case TextType(values=values):
            known = tuple(sorted(values - {""})) if values is not None else ()
            return FieldDeclaration(column=header, type="text", values=known, **missing)  # type: ignore[arg-type]
        case _:
            return FieldDeclaration(column=header, type="text", **missing)  # type: ignore[arg-type]


def _absent(
    fields: Sequence[PlannedField], positions: Mapping[str, int | None], sealed: Sealed
) -> Iterable[Fault]:
    for item in fields:
        if positions.get(item.name) is None and item.declaration.missing != "refuse":
            columns = ", ".join(sealed.table.headers)
            values = {"file": sealed.file, "column": item.header, "name": item.name, "columns": columns}
            yield Fault(code=codes.HISTORY_COLUMN, values=values, place=sealed.place)


def _cell_faults(
    reading: Reading, sealed: Sealed, frame: pl.DataFrame, refused: Iterable[Refused]
) -> Iterable[Fault]:
    record = reading.plan.policy.record
    for item in refused:
        position = item.position
        row = frame[ROW][position]
        values = {
            "column": item.column,
            "name": item.field,
            "value": item.text,
            "entity": written(frame[record.entity][position], reading.planned(record.entity)),
            "period": written(frame[record.period][position], reading.planned(record.period)),
        }
        place = Place(file=sealed.file, sheet=sealed.table.sheet, line=row)
        yield Fault(code=codes.HISTORY_CELL, values=values, place=place)


def _wheres(sealed: Sealed, rows: Sequence[int]) -> list[str]:
    return [place_text(sealed.file, sealed.table.sheet, row) for row in rows]


def refused_rows(sealed: Sealed, policy: SealedPolicy, table: RawTable) -> pl.Series:
    """Return which rows are of refused records that the policy keeps in its results."""
    import polars as pl

    frame, rows = table.frame, table.rows
    found = pl.repeat(False, rows.len(), dtype=pl.Boolean, eager=True)
    words = [translate(N_("refused"), language) for language in LANGUAGES]
    for language in LANGUAGES:
        position = sealed.position(translate("status", language))
        if position is not None:
            return frame.to_series(position).cast(pl.String).is_in(words).fill_null(False)
    if not policy.refused:
        return found
    found = ~found
    for name, text in policy.refused.items():
        position = sealed.position(policy.headers.get(name, name))
        if position is not None:
            found = found & (frame.to_series(position).cast(pl.String) == text).fill_null(False)
    period = policy.headers.get(policy.period, "")
    position = sealed.position(period) if period else None
    if position is not None:  # refused rows hold no period
        cells = frame.to_series(position).cast(pl.String).fill_null("")
        found = found & (cells == "")
    return found


def refused_entities(table: RawTable, refused: pl.Series, position: int | None) -> list[str]:
    """Return the entities of refused records that stand in results."""
    import polars as pl

    if position is None or not refused.any():
        return []
    cells = table.frame.to_series(position).filter(refused)
    return [text for text in cells.cast(pl.String).to_list() if text]
