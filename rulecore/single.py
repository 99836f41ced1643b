"""One record at a time, without columns: for services, forms and tests that evaluate a single mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from rulecore.codes.records import NOT_EFFECTIVE, UNREADABLE_PERIOD
from rulecore.contracts import Value
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.errors import Fault
from rulecore.numbers import format_number
from rulecore.planned import Plan, PlannedRule
from rulecore.reals import Real
from rulecore.records.periods import period_days
from rulecore.records.single import RecordTyper
from rulecore.routing.candidates import covers, limited
from rulecore.source import Place

Step = tuple[str, Callable[[Environment], ExactValue] | None]


@frozen(kw_only=True)
class RecordResult:
    """The result of one record.

    ``values`` are the exact values of fields and rules by name (None is not applicable; a rule whose inexact
    value is not rounded is left out). ``issues`` are the reasons by rule. ``faults`` say why the record was
    refused: ``values`` is then empty.
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
    def _refusals(self) -> list[Step]:
        return [(rule.name, compile_node(rule.node)) for rule in self.plan.refusal_rules]

    @cached_property
    def _steps(self) -> list[Step]:
        return [
            (step.name, compile_node(step.node) if isinstance(step, PlannedRule) else None)
            for step in self.plan.steps
        ]

    def evaluate(self, record: Mapping[str, object]) -> RecordResult:
        """Return the result of one record, given as a mapping from headers or field names to cells."""
        typed, faults = self._typer.type_record(record)
        if faults:
            return RecordResult(faults=faults)
        expired = self._not_effective(typed)
        if expired is not None:
            return RecordResult(faults=(expired,))
        if self.plan.refusals:
            reasons = self._refused(dict(typed))
            if reasons:
                return RecordResult(reasons=reasons)
        values, issues = _computed(self._steps, dict(typed))
        hidden = {step.name for step in self.plan.steps if not isinstance(step, PlannedRule) or step.hidden}
        known = {
            name: value
            for name, value in values.items()
            if name not in hidden and not isinstance(value, Real)
        }
        return RecordResult(values=known, issues=issues)

    def _not_effective(self, values: Mapping[str, ExactValue]) -> Fault | None:
        """Return the fault of a record whose period the policy does not hold for; it never falls back to another."""
        period, record = self.plan.policy.record.period, self.plan.policy.record
        if not period or not limited(self.plan):
            return None
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

    def _refused(self, values: dict[str, ExactValue]) -> tuple[str, ...]:
        flags, _issues = _computed(self._refusals, values)
        return tuple(refusal.reason for refusal in self.plan.refusals if flags[refusal.step] is True)


def _text(value: ExactValue) -> str:
    return format_number(value) if isinstance(value, Fraction) else str(value)


def _computed(
    steps: list[Step], values: dict[str, ExactValue]
) -> tuple[dict[str, ExactValue], dict[str, tuple[str, ...]]]:
    issues: dict[str, tuple[str, ...]] = {}
    environment = Environment(values)
    for name, evaluate in steps:
        if evaluate is None:
            values[name] = None
            issues[name] = ("needs_cohort",)
            continue
        values[name] = evaluate(environment)
        if environment.issues:
            issues[name] = tuple(sorted(environment.issues))
            environment.issues.clear()
    return values, issues
