"""From the tables that an office writes to decisions: headings in either language, every fault of a line at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from attrs import frozen

from rulecore.adjustments.decision import Decision
from rulecore.codes import adjustments as codes
from rulecore.contracts import RawTable
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.planned import Plan
from rulecore.policy.suggest import suggestion
from rulecore.records.characters import fold_header, trim
from rulecore.records.dates import DateRules, read_date
from rulecore.source import Place

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("编号", "决定编号", "number"),
    "policy": ("制度", "考核办法", "policy"),
    "entity": ("对象", "考核对象", "单位", "entity"),
    "period": ("期间", "考核期", "period"),
    "row": ("明细行", "明细", "row"),
    "adjustment": ("调整事项", "事项", "adjustment"),
    "value": ("调整为", "调整值", "value"),
    "reason": ("理由", "原因", "reason"),
    "reference": ("依据", "文号", "reference"),
    "decided_by": ("决定者", "决定机构", "decided by"),
    "date": ("决定日期", "日期", "date"),
    "first_signature": ("签字人一", "签字一", "first signature"),
    "second_signature": ("签字人二", "签字二", "second signature"),
    "revokes": ("撤销", "撤销编号", "revokes"),
    "remarks": ("备注", "remarks"),
}
"""The headings of each column, the usual Chinese one first."""

NEEDED: Final = ("number", "entity", "adjustment", "reason", "reference", "decided_by", "date")
ALWAYS: Final = ("reason", "reference", "decided_by", "date")
"""What every line says, those that revoke too."""
_ANY_DAY: Final = DateRules(column="", low=None, high=None)


@frozen(kw_only=True)
class Read:
    """The decisions of some tables, and what is wrong with lines that could not be read as one."""

    decisions: tuple[Decision, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_decisions(tables: Sequence[RawTable], plans: Iterable[Plan]) -> Read:
    """Return the decisions that tables state; the headers of the records of ``plans`` are known too."""
    known = _headings(plans)
    found: list[Decision] = []
    faults: list[Fault] = []
    for table in tables:
        columns, wrong = _columns(table, known)
        faults += wrong
        faults += [_broken(table, broken.row, broken.text) for broken in table.broken]
        if columns is not None:
            for cells, line in zip(table.frame.rows(), table.rows.to_list(), strict=True):
                found += _decision(table, columns, cells, line, faults)
    return Read(decisions=tuple(found), faults=tuple(faults))


def _headings(plans: Iterable[Plan]) -> dict[str, str]:
    """Return which column each heading names; ``key:NAME`` for a field of a record's key."""
    found: dict[str, str] = {}
    for plan in plans:
        record = plan.policy.record
        roles = {name: f"key:{name}" for name in record.key}
        roles |= {record.period: "period"} if record.period else {}
        roles |= {record.entity: "entity"}
        for planned in plan.fields:
            if planned.name in roles:
                for word in (planned.header, planned.name, *planned.declaration.aliases):
                    found.setdefault(_folded(word), roles[planned.name])
    for column, words in HEADINGS.items():
        for word in words:
            found[_folded(word)] = column
    return found


def _folded(heading: str) -> str:
    return fold_header(heading).casefold().replace("_", "")


def _columns(table: RawTable, known: Mapping[str, str]) -> tuple[dict[str, int] | None, list[Fault]]:
    """Return the positions of the columns, or None with what is wrong with the headings."""
    place = Place(file=table.file, sheet=table.sheet)
    found: dict[str, int] = {}
    reasons: list[tuple[Phrase, str]] = []
    for position, header in enumerate(table.headers):
        column = known.get(_folded(header))
        if column is None and (header.strip() or table.frame[:, position].null_count() < table.frame.height):
            near = suggestion(header, [words[0] for words in HEADINGS.values()]) or ""
            reasons.append((phrase(N_("the column {name} means nothing here"), name=header or "—"), near))
        elif column is not None and column in found:
            first = table.headers[found[column]]
            why = phrase(N_("the columns {first} and {second} mean the same"), first=first, second=header)
            reasons.append((why, ""))
        elif column is not None:
            found[column] = position
    for column in NEEDED:
        if column not in found:
            reasons.append((phrase(N_("there is no column {name}"), name=" / ".join(HEADINGS[column])), ""))
    faults = []
    for reason, near in reasons:
        values = {"reason": reason, "suggestion": near}
        hint = N_("did you mean {suggestion}?") if near else None
        faults.append(Fault(code=codes.COLUMNS, values=values, place=place, hint=hint))
    return (None if faults else found), faults


def _broken(table: RawTable, row: int, text: str) -> Fault:
    place = Place(file=table.file, sheet=table.sheet, line=row, excerpt=text[:80])
    return Fault(code=codes.COLUMNS, values={"reason": phrase(N_("a line cannot be read"))}, place=place)


def _decision(
    table: RawTable, columns: Mapping[str, int], cells: Sequence[object], line: int, faults: list[Fault]
) -> Iterator[Decision]:
    """Yield the decision of a line, unless the line is blank; what is wrong with it is noted."""
    given = {column: cells[position] for column, position in columns.items()}
    texts = {column: cell_text(cell) for column, cell in given.items()}
    if not any(texts.values()):
        return
    place = Place(file=table.file, sheet=table.sheet, line=line)
    names = {column: table.headers[position] for column, position in columns.items()}
    wanted = [*ALWAYS] if texts.get("revokes") else ["entity", "adjustment", *ALWAYS]
    lacking = [names[column] for column in ("number", *wanted) if not texts[column]]
    number = texts["number"] or "—"
    if lacking:
        values: dict[str, object] = {"number": number, "columns": ", ".join(lacking)}
        faults.append(Fault(code=codes.INCOMPLETE, values=values, place=place))
    day = _day(given["date"], texts["date"])
    if texts["date"] and day is None:
        reason = phrase(N_("this is no day"))
        values = {"number": number, "date": texts["date"], "reason": reason}
        faults.append(Fault(code=codes.DATE, values=values, place=place))
    signatures = (texts.get("first_signature", ""), texts.get("second_signature", ""))
    yield Decision(
        number=texts["number"],
        policy=texts.get("policy", ""),
        entity=given["entity"] if texts["entity"] else None,
        period=given["period"] if texts.get("period") else None,
        key={
            column.removeprefix("key:"): cell
            for column, cell in given.items()
            if column.startswith("key:") and texts[column]
        },
        row=given["row"] if texts.get("row") else None,
        adjustment=texts["adjustment"],
        value=given["value"] if texts.get("value") else None,
        reason=texts["reason"],
        reference=texts["reference"],
        decided_by=texts["decided_by"],
        decided_on=day,
        signatures=tuple(name for name in signatures if name),
        revokes=texts.get("revokes", ""),
        remarks=texts.get("remarks", ""),
        place=place,
        headings=names,
    )


def _day(cell: object, text: str) -> date | None:
    """Return the day of a cell, None if it is none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found, fault = read_date(text, _ANY_DAY) if text else (None, None)
    return found if fault is None and isinstance(found, date) else None


def cell_text(cell: object) -> str:
    """Return a cell as text: whole numbers without a point, days as 2024-12-31, nothing for a blank."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case Decimal() if cell.is_finite() and cell == cell.to_integral_value():
            return str(int(cell))
        case datetime() if not (cell.hour or cell.minute or cell.second or cell.microsecond):
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
    return trim(str(cell))
