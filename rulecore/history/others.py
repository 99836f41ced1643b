"""Fields that come from another policy's results, of the same run or of a file, put in as a column of the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from rulecore.codes import history as codes
from rulecore.contracts import BrokenRow, RawTable
from rulecore.declarations import FieldSource
from rulecore.errors import Code, Fault, InputError
from rulecore.history.reading import as_texts
from rulecore.history.sealed import Sealed
from rulecore.history.typed_results import refused_entities, refused_rows
from rulecore.plan.earlier import shown_whole
from rulecore.planned import Plan, PlannedField
from rulecore.records.characters import trim
from rulecore.records.headers import match_headers
from rulecore.records.identity import ROW
from rulecore.records.typed import type_part
from rulecore.results import PolicyResults
from rulecore.source import Place

if TYPE_CHECKING:
    pass

Key = tuple[str, ...]


@frozen(kw_only=True)
class OtherResults:
    """What another policy gave: for each record's key the value as text (None: not applicable), and whom it refused."""

    values: Mapping[Key, str | None]
    refused: frozenset[str] = frozenset()


def with_other_policies(
    plan: Plan, share: Sequence[RawTable], parts: Sequence[PolicyResults], others: Sequence[Sealed]
) -> tuple[RawTable, ...]:
    """Return a policy's records with the columns that come from other policies.

    ``parts`` are the results that this run has so far, ``others`` those of files. A row whose record was refused there
    is refused here. Raises :class:`rulecore.errors.InputError`.
    """
    tables = tuple(share)
    for field in plan.fields:
        source = field.declaration.from_
        if source is not None:
            tables = _with_field(plan, tables, field, source, parts, others)
    return tables


def _with_field(
    plan: Plan,
    tables: tuple[RawTable, ...],
    field: PlannedField,
    source: FieldSource,
    parts: Sequence[PolicyResults],
    others: Sequence[Sealed],
) -> tuple[RawTable, ...]:
    mine = [part for part in parts if part.plan.policy.policy.name == source.policy]
    sealed = [item for item in others if any(policy.name == source.policy for policy in item.policies)]
    given = [table for table in tables if _is_given(plan, table, field)]
    values: dict[str, object] = {
        "field": field.name,
        "name": field.name,
        "policy": source.policy,
        "column": field.header,
    }
    if not mine and not sealed:
        if len(given) == len(tables):
            return tables
        raise InputError([Fault(code=codes.SOURCE_ABSENT, values=values, place=field.place)])
    if given:
        place = Place(file=given[0].file, sheet=given[0].sheet)
        raise InputError([Fault(code=codes.GIVEN_AND_COMPUTED, values=values, place=place)])
    by = dict(source.by)
    record = plan.policy.record
    found: list[OtherResults] = []
    for part in mine:
        found.append(
            _of_part(part, source, _with_period(by, part.plan.policy.record.period, record.period), field)
        )
    for item in sealed:
        policy = next(one for one in item.policies if one.name == source.policy)
        period = next((name for name in policy.identity[-1:] if name == policy.period), "")
        found.append(_of_sealed(item, source, _with_period(by, period, record.period), field))
    merged = OtherResults(
        values={key: value for one in found for key, value in one.values.items()},
        refused=frozenset().union(*(one.refused for one in found)),
    )
    own = [*by.values()]
    periods = {part.plan.policy.record.period for part in mine} | {
        policy.period for item in sealed for policy in item.policies if policy.name == source.policy
    }
    if record.period and any(period and period not in by for period in periods):
        own.append(record.period)
    return tuple(_filled(plan, table, field, source, own, merged) for table in tables)


def _is_given(plan: Plan, table: RawTable, field: PlannedField) -> bool:
    """Whether a table holds a field's column with anything in it."""
    position = _position(plan, table, field)
    return position is not None and table.frame.to_series(position).null_count() < table.frame.height


def _position(plan: Plan, table: RawTable, field: PlannedField) -> int | None:
    """Return where the field's column is: under its header, an alias or its name, as in any input."""
    return match_headers(table.headers, plan.fields, table.file, table.sheet).positions[field.name]


def _with_period(by: Mapping[str, str], theirs: str, own: str) -> dict[str, str]:
    """Return by with the period, where both policies have one and it is not stated."""
    return {**by, **({theirs: own} if theirs and own and theirs not in by else {})}


def _fault(code: Code, field: PlannedField, source: FieldSource, **values: object) -> InputError:
    shown = {"policy": source.policy, "name": source.rule, **values}
    return InputError([Fault(code=code, values=shown, place=field.place)])


def _of_part(
    part: PolicyResults, source: FieldSource, by: Mapping[str, str], field: PlannedField
) -> OtherResults:
    import polars as pl

    column = shown_whole(part.plan.columns, source.rule)
    fields = {item.name: item for item in part.plan.fields}
    known = ", ".join(item.of for item in part.plan.columns if item.step == item.of)
    if column is None:
        raise _fault(codes.SOURCE_COLUMN, field, source, known=known)
    for name in by:
        if name not in fields:
            raise _fault(codes.SOURCE_COLUMN, field, source, name=name, known=", ".join(fields))
    shown = pl.select(
        pl.when(pl.lit(part.stored(column)).is_not_null()).then(pl.lit(part.text(column)))
    ).to_series()
    keys = [as_texts(part.records[name], fields[name]).to_list() for name in by]
    identity = ", ".join(part.plan.policy.record.identity)
    values = _unique(keys, shown.to_list(), field, source, identity)
    return OtherResults(values=values, refused=frozenset(name for _order, name in part.refused if name))


def _of_sealed(
    sealed: Sealed, source: FieldSource, by: Mapping[str, str], field: PlannedField
) -> OtherResults:

    policy = next(item for item in sealed.policies if item.name == source.policy)
    positions: list[int] = []
    for name in (*by, source.rule):
        position = sealed.position(policy.headers.get(name, name))
        if position is None:
            raise _fault(
                codes.SOURCE_COLUMN, field, source, name=name, known=", ".join(policy.headers) or "—"
            )
        positions.append(position)
    rows = sealed.rows_of(policy)
    table = evolve(sealed.table, frame=sealed.table.frame.filter(rows), rows=sealed.table.rows.filter(rows))
    refused = refused_rows(sealed, policy, table)
    scored = table.frame.filter(~refused)
    *keys, values = ([_text(cell) for cell in scored.to_series(at).to_list()] for at in positions)
    blank = policy.not_applicable.get(source.rule, "")
    shown = [None if value in ("", blank) else value for value in values]
    entity = sealed.position(policy.headers.get(policy.identity[0], "")) if policy.identity else None
    found = _unique(keys, shown, field, source, ", ".join(policy.identity))
    return OtherResults(values=found, refused=frozenset(refused_entities(table, refused, entity)))


def _text(cell: object) -> str:
    return "" if cell is None else trim(str(cell))


def _unique(
    keys: Sequence[Sequence[str]],
    values: Sequence[str | None],
    field: PlannedField,
    source: FieldSource,
    identity: str,
) -> dict[Key, str | None]:
    found: dict[Key, str | None] = {}
    for *key, value in zip(*keys, values, strict=True):
        named = tuple(str(part) for part in key)
        if named in found and found[named] != value:
            raise _fault(codes.SOURCE_TWICE, field, source, key=" / ".join(named), known=identity)
        found[named] = value
    return found


def _filled(
    plan: Plan,
    table: RawTable,
    field: PlannedField,
    source: FieldSource,
    own: Sequence[str],
    found: OtherResults,
) -> RawTable:
    """Return a table with the field's column; rows whose record was refused by the other policy are broken ones."""
    import polars as pl

    fields = [next(item for item in plan.fields if item.name == name) for name in own]
    match = match_headers(table.headers, fields, table.file, table.sheet)
    faults = [fault for fault in match.faults if fault.values.get("field") in own]
    if faults:
        raise InputError(faults)
    part = type_part(evolve(table, broken=()), 0, fields, own[0], match.positions)
    texts = [as_texts(part.frame[item.name], item).to_list() for item in fields]
    by_row: dict[int, str | None] = {}
    broken: dict[int, BrokenRow] = {}
    for row, *key in zip(part.frame[ROW].to_list(), *texts, strict=True):
        named = tuple("" if text is None else text for text in key)
        if named in found.values:
            by_row[row] = found.values[named]
        elif found.refused.intersection(named):
            values = {"column": field.header, "policy": source.policy, "key": " / ".join(named)}
            broken[row] = BrokenRow(row=row, text=" / ".join(named), code=codes.SOURCE_REFUSED, values=values)
    stays = ~table.rows.is_in(list(broken)) if broken else pl.repeat(True, table.rows.len(), eager=True)
    frame, rows = table.frame.filter(stays), table.rows.filter(stays)
    position = _position(plan, table, field)
    name = str(len(table.headers)) if position is None else table.frame.columns[position]
    cells = pl.Series(name, [by_row.get(row) for row in rows.to_list()], dtype=pl.String)
    return evolve(
        table,
        headers=(*table.headers, field.header) if position is None else table.headers,
        frame=frame.with_columns(cells),
        rows=rows,
        broken=(*table.broken, *broken.values()),
    )
