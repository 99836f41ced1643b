"""Decisions to records: each finds the one record, or the one row of a detail table, that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from rulecore.adjustments.decision import Decision
from rulecore.adjustments.reading import cell_text
from rulecore.codes import adjustments as codes
from rulecore.declarations import rule_key
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.planned import Plan, PlannedField
from rulecore.policy.tables import ancestors
from rulecore.policy.words import listed
from rulecore.records.cells import read_cell
from rulecore.records.details import OWNER
from rulecore.records.identity import written
from rulecore.records.outcome import CellValue
from rulecore.records.periods import period_days
from rulecore.records.typed import field_named

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class Match:
    """A decision and what it is about: ``level`` and ``row`` are those of its rule (or of the row taken out)."""

    decision: Decision
    record: int
    level: str
    row: int


@frozen(kw_only=True)
class Matches:
    """What of some decisions is about one policy's records; ``seen`` are the numbers of those whose entity it has."""

    found: tuple[Match, ...] = ()
    faults: tuple[Fault, ...] = ()
    seen: frozenset[str] = field(default=frozenset())


def match(
    plan: Plan,
    decisions: Sequence[Decision],
    frame: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
) -> Matches:
    """Return which records, by position, decisions are about.

    Decisions about entities that this policy does not have are left out.
    """
    record = plan.policy.record
    entity = field_named(plan.fields, record.entity)
    cells = {decision.number: _stored(decision.entity, entity) for decision in decisions}
    known = _records(plan, frame, {value for value in cells.values() if value is not None})
    found: list[Match] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for decision in decisions:
        candidates = known.get(cells[decision.number], []) if cells[decision.number] is not None else []
        if not candidates:
            continue
        if decision.adjustment not in plan.policy.adjustments:
            seen.add(decision.number)
            continue
        candidates = [one for one in candidates if _fits(plan, decision, one[1])]
        if not candidates:
            continue
        seen.add(decision.number)
        if len(candidates) > 1:
            reason = phrase(
                N_("it has several records: say which by the period, or by what else tells them apart")
            )
            faults.append(no_record(decision, reason))
            continue
        position, values = candidates[0]
        faults += _too_early(plan, decision, values)
        level = target_level(plan, decision)
        row = _row(plan, decision, level, position, tables)
        if isinstance(row, Phrase):
            faults.append(no_record(decision, row))
        else:
            found.append(Match(decision=decision, record=position, level=level, row=row))
    return Matches(found=tuple(found), faults=tuple(faults), seen=frozenset(seen))


def target_level(plan: Plan, decision: Decision) -> str:
    """Return the detail table that a decision's column belongs to, "" for the records."""
    declared = plan.policy.adjustments[decision.adjustment]
    return declared.table or rule_key(declared.rules[0])[0]


def no_record(decision: Decision, reason: Phrase) -> Fault:
    """Return the fault of a decision whose record there is not."""
    values = {"number": decision.number, "entity": named(decision), "reason": reason}
    return Fault(code=codes.NO_RECORD, values=values, place=decision.at("entity"))


def named(decision: Decision) -> str:
    """Return what a decision is about as it is written: entity, further key, period and row."""
    parts = (decision.entity, *decision.key.values(), decision.period, decision.row)
    return " / ".join(text for text in map(cell_text, parts) if text)


def _stored(cell: object, planned: PlannedField) -> CellValue:
    """Return a cell as the column of a field holds it, None if the field cannot hold it."""
    value, fault = read_cell(cell, planned)
    return None if fault is not None else value


def _records(
    plan: Plan, frame: pl.DataFrame, entities: Iterable[CellValue]
) -> dict[CellValue, list[tuple[int, Mapping[str, CellValue]]]]:
    """Return the records of some entities: their positions and what identifies them."""
    import polars as pl

    names = [*plan.policy.record.identity]
    column = frame[plan.policy.record.entity]
    wanted = pl.Series([*entities], dtype=column.dtype)
    chosen = frame.select(names).with_row_index("#position").filter(column.is_in(wanted.implode()))
    found: dict[CellValue, list[tuple[int, Mapping[str, CellValue]]]] = {}
    for values in chosen.iter_rows(named=True):
        found.setdefault(values[plan.policy.record.entity], []).append((values["#position"], values))
    return found


def _fits(plan: Plan, decision: Decision, values: Mapping[str, CellValue]) -> bool:
    """Whether a record is of the period and key that a decision names."""
    record = plan.policy.record
    asked = dict(decision.key)
    if decision.period is not None:
        if not record.period:
            return False
        asked[record.period] = decision.period
    for name, cell in asked.items():
        if name in values and _stored(cell, field_named(plan.fields, name)) != values[name]:
            return False
    return True


def _too_early(plan: Plan, decision: Decision, values: Mapping[str, CellValue]) -> list[Fault]:
    """Return the fault of a decision that is older than what it is about."""
    record, effective = plan.policy.record, plan.policy.policy.effective
    days = period_days(values[record.period]) if record.period else None
    first = days[0] if days is not None else effective.from_ if not record.period else None
    if first is None or decision.decided_on is None or decision.decided_on >= first:
        return []
    reason = phrase(N_("what it is about begins on {first} only"), first=first.isoformat())
    shown = {"number": decision.number, "date": decision.decided_on.isoformat(), "reason": reason}
    return [Fault(code=codes.DATE, values=shown, place=decision.at("date"))]


def _row(
    plan: Plan, decision: Decision, level: str, position: int, tables: Mapping[str, pl.DataFrame]
) -> int | Phrase:
    """Return the position of the row that a decision is about in its table, or why there is none."""
    if not level:
        if decision.row is not None:
            return phrase(N_("the adjustment is one of the record, not of a row: leave the row blank"))
        return position
    if decision.row is None:
        return phrase(N_("the adjustment is one of a row of {table}: say which"), table=level)
    declared = plan.policy.tables
    chain = [*reversed(ancestors(declared.items(), level)), level]
    written_row = [decision.row] if len(chain) == 1 else cell_text(decision.row).split("/")
    if len(written_row) != len(chain):
        rows = " / ".join(declared[table].row for table in chain)
        return phrase(N_("its row is named {rows}, with a stroke between"), rows=rows)
    for table, cell in zip(chain, written_row, strict=True):
        name = declared[table].row
        planned = field_named(plan.level(table).fields, name)
        own = tables[table].with_row_index("#position").filter(tables[table][OWNER] == position)
        match_ = own.filter(own[name] == _stored(cell, planned)) if own.height else own
        if not match_.height:
            known = listed((written(value, planned) for value in own[name].to_list()), most=10) or "—"
            return phrase(
                N_("it has no row {row} in {table}; its rows are {known}"),
                row=cell_text(cell),
                table=table,
                known=known,
            )
        position = int(match_["#position"][0])
    return position
