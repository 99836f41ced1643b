"""What a record's detail rows gave it: each row's value, which rows counted, and why others did not.

Rows are computed once more like their record. What a function makes of them must equal what the record was given, and
what rows were given from above must equal what the record has: whatever differs raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define, field

from rulecore.contracts import Value
from rulecore.engines.rows import in_order, over_rows
from rulecore.errors import InternalError
from rulecore.explain.chosen import states
from rulecore.explain.labels import labels_of
from rulecore.explain.numbers import explained
from rulecore.explain.recompute import Recomputed, recompute
from rulecore.explain.values import Aggregate, AggregatedRow, RowState, Words
from rulecore.explain.wording import LANGUAGES, Labels, Wording
from rulecore.expr import nodes
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import ParentValue, SuppliedRef, TableCall
from rulecore.expr.words import formula
from rulecore.planned import SuppliedValue
from rulecore.reals import Real
from rulecore.records.details import OWNER
from rulecore.results import PolicyResults, Results
from rulecore.source import Place

_NAMES = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)


@define
class RowsOf:
    """The detail rows of the records of one policy's results; ``part`` is that of the records."""

    results: Results
    part: PolicyResults
    _computed: dict[tuple[str, int], Recomputed] = field(factory=dict)
    _below: dict[str, dict[int, list[int]]] = field(factory=dict)
    _labels: dict[str, Labels] = field(factory=dict)

    def level(self, table: str) -> PolicyResults:
        """Return the rows of a table as the records of a policy of their own; those of "" are the records."""
        return self.part.tables[table].part if table else self.part

    def labels(self, table: str) -> Labels:
        """Return what formulas of a level call things."""
        if table not in self._labels:
            self._labels[table] = labels_of(self.part.plan, table)
        return self._labels[table]

    def below(self, table: str, owner: int) -> list[int]:
        """Return the rows of a table that belong to a record (or row), in the order of the input."""
        if table not in self._below:
            found: dict[int, list[int]] = {}
            for row, above in enumerate(self.part.tables[table].records[OWNER]):
                found.setdefault(above, []).append(row)
            self._below[table] = found
        return self._below[table].get(owner, [])

    def computed(self, table: str, row: int) -> Recomputed:
        """Return a row computed once more."""
        key = (table, row)
        if key not in self._computed:
            self._computed[key] = recompute(self.results, self.level(table), row)
        return self._computed[key]

    def name(self, table: str, row: int) -> str:
        """Return what the policy calls a row (its ``row`` field), or nothing."""
        level = self.level(table)
        named = level.plan.policy.record.entity
        return level.field_at(named, row) if named else ""

    def source(self, table: str, row: int) -> Place | None:
        """Return where a row was read."""
        return self.results.source(self.level(table), row)

    # --- what the record was given ----------------------------------------------------------------------------------

    def check_given(self, table: str, row: int, above: Recomputed) -> None:
        """Raise InternalError unless a row was given what the record above it has."""
        values = self.computed(table, row).values
        for value in self.level(table).plan.supplied:
            match value.node:
                case ParentValue(name=name) if (
                    name in above.values and above.values[name] != values[value.name]
                ):
                    raise InternalError(
                        f"{table}: a row was given {values[value.name]!r} as {name}, but its record has "
                        f"{above.values[name]!r}"
                    )

    def aggregates(
        self, table: str, row: int, record: Recomputed, names: Sequence[tuple[SuppliedRef, Words]]
    ) -> Iterator[Aggregate]:
        """Yield what functions made of the rows of one record (or row); ``names`` are those to tell, as worded."""
        given = {value.name: value for value in self.level(table).plan.supplied}
        for reference, words in names:
            found = given.get(reference.name)
            if found is not None and isinstance(found.node, TableCall):
                yield self._aggregate(found, found.node, row, record, words, reference)

    def _aggregate(
        self,
        given: SuppliedValue,
        call: TableCall,
        owner: int,
        record: Recomputed,
        words: Words,
        reference: SuppliedRef,
    ) -> Aggregate:
        rows = self.below(call.table, owner)
        values = (
            None
            if call.argument is None
            else [self._value(call.table, row, call.argument.node) for row in rows]
        )
        met = (
            None
            if call.where is None
            else [self._value(call.table, row, call.where.node) is True for row in rows]
        )
        order = [[self._value(call.table, row, key.node) for row in rows] for key in call.order]
        (total,) = over_rows(call, values, met, order, [0] * len(rows), 1)
        if total != record.values[given.name]:
            raise InternalError(
                f"{given.name}: explained as {total!r}, but the result is {record.values[given.name]!r}"
            )
        kept = [index for index in range(len(rows)) if met is None or met[index]]
        decided = states(call, values, in_order(kept, order) if order else kept, len(rows))
        return Aggregate(
            formula=words,
            function=call.function,
            table=call.table,
            label=self.part.tables[call.table].table.label,
            value=explained(total),
            rows=tuple(
                self._row(call, row, number, decided[number - 1], reference)
                for number, row in enumerate(rows, start=1)
            ),
        )

    def _row(
        self, call: TableCall, row: int, number: int, state: RowState, reference: SuppliedRef
    ) -> AggregatedRow:
        left_out = state == "left_out"
        said = call.where if left_out else call.argument
        written = reference.node if isinstance(reference.node, TableCall) else call
        condition = Words()
        if left_out and written.where is not None:
            condition = self._worded(call.table, written.where.node)
        return AggregatedRow(
            name=self.name(call.table, row),
            number=number,
            source=self.source(call.table, row),
            value=None
            if call.argument is None
            else explained(self._value(call.table, row, call.argument.node)),
            counts_rows=call.argument is None,
            condition=condition,
            substituted=self._substituted(call.table, row, said.node) if said is not None else Words(),
            state=state,
        )

    def _value(self, table: str, row: int, node: Node) -> Value:
        if not isinstance(node, _NAMES):
            return constant_value(node)
        value = self.computed(table, row).values[node.name]
        if isinstance(value, Real):
            raise InternalError(f"{table}: a value that rows give is not exact")
        return value

    def _substituted(self, table: str, row: int, node: Node) -> Words:
        """Return the calculation of an operand with its numbers; nothing for a plain name: its value says it."""
        rule = self.level(table).plan.rule(node.name) if isinstance(node, nodes.RuleRef) else None
        if rule is None or not rule.hidden:
            return Words()
        record = self.computed(table, row)
        trace = record.traces[rule.name]
        return Wording(labels=self.labels(table), trace=trace, values=record.values).reduced(trace.node)

    def _worded(self, table: str, node: Node) -> Words:
        zh, en = (formula(node, language, self.labels(table)[language]) for language in LANGUAGES)
        return Words(zh=zh, en=en)
