"""A plan with detail tables: its levels computed in turn, each with what it is given by the others.

An engine computes one level at a time. What rows are given from the record above, and what a record is given from its
rows, is put between as columns. Mostly the rows come first and the records after them; where rows need a rule of their
record that itself needs other rows, a level is computed again once more is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from rulecore.contracts import Engine, Value
from rulecore.engines.decode import decode, encode_any
from rulecore.engines.rows import over_rows
from rulecore.engines.schedule import Task, needed_tasks
from rulecore.errors import InternalError
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import CohortRef, FieldRef, Node, RuleRef
from rulecore.expr.supplied import ParentValue, SuppliedRef, TableCall
from rulecore.expr.types import Type
from rulecore.plan.references import names_read, row_parts
from rulecore.planned import CohortStep, Plan, PlannedRule, SuppliedValue
from rulecore.records.details import OWNER

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class Computed:
    """One level computed: ``inputs`` its fields and supplied values, ``steps`` what the engine gave."""

    inputs: pl.DataFrame = field(eq=False)
    steps: pl.DataFrame = field(eq=False)


def evaluate_levels(
    plan: Plan, engine: Engine, records: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
) -> dict[str, Computed]:
    """Return every level of a plan computed: the records under "", the tables by name.

    ``records`` and ``tables`` hold the typed fields, the tables also ``#record``.
    """
    levels = {"": _Level(name="", plan=plan, frame=records)}
    for table in plan.tables:
        levels[table.name] = _Level(
            name=table.name, plan=table.plan, frame=tables[table.name], above=levels[table.declaration.parent]
        )
    for level in levels.values():
        level.levels = levels
    pending = [*reversed(levels.values())]
    while True:
        moved = [level.advance(engine) for level in pending]
        if all(level.complete for level in pending):
            break
        if not any(moved):
            raise InternalError("the levels of a plan wait for one another")
    computed = {name: level.computed() for name, level in levels.items()}
    # The levels know one another: undone, so that their columns go as soon as nobody needs them.
    for level in levels.values():
        level.levels = {}
    return computed


@define(kw_only=True)
class _Level:
    name: str
    plan: Plan
    frame: pl.DataFrame
    above: _Level | None = None
    levels: dict[str, _Level] = field(factory=dict)
    known: set[str] = field(factory=set)
    steps: pl.DataFrame | None = None

    types: dict[str, Type] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.known = {planned.name for planned in self.plan.fields}
        self.types = {item.name: item.type for item in self.plan.inputs}
        self.types |= {step.name: step.type for step in self.plan.steps}

    @property
    def complete(self) -> bool:
        return self.known.issuperset(
            [*(value.name for value in self.plan.supplied), *(step.name for step in self.plan.steps)]
        )

    def computed(self) -> Computed:
        import polars as pl

        steps = self.steps if self.steps is not None else pl.DataFrame()
        return Computed(inputs=self.frame, steps=steps)

    def advance(self, engine: Engine) -> bool:
        """Take what can be had from the other levels, and compute what that allows; whether anything was new."""
        before = len(self.known)
        for value in self.plan.supplied:
            if value.name not in self.known and self.available(value):
                self.frame = self.frame.with_columns(self.supplied(value, engine))
                self.known.add(value.name)
        reached = set(self.known)
        ready: list[PlannedRule | CohortStep] = []
        for step in self.plan.steps:
            if step.name in self.known or all(name in reached for name in names_read(step.node)):
                reached.add(step.name)
                ready.append(step)
        if self.steps is None or any(step.name not in self.known for step in ready):
            given = [value for value in self.plan.supplied if value.name in self.known]
            # The plan's own steps where it is all of them: engines know by these what they worked out before.
            plan = evolve(
                self.plan,
                steps=self.plan.steps if len(ready) == len(self.plan.steps) else tuple(ready),
                supplied=self.plan.supplied if len(given) == len(self.plan.supplied) else tuple(given),
                columns=(),
            )
            columns = [item.name for item in plan.inputs]
            self.steps = engine.evaluate(plan, self.frame.select(columns))
            if self.steps.height != self.frame.height and self.steps.width:
                raise InternalError(
                    f"the engine {engine.name} gave {self.steps.height} rows for {self.frame.height} records"
                )
            self.known |= reached
        return len(self.known) > before

    def available(self, value: SuppliedValue) -> bool:
        match value.node:
            case ParentValue(name=name):
                assert self.above is not None  # noqa: S101 - only rows of tables are given values from above
                return name == OWNER or name in self.above.known
            case TableCall(table=table) as call:
                below = self.levels[table]
                return all(name in below.known for part in row_parts(call) for name in names_read(part))
        return value.name in self.frame.columns

    def supplied(self, value: SuppliedValue, engine: Engine) -> pl.Series:
        match value.node:
            case ParentValue(name=name):
                assert self.above is not None  # noqa: S101 - only rows of tables are given values from above
                if name == OWNER:
                    return self.frame[OWNER].alias(value.name)
                return self.above.stored(name).gather(self.frame[OWNER]).alias(value.name)
            case TableCall() as call:
                return self.levels[call.table].made(call, value, self.frame.height, engine)
        return self.frame[value.name]

    def stored(self, name: str) -> pl.Series:
        """Return a column of this level as it is kept."""
        if name in self.frame.columns:
            return self.frame[name]
        assert self.steps is not None  # noqa: S101 - asked for only once it is known
        return self.steps[name]

    def exact(self, node: Node) -> list[Value]:
        """Return the exact values of an operand: a name, or a constant."""
        if not isinstance(node, FieldRef | RuleRef | CohortRef | SuppliedRef):
            return [constant_value(node)] * self.frame.height
        return decode(self.stored(node.name), self.types[node.name])

    def made(self, call: TableCall, value: SuppliedValue, size: int, engine: Engine) -> pl.Series:
        """Return what a call over this table's rows gives each record above: in columns if the engine can."""
        if engine.over_rows is not None:
            given = None if call.argument is None else self.column(call.argument.node)
            met = None if call.where is None else self.column(call.where.node)
            if (call.argument is None or given is not None) and (call.where is None or met is not None):
                flags = None if met is None else met[0]
                found = engine.over_rows(call, given, flags, self.frame[OWNER], size, value.type)
                if found is not None:
                    return found.alias(value.name)
        values = None if call.argument is None else self.exact(call.argument.node)
        holds = None if call.where is None else [flag is True for flag in self.exact(call.where.node)]
        order = [self.exact(key.node) for key in call.order]
        results = over_rows(call, values, holds, order, self.frame[OWNER].to_list(), size)
        return encode_any(value.name, results, value.type)

    def column(self, node: Node) -> tuple[pl.Series, Type] | None:
        """Return an operand that is a name as it is stored, with its type."""
        if not isinstance(node, FieldRef | RuleRef | CohortRef | SuppliedRef):
            return None
        return self.stored(node.name), self.types[node.name]


def limited(plan: Plan, steps: Sequence[PlannedRule]) -> Plan:
    """Return the plan with these steps of the records, and of all levels only what they need."""
    own = {step.name: step for step in steps}
    # Steps of the records stand for those of their names in the plan.
    items: list[tuple[str, SuppliedValue | PlannedRule | CohortStep]] = [
        *(("", item) for item in (*plan.supplied, *plan.steps) if item.name not in own),
        *(("", step) for step in steps),
    ]
    for table in plan.tables:
        items += [(table.name, item) for item in (*table.plan.supplied, *table.plan.steps)]
    tasks = tuple(Task(level=level, item=item) for level, item in items)
    needed = {task.key for task in needed_tasks(plan, tasks, {("", name) for name in own})}

    def kept(level: str, of: Plan) -> Plan:
        # In the order of the level: rows may need a rule of their record that needs one of these steps.
        chosen: list[PlannedRule | CohortStep] = [
            step if level else own.get(step.name, step)
            for step in of.steps
            if (level, step.name) in needed or (not level and step.name in own)
        ]
        there = {step.name for step in chosen}
        return evolve(
            of,
            steps=(*chosen, *(step for step in steps if not level and step.name not in there)),
            supplied=tuple(value for value in of.supplied if (level, value.name) in needed),
            refusals=(),
            refusal_rules=(),
            columns=(),
            tables=(),
        )

    return evolve(
        kept("", plan),
        tables=tuple(evolve(table, plan=kept(table.name, table.plan)) for table in plan.tables),
    )
