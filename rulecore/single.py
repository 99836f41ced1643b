"""One record at a time, without columns: for services, forms and tests that evaluate a single mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from rulecore.codes.records import NOT_EFFECTIVE, UNREADABLE_PERIOD
from rulecore.contracts import Value
from rulecore.engines.compiled import Program, Values, compile_program
from rulecore.engines.exact import compile_node
from rulecore.engines.exact.kernel import Evaluate
from rulecore.engines.nested import Levels, LevelValues, exact_step, flattened, run
from rulecore.engines.reference import add_rule
from rulecore.engines.schedule import Task, schedule, within_record
from rulecore.errors import Fault
from rulecore.expr.earlier import UNKNOWN, EarlierStanding, EarlierValue
from rulecore.levels import limited as limited_steps
from rulecore.numbers import format_number
from rulecore.planned import CohortStep, Plan, PlannedRule
from rulecore.reals import Real
from rulecore.records.outcome import CellValue
from rulecore.records.periods import period_days
from rulecore.records.single import RecordTyper
from rulecore.records.whole import WholeRecordTyper
from rulecore.routing.candidates import covers, limited
from rulecore.source import Place


@frozen(kw_only=True)
class RecordResult:
    """The result of one record.

    ``values`` are the exact values of fields and rules by name (None is not applicable; a rule whose inexact
    value is not rounded is left out). ``issues`` are the reasons by rule, those of detail rows by table and rule
    (``votes.points``). ``faults`` say why the record was refused: ``values`` is then empty.
    """

    values: Mapping[str, Value] = field(factory=dict)
    issues: Mapping[str, tuple[str, ...]] = field(factory=dict)
    faults: tuple[Fault, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the record was refused, by its typing or by a condition of the policy (``reasons``)."""
        return bool(self.faults or self.reasons)

    def __getitem__(self, name: str) -> Value:
        """Return a field's or rule's exact value."""
        return self.values[name]

    def text(self, name: str, decimals: int | None = None) -> str:
        """Return a value as text, a number with at least ``decimals`` decimals; not applicable is empty."""
        value = self.values[name]
        if value is None:
            return ""
        return format_number(value, decimals) if isinstance(value, Fraction) else str(value)


@frozen(kw_only=True, slots=False)
class SingleRecords:
    """A plan compiled for one record at a time; rules that compare records are not applicable, with an issue."""

    plan: Plan

    @cached_property
    def _typer(self) -> RecordTyper:
        return RecordTyper(self.plan.fields)

    @cached_property
    def _refusals(self) -> Program:
        return compile_program(self.plan.inputs, self.plan.refusal_rules)

    @cached_property
    def program(self) -> Program:
        """The rules as one function of the fields' stored values."""
        hidden = {step.name for step in self.plan.steps if not isinstance(step, PlannedRule) or step.hidden}
        return compile_program(self.plan.inputs, self.plan.steps, lambda name: name not in hidden)

    def stored(self, record: Mapping[str, object]) -> Sequence[CellValue] | None:
        """Return a record's values as columns hold them, or None where it has a fault."""
        stored = self._typer.stored(record)
        return stored if stored is None or not self._earlier else (*stored, *self._earlier)

    @cached_property
    def _earlier(self) -> tuple[str | None, ...]:
        """What takes the place of earlier values: that no history was looked at, which is an issue where it matters."""
        supplied = [value.node for value in self.plan.supplied]
        if not all(isinstance(node, EarlierStanding | EarlierValue) for node in supplied):
            return ()
        return tuple(UNKNOWN if isinstance(node, EarlierStanding) else None for node in supplied)

    def evaluate(self, record: Mapping[str, object]) -> RecordResult:
        """Return the result of one record, given as a mapping from headers or field names to cells."""
        stored = self.stored(record)
        if stored is None:
            return RecordResult(faults=self._typer.type_record(record)[1])
        if self._dated:
            expired = self._not_effective(Values(self.program.slots, stored, ()))
            if expired is not None:
                return RecordResult(faults=(expired,))
        if self.plan.refusals:
            reasons = self._refused(stored)
            if reasons:
                return RecordResult(reasons=reasons)
        values, issues = self.program.values(stored)
        return RecordResult(values=values, issues=issues)

    @cached_property
    def _dated(self) -> bool:
        """Whether the policy holds for some periods only."""
        return bool(self.plan.policy.record.period) and limited(self.plan)

    def _not_effective(self, values: Mapping[str, Value]) -> Fault | None:
        """Return the fault of a record whose period the policy does not hold for; it never falls back to another."""
        period, record = self.plan.policy.record.period, self.plan.policy.record
        value = values[period]
        whole = value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
        days = period_days(whole)
        shown = {"entity": _text(values[record.entity]), "period": _text(value), "value": _text(value)}
        place = Place(file="record", key=period)
        if days is None:
            return Fault(code=UNREADABLE_PERIOD, values=shown, place=place)
        if covers(self.plan, days):
            return None
        effective = self.plan.policy.policy.effective
        near = f"{self.plan.policy.policy.name} {self.plan.policy.policy.version}"
        dated = f"{near} ({effective.from_ or '…'} – {effective.until or '…'})"
        return Fault(code=NOT_EFFECTIVE, values={**shown, "near": dated}, place=place)

    def _refused(self, stored: Sequence[CellValue]) -> tuple[str, ...]:
        flags, _issues = self._refusals.values(stored)
        return tuple(refusal.reason for refusal in self.plan.refusals if flags[refusal.step] is True)


@frozen(kw_only=True, slots=False)
class WholeRecords(SingleRecords):
    """A plan with detail tables, for one record at a time with its rows in it.

    Steps of rows that compare those of one record only are computed; what compares records is not applicable.
    """

    @cached_property
    def _whole(self) -> WholeRecordTyper:
        return WholeRecordTyper(self.plan)

    @cached_property
    def _conditions(self) -> tuple[Task, ...]:
        return schedule(limited_steps(self.plan, self.plan.refusal_rules))

    @cached_property
    def _tasks(self) -> tuple[Task, ...]:
        return schedule(self.plan)

    def evaluate(self, record: Mapping[str, object]) -> RecordResult:
        """Return the result of one record with its rows, given as a mapping from headers or field names to cells."""
        typed, faults = self._whole.type_record(record)
        if faults:
            return RecordResult(faults=faults)
        if self._dated:
            expired = self._not_effective(typed.values)
            if expired is not None:
                return RecordResult(faults=(expired,))
        if self.plan.refusals:
            levels = flattened(self.plan, [typed])
            run(self._conditions, levels, self._step)
            flags = levels[""].computed.values[0]
            reasons = tuple(refusal.reason for refusal in self.plan.refusals if flags[refusal.step] is True)
            if reasons:
                return RecordResult(reasons=reasons)
        levels = flattened(self.plan, [typed])
        run(self._tasks, levels, self._step)
        computed = levels[""].computed
        shown = [planned.name for planned in self.plan.fields]
        shown += [step.name for step in self.plan.steps if isinstance(step, PlannedRule) and not step.hidden]
        values = {name: computed.values[0][name] for name in shown}
        return RecordResult(
            values={name: value for name, value in values.items() if not isinstance(value, Real)},
            issues=_issues(levels),
        )

    @cached_property
    def _compiled(self) -> dict[int, Evaluate]:
        """The rules as functions, by their identity: each is compiled once."""
        return {
            id(task.item): compile_node(task.item.node)
            for task in (*(self._conditions if self.plan.refusals else ()), *self._tasks)
            if isinstance(task.item, PlannedRule)
        }

    def _step(self, task: Task, level: LevelValues) -> None:
        """Compute a step of one record; what other records decide is unknown."""
        if isinstance(task.item, PlannedRule):
            add_rule(task.item, level.computed, self._compiled[id(task.item)])
        elif isinstance(task.item, CohortStep) and not (task.level and within_record(task.item)):
            for values, issues in zip(level.computed.values, level.computed.issues, strict=True):
                values[task.item.name] = None
                issues[task.item.name] = {"needs_cohort"}
        else:
            exact_step(task, level)


def _issues(levels: Levels) -> dict[str, tuple[str, ...]]:
    """Return the reasons by step; those of rows, of any row, by the table and the step: ``votes.points``."""
    found: dict[str, set[str]] = {}
    for name, level in levels.items():
        for issues in level.computed.issues:
            for step, reasons in issues.items():
                found.setdefault(f"{name}.{step}" if name else step, set()).update(reasons)
    return {step: tuple(sorted(reasons)) for step, reasons in found.items()}


def _text(value: Value) -> str:
    return format_number(value) if isinstance(value, Fraction) else str(value)
