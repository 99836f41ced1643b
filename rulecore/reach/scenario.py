"""A record and its detail rows while one cell is only known within bounds: what every value behind the cell can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from rulecore.engines.schedule import Task
from rulecore.expr import ranges
from rulecore.expr.nodes import Node
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.planned import CohortStep
from rulecore.reach.bounds import Bounds, Smooth
from rulecore.reach.possible import Flags, Numbers, Possible, flags_of, of_type, point
from rulecore.reach.rivals import Rivals
from rulecore.reach.rows import RowBounds, call_bounds
from rulecore.reach.slopes import FLAT, Slope, Slopes
from rulecore.reach.world import Key, World

Spot = tuple[str, int]
"""A row at its level: the record itself, or one of its detail rows."""
MOST_KEPT: Final = 1_000
ALWAYS: Final = Flags(true=True, false=False)


@frozen(kw_only=True)
class Path:
    """What lies between a cell and the target: the tasks that change with it, each for the record's own rows.

    ``rivals`` are the records that its ranks and counts compare it with; ``compared`` how many rows these look at.
    """

    table: str
    row: int
    name: str
    tasks: tuple[Task, ...]
    rows: Mapping[Key, Sequence[int]]
    rivals: Mapping[str, Rivals]
    compared: int = 0

    spots: frozenset[Spot] = frozenset()
    """The rows in which anything changes; the record itself is always one of them."""
    points: dict[Fraction, Scenario] = field(factory=dict, repr=False, eq=False)
    """Scenarios of single values of the cell: neighbouring intervals share their ends."""

    @property
    def key(self) -> Key:
        """The field of the cell, with its table."""
        return self.table, self.name


@frozen(kw_only=True, slots=False)
class Scenario:
    """Bounds of the values of a record and its rows; those that a path changes are set in the order of its tasks."""

    world: World
    path: Path
    _bounds: dict[Spot, Bounds] = field(factory=dict, init=False, repr=False)
    _names: dict[Spot, dict[str, Possible]] = field(factory=dict, init=False, repr=False)

    def at(self, level: str, row: int) -> Bounds:
        """Return the bounds of one row; those of a row that nothing changes are the same for all."""
        if (level, row) not in self.path.spots:
            return self.world.bounded(level, row)
        spot = (level, row)
        if spot not in self._bounds:
            self._names[spot] = dict(self.world.bounded(level, row).names)
            self._bounds[spot] = Bounds(self._names[spot])
        return self._bounds[spot]

    def names(self, level: str, row: int) -> dict[str, Possible]:
        """Return what the names of one row can be, to be read and set."""
        self.at(level, row)
        return self._names[level, row]

    def step(self, task: Task, row: int) -> None:
        """Set what one task can be for one row."""
        bounds = self.at(task.level, row)
        self._names[task.level, row][task.item.name] = self._possible(task, row, bounds)

    def _possible(self, task: Task, row: int, bounds: Bounds) -> Possible:
        match task.item.node:
            case ParentValue(name=name):
                level = self.world.levels[task.level]
                return self.at(level.above, level.owners[row]).names[name]
            case TableCall() as call:
                return call_bounds(call, self.rows_of(call, row), task.item.type)
        if isinstance(task.item, CohortStep):
            rivals = None if task.level else self.path.rivals[task.item.name]
            return of_type(task.item.type) if rivals is None else rivals.possible(bounds)
        return bounds.of(task.item.node)

    def rows_of(self, call: TableCall, owner: int) -> list[RowBounds]:
        """Return the rows of a record as a function over them sees them."""
        rows = self.world.levels[call.table].below.get(owner, ())
        return [
            RowBounds(
                value=None if call.argument is None else self.at(call.table, row).of(call.argument.node),
                met=ALWAYS if call.where is None else flags_of(self.at(call.table, row).of(call.where.node)),
            )
            for row in rows
        ]


@frozen(kw_only=True, slots=False)
class Interval:
    """The scenario of a cell within bounds, with those of its two ends where it is a number that changes."""

    whole: Scenario
    ends: tuple[Scenario, ...]
    _slopes: dict[Spot, Slopes] = field(factory=dict, init=False, repr=False)

    def run(self, path: Path) -> None:
        """Follow the path: bounds of every task, in all scenarios, and how steeply it rises."""
        if self.ends:
            self._slopes_at(path.table, path.row).names[path.name] = Range(Fraction(1), Fraction(1))
        for task in path.tasks:
            for row in path.rows[task.key]:
                if self.ends:
                    self._slopes_at(task.level, row)
                self.whole.step(task, row)
                if self.ends:
                    self._slopes_at(task.level, row).names[task.item.name] = self._slope(task, row)

    def _slopes_at(self, level: str, row: int) -> Slopes:
        if (level, row) not in self._slopes:
            bounds = self.whole.at(level, row)
            first, last = (end.at(level, row) for end in self.ends)
            slopes = self._slopes[level, row] = Slopes(bounds, {})
            bounds.smooth = Smooth(slopes=slopes, ends=(first, last))
        return self._slopes[level, row]

    def _slope(self, task: Task, row: int) -> Slope:
        """Return how steeply a task rises for one row; None where that is not known."""
        slopes = self._slopes_at(task.level, row)
        match task.item.node:
            case ParentValue(name=name):
                level = self.whole.world.levels[task.level]
                return self._slopes_at(level.above, level.owners[row]).names.get(name)
            case TableCall() as call:
                return self._sum_slope(call, row)
        return None if isinstance(task.item, CohortStep) else slopes.of(task.item.node)

    def _sum_slope(self, call: TableCall, owner: int) -> Slope:
        """Return how steeply a sum or mean over rows rises that surely count."""
        rows = self.whole.world.levels[call.table].below.get(owner, ())
        found = self.whole.rows_of(call, owner)
        counted = [row for row, one in zip(rows, found, strict=True) if one.states != ("left out",)]
        surely = all(one.surely for one in found if one.states != ("left out",))
        if call.function not in ("sum", "mean") or call.argument is None or not surely:
            return None
        total: Slope = FLAT
        for row in counted:
            total = _added(total, self._slope_of(call.argument.node, call.table, row))
        if total is None or call.function == "sum" or not counted:
            return total
        return Range(
            None if total.low is None else total.low / len(counted),
            None if total.high is None else total.high / len(counted),
        )

    def _slope_of(self, node: Node, table: str, row: int) -> Slope:
        if (table, row) not in self.whole.path.spots:
            return FLAT
        return self._slopes_at(table, row).of(node)


def _added(first: Slope, second: Slope) -> Slope:
    return None if first is None or second is None else ranges.add(first, second)


def interval(world: World, path: Path, value: Possible) -> Interval:
    """Return the bounds of everything behind a cell that lies within ``value``."""
    ends: tuple[Scenario, ...] = ()
    if isinstance(value, Numbers) and value.range.low != value.range.high:
        low, high = value.range.low, value.range.high
        if low is not None and high is not None:
            ends = (_at_point(world, path, low), _at_point(world, path, high))
    found = Interval(whole=_set(world, path, value), ends=ends)
    found.run(path)
    return found


def _at_point(world: World, path: Path, value: Fraction) -> Scenario:
    """Return the scenario of one value, all its tasks done."""
    if value not in path.points:
        if len(path.points) >= MOST_KEPT:
            path.points.clear()
        path.points[value] = scenario = _set(world, path, point(value))
        for task in path.tasks:
            for row in path.rows[task.key]:
                scenario.step(task, row)
    return path.points[value]


def _set(world: World, path: Path, value: Possible) -> Scenario:
    scenario = Scenario(world=world, path=path)
    scenario.names(path.table, path.row)[path.name] = value
    return scenario
