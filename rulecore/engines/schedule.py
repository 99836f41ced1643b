"""The order in which the values of all levels of a plan can be computed, each once: records, and rows of their tables.

A plan without detail tables keeps its own order of steps.
"""

from __future__ import annotations

from attrs import define, field, frozen

from rulecore.errors import InternalError
from rulecore.expr.supplied import OWN_RECORD, RECORD_NUMBER, ParentValue, TableCall
from rulecore.plan.references import names_read, row_parts
from rulecore.planned import CohortStep, Plan, PlannedRule, SuppliedValue


@frozen(kw_only=True)
class Task:
    """One value to compute for every record or row: ``level`` is the table's name, empty for the records."""

    level: str
    item: SuppliedValue | PlannedRule | CohortStep

    @property
    def key(self) -> tuple[str, str]:
        """The level and the name of the value."""
        return self.level, self.item.name


def schedule(plan: Plan) -> tuple[Task, ...]:
    """Return the tasks of a plan, each after those whose values it needs."""
    levels = [_Level(name="", plan=plan)]
    levels += [
        _Level(name=table.name, plan=table.plan, above=table.declaration.parent) for table in plan.tables
    ]
    known = {level.name: {planned.name for planned in level.plan.fields} for level in levels}
    found: list[Task] = []
    # Rows first, as far as they go: what a record needs of them is then there in the first round.
    pending = list(reversed(levels))
    while pending:
        before = len(found)
        for level in pending:
            level.advance(known, found)
        pending = [level for level in pending if level.waiting]
        if pending and len(found) == before:
            raise InternalError("the levels of a plan wait for one another")
    return tuple(found)


@define(kw_only=True)
class _Level:
    name: str
    plan: Plan
    above: str = ""
    waiting: list[SuppliedValue | PlannedRule | CohortStep] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.waiting = [*self.plan.supplied, *self.plan.steps]

    def advance(self, known: dict[str, set[str]], found: list[Task]) -> None:
        """Add what can be computed now; steps are in an order of their own, so once through is enough."""
        waiting = []
        for item in self.waiting:
            if self.ready(item, known):
                known[self.name].add(item.name)
                found.append(Task(level=self.name, item=item))
            else:
                waiting.append(item)
        self.waiting = waiting

    def ready(self, item: SuppliedValue | PlannedRule | CohortStep, known: dict[str, set[str]]) -> bool:
        match item.node:
            case ParentValue(name=name):
                return name == RECORD_NUMBER or name in known[self.above]
            case TableCall(table=table) as call:
                return all(name in known[table] for part in row_parts(call) for name in names_read(part))
        if isinstance(item, SuppliedValue):
            return True
        return all(name in known[self.name] for name in names_read(item.node))


def needed_tasks(plan: Plan, tasks: tuple[Task, ...], wanted: set[tuple[str, str]]) -> tuple[Task, ...]:
    """Return those of some tasks that are wanted (by level and name) or needed for it, in their order."""
    above = {table.name: table.declaration.parent for table in plan.tables}
    by_key = {task.key: task for task in tasks}
    kept: set[tuple[str, str]] = set()
    waiting = list(wanted)
    while waiting:
        key = waiting.pop()
        task = by_key.get(key)
        if task is None or key in kept:
            continue
        kept.add(key)
        match task.item.node:
            case ParentValue(name=name):
                waiting.append((above[task.level], name))
            case TableCall(table=table) as call:
                waiting += [(table, name) for part in row_parts(call) for name in names_read(part)]
            case node:
                waiting += [(task.level, name) for name in names_read(node)]
    return tuple(task for task in tasks if task.key in kept)


def within_record(step: CohortStep) -> bool:
    """Whether a step of the rows of a table compares those of one record only."""
    return OWN_RECORD in step.node.by
