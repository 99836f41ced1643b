"""Cases run on the engines: every step of every record must be what exact arithmetic gives.

The values that a case states are compared with those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from rulecore.contracts import Value
from rulecore.engines.decode import decode, issue_column
from rulecore.engines.exact import ExactValue
from rulecore.engines.nested import Levels
from rulecore.engines.reference import Computed
from rulecore.errors import Fault, InputError
from rulecore.evaluation import evaluate
from rulecore.planned import Plan, PlannedRule
from rulecore.records.details import OWNER
from rulecore.records.quarantine import Quarantined
from rulecore.results import Results
from rulecore.source import KeyPath
from rulecore.testing.bind import BoundCase, Suite, Wanted, WantedRecord, WantedRefusal, WantedRow
from rulecore.testing.scopes import Scope, row_places, rows_meant, scopes
from rulecore.testing.values import close, value_text

if TYPE_CHECKING:
    import polars as pl

What = Literal[
    "value",
    "issues",
    "refusal",
    "unrefused",
    "absent",
    "several",
    "engine",
    "cell",
    "header",
    "rows",
    "adjustments",
]

ENGINES = ("exact", "columnar")


@frozen(kw_only=True)
class Difference:
    """One thing that came out otherwise than the case says.

    ``what``: a value, a record's issues, a refusal nobody expected, one that did not come (``unrefused``), a
    record that is not there or there twice, an engine that differs from exact arithmetic, a cell, a header or the
    number of rows of the output, or decisions (``adjustments``) that were not refused as they must be. ``rule``
    computes the value; ``number`` is its policy's in the set.
    """

    what: What
    record: str = ""
    key: str = ""
    expected: str = ""
    actual: str = ""
    path: KeyPath = ()
    rule: PlannedRule | None = None
    number: int = -1


@frozen(kw_only=True)
class CaseResult:
    """What a case gave: its scopes (for coverage), the differences, the faults.

    ``faults`` are those of inputs that cannot be read.
    """

    case: BoundCase
    scopes: tuple[Scope, ...] = field(default=(), repr=False)
    differences: tuple[Difference, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the case came out as it says."""
        return not self.differences and not self.faults


def run_suite(suite: Suite, engines: Sequence[str] = ENGINES) -> tuple[CaseResult, ...]:
    """Run every case of a suite on the engines named."""
    return tuple(run_case(suite, case, engines) for case in suite.cases)


def run_case(suite: Suite, case: BoundCase, engines: Sequence[str] = ENGINES) -> CaseResult:
    """Run one case: computed exactly once for its expectations.

    Each engine named computes it too, and must agree.
    """
    try:
        found, _notes = scopes(suite, case)
        computed = [scope.computed() for scope in found]
        plans = [suite.policies.plans[number] for number in case.plans]
        results = {
            name: evaluate(
                plans,
                [case.table],
                suite.policies.registry.engines[name].value,
                as_of=case.case.as_of,
                details=case.details,
                history=case.history,
                adjustments=case.adjustments,
            )
            for name in engines
        }
    except InputError as error:
        return stopped(case, error.faults)
    differences: list[Difference] = []
    records = [
        _Record(scope, index, one, number)
        for scope, one in zip(found, computed, strict=True)
        for number, index in enumerate(scope.kept)
    ]
    first = next(iter(results.values()))
    differences += _refusals(case, first)
    for wanted in case.expected:
        differences += _record_differences(wanted, records, first, case)
    for name, result in results.items():
        differences += _engine_differences(name, result, found, computed)
        if case.expected_table is not None:
            differences += _table_differences(name, result, case)
    if case.case.adjustments_refused:
        differences.append(_not_stopped(case, ""))
    # What decisions reach of a policy is not reached by its records: it does not count for coverage.
    reached = () if case.adjustments.given else found
    return CaseResult(case=case, scopes=reached, differences=tuple(dict.fromkeys(differences)))


def stopped(case: BoundCase, faults: Sequence[Fault]) -> CaseResult:
    """Return the result of a case whose run was stopped: as it should be, if its decisions were to be refused."""
    wanted = case.case.adjustments_refused
    if not wanted:
        return CaseResult(case=case, faults=tuple(faults))
    found = {fault.code.id for fault in faults}
    if found == ({wanted} if isinstance(wanted, str) else {*wanted}):
        return CaseResult(case=case)
    return CaseResult(case=case, differences=(_not_stopped(case, ", ".join(sorted(found))),))


def _not_stopped(case: BoundCase, actual: str) -> Difference:
    wanted = case.case.adjustments_refused
    expected = wanted if isinstance(wanted, str) else ", ".join(wanted)
    path = (*case.path, "adjustments_refused")
    return Difference(what="adjustments", expected=expected, actual=actual or "—", path=path)


@frozen
class _Record:
    """A record that was scored: its scope, its index there, what was computed of the scope, and its number in that."""

    scope: Scope
    index: int
    levels: Levels
    number: int

    @property
    def values(self) -> Mapping[str, ExactValue]:
        return self.levels[""].computed.values[self.number]

    def issues(self) -> Iterator[tuple[str, str, frozenset[str]]]:
        """Yield the issues of the record and of its rows: the level, the step and the reasons."""
        for level, row in row_places(self.levels, self.number):
            for step, reasons in self.levels[level].computed.issues[row].items():
                yield level, step, frozenset(reasons)

    @property
    def entity(self) -> str:
        return self.scope.entities[self.index]

    def is_(self, entity: str, period: str, position: int) -> bool:
        return (
            (not entity or self.entity == entity)
            and (not period or self.scope.periods[self.index] == period)
            and (not position or self.scope.positions[self.index] == position)
        )


# --- values -----------------------------------------------------------------------------------------------


def _record_differences(
    wanted: WantedRecord, records: list[_Record], results: Results, case: BoundCase
) -> Iterator[Difference]:
    name = wanted.entity or f"#{wanted.position}"
    found = [record for record in records if record.is_(wanted.entity, wanted.period, wanted.position)]
    if not found:
        reasons = [
            f"{item.code.id} {item.reason()}"
            for item in results.quarantined
            if (wanted.entity and item.entity == wanted.entity)
            or (wanted.position and _position(case, item) == wanted.position)
        ]
        yield Difference(what="absent", record=name, actual="; ".join(reasons), path=wanted.path)
    elif len(found) > 1:
        yield Difference(what="several", record=name, actual=str(len(found)), path=wanted.path)
    else:
        record = found[0]
        for value in wanted.values:
            yield from _value_differences(value, record.scope, record.values, name)
        for row in wanted.rows:
            yield from _row_differences(row, record, record.number, name)
        found_issues = list(record.issues())
        issues = {reason for _level, _step, reasons in found_issues for reason in reasons}
        if issues != wanted.issues:
            yield Difference(
                what="issues",
                record=name,
                expected=", ".join(sorted(wanted.issues)),
                actual=", ".join(sorted(issues)),
                path=wanted.path,
                rule=next(
                    (
                        rule
                        for level, step, _reasons in found_issues
                        if (rule := record.scope.plan.level(level).rule(step.split("@")[0]))
                    ),
                    None,
                ),
                number=record.scope.number,
            )


def _row_differences(wanted: WantedRow, record: _Record, owner: int, name: str) -> Iterator[Difference]:
    """Yield what is otherwise in a row of a record; ``owner`` is the position of what the row belongs to."""
    level = record.levels[wanted.table]
    shown = f"{name} · {wanted.row or f'#{wanted.position}'}"
    found = rows_meant(wanted, level, owner)
    if not found:
        yield Difference(what="absent", record=shown, path=wanted.path)
        return
    for value in wanted.values:
        yield from _value_differences(
            value, record.scope, level.computed.values[found[0]], shown, wanted.table
        )
    for row in wanted.rows:
        yield from _row_differences(row, record, found[0], shown)


def _value_differences(
    value: Wanted, scope: Scope, values: Mapping[str, ExactValue], name: str, table: str = ""
) -> Iterator[Difference]:
    number = scope.number
    if number not in value.targets:
        yield Difference(what="value", record=name, key=value.key, expected="—", actual="—", path=value.path)
        return
    step, expected = value.targets[number]
    actual = values[step]
    if not close(expected, actual, value.tolerance):
        yield Difference(
            what="value",
            record=name,
            key=value.key,
            expected=value_text(expected),
            actual=value_text(actual),
            path=value.path,
            rule=_rule_of(scope.plan.level(table), step),
            number=number,
        )


def _rule_of(plan: Plan, step: str) -> PlannedRule | None:
    """Return the rule a person would look at for a step: behind a shown column, the rule that is shown."""
    for column in plan.columns:
        if column.step == step:
            return plan.rule(column.of)
    return plan.rule(step)


# --- refusals ---------------------------------------------------------------------------------------------


def _refusals(case: BoundCase, results: Results) -> Iterator[Difference]:
    for wanted in case.refused:
        items = [item for item in results.quarantined if _refers(wanted, item, case)]
        name = wanted.entity or f"#{wanted.position}"
        expected = " ".join(part for part in (wanted.code, wanted.reason) if part)
        if not any(_fits(wanted, item) for item in items):
            actual = "; ".join(f"{item.code.id} {item.reason()}" for item in items)
            yield Difference(
                what="unrefused", record=name, expected=expected, actual=actual, path=wanted.path
            )
    if case.expected_table is not None and not case.refused:
        return
    for item in results.quarantined:
        if not any(_refers(wanted, item, case) for wanted in case.refused):
            name = item.entity or f"#{_position(case, item)}"
            yield Difference(
                what="refusal",
                record=name,
                key=item.column,
                actual=f"{item.code.id} {item.reason()}",
                path=case.path,
            )


def _refers(wanted: WantedRefusal, item: Quarantined, case: BoundCase) -> bool:
    return (not wanted.entity or wanted.entity == item.entity) and (
        not wanted.position or wanted.position == _position(case, item)
    )


def _fits(wanted: WantedRefusal, item: Quarantined) -> bool:
    reasons = {str(item.values.get("reason", "")), item.reason("zh"), item.reason("en")}
    return (not wanted.code or wanted.code == item.code.id) and (
        not wanted.reason or wanted.reason in reasons
    )


def _position(case: BoundCase, item: Quarantined) -> int:
    return case.position(item.sheet, item.row)


# --- engines ----------------------------------------------------------------------------------------------


def _engine_differences(
    name: str, results: Results, found: Sequence[Scope], computed: Sequence[Levels]
) -> Iterator[Difference]:
    """Yield every cell that an engine gives otherwise than exact arithmetic."""
    for part, scope, exact in zip(results.parts, found, computed, strict=True):
        names = [scope.entities[index] for index in scope.kept]
        yield from _level_differences(name, part.steps, names, exact[""].computed, scope, "")
        orders = {"": {position: position for position in range(len(names))}}
        records = {"": names}
        for table in scope.plan.tables:
            above, level = table.declaration.parent, exact[table.name]
            given = part.tables[table.name]
            # Rows stand as in the input there, and record by record here.
            owners = [orders[above][owner] for owner in given.records[OWNER].to_list()]
            order = sorted(range(len(owners)), key=owners.__getitem__)
            orders[table.name] = {old: new for new, old in enumerate(order)}
            records[table.name] = [records[above][owner] for owner in level.owners]
            if [owners[row] for row in order] != level.owners:
                yield Difference(
                    what="engine", key=name, expected=str(len(level.owners)), actual=str(len(owners))
                )
                continue
            steps = given.steps[order] if given.steps.width else given.steps
            yield from _level_differences(name, steps, records[table.name], level.computed, scope, table.name)


def _level_differences(
    engine: str, steps: pl.DataFrame, names: list[str], exact: Computed, scope: Scope, table: str
) -> Iterator[Difference]:
    """Yield every cell of one level that an engine gives otherwise; ``names`` are those of the records."""
    if steps.width and steps.height != len(names):
        yield Difference(what="engine", key=engine, expected=str(len(names)), actual=str(steps.height))
        return
    plan = scope.plan.level(table)
    for step in plan.steps:
        expected = [values[step.name] for values in exact.values]
        key = f"{table}.{step.name}" if table else step.name
        if step.name in steps.columns:
            given: Sequence[Value] = decode(steps[step.name], step.type)
            yield from _cells(engine, key, names, expected, given, scope, plan.rule(step.name.split("@")[0]))
        for reason in step.issues:
            flags = [reason in issues.get(step.name, ()) for issues in exact.issues]
            found: list[Value] = steps[issue_column(step.name, reason)].to_list()
            rule = plan.rule(step.name.split("@")[0])
            yield from _cells(engine, f"{key} {reason}", names, flags, found, scope, rule)


def _cells(
    engine: str,
    step: str,
    names: list[str],
    expected: Sequence[object],
    given: Sequence[Value],
    scope: Scope,
    rule: PlannedRule | None,
) -> Iterator[Difference]:
    for record, wanted, found in zip(names, expected, given, strict=True):
        if wanted != found or type(wanted) is not type(found):
            yield Difference(
                what="engine",
                record=record,
                key=f"{engine}: {step}",
                expected=value_text(wanted),
                actual=value_text(found),
                rule=rule,
                number=scope.number,
            )


# --- the output as a file ---------------------------------------------------------------------------------


def _table_differences(engine: str, results: Results, case: BoundCase) -> Iterator[Difference]:
    table = case.expected_table
    assert table is not None  # noqa: S101 - asked by the caller
    headers, rows = results.output_headers(), results.output_rows()
    path = (*case.path, "expect")
    if list(table.headers) != headers:
        yield Difference(
            what="header", key=engine, expected=", ".join(table.headers), actual=", ".join(headers), path=path
        )
        return
    expected = [["" if cell is None else str(cell) for cell in row] for row in table.frame.rows()]
    if len(expected) != len(rows):
        yield Difference(
            what="rows", key=engine, expected=str(len(expected)), actual=str(len(rows)), path=path
        )
    for number, (wanted, found) in enumerate(zip(expected, rows, strict=False), start=1):
        for header, one, other in zip(headers, wanted, found, strict=True):
            if one != other:
                step = next(
                    (c.of for part in results.parts for c in part.plan.columns if c.header == header), ""
                )
                plan = results.parts[0].plan if results.parts else None
                yield Difference(
                    what="cell",
                    record=f"{number} {wanted[0]}",
                    key=header,
                    expected=one,
                    actual=other,
                    path=path,
                    rule=plan.rule(step) if plan is not None else None,
                    number=case.plans[0],
                )  # fmt: skip
