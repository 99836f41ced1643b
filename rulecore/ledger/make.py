"""The ledgers of records: the plan's writers called with a record's values, and checked against its results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final, NamedTuple

from attrs import evolve, frozen

from rulecore.engines.decode import decode
from rulecore.engines.exact import Environment, ExactValue
from rulecore.errors import Fault, InternalError
from rulecore.explain.find import find_record
from rulecore.explain.labels import label_words
from rulecore.explain.make import explained_policy
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedField, ExplainedPolicy
from rulecore.ledger.compiled import PlanLedgers, RuleWriter, compile_ledgers
from rulecore.ledger.rows import given_rows
from rulecore.ledger.scope import ONE
from rulecore.ledger.values import Entry, Ledgers, Reason, RuleLedger
from rulecore.numbers import format_number
from rulecore.planned import PlannedRule
from rulecore.results import PolicyResults, Results

MOST_REASONS: Final = 10
"""How many of the things that cost a rule something are named."""

PAGE: Final = 10_000
"""How many records are decoded at a time where all are written."""

Leaf = tuple[str, Entry, Fraction]
"""A line that is not taken apart any further: its rule, the line, and its amount in the ledger it was found for."""


def ledgers_of(results: Results, entity: str, period: str = "") -> Ledgers:
    """Return the ledgers of an entity's record; see :meth:`rulecore.results.Results.explain`.

    Everything is computed once more, exactly, and must equal the stored results: otherwise
    :class:`rulecore.errors.InternalError` is raised. Raises :class:`rulecore.errors.UsageError` for an entity
    without a record, or with several.
    """
    found = find_record(results, entity, period)
    if isinstance(found, tuple):
        return refused_ledgers(results, entity, period, found)
    return LedgerBook.of(results, found.part).page(found.row, 1).ledgers(0)


def refused_ledgers(results: Results, entity: str, period: str, refused: tuple[Fault, ...]) -> Ledgers:
    """Return what stands in the place of ledgers for a record that was not scored."""
    return Ledgers(entity=entity, period=period, refused=refused, language=results.language)


class Posted(NamedTuple):
    """A rule's lines for one record; ``value`` is None, and there are no lines, where it is not applicable."""

    writer: RuleWriter
    value: Fraction | None
    entries: list[Entry]


@frozen(kw_only=True, slots=False)
class LedgerBook:
    """The ledgers of all records of one policy's results: the plan is compiled, and columns decoded, once."""

    results: Results
    part: PolicyResults
    compiled: PlanLedgers
    """The writers of the plan's numeric rules."""
    first: int = 0
    """Which of all records the first one here is: detail rows name their record by its position."""

    @classmethod
    def of(cls, results: Results, part: PolicyResults) -> LedgerBook:
        """Return the ledgers of one policy's results, which is where its plan is compiled."""
        return cls(results=results, part=part, compiled=compile_ledgers(part.plan))

    def pages(self) -> Iterator[LedgerBook]:
        """Yield books of some thousand records each: all of them would fill the memory with exact numbers."""
        for start in range(0, self.part.records.height, PAGE):
            yield self.page(start, PAGE)

    def page(self, first: int, count: int) -> LedgerBook:
        """Return a book of so many records, from one on; its rows count from there."""
        rows = slice(first, first + count)
        part = evolve(self.part, records=self.part.records[rows], steps=self.part.steps[rows])
        return evolve(self, part=part, first=self.first + first)

    @cached_property
    def policy(self) -> ExplainedPolicy:
        """The policy that decided."""
        return explained_policy(self.part.plan)

    @cached_property
    def columns(self) -> dict[str, list[ExactValue]]:
        """The exact values of fields and steps that are stored, by name, and what detail rows gave, for all records."""
        plan = self.part.plan
        types = {item.name: item.type for item in plan.inputs} | {step.name: step.type for step in plan.steps}
        stored: dict[str, list[ExactValue]] = {
            name: [*decode(frame[name], types[name])]
            for frame in (self.part.records, self.part.steps)
            for name in frame.columns
            if name in types
        }
        return stored | given_rows(self.part, self.first, self.part.records.height)

    @cached_property
    def shown(self) -> dict[str, list[str]]:
        """The texts of rules as the result's first column of each shows them, for all records."""
        found: dict[str, list[str]] = {}
        for column in self.part.plan.columns:
            if column.of not in found:
                found[column.of] = self.part.text(column).to_list()
        return found

    @cached_property
    def unstored(self) -> tuple[PlannedRule, ...]:
        """Rules whose values have no column: they are computed for each record."""
        return tuple(
            step
            for step in self.part.plan.steps
            if isinstance(step, PlannedRule) and step.name not in self.columns
        )

    def values(self, row: int) -> dict[str, ExactValue]:
        """Return a record's exact values by name."""
        return {name: column[row] for name, column in self.columns.items()}

    def posted(self, values: dict[str, ExactValue]) -> list[Posted]:
        """Return the lines of every rule for a record with these values.

        Raises :class:`rulecore.errors.InternalError` if lines do not add up to the stored value.
        """
        environment = Environment(values)
        for rule in self.unstored:
            values[rule.name] = self.compiled.evaluator.of(rule.node)(environment)
        found = []
        for writer in self.compiled.rules:
            value = values[writer.rule.name]
            if value is None:
                found.append(Posted(writer, None, []))
                continue
            assert isinstance(value, Fraction)  # noqa: S101 - the rule's type is an exact number
            entries = writer.write(environment)
            if _sum(entries) != value:
                raise InternalError(f"{writer.rule.name}: the ledger comes to {_sum(entries)}, not {value}")
            found.append(Posted(writer, value, entries))
        return found

    def ledgers(self, row: int) -> Ledgers:
        """Return the ledgers of one record."""
        part = self.part
        record = part.plan.policy.record
        values = self.values(row)
        posted = self.posted(values)
        reasons = reasons_of(posted)
        return Ledgers(
            entity=cell_text(values[record.entity]),
            period=cell_text(values[record.period]) if record.period else "",
            policy=self.policy,
            source=self.results.source(part, row),
            fields=tuple(self._fields(values)),
            rules=tuple(
                RuleLedger(
                    name=one.writer.rule.name,
                    label=one.writer.label,
                    value=one.value,
                    shown=self.shown[one.writer.rule.name][row]
                    if one.writer.rule.name in self.shown
                    else None,
                    reference=one.writer.rule.reference,
                    declared=one.writer.rule.place,
                    formula=one.writer.formula,
                    entries=tuple(one.entries),
                    reasons=tuple(reasons[one.writer.rule.name]),
                    missing=() if one.value is not None else missing_of(one.writer, values),
                )
                for one in posted
            ),
            language=part.language,
        )

    def _fields(self, values: Mapping[str, ExactValue]) -> Iterator[ExplainedField]:
        for planned in self.part.plan.fields:
            yield ExplainedField(
                name=planned.name,
                label=label_words(self.compiled.labels, planned.name),
                header=planned.header,
                value=explained(values[planned.name]),
                scale=planned.declaration.decimals,
                percent=planned.declaration.percent,
                reference=planned.declaration.reference,
                place=planned.place,
            )


def cell_text(value: ExactValue) -> str:
    """Return the value of a field as text; not applicable is empty."""
    if isinstance(value, Fraction):
        return format_number(value)
    return "" if value is None else str(value)


def missing_of(writer: RuleWriter, values: Mapping[str, ExactValue]) -> tuple[str, ...]:
    """Return the names a rule reads whose values are not applicable."""
    return tuple(name for name in writer.reads if values.get(name) is None)


def _sum(entries: list[Entry]) -> Fraction:
    """Return the exact sum of some amounts."""
    total = None
    for entry in entries:
        # Nothing is what most roundings, bonuses and deductions come to.
        if entry.amount.numerator:
            total = entry.amount if total is None else total + entry.amount
    return Fraction(0) if total is None else total


def leaves_of(rules: Iterable[tuple[str, Sequence[Entry]]]) -> dict[str, list[Leaf]]:
    """Return for each rule its lines, those of the rules it takes in put in the place of the lines that do so.

    The rules are given in the order they are computed. Amounts are as they count in the rule that is looked at,
    and add up to its value as its own lines do.
    """
    leaves: dict[str, list[Leaf]] = {}
    for name, entries in rules:
        own: list[Leaf] = []
        for entry in entries:
            inner = leaves.get(entry.line.rule) if entry.line.rule else None
            if inner and entry.factor is not None and (entry.marks is None or _starts(inner) == entry.marks):
                own += _scaled(inner, entry)
            else:
                own.append((name, entry, entry.amount))
        leaves[name] = own
    return leaves


def reasons_of(posted: list[Posted]) -> dict[str, list[Reason]]:
    """Return for each rule what cost it most, the worst first, found down to the lines of the rules it takes in."""
    leaves = leaves_of((one.writer.rule.name, one.entries) for one in posted)
    found: dict[str, list[Reason]] = {}
    for name, own in leaves.items():
        losses = [
            Reason(*leaf)
            for leaf in own
            if leaf[2].numerator < 0 and leaf[1].line.kind not in ("full_marks", "rounding")
        ]
        if len(losses) > 1:
            losses.sort(key=lambda reason: reason.amount)
        found[name] = losses[:MOST_REASONS]
    return found


def _starts(leaves: list[Leaf]) -> Fraction:
    """Return the full marks that a rule's lines start from; 0 for lines that count from zero."""
    starts = [amount for _rule, entry, amount in leaves if entry.line.kind == "full_marks"]
    return starts[0] if len(starts) == 1 else sum(starts, start=Fraction(0))


def _scaled(leaves: list[Leaf], entry: Entry) -> Iterator[Leaf]:
    """Yield the lines of a rule that is taken in, as they count there; the full marks it lost from stay out."""
    factor = entry.factor
    assert factor is not None  # noqa: S101 - asked only where there is one
    for rule, leaf, amount in leaves:
        if entry.marks is None or leaf.line.kind != "full_marks":
            yield rule, leaf, amount if factor is ONE else amount * factor
