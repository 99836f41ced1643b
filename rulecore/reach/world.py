"""The values of a policy's results, level by level, and what a changed cell makes of them, exactly.

A change is followed through the tasks of the plan in their order: a rule is computed again for the rows that read a
value that changed, a function over rows for the records whose rows changed, a rank or a pool for the groups whose
members changed. What comes out as it was ends there. So a trial takes as long as what it touches is large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from attrs import field, frozen

from rulecore.contracts import Value
from rulecore.engines.exact import Environment, Evaluate, ExactValue, compile_node
from rulecore.engines.reference import Computed, add_cohort_step
from rulecore.engines.rows import over_rows
from rulecore.engines.schedule import Task, needed_tasks, schedule, within_record
from rulecore.errors import InternalError
from rulecore.explain.recompute import recompute
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import CohortRef, FieldRef, Node, RuleRef
from rulecore.expr.supplied import RECORD_NUMBER, ParentValue, SuppliedRef, TableCall
from rulecore.plan.references import names_read, row_parts
from rulecore.planned import CohortStep, PlannedRule
from rulecore.reach.bounds import Bounds
from rulecore.reach.columns import Columns
from rulecore.reach.possible import known
from rulecore.reals import Real
from rulecore.records.details import OWNER
from rulecore.results import PolicyResults, Results

Key = tuple[str, str]
"""A value: the table it belongs to ("" for the records) and its name."""
Overlay = dict[Key, dict[int, ExactValue]]
"""The values that differ from those of the results, by row."""


@frozen(kw_only=True, slots=False)
class Level:
    """The records (the name is then empty) or the rows of one detail table, with their exact values."""

    name: str
    above: str
    part: PolicyResults
    owners: Sequence[int] = ()
    """For each row the position of the record (or row) that it belongs to; of records nothing."""

    @cached_property
    def columns(self) -> Columns:
        """The exact values of all rows."""
        return Columns(part=self.part)

    @cached_property
    def below(self) -> Mapping[int, Sequence[int]]:
        """The rows of each record (or row) above, in the order of the input."""
        found: dict[int, list[int]] = {}
        for row, owner in enumerate(self.owners):
            found.setdefault(owner, []).append(row)
        return found


@frozen(kw_only=True, slots=False)
class World:
    """The results of one policy, one record among them, and the rule that is to come out otherwise."""

    results: Results
    part: PolicyResults
    row: int
    target: str
    _compiled: dict[int, Evaluate] = field(factory=dict, init=False, repr=False)
    _own: dict[tuple[str, int], Mapping[str, ExactValue]] = field(factory=dict, init=False, repr=False)
    _bounded: dict[tuple[str, int], Bounds] = field(factory=dict, init=False, repr=False)
    _groups: dict[Key, dict[tuple[ExactValue, ...], list[int]]] = field(factory=dict, init=False, repr=False)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The levels by name, the records first."""
        found = {"": Level(name="", above="", part=self.part)}
        for name, table in self.part.tables.items():
            owners = table.records[OWNER].to_list()
            above = table.table.declaration.parent
            found[name] = Level(name=name, above=above, part=table.part, owners=owners)
        return found

    @cached_property
    def own_rows(self) -> Mapping[str, Sequence[int]]:
        """The rows of the record at each level: itself, and those of its detail tables."""
        found: dict[str, Sequence[int]] = {"": (self.row,)}
        for table in self.part.plan.tables:
            level = self.levels[table.name]
            found[table.name] = [row for owner in found[level.above] for row in level.below.get(owner, ())]
        return found

    def value(self, key: Key, row: int) -> ExactValue:
        """Return a value as it is in the results."""
        level, name = key
        if row in self._own_set[level]:
            return self.own(level, row)[name]
        return self.levels[level].columns.named(name)[row]

    @cached_property
    def _own_set(self) -> Mapping[str, frozenset[int]]:
        return {level: frozenset(rows) for level, rows in self.own_rows.items()}

    def own(self, level: str, row: int) -> Mapping[str, ExactValue]:
        """Return the exact values of the record, or of a row of it, by name."""
        if (level, row) not in self._own:
            self._own[level, row] = recompute(self.results, self.levels[level].part, row).values
        return self._own[level, row]

    def bounded(self, level: str, row: int) -> Bounds:
        """Return the values of the record, or of a row of it, as bounds: each is the one value it has."""
        if (level, row) not in self._bounded:
            values = self.own(level, row)
            self._bounded[level, row] = Bounds({name: known(value) for name, value in values.items()})
        return self._bounded[level, row]

    # --- what depends on what -----------------------------------------------------------------------------------------

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """What the target depends on, and the conditions that refuse records, in the order of computing."""
        plan = self.part.plan
        wanted = {("", self.target)}
        wanted |= {("", name) for rule in plan.refusal_rules for name in names_read(rule.node)}
        return needed_tasks(plan, schedule(plan), wanted)

    @cached_property
    def reads(self) -> Mapping[Key, frozenset[Key]]:
        """What each task reads."""
        return {task.key: frozenset(self._read(task)) for task in self.tasks}

    def _read(self, task: Task) -> Iterable[Key]:
        match task.item.node:
            case ParentValue(name=name):
                return [(self.levels[task.level].above, name)]
            case TableCall(table=table) as call:
                return [(table, name) for part in row_parts(call) for name in names_read(part)]
            case node:
                return [(task.level, name) for name in names_read(node)]

    def closure(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Return some values and all that they depend on."""
        found, waiting = set[Key](), [*keys]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self.reads.get(key, ())
        return frozenset(found)

    @cached_property
    def needed(self) -> frozenset[Key]:
        """What the target depends on, itself among it."""
        return self.closure([("", self.target)])

    def affected(self, key: Key) -> tuple[Task, ...]:
        """Return the tasks that change with a value, in order."""
        changed = {key}
        found = []
        for task in self.tasks:
            if self.reads[task.key] & changed:
                changed.add(task.key)
                found.append(task)
        return tuple(found)

    # --- a change and all that follows --------------------------------------------------------------------------------

    def changed(self, tasks: Sequence[Task], key: Key, row: int, value: ExactValue) -> Overlay:
        """Return what comes of one cell's other value: every value of ``tasks`` that then differs."""
        overlay: Overlay = {key: {row: value}}
        for task in tasks:
            found = {
                row: new
                for row, new in self._computed(task, overlay).items()
                if isinstance(new, Real) or new != self.value(task.key, row)
            }
            if found:
                overlay[task.key] = found
        return overlay

    def at(self, overlay: Overlay, key: Key, row: int) -> ExactValue:
        """Return a value with a change made."""
        rows = overlay.get(key)
        return rows[row] if rows is not None and row in rows else self.value(key, row)

    def refused(self, overlay: Overlay) -> bool:
        """Return whether a condition of the policy would refuse the record with a change made."""
        plan = self.part.plan
        found: dict[str, ExactValue] = {}
        for rule in plan.refusal_rules:
            values = {
                name: found[name] if name in found else self.at(overlay, ("", name), self.row)
                for name in names_read(rule.node)
            }
            found[rule.name] = self._evaluate(rule.node)(Environment(values))
        return any(found[refusal.step] is True for refusal in plan.refusals)

    def _dirty(self, keys: Iterable[Key], overlay: Overlay) -> set[int]:
        return {row for key in keys if key in overlay for row in overlay[key]}

    def _computed(self, task: Task, overlay: Overlay) -> Mapping[int, ExactValue]:
        """Return the values of a task for the rows that read something that changed."""
        dirty = self._dirty(self.reads[task.key], overlay)
        if not dirty:
            return {}
        level = self.levels[task.level]
        match task.item.node:
            case ParentValue(name=name):
                if name == RECORD_NUMBER:
                    return {}
                rows = [(row, owner) for owner in dirty for row in level.below.get(owner, ())]
                return {row: self.at(overlay, (level.above, name), owner) for row, owner in rows}
            case TableCall() as call:
                below = self.levels[call.table]
                owners = sorted({below.owners[row] for row in dirty})
                return {owner: self._over_rows(call, owner, overlay) for owner in owners}
        if isinstance(task.item, CohortStep):
            return self._cohort(task.level, task.item, dirty, overlay)
        assert isinstance(task.item, PlannedRule)  # noqa: S101 - other supplied values come from outside
        evaluate = self._evaluate(task.item.node)
        names = [name for _level, name in self.reads[task.key]]
        return {
            row: evaluate(Environment({name: self.at(overlay, (task.level, name), row) for name in names}))
            for row in sorted(dirty)
        }

    def _evaluate(self, node: Node) -> Evaluate:
        if id(node) not in self._compiled:
            self._compiled[id(node)] = compile_node(node)
        return self._compiled[id(node)]

    def _over_rows(self, call: TableCall, owner: int, overlay: Overlay) -> Value:
        rows = self.levels[call.table].below.get(owner, ())

        def operand(node: Node) -> list[Value]:
            return [_settled(self._operand(node, call.table, row, overlay)) for row in rows]

        values = None if call.argument is None else operand(call.argument.node)
        met = None if call.where is None else [flag is True for flag in operand(call.where.node)]
        order = [operand(key.node) for key in call.order]
        return over_rows(call, values, met, order, [0] * len(rows), 1)[0]

    def _operand(self, node: Node, table: str, row: int, overlay: Overlay) -> ExactValue:
        if not isinstance(node, FieldRef | RuleRef | CohortRef | SuppliedRef):
            return constant_value(node)
        return self.at(overlay, (table, node.name), row)

    def _cohort(
        self, level: str, step: CohortStep, dirty: set[int], overlay: Overlay
    ) -> Mapping[int, ExactValue]:
        """Return a cohort step for all members of the groups that changed rows are in, or were in."""
        known = self.groups(level, step)
        touched = {self._group(level, step, row, {}) for row in dirty}
        touched |= {self._group(level, step, row, overlay) for row in dirty}
        rows = sorted({row for group in touched for row in known.get(group, ())} | dirty)
        names = [name for _level, name in self.reads[level, step.name]]
        values = [{name: self.at(overlay, (level, name), row) for name in names} for row in rows]
        found = Computed(values, [{} for _ in values])
        add_cohort_step(step, self.levels[level].part.plan, found)
        return {row: one[step.name] for row, one in zip(rows, found.values, strict=True)}

    def groups(self, level: str, step: CohortStep) -> Mapping[tuple[ExactValue, ...], list[int]]:
        """Return the rows of each group that a cohort step compares, as they are in the results."""
        key = (level, step.name)
        if key not in self._groups:
            found: dict[tuple[ExactValue, ...], list[int]] = {}
            for row in range(self.levels[level].part.records.height):
                found.setdefault(self._group(level, step, row, {}), []).append(row)
            self._groups[key] = found
        return self._groups[key]

    def _group(self, level: str, step: CohortStep, row: int, overlay: Overlay) -> tuple[ExactValue, ...]:
        return tuple(self._operand(node, level, row, overlay) for node in step.node.by)

    def rows_compared(self, tasks: Sequence[Task]) -> int:
        """Return how many rows the ranks, counts and cohort functions among some tasks look at together."""
        return sum(
            self.levels[task.level].part.records.height if not within_record(task.item) else 0
            for task in tasks
            if isinstance(task.item, CohortStep)
        )


def _settled(value: ExactValue) -> Value:
    if isinstance(value, Real):
        raise InternalError("an inexact value reached a call over rows")
    return value
