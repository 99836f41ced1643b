"""The ledgers of records: the plan's writers called with a record's values, and checked against its results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final, NamedTuple

from attrs import evolve, frozen

from rulecore.engines.exact import Environment, ExactValue
from rulecore.errors import Fault, InternalError
from rulecore.explain.find import find_record
from rulecore.explain.labels import label_words
from rulecore.explain.make import explained_policy, flag_words
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedField, ExplainedPolicy
from rulecore.ledger.adjusted import given_decisions
from rulecore.ledger.compiled import PlanLedgers, RuleWriter, compile_ledgers
from rulecore.ledger.pools import given_parts
from rulecore.ledger.quick import decode_quickly
from rulecore.ledger.rows import RowsBelow, given_rows, rows_below
from rulecore.ledger.scope import ONE
from rulecore.ledger.totals import agrees, below_zero, order_of, times, total
from rulecore.ledger.values import Entry, Ledgers, Reason, RowLedgers, RuleLedger, TableLedgers
from rulecore.numbers import format_number
from rulecore.planned import PlannedRule
from rulecore.reals import Number
from rulecore.results import PolicyResults, Results

MOST_REASONS: Final = 10
"""How many of the things that cost a rule something are named."""

PAGE: Final = 10_000
"""How many records are decoded at a time where all are written."""

Leaf = tuple[str, Entry, Number]
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
    value: Number | None
    entries: list[Entry]


@frozen(kw_only=True, slots=False)
class LedgerBook:
    """The ledgers of some records of one policy's results, or of some rows of one of its detail tables.

    Plans are compiled, and columns decoded, once for all of them.
    """

    results: Results
    root: PolicyResults
    """All records of the policy, with the rows of its detail tables."""
    part: PolicyResults
    """The records (or rows) that this book is of."""
    compiled: PlanLedgers
    """The writers of the plan's numeric rules."""
    tables: Mapping[str, PlanLedgers]
    """Those of the plans of its detail tables."""
    pools: Mapping[str, Mapping[str, list[ExactValue]]]
    """For each table ("" for the records) what all its values among the others consist of."""
    positions: Sequence[int]
    """Which of all records (or rows of the table) these are."""
    table: str = ""
    owners: Sequence[int] = ()
    """For each row of a table, which of the records above it belongs to."""

    @classmethod
    def of(cls, results: Results, part: PolicyResults) -> LedgerBook:
        """Return the ledgers of one policy's results, which is where its plan is compiled."""
        levels = {name: level.part for name, level in part.tables.items()}
        return cls(
            results=results,
            root=part,
            part=part,
            compiled=compile_ledgers(part.plan),
            tables={name: compile_ledgers(level.plan, part.plan, name) for name, level in levels.items()},
            pools={name: given_parts(level) for name, level in {"": part, **levels}.items()},
            positions=range(part.records.height),
        )

    def pages(self) -> Iterator[LedgerBook]:
        """Yield books of some thousand records each: all of them would fill the memory with exact numbers."""
        for start in range(0, self.part.records.height, PAGE):
            yield self.page(start, PAGE)

    def page(self, first: int, count: int) -> LedgerBook:
        """Return a book of so many records, from one on; its rows count from there."""
        rows = slice(first, first + count)
        part = evolve(self.part, records=self.part.records[rows], steps=self.part.steps[rows])
        return evolve(self, part=part, positions=self.positions[rows])

    # --- detail rows ------------------------------------------------------------------------------------------------

    @cached_property
    def below(self) -> dict[str, RowsBelow]:
        """The rows that belong to these records (or rows), by table, for the tables that stand directly below."""
        return {
            name: rows_below(self.root, name, self.positions)
            for name, found in self.root.tables.items()
            if found.table.declaration.parent == self.table
        }

    @cached_property
    def levels(self) -> dict[str, LedgerBook]:
        """The books of the rows that belong to these records (or rows); none for tables without any number."""
        found = {}
        for name, rows in self.below.items():
            book = LedgerBook(
                results=self.results,
                root=self.root,
                part=rows.part,
                compiled=self.tables[name],
                tables=self.tables,
                pools=self.pools,
                positions=rows.positions,
                table=name,
                owners=rows.owners,
            )
            if book.compiled.rules or book.levels:
                found[name] = book
        return found

    @cached_property
    def owned(self) -> dict[int, list[int]]:
        """The rows of this book by the record above that they belong to."""
        found: dict[int, list[int]] = {}
        for row, owner in enumerate(self.owners):
            found.setdefault(owner, []).append(row)
        return found

    @cached_property
    def row_names(self) -> Sequence[str]:
        """What the policy calls the rows of this book."""
        return RowsBelow(part=self.part, owners=self.owners, positions=(), lines=(), numbers=()).names()

    # --- values -----------------------------------------------------------------------------------------------------

    @cached_property
    def policy(self) -> ExplainedPolicy:
        """The policy that decided."""
        return explained_policy(self.part.plan)

    @cached_property
    def columns(self) -> dict[str, list[ExactValue]]:
        """For all records the exact values of fields and steps that are stored, and what rows and pools gave."""
        plan = self.part.plan
        types = {item.name: item.type for item in plan.inputs} | {step.name: step.type for step in plan.steps}
        stored: dict[str, list[ExactValue]] = {
            name: [*decode_quickly(frame[name], types[name])]
            for frame in (self.part.records, self.part.steps)
            for name in frame.columns
            if name in types
        }
        rows = given_rows(self.part, self.part.records.height, self.below.__getitem__)
        pools = {
            name: [values[position] for position in self.positions]
            for name, values in self.pools[self.table].items()
        }
        return stored | rows | pools | given_decisions(self.root, self.table, self.positions)

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
            entries = writer.write(environment)
            if not agrees(entries, value):  # type: ignore[arg-type] # the rule's type is a number
                came = total(entry.amount for entry in entries)
                raise InternalError(f"{writer.rule.name}: the ledger comes to {came}, not {value}")
            found.append(Posted(writer, value, entries))  # type: ignore[arg-type]
        return found

    # --- ledgers ----------------------------------------------------------------------------------------------------

    def ledgers(self, row: int) -> Ledgers:
        """Return the ledgers of one record."""
        record = self.part.plan.policy.record
        values = self.values(row)
        rules = self.rule_ledgers(row, values)
        return Ledgers(
            entity=cell_text(values[record.entity]),
            period=cell_text(values[record.period]) if record.period else "",
            policy=self.policy,
            source=self.results.source(self.part, row),
            fields=tuple(self._fields(values)),
            rules=rules,
            tables=tuple(self._tables(row)),
            language=self.part.language,
            values=values,
            labels=self.compiled.labels,
        )

    def rule_ledgers(self, row: int, values: dict[str, ExactValue]) -> tuple[RuleLedger, ...]:
        """Return the ledger of every rule of one record (or row) with these values."""
        posted = self.posted(values)
        reasons = reasons_of(posted)
        return tuple(
            RuleLedger(
                name=one.writer.rule.name,
                label=one.writer.label,
                value=one.value,
                shown=self.shown[one.writer.rule.name][row] if one.writer.rule.name in self.shown else None,
                reference=one.writer.rule.reference,
                declared=one.writer.rule.place,
                formula=one.writer.formula,
                entries=tuple(one.entries),
                reasons=tuple(reasons[one.writer.rule.name]),
                missing=() if one.value is not None else missing_of(one.writer, values),
            )
            for one in posted
        )

    def _tables(self, row: int) -> Iterator[TableLedgers]:
        for name, book in self.levels.items():
            rows = book.owned.get(row, [])
            yield TableLedgers(
                name=name,
                label=self.root.tables[name].table.label,
                labels=book.compiled.labels,
                rows=tuple(book.row_ledgers(below, number) for number, below in enumerate(rows, start=1)),
            )

    def row_ledgers(self, row: int, number: int) -> RowLedgers:
        """Return the ledgers of one detail row, ``number`` among those of its record."""
        values = self.values(row)
        return RowLedgers(
            name=self.row_names[row],
            number=number,
            source=self.results.source(self.part, row),
            fields=tuple(self._fields(values)),
            rules=self.rule_ledgers(row, values),
            tables=tuple(self._tables(row)),
            values=values,
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
                flag_words=flag_words(planned.declaration),
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


def leaves_of(rules: Iterable[tuple[str, Sequence[Entry]]]) -> dict[str, list[Leaf]]:
    """Return for each rule its lines, those of the rules it takes in put in the place of the lines that do so.

    The rules are given in the order they are computed. Amounts are as they count in the rule that is looked at,
    and add up to its value as its own lines do.
    """
    leaves: dict[str, list[Leaf]] = {}
    for name, entries in rules:
        own: list[Leaf] = []
        for entry in entries:
            inner = leaves.get(entry[0].rule) if entry[0].rule else None
            if inner and entry[3] is not None and (entry[4] is None or _starts(inner) == entry[4]):
                own += _scaled(inner, entry)
            else:
                own.append((name, entry, entry[1]))
        leaves[name] = own
    return leaves


def reasons_of(posted: list[Posted]) -> dict[str, list[Reason]]:
    """Return for each rule what cost it most, the worst first, found down to the lines of the rules it takes in.

    A value of one line lost nothing: that it is below zero is what it is.
    """
    leaves = leaves_of((one.writer.rule.name, one.entries) for one in posted)
    found: dict[str, list[Reason]] = {}
    for name, own in leaves.items():
        if len(own) < 2:
            found[name] = []
            continue
        losses = [Reason(*leaf) for leaf in own if below_zero(leaf[2]) and leaf[1][0].kind not in _NO_REASONS]
        if len(losses) > 1:
            losses.sort(key=_cost)
        found[name] = losses[:MOST_REASONS]
    return found


_NO_REASONS: Final = ("full_marks", "rounding")


def _cost(reason: Reason) -> Fraction:
    return order_of(reason[2])


def _starts(leaves: list[Leaf]) -> Number:
    """Return the full marks that a rule's lines start from; 0 for lines that count from zero."""
    return total(amount for _rule, entry, amount in leaves if entry[0].kind == "full_marks")


def _scaled(leaves: list[Leaf], entry: Entry) -> Iterator[Leaf]:
    """Yield the lines of a rule that is taken in, as they count there; the full marks it lost from stay out."""
    factor = entry.factor
    assert factor is not None  # noqa: S101 - asked only where there is one
    for rule, leaf, amount in leaves:
        if entry.marks is None or leaf.line.kind != "full_marks":
            yield rule, leaf, amount if factor is ONE else times(amount, factor)
