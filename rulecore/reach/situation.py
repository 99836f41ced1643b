"""One record whose cells are changed in thought: what depends on a cell, its bounds, and its exact results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from rulecore.contracts import Engine
from rulecore.engines.decode import encode
from rulecore.engines.exact import ExactValue
from rulecore.engines.schedule import Task, within_record
from rulecore.errors import InternalError
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.levels import evaluate_levels
from rulecore.plan.references import names_read
from rulecore.planned import CohortStep, PlannedField
from rulecore.reach.columns import Columns
from rulecore.reach.possible import Possible, flags_of
from rulecore.reach.rivals import Rivals
from rulecore.reach.scenario import Interval, Path, interval
from rulecore.reach.world import Key, World
from rulecore.results import PolicyResults, Results

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True, slots=False)
class Situation:
    """A record among the results of its policy, and the rule that is to come out otherwise."""

    results: Results
    part: PolicyResults
    row: int
    engine: Engine
    target: str
    _paths: dict[tuple[str, int, str], Path] = field(factory=dict, init=False, repr=False)

    @cached_property
    def world(self) -> World:
        """All values of the results, and what a change makes of them."""
        return World(results=self.results, part=self.part, row=self.row, target=self.target)

    @property
    def values(self) -> Mapping[str, ExactValue]:
        """The record's exact values as they are."""
        return self.world.own("", self.row)

    @property
    def columns(self) -> Columns:
        """The exact values of all records."""
        return self.world.levels[""].columns

    # --- what lies between a cell and the target ----------------------------------------------------------------------

    def path(self, table: str, row: int, name: str) -> Path:
        """Return the tasks between a cell and the target."""
        if (table, row, name) not in self._paths:
            self._paths[table, row, name] = self._path(table, row, name)
        return self._paths[table, row, name]

    def _path(self, table: str, row: int, name: str) -> Path:
        tasks = self.world.affected((table, name))
        changed = {(table, name), *(task.key for task in tasks)}
        steps = [(task, task.item) for task in tasks if isinstance(task.item, CohortStep)]
        shared = {task.key for task, step in steps if not (task.level and within_record(step))}
        rivals = {
            step.name: Rivals(
                columns=self.columns,
                row=self.row,
                step=step,
                fixed=not (self.world.closure(self.world.reads[task.key]) & shared)
                and not any(
                    ("", read) in changed for operand in step.node.by for read in names_read(operand)
                ),
            )
            for task, step in steps
            if not task.level
        }
        rows = self._rows(table, row, name, tasks)
        return Path(
            table=table,
            row=row,
            name=name,
            tasks=tasks,
            rows=rows,
            spots=frozenset({("", self.row), *((key[0], one) for key, many in rows.items() for one in many)}),
            rivals=rivals,
            compared=self.world.rows_compared(tasks),
        )

    def _rows(self, table: str, row: int, name: str, tasks: Sequence[Task]) -> dict[Key, Sequence[int]]:
        """Return for each task which of the record's own rows change with a cell."""
        found: dict[Key, Sequence[int]] = {(table, name): (row,)}
        for task in tasks:
            changed = {one for key in self.world.reads[task.key] for one in found.get(key, ())}
            level = self.world.levels[task.level]
            match task.item.node:
                case ParentValue():
                    rows = {one for owner in changed for one in level.below.get(owner, ())}
                case TableCall(table=below):
                    owners = self.world.levels[below].owners
                    rows = {owners[one] for one in changed}
                case _ if isinstance(task.item, CohortStep):
                    rows = set(self.world.own_rows[task.level])  # the others of its group change with it
                case _:
                    rows = changed
            found[task.key] = sorted(rows)
        return found

    # --- within bounds ------------------------------------------------------------------------------------------------

    def bounds(self, path: Path, value: Possible) -> Interval:
        """Return what everything behind a cell can be while the cell is within bounds and all else is as it is."""
        return interval(self.world, path, value)

    def of_target(self, found: Interval) -> Possible:
        """Return what the target can be."""
        return found.whole.at("", self.row).names[self.target]

    def surely_refused(self, found: Interval) -> bool:
        """Return whether a condition of the policy refuses the record wherever the cell lies within bounds."""
        plan = self.part.plan
        if not plan.refusals:
            return False
        names = found.whole.names("", self.row)
        bounds = found.whole.at("", self.row)
        for rule in plan.refusal_rules:
            names[rule.name] = bounds.of(rule.node)
        flags = (flags_of(names[refusal.step]) for refusal in plan.refusals)
        return any(flag.true and not flag.false and not flag.null for flag in flags)

    # --- exactly ------------------------------------------------------------------------------------------------------

    def outcome(self, path: Path, value: ExactValue) -> Outcome:
        """Return what the target is with this value in the cell, exactly."""
        overlay = self.world.changed(path.tasks, path.key, path.row, value)
        if self.world.refused(overlay):
            return Outcome(refused=True)
        return Outcome(value=self.world.at(overlay, ("", self.target), self.row))

    def evaluated(self, path: Path, value: ExactValue) -> PolicyResults:
        """Return the results of the policy once the engine has computed all records again, with this value."""
        part, planned = self.part, self.field(path.table, path.name)
        records, tables = part.records, {name: found.records for name, found in part.tables.items()}
        if path.table:
            tables[path.table] = _with_cell(tables[path.table], path.row, value, planned)
        else:
            records = _with_cell(records, path.row, value, planned)
        computed = evaluate_levels(part.plan, self.engine, records, tables)
        return evolve(
            part,
            records=computed[""].inputs,
            steps=computed[""].steps,
            tables={
                name: evolve(found, records=computed[name].inputs, steps=computed[name].steps)
                for name, found in part.tables.items()
            },
        )

    def field(self, table: str, name: str) -> PlannedField:
        """Return a field of the records, or of a detail table."""
        return next(item for item in self.part.plan.level(table).fields if item.name == name)


def _with_cell(frame: pl.DataFrame, row: int, value: ExactValue, planned: PlannedField) -> pl.DataFrame:
    column = encode(planned.name, [value], planned.type)
    if column is None:
        raise InternalError(f"the field {planned.name} has no column")
    before = frame[planned.name]
    return frame.with_columns(before[:row].append(column).append(before[row + 1 :]).alias(planned.name))


@frozen(kw_only=True)
class Outcome:
    """What the target comes to; ``refused``: the record would be refused."""

    value: ExactValue = None
    refused: bool = False
