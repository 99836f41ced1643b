"""Proposals for what no case reaches.

Records found by search, with the values the engine computes, to be reviewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from rulecore.contracts import Value
from rulecore.engines.nested import Levels, compute_nested
from rulecore.expr.types import DateType, FlagType, NumberType, TextType
from rulecore.language import N_, _
from rulecore.planned import Plan, PlannedField
from rulecore.reals import Real
from rulecore.testing.bind import Suite
from rulecore.testing.coverage import Watcher
from rulecore.testing.items import Item, items_of
from rulecore.testing.names import PlanNames
from rulecore.testing.report import SuiteResult, position
from rulecore.testing.scopes import Record, refusals, row_places
from rulecore.testing.search import Found, Search
from rulecore.testing.slots import renamed
from rulecore.testing.values import toml_key, toml_text, toml_value
from rulecore.testing.words import item_place, item_words

REVIEW = "# 请核对"


def suggest(result: SuiteResult) -> Iterator[str]:
    """Yield the lines of a ``cases.toml`` that reaches what the cases do not.

    Values are to be reviewed by a person.
    """
    suite = result.suite
    for number in suite.wanted:
        plan = suite.policies.plans[number]
        unreached = [
            (item.step, item.kind, item.index, item_words(item, plan))
            for item in result.coverage.unreached
            if item.number == number
        ]
        if not unreached:
            continue
        items = items_of(plan, number)
        starts = sorted(
            (
                scope.records
                for case in result.results
                for scope in case.scopes
                if scope.number == number and scope.records
            ),
            key=len,
        ) or [[first_record(plan)]]
        reached: set[Item] = set()
        for item in items.all:
            words = item_words(item, plan)
            if (item.step, item.kind, item.index, words) not in unreached or item in reached:
                continue
            yield ""
            yield f"# {words}"
            yield f"# {position(item_place(item, suite))}"
            found = Search(item=item, items=items).find(starts)
            if found is None:
                yield "# " + _(N_("no record found that reaches it by changing one or two fields"))
                continue
            records = _printed(found, plan)
            watcher = Watcher(items=items)
            reasons = refusals(plan, records)
            watcher.watch([record for record, refused in zip(records, reasons, strict=True) if not refused])
            reached |= watcher.reached
            yield from _case(suite, number, plan, words, records)


def first_record(plan: Plan) -> Record:
    """Return a record to start from where no case has one: the least of every field."""
    header = plan.policy.policy
    record = {planned.name: _least(planned) for planned in plan.fields}
    for name, values in header.applies_to.items():
        if name in record and values:
            value = values[0]
            record[name] = Fraction(value) if not isinstance(value, str | bool | date) else value
    day = header.effective.from_ or header.effective.until
    period = plan.policy.record.period
    if day is not None and period:
        typed = next(planned.type for planned in plan.fields if planned.name == period)
        record[period] = (
            Fraction(day.year)
            if isinstance(typed, NumberType)
            else day
            if isinstance(typed, DateType)
            else str(day.year)
        )
    return Record(record, _first_rows(plan, ""))


def _first_rows(plan: Plan, parent: str) -> dict[str, tuple[Record, ...]]:
    """Return the rows of a first record: as few as may be but one at least, every row of a complete table."""
    found = {}
    for table in plan.tables:
        if table.declaration.parent != parent:
            continue
        declared, name = table.declaration, table.declaration.row
        one = Record(
            {planned.name: _least(planned) for planned in table.plan.fields}, _first_rows(plan, table.name)
        )
        names = declared.fields[name].values if name else ()
        if names and declared.complete:
            rows = [evolve(one, values={**one.values, name: text}) for text in names]
        elif names:
            rows = [
                evolve(one, values={**one.values, name: text}) for text in names[: declared.at_least or 1]
            ]
        else:
            rows = [one, *(renamed(one, name, index) for index in range(1, declared.at_least) if name)]
        found[table.name] = tuple(rows)
    return found


def _least(planned: PlannedField) -> Value:
    match planned.type:
        case NumberType(low=low, high=high):
            zero = Fraction(0)
            return max(low, zero) if low is not None and (high is None or high >= 0) else zero
        case TextType(values=values, nullable=nullable):
            return None if nullable else sorted(values)[0] if values else "R1"
        case FlagType():
            return False
        case DateType(low=low):
            return low or date(2024, 1, 1)
        case _:
            return None


# --- the snippet ------------------------------------------------------------------------------------------


def _printed(found: Found, plan: Plan) -> list[Record]:
    """Return the records to print.

    The whole cohort where it matters, else the record and the one beside it.
    """
    if found.cohort:
        return list(found.records)
    entity = plan.policy.record.entity
    records = [found.changed]
    if found.beside is not None and isinstance(found.beside.values[entity], str):
        records.append(renamed(found.beside, entity, 1))
    return records


def _case(suite: Suite, number: int, plan: Plan, words: str, records: list[Record]) -> Iterator[str]:
    entity = plan.policy.record.entity
    refused = refusals(plan, records)
    scored = [record for record, reasons in zip(records, refused, strict=True) if not reasons]
    levels = compute_nested(plan, scored)
    yield "[[cases]]"
    yield f"name = {toml_text(words)}"
    if len(suite.policies.plans) > 1:
        path = suite.policies.loaded[number].document.path
        inside = (
            path.relative_to(suite.file.parent).as_posix()
            if path.is_relative_to(suite.file.parent)
            else path.name
        )
        yield f"policy = {toml_text(inside)}"
    yield "records = ["
    for record in records:
        yield f"  {{ {', '.join(_cells(record, plan, plan, '', _default_headers(suite, plan)))} }},"
    yield "]"
    lines = [
        f"  {{ {', '.join(_expected(record, levels, number, plan))} }}, {REVIEW}"
        for number, record in enumerate(scored)
    ]
    if lines:
        yield from ["expect = [", *lines, "]"]
    if any(refused):
        yield "refused = ["
        for record, reasons in zip(records, refused, strict=True):
            if reasons:
                who = f"{toml_key(entity)} = {_cell(record.values[entity], _field(plan, entity))}"
                yield f"  {{ {who}, reason = {toml_text(reasons[0])} }}, {REVIEW}"
        yield "]"


def _cells(record: Record, level: Plan, plan: Plan, parent: str, defaults: set[str]) -> Iterator[str]:
    for planned in level.fields:
        value = record.values[planned.name]
        if value is None and planned.declaration.missing == "not_applicable":
            if planned.header in defaults:
                yield f'{toml_key(planned.name)} = ""'
            continue
        yield f"{toml_key(planned.name)} = {_cell(value, planned)}"
    for table in plan.tables:
        if table.declaration.parent == parent:
            rows = record.rows.get(table.name, ())
            inner = (", ".join(_cells(row, table.plan, plan, table.name, defaults)) for row in rows)
            yield f"{toml_key(table.name)} = [{', '.join(f'{{ {cells} }}' for cells in inner)}]"


def _cell(value: Value, planned: PlannedField) -> str:
    """Return a value as the cell that is read as it.

    Percentages without their sign, tokens for not applicable.
    """
    if value is None:
        tokens = planned.declaration.not_applicable
        return toml_text(tokens[0] if tokens else "不适用")
    if isinstance(value, Fraction) and planned.declaration.percent:
        return toml_value(value * 100)
    return toml_value(value)


def _expected(record: Record, levels: Levels, number: int, plan: Plan) -> Iterator[str]:
    declared = plan.policy.record
    for name in dict.fromkeys((declared.entity, declared.period)):
        if name:
            yield f"{toml_key(name)} = {_cell(record.values[name], _field(plan, name))}"
    values = levels[""].computed.values[number]
    fields = {planned.name for planned in plan.fields}
    for name in dict.fromkeys(column.of for column in plan.columns if column.of not in fields):
        value = values[name]
        if not isinstance(value, Real):
            yield f"{toml_key(name)} = {toml_value(value)}"
    reasons = {
        reason
        for level, row in row_places(levels, number)
        for found in levels[level].computed.issues[row].values()
        for reason in found
    }
    if reasons:
        yield f"issues = [{', '.join(toml_text(reason) for reason in sorted(reasons))}]"


def _field(plan: Plan, name: str) -> PlannedField:
    return next(planned for planned in plan.fields if planned.name == name)


def _default_headers(suite: Suite, plan: Plan) -> set[str]:
    defaults = suite.document.data.get("defaults")
    names: Sequence[str] = list(defaults) if isinstance(defaults, Mapping) else []
    found = (PlanNames(plan).column(name) for name in names)
    return {planned.header for planned in found if planned is not None}
