"""Why a row went to no policy: what was seen in it, which policies came near, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rulecore.codes.records import NO_POLICY, NOT_EFFECTIVE, SEVERAL_POLICIES, UNREADABLE_PERIOD
from rulecore.contracts import RawTable
from rulecore.errors import Code
from rulecore.language import N_
from rulecore.records.characters import shown, trim
from rulecore.records.quarantine import Quarantined
from rulecore.routing.candidates import Candidate, limited

MOST_NAMED = 5
"""The most policies that a reason names."""


def reasons_for(
    position: int, table: RawTable, candidates: Sequence[Candidate], as_of: date | None
) -> list[Quarantined]:
    """Return why the row at ``position`` of a table fits none of the candidates, or several."""
    fitting = [candidate for candidate in candidates if candidate.fits[position]]
    if fitting:
        return [_several(position, table, candidates, fitting, as_of)]
    applying = [candidate for candidate in candidates if candidate.applies[position]]
    if not applying:
        refused = _refused_cells(position, table, candidates)
        seen = {"seen": _seen(position, table, candidates)}
        return refused or [_reason(NO_POLICY, seen, position, table, candidates)]
    unreadable = [
        candidate
        for candidate in applying
        if candidate.period_known is not None and not candidate.period_known[position]
    ]
    first = (unreadable or applying)[0]
    value = _cell(position, table, first, first.period) if first.period else str(as_of)
    column = _header(table, first, first.period) if first.period else ""
    if unreadable:
        return [_reason(UNREADABLE_PERIOD, {"value": value}, position, table, candidates, column, value)]
    values = {"period": value, "near": _listed([_with_days(candidate) for candidate in applying])}
    return [_reason(NOT_EFFECTIVE, values, position, table, candidates, column, value)]


def _several(
    position: int,
    table: RawTable,
    candidates: Sequence[Candidate],
    fitting: Sequence[Candidate],
    as_of: date | None,
) -> Quarantined:
    undated = as_of is None and any(limited(candidate.plan) and not candidate.period for candidate in fitting)
    values = {
        "count": len(fitting),
        "seen": _seen(position, table, candidates),
        "policies": _listed([_with_days(candidate) for candidate in fitting]),
    }
    hint = N_("say for which day the policies are meant: --as-of DATE") if undated else None
    return _reason(SEVERAL_POLICIES, values, position, table, candidates, hint=hint)


def _refused_cells(position: int, table: RawTable, candidates: Sequence[Candidate]) -> list[Quarantined]:
    """Return the faults of the deciding cells, if no policy can read them."""
    found: dict[tuple[str, str], Quarantined] = {}
    for candidate in candidates:
        bad = {name: cells[position] for name, cells in candidate.bad.items() if position in cells}
        if not bad:
            return []
        for name, cell in bad.items():
            column = _header(table, candidate, name)
            found.setdefault(
                (column, cell.fault.code.id),
                _reason(
                    cell.fault.code,
                    dict(cell.fault.values),
                    position,
                    table,
                    candidates,
                    column,
                    cell.text,
                    cell.fault.hint,
                ),
            )
    return list(found.values())


def _reason(
    code: Code,
    values: Mapping[str, object],
    position: int,
    table: RawTable,
    candidates: Sequence[Candidate],
    column: str = "",
    value: str = "",
    hint: str | None = None,
) -> Quarantined:
    entity = _entity(position, table, candidates)
    row = int(table.rows[position])
    return Quarantined(
        file=table.file,
        sheet=table.sheet,
        row=row,
        column=column,
        value=value,
        code=code,
        values={"entity": entity or f"#{row}", **values},
        hint=hint,
        entity=entity,
    )


def _entity(position: int, table: RawTable, candidates: Sequence[Candidate]) -> str:
    for candidate in candidates:
        text = _cell(position, table, candidate, candidate.plan.policy.record.entity)
        if text:
            return text
    return ""


def _seen(position: int, table: RawTable, candidates: Sequence[Candidate]) -> str:
    """Return the cells that decide, as ``header = value``."""
    seen: dict[str, str] = {}
    for candidate in candidates:
        for name in (*candidate.conditions, *((candidate.period,) if candidate.period else ())):
            seen[_header(table, candidate, name)] = _cell(position, table, candidate, name)
    return ", ".join(f"{header} = {value}" for header, value in seen.items())


def _cell(position: int, table: RawTable, candidate: Candidate, name: str) -> str:
    column = candidate.positions.get(name)
    cell = None if column is None else table.frame.to_series(column)[position]
    return "" if cell is None else shown(trim(cell) if isinstance(cell, str) else cell)


def _header(table: RawTable, candidate: Candidate, name: str) -> str:
    column = candidate.positions.get(name)
    return name if column is None else table.headers[column]


def _with_days(candidate: Candidate) -> str:
    effective = candidate.plan.policy.policy.effective
    if not limited(candidate.plan):
        return candidate.name
    return f"{candidate.name} ({effective.from_ or '…'} – {effective.until or '…'})"


def _listed(names: Sequence[str]) -> str:
    text = "; ".join(names[:MOST_NAMED])
    return text if len(names) <= MOST_NAMED else f"{text}; … ({len(names)})"
