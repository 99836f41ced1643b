"""One record whose inputs are changed in thought: what depends on an input, its bounds, and its exact results."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from attrs import evolve, field, frozen

from rulecore.contracts import Engine
from rulecore.engines.decode import encode
from rulecore.engines.exact import Environment, Evaluate, ExactValue, compile_node
from rulecore.errors import InternalError
from rulecore.explain.recompute import recompute
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.plan.references import names_read
from rulecore.planned import CohortStep, PlannedField, PlannedRule
from rulecore.reach.bounds import Bounds, Smooth
from rulecore.reach.columns import Columns
from rulecore.reach.possible import Numbers, Possible, flags_of, known, point
from rulecore.reach.rivals import Rivals
from rulecore.reach.slopes import Slopes
from rulecore.results import PolicyResults, Results


@frozen(kw_only=True, slots=False)
class Situation:
    """A record among the results of its policy, and the rule that is to come out otherwise."""

    results: Results
    part: PolicyResults
    row: int
    engine: Engine
    target: str
    _compiled: dict[str, Evaluate] = field(factory=dict, init=False, repr=False)
    _paths: dict[str, Path] = field(factory=dict, init=False, repr=False)

    @cached_property
    def values(self) -> Mapping[str, ExactValue]:
        """The record's exact values as they are."""
        return recompute(self.results, self.part, self.row).values

    @cached_property
    def columns(self) -> Columns:
        """The exact values of all records."""
        return Columns(part=self.part)

    @cached_property
    def reads(self) -> dict[str, set[str]]:
        """By the name of each step, the names it refers to."""
        return {step.name: set(names_read(step.node)) for step in self.part.plan.steps}

    @cached_property
    def needed(self) -> set[str]:
        """The names the target depends on, itself among them."""
        return self._closure({self.target})

    def _closure(self, names: set[str]) -> set[str]:
        found, waiting = set[str](), [*names]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.reads.get(name, ())
        return found

    def path(self, name: str) -> Path:
        """Return the steps between a field and the target."""
        if name not in self._paths:
            self._paths[name] = self._path(name)
        return self._paths[name]

    def _path(self, name: str) -> Path:
        changed = {name}
        steps: list[PlannedRule | CohortStep] = []
        for step in self.part.plan.steps:
            if self.reads[step.name] & changed:
                changed.add(step.name)
                if step.name in self.needed:
                    steps.append(step)
        shared = {step.name for step in self.part.plan.steps if isinstance(step, CohortStep)} & changed
        rivals = {
            step.name: Rivals(
                columns=self.columns,
                row=self.row,
                step=step,
                fixed=not (self._closure(self.reads[step.name]) & shared)
                and not any(changed.intersection(names_read(operand)) for operand in step.node.by),
            )
            for step in steps
            if isinstance(step, CohortStep)
        }
        return Path(field=name, steps=tuple(steps), rivals=rivals, moves_rows=self._moves_rows(changed))

    def _moves_rows(self, changed: set[str]) -> bool:
        """Return whether detail rows that the target depends on are given a value that changes."""
        plan = self.part.plan
        given = {
            value.node.name
            for table in plan.tables
            for value in table.plan.supplied
            if isinstance(value.node, ParentValue)
        }
        calls = {value.name for value in plan.supplied if isinstance(value.node, TableCall)}
        return bool(given & changed) and bool(calls & self.needed)

    def bounds(self, path: Path, value: Possible) -> Possible:
        """Return what the target can be while the field is within bounds and all else is as it is."""
        levels = self._levels(path, value)
        bounds, changed = levels[0]
        for step in path.steps:
            for level, names in levels:
                if isinstance(step, PlannedRule):
                    names[step.name] = level.of(step.node)
                else:
                    names[step.name] = path.rivals[step.name].possible(level)
            if bounds.smooth is not None:
                slope = bounds.smooth.slopes.of(step.node) if isinstance(step, PlannedRule) else None
                bounds.smooth.slopes.names[step.name] = slope
        return changed[self.target]

    def _levels(self, path: Path, value: Possible) -> list[tuple[Bounds, dict[str, Possible]]]:
        """Return bounds over an interval and, for a number, at its two ends, with the names they refer to."""
        changed = {**self.bounded, path.field: value}
        bounds = Bounds(changed)
        levels = [(bounds, changed)]
        if isinstance(value, Numbers) and value.range.low != value.range.high:
            for end in (value.range.low, value.range.high):
                if end is None:
                    return levels
                names = {**self.bounded, path.field: point(end)}
                levels.append((Bounds(names), names))
            ends = (levels[1][0], levels[2][0])
            slopes = Slopes(bounds, {path.field: Range(Fraction(1), Fraction(1))})
            bounds.smooth = Smooth(slopes=slopes, ends=ends)
        return levels

    @cached_property
    def bounded(self) -> dict[str, Possible]:
        """The record's values as they are, as bounds."""
        return {name: known(value) for name, value in self.values.items()}

    def surely_refused(self, path: Path, value: Possible) -> bool:
        """Return whether a condition of the policy refuses the record wherever the field lies within bounds."""
        plan = self.part.plan
        changed = {**self.bounded, path.field: value}
        bounds = Bounds(changed)
        for rule in plan.refusal_rules:
            changed[rule.name] = bounds.of(rule.node)
        flags = (flags_of(changed[refusal.step]) for refusal in plan.refusals)
        return any(flag.true and not flag.false and not flag.null for flag in flags)

    def outcome(self, path: Path, value: ExactValue) -> Outcome:
        """Return what the target is with this value in the field, exactly; cohorts are evaluated as a whole."""
        if self.is_refused(path.field, value):
            return Outcome(refused=True)
        if path.rivals:
            return self.whole(path.field, value)
        changed = {**self.values, path.field: value}
        for step in path.steps:
            assert isinstance(step, PlannedRule)  # noqa: S101 - there are no cohort steps on the path
            changed[step.name] = self._evaluate(step)(Environment(changed))
        return Outcome(value=changed[self.target])

    def _evaluate(self, rule: PlannedRule) -> Evaluate:
        if rule.name not in self._compiled:
            self._compiled[rule.name] = compile_node(rule.node)
        return self._compiled[rule.name]

    def is_refused(self, name: str, value: ExactValue) -> bool:
        """Return whether a condition of the policy would refuse the record with this value."""
        plan = self.part.plan
        changed = {**self.values, name: value}
        for rule in plan.refusal_rules:
            changed[rule.name] = self._evaluate(rule)(Environment(changed))
        return any(changed[refusal.step] is True for refusal in plan.refusals)

    def whole(self, name: str, value: ExactValue) -> Outcome:
        """Return what the target is for every record once the engine has computed all of them again."""
        planned = self.field(name)
        column = encode(name, [value], planned.type)
        if column is None:
            raise InternalError(f"the field {name} has no column")
        before = self.part.records[name]
        after = before[: self.row].append(column).append(before[self.row + 1 :])
        records = self.part.records.with_columns(after.alias(name))
        inputs = [item.name for item in self.part.plan.inputs]
        steps = self.engine.evaluate(self.part.plan, records.select(inputs))
        values = Columns(part=evolve(self.part, records=records, steps=steps)).named(self.target)
        return Outcome(value=values[self.row], everyone=tuple(values))

    def field(self, name: str) -> PlannedField:
        """Return a field of the policy."""
        return next(item for item in self.part.plan.fields if item.name == name)


@frozen(kw_only=True)
class Path:
    """What lies between a field and the target: the steps that change with it, in order."""

    field: str
    steps: tuple[PlannedRule | CohortStep, ...]
    rivals: Mapping[str, Rivals]
    moves_rows: bool = False
    """Whether detail rows change with the field, so that all of them would have to be computed again."""


@frozen(kw_only=True)
class Outcome:
    """What the target comes to; ``everyone`` are its values for all records, where all were computed."""

    value: ExactValue = None
    everyone: tuple[ExactValue, ...] = ()
    refused: bool = False
