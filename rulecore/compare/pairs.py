"""Two policies that one record was computed by: what differs between them, and which lines make a rule differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from attrs import frozen

from rulecore.compare.values import PolicyLine
from rulecore.expr import nodes
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import TableCall
from rulecore.plan.references import names_read, parts
from rulecore.plan.structure_keys import StructureKeys
from rulecore.planned import CohortStep, Plan, PlannedRule, SuppliedValue
from rulecore.policy.amounts import same
from rulecore.policy.document import Document
from rulecore.policy.origins import Change, differences
from rulecore.policy.words import shown_value
from rulecore.source import KeyPath

OWN_WORDS = ("name", "version", "title")
"""Keys of ``[policy]`` that change with every issue of a policy and no result with them."""


@frozen(kw_only=True, slots=False)
class PolicyPair:
    """Two policies that one record was computed by."""

    old: Plan
    new: Plan

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The lines that differ."""
        old, new = self.old.document, self.new.document
        if not isinstance(old, Document) or not isinstance(new, Document) or old is new:
            return ()
        return tuple(
            finer
            for change in differences(old, new)
            if not (change.key[0] == "policy" and change.key[-1] in OWN_WORDS)
            for finer in _finer(change, old, new)
        )

    @cached_property
    def lines(self) -> tuple[PolicyLine, ...]:
        """The lines that differ, as they are shown."""
        return tuple(line_of(change) for change in self.changes)

    @cached_property
    def old_steps(self) -> Mapping[str, PlannedRule | CohortStep]:
        """The old policy's steps by name."""
        return {step.name: step for step in self.old.steps}

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs that both have, but those that say who a record is."""
        record = self.new.policy.record  # of a detail table: what names its rows
        identity = {record.entity, *record.key, record.period}
        known = {item.name for item in self.old.inputs}
        return tuple(
            item.name for item in self.new.inputs if item.name in known and item.name not in identity
        )

    @cached_property
    def steps(self) -> tuple[tuple[PlannedRule | CohortStep, frozenset[str], bool], ...]:
        """The steps both have, in order, each with what it reads in both and whether it is defined otherwise."""
        keys = StructureKeys()
        names = {*self.inputs, *self.old_steps}
        found = []
        for step in self.new.steps:
            old = self.old_steps.get(step.name)
            if old is not None:
                read = {*names_read(step.node), *names_read(old.node)} & names
                found.append((step, frozenset(read), keys.key(step.node) != keys.key(old.node)))
        return tuple(found)

    def lines_of(self, step: PlannedRule | CohortStep | SuppliedValue) -> tuple[PolicyLine, ...]:
        """Return the lines that make a step differ: its rule's own, the parameters it reads, its tables'."""
        rule = step.name.split("@")[0] if not isinstance(step, SuppliedValue) else step.rule
        old = self.old_steps.get(step.name)
        wanted: set[KeyPath] = {(*self.prefix, "rules", rule)}
        for node in [step.node, *([old.node] if old is not None else [])]:
            wanted |= set(_sections_read(node))
        return tuple(
            line_of(change)
            for change in self.changes
            if any(change.key[: len(section)] == section for section in wanted)
        )

    @property
    def prefix(self) -> KeyPath:
        """Where the rules of the policies' documents stand."""
        return ()

    def level(self, table: str) -> PolicyPair:
        """Return the pair for the rows of a detail table that both have."""
        return RowPair(old=self.old.level(table), new=self.new.level(table), records=self, table=table)


@frozen(kw_only=True, slots=False)
class RowPair(PolicyPair):
    """The levels of two policies for the rows of one detail table."""

    records: PolicyPair
    table: str

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The lines that differ, of the whole policies: rows read their parameters."""
        return self.records.changes

    @property
    def prefix(self) -> KeyPath:
        """Where the rules of the rows stand."""
        return "tables", self.table


def _finer(change: Change, old: Document, new: Document) -> Iterator[Change]:
    """Yield a change of a list as those of its items, where it has as many on both sides."""
    before, after = change.before, change.after
    items: list[tuple[str | int, object, object]] = []
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        items = [(index, *pair) for index, pair in enumerate(zip(before, after, strict=True))]
    elif isinstance(before, Mapping) and isinstance(after, Mapping) and before.keys() == after.keys():
        items = [(name, before[name], after[name]) for name in before]
    if not items:
        yield change
        return
    for part, first, second in items:
        if not same(first, second):
            key = (*change.key, part)
            inner = Change(
                key=key,
                before=first,
                after=second,
                place=new.place(key),
                before_place=old.place(key),
            )
            yield from _finer(inner, old, new)


def line_of(change: Change) -> PolicyLine:
    """Return a changed value as it is shown."""
    return PolicyLine(
        key=change.name,
        before=None if change.before is None else shown_value(change.before),
        after=None if change.after is None else shown_value(change.after),
        before_place=change.before_place,
        after_place=change.place if change.after is not None else None,
    )


def _sections_read(node: Node) -> Iterator[tuple[str, str]]:
    for part in parts(node):
        if isinstance(part, nodes.ParameterRef | nodes.ListLiteral) and part.name:
            yield "parameters", part.name
        elif isinstance(part, TableCall):
            yield "tables", part.table


def aligned(old: Plan, new: Plan) -> tuple[Plan, Plan]:
    """Return two plans to compare: where one side was given adjustments, the other as if it had been given none."""
    if _adjusted(new) and not _adjusted(old):
        return old.adjustable or old, new
    if _adjusted(old) and not _adjusted(new):
        return old, new.adjustable or new
    return old, new


def _adjusted(plan: Plan) -> bool:
    """Return whether a plan is that of a run that was given adjustments."""
    levels = (plan, *(table.plan for table in plan.tables))
    return any(isinstance(value.node, AdjustedValue) for level in levels for value in level.supplied)
