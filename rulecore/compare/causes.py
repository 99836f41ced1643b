"""Why a record's results differ: the first rule in the order of computing that differs while all it reads agrees.

A difference begins at an input of the record, at a rule that the policies define otherwise, or at a step that looks at
other records (a rank, a count, a cohort function) while the record's own operands agree. Everything behind it only
passes the difference on; what passes it on and is defined otherwise as well is a cause beside the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, field, frozen

from rulecore.compare.pairs import PolicyPair, RowPair, aligned
from rulecore.compare.same import same_value
from rulecore.compare.side import Key, Side
from rulecore.compare.values import Cause, CauseKind
from rulecore.compare.views import OfRecord, View, is_there, value_of
from rulecore.engines.exact import Environment, Evaluate, ExactValue, compile_node
from rulecore.explain.numbers import explained
from rulecore.expr import nodes
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.plan.references import names_read
from rulecore.planned import CohortStep, Plan, PlannedRule, SuppliedValue


@frozen(kw_only=True)
class Traced:
    """The causes of a record's differences, and for each step that differs the positions of its causes."""

    causes: tuple[Cause, ...]
    because: Mapping[str, tuple[int, ...]]


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
        old, new = aligned(self.old.plan(key), self.new.plan(key))
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
            before, after = value_of(old, name), value_of(new, name)
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
            if not is_there(old, step.name) or not is_there(new, step.name):
                continue
            before, after = value_of(old, step.name), value_of(new, step.name)
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
        values = {name: value_of(view, name) for name in sorted(set(names_read(node)))}
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
