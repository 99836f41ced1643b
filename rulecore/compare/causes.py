"""Why a record's results differ: the first rule in the order of computing that differs while all it reads agrees.

A difference begins at an input of the record, at a rule that the policies define otherwise, or at a step that looks at
other records (a rank, a count, a cohort function) while the record's own operands agree. Everything behind it only
passes the difference on; what passes it on and is defined otherwise as well is a cause beside the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from attrs import evolve, field, frozen

from rulecore.adjustments.decision import Applied
from rulecore.compare.same import same_value
from rulecore.compare.side import Key, Side
from rulecore.compare.values import Cause, CauseKind, PolicyLine
from rulecore.engines.exact import Environment, Evaluate, ExactValue, compile_node
from rulecore.explain.numbers import explained
from rulecore.expr import nodes
from rulecore.expr.adjusted import ADJUSTED_PREFIX, AdjustedValue
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.plan.decisions import COMPUTED
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


class View(Protocol):
    """One record or detail row on one side."""

    def has(self, name: str) -> bool:
        """Return whether it has an input or step of that name."""
        ...

    def value(self, name: str) -> ExactValue:
        """Return a value that it has."""
        ...

    def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        """Return its rows of a detail table as they were read."""
        ...

    def decision(self, section: str) -> Applied | None:
        """Return what a committee decided about it under ``[adjustments.section]``, if anything."""
        ...

    def row_decision(self, table: str) -> Applied | None:
        """Return what a committee decided about one of its rows of a detail table, if anything."""
        ...


def _there(view: View, name: str) -> bool:
    """Return whether a value is known on one side; what a run without adjustments lacks is known all the same."""
    return view.has(name) or name.startswith(ADJUSTED_PREFIX) or view.has(_computed_of(name))


def _value(view: View, name: str) -> ExactValue:
    """Return a value; without adjustments nothing was decided, and every rule is as it was computed."""
    if view.has(name):
        return view.value(name)
    return view.value(_computed_of(name)) if view.has(_computed_of(name)) else None


def _computed_of(name: str) -> str:
    """Return the rule whose computed value a hidden step keeps, where a policy is adjusted."""
    rule, _at, what = name.rpartition("@")
    return rule if what == COMPUTED else ""


@frozen(kw_only=True)
class OfRecord:
    """A record of one side."""

    side: Side
    key: Key

    def has(self, name: str) -> bool:
        """Return whether it has an input or step of that name."""
        return self.side.has(self.key, name)

    def value(self, name: str) -> ExactValue:
        """Return a value that it has."""
        return self.side.value(self.key, name)

    def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        """Return its rows of a detail table as they were read."""
        return self.side.rows(self.key, table)

    def decision(self, section: str) -> Applied | None:
        """Return what a committee decided about it under ``[adjustments.section]``, if anything."""
        part, row = self.side.places[self.key]
        return next(
            (
                one
                for one in part.adjusted.applied
                if one.record == row and not one.table and one.decision.adjustment == section
            ),
            None,
        )

    def row_decision(self, table: str) -> Applied | None:
        """Return what a committee decided about one of its rows of a detail table, if anything."""
        part, row = self.side.places[self.key]
        applied = part.adjusted.applied
        return next((one for one in applied if one.record == row and one.table == table), None)


@frozen(kw_only=True)
class Traced:
    """The causes of a record's differences, and for each step that differs the positions of its causes."""

    causes: tuple[Cause, ...]
    because: Mapping[str, tuple[int, ...]]


def _aligned(old: Plan, new: Plan) -> tuple[Plan, Plan]:
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


@frozen(kw_only=True, slots=False)
class Tracer:
    """Finds the causes between two sides."""

    old: Side
    new: Side
    _pairs: dict[tuple[int, int], PolicyPair] = field(factory=dict, init=False, repr=False, eq=False)
    _levels: dict[tuple[int, str], PolicyPair] = field(factory=dict, init=False, repr=False, eq=False)
    _compiled: dict[int, Evaluate] = field(factory=dict, init=False, repr=False, eq=False)

    def pair(self, key: Key) -> PolicyPair:
        """Return the two policies of a record."""
        old, new = _aligned(self.old.plan(key), self.new.plan(key))
        if (id(old), id(new)) not in self._pairs:
            self._pairs[id(old), id(new)] = PolicyPair(old=old, new=new)
        return self._pairs[id(old), id(new)]

    def rows(self, key: Key, table: str) -> PolicyPair:
        """Return the two policies of a record for the rows of one of its detail tables."""
        pair = self.pair(key)
        if (id(pair), table) not in self._levels:
            self._levels[id(pair), table] = pair.level(table)
        return self._levels[id(pair), table]

    def pairs(self) -> Sequence[PolicyPair]:
        """Return all pairs of policies that were looked at."""
        return tuple(self._pairs.values())

    def trace(self, key: Key) -> Traced:
        """Return why a record's results differ."""
        views = OfRecord(side=self.old, key=key), OfRecord(side=self.new, key=key)
        return self.trace_pair(self.pair(key), *views)

    def trace_pair(self, pair: PolicyPair, old: View, new: View) -> Traced:
        """Return why the values of one record, or of one detail row, differ."""
        causes: list[Cause] = []
        because: dict[str, tuple[int, ...]] = {}

        def begin(name: str, cause: Cause, before: Sequence[int] = ()) -> None:
            # Several hidden steps of one rule may look at the others in the same way: that is said once.
            known = [index for index, other in enumerate(causes) if _kind_of(other) == _kind_of(cause)]
            found = known[0] if known and "@" in name else len(causes)
            if found == len(causes):
                causes.append(cause)
            because[name] = tuple(sorted({*before, found}))

        for name in pair.inputs:
            before, after = _value(old, name), _value(new, name)
            if same_value(before, after):
                continue
            decided = self._of_decision(pair, name, old, new)
            if decided is not None:
                begin(name, decided)
                continue
            given = self._given_to_rows(old, new, pair, name)
            passed = dict.fromkeys(index for other in given for index in because.get(other, ()))
            if passed:
                because[name] = tuple(sorted(passed))
            else:
                begin(name, self._of_input(pair, name, before, after))
        for step, read, otherwise in pair.steps:
            if not _there(old, step.name) or not _there(new, step.name):
                continue
            before, after = _value(old, step.name), _value(new, step.name)
            if same_value(before, after):
                continue
            passed = dict.fromkeys(index for name in sorted(read) for index in because.get(name, ()))
            if passed and not (otherwise and self._matters(old, new, pair, step)):
                because[step.name] = tuple(sorted(passed))
            else:
                begin(step.name, self._of_step(pair, step, otherwise, before, after), sorted(passed))
        return Traced(causes=tuple(causes), because=because)

    def _given_to_rows(self, old: View, new: View, pair: PolicyPair, name: str) -> Sequence[str]:
        """Return the fields that rows are given, where a value from rows differs though these and their rules agree."""
        found = next(item for item in pair.new.inputs if item.name == name)
        if not isinstance(found, SuppliedValue) or not isinstance(found.node, TableCall):
            return ()
        table = found.node.table
        there = all(
            any(item.name == table and not item.declaration.parent for item in plan.tables)
            for plan in (pair.old, pair.new)
        )
        if not there or pair.lines_of(found) or old.rows(table) != new.rows(table):
            return ()
        return [
            value.node.name for value in pair.new.level(table).supplied if isinstance(value.node, ParentValue)
        ]

    def _matters(self, before: View, after: View, pair: PolicyPair, step: PlannedRule | CohortStep) -> bool:
        """Return whether the other definition gives this record another value, from its old or its new inputs."""
        old = pair.old_steps[step.name]
        if not isinstance(step, PlannedRule) or not isinstance(old, PlannedRule):
            return True  # a definition over all records
        return any(
            not same_value(self._computed(view, old.node), self._computed(view, step.node))
            for view in (before, after)
        )

    def _computed(self, view: View, node: Node) -> ExactValue:
        """Return what a rule gives with the values of one side; what that side does not have is not applicable."""
        if id(node) not in self._compiled:
            self._compiled[id(node)] = compile_node(node)
        values = {name: _value(view, name) for name in sorted(set(names_read(node)))}
        return self._compiled[id(node)](Environment(values))

    def _of_input(self, pair: PolicyPair, name: str, before: ExactValue, after: ExactValue) -> Cause:
        found = next(item for item in pair.new.inputs if item.name == name)
        first, second = explained(before), explained(after)
        if not isinstance(found, SuppliedValue):
            return Cause(kind="input", name=name, label=found.label, before=first, after=second)
        if isinstance(found.node, TableCall):
            table = next((item.label for item in pair.new.tables if item.name == found.node.table), name)
            lines = pair.lines_of(found)
            kind: CauseKind = "policy" if lines else "rows"
            return Cause(kind=kind, name=name, label=table, lines=lines, before=first, after=second)
        if isinstance(found.node, ParentValue):
            label = self._above(pair, found.node.name)
            return Cause(kind="above", name=name, label=label, before=first, after=second)
        label = _rule_label(pair.new, found.rule)
        return Cause(kind="earlier", name=name, label=label, before=first, after=second)

    def _of_decision(self, pair: PolicyPair, name: str, old: View, new: View) -> Cause | None:
        """Return the decision of a committee that an input stands for, where it stands for one."""
        found = next(item for item in pair.new.inputs if item.name == name)
        if isinstance(found, SuppliedValue) and isinstance(found.node, TableCall):
            before, after = (view.row_decision(found.node.table) for view in (old, new))
            if (before and before.decision) == (after and after.decision) or pair.lines_of(found):
                return None  # what differs is no decision
        elif isinstance(found, SuppliedValue) and isinstance(found.node, AdjustedValue):
            before, after = (view.decision(found.node.section) for view in (old, new))
        else:
            return None
        said = after or before
        if said is None:
            return None
        section = said.decision.adjustment
        return Cause(
            kind="adjustment",
            name=section,
            label=said.label,
            before=None if before is None else before.decision.number,
            after=None if after is None else after.decision.number,
            others=said.decision.decided_by,
            reference=said.decision.reference,
        )

    def _above(self, pair: PolicyPair, name: str) -> str:
        """Return what a value is called that a row is given from the record (or row) above it."""
        if not isinstance(pair, RowPair):
            return name
        tables = pair.records.new.tables
        parent = next((item.declaration.parent for item in tables if item.name == pair.table), "")
        plan = pair.records.new.level(parent)
        labels = {item.name: item.label for item in plan.fields}
        return labels.get(name) or _rule_label(plan, name)

    def _of_step(
        self,
        pair: PolicyPair,
        step: PlannedRule | CohortStep,
        otherwise: bool,
        before: ExactValue,
        after: ExactValue,
    ) -> Cause:
        cause = Cause(
            kind="policy" if otherwise else "others",
            name=step.name,
            label=_rule_label(pair.new, step.name.split("@")[0]),
            before=explained(before),
            after=explained(after),
        )
        if otherwise:
            return evolve(cause, lines=pair.lines_of(step))
        return evolve(cause, others=_how(step.node))


def _kind_of(cause: Cause) -> Cause:
    """Return a cause without what tells two of one rule apart."""
    return evolve(cause, name="", before=None, after=None)


def _rule_label(plan: Plan, name: str) -> str:
    rule = plan.rule(name)
    return rule.label if rule is not None else name


def _how(node: Node) -> str:
    match node:
        case nodes.Rank():
            return "rank"
        case nodes.CohortCount():
            return "count"
        case nodes.CohortCall():
            return node.function
        case _:
            return "others"
