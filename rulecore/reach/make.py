"""What it would take: each input the target depends on is searched for its smallest change, and the answer tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import evolve, frozen

from rulecore.codes import reaching as codes
from rulecore.contracts import Engine, Value
from rulecore.engines.exact import ExactValue
from rulecore.engines.schedule import Task
from rulecore.errors import Fault, InternalError, UsageError
from rulecore.explain.find import find_record
from rulecore.explain.labels import label_words, labels_of
from rulecore.explain.make import explain_record, explained_policy
from rulecore.explain.values import Standing
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import ParentValue, TableCall
from rulecore.expr.types import DateType, FlagType, NumberType, TextType
from rulecore.plan.references import names_read, parts, row_parts
from rulecore.planned import CohortStep, PlannedField
from rulecore.reach.cells import Cell, FieldKey, cells_of, chosen_fields, steps_of, unit_of
from rulecore.reach.columns import Columns
from rulecore.reach.possible import Numbers
from rulecore.reach.scenario import Path
from rulecore.reach.search import Found, nearest
from rulecore.reach.situation import Situation
from rulecore.reach.targets import Target, target_of
from rulecore.reach.values import Change, Displaced, InputAnswer, Reach
from rulecore.reals import Real
from rulecore.results import PolicyResults, Results

MOST_POINTS: Final = 2_000
"""How many values of an input are tried exactly."""
MOST_ROWS: Final = 400_000
"""How many rows of cohorts are computed at most for them."""
LEAST_POINTS: Final = 60
"""How many values are tried at least, however many records a cohort has."""
OTHER_TEXT: Final = "\N{WHITE SQUARE}"
"""A text that no policy compares with: it stands for all texts that none does."""


def reach(
    results: Results,
    engine: Engine,
    entity: str,
    to: str,
    *,
    period: str = "",
    fields: Sequence[str] = (),
    steps: Mapping[str, Fraction] | None = None,
) -> Reach:
    """Return what it would take for an entity to reach ``to``: ``grade=A``, ``score>=90``, or a rule alone.

    ``fields`` limits the inputs that may change, by name, label or column (of a detail table also ``table.field``);
    ``steps`` says in what steps they do (the last decimal if left out). Raises
    :class:`rulecore.errors.UsageError`.
    """
    found = find_record(results, entity, period)
    if isinstance(found, tuple):
        raise UsageError([Fault(code=codes.REFUSED_RECORD, values={"entity": entity}), *found])
    part, row = found.part, found.row
    record = part.plan.policy.record
    current = Situation(results=results, part=part, row=row, engine=engine, target="")
    target = target_of(part.plan, to, current.values)
    situation = evolve(current, target=target.rule)
    chosen = chosen_fields(part.plan, fields)
    searcher = _Searcher(situation=situation, target=target, steps=steps_of(part.plan, steps or {}))
    value = situation.values[target.rule]
    already = target.met(value)
    rule = part.plan.rule(target.rule)
    assert rule is not None  # noqa: S101 - target_of found it
    return Reach(
        entity=entity,
        period=period or (part.field_at(record.period, row) if record.period else ""),
        policy=explained_policy(part.plan),
        source=results.source(part, row),
        rule=target.rule,
        label=label_words(labels_of(part.plan), target.rule),
        current=None if isinstance(value, Real) else value,
        target=str(target),
        reached_already=already,
        answers=() if already else _ranked(searcher.answers(chosen)),
        edges=edges_of(situation, part),
    )


def _ranked(answers: Iterator[InputAnswer]) -> tuple[InputAnswer, ...]:
    """Return the answers that reach the target by effort, then the others; equal ones stay in order."""
    order = {"reached": 0, "undecided": 1, "cannot": 2, "not_tried": 3}
    return tuple(
        sorted(
            answers, key=lambda answer: (order[answer.status], answer.change.steps if answer.change else 0)
        )
    )


def edges_of(situation: Situation, part: PolicyResults) -> tuple[Standing, ...]:
    """Return the record's standings at the quotas that the target depends on, in results as they are or changed."""
    explanation = explain_record(situation.results, part, situation.row)
    return tuple(
        standing
        for rule in explanation.rules
        if ("", rule.name) in situation.world.needed
        for standing in rule.standings
        if standing.edge is not None
    )


@frozen(kw_only=True)
class _Searcher:
    situation: Situation
    target: Target
    steps: Mapping[FieldKey, Fraction]

    def answers(self, fields: Sequence[FieldKey]) -> Iterator[InputAnswer]:
        """Yield what each cell can do that the target depends on, and that is not who the record or row is."""
        for cell in cells_of(self.situation, fields):
            yield self.answer(cell)

    def answer(self, cell: Cell) -> InputAnswer:
        item = cell.field
        path = self.situation.path(cell.table, cell.row, item.name)
        answer = InputAnswer(
            field=item.name,
            label=cell.label,
            header=item.header,
            table=cell.table,
            table_label=self.situation.part.tables[cell.table].table.label if cell.table else "",
            row=cell.row_name,
            row_number=cell.row_number,
            source=cell.source,
            status="not_tried",
            place=item.place,
        )
        current = self.situation.world.own(cell.table, cell.row)[item.name]
        if isinstance(current, Real):
            raise InternalError(f"the field {item.name} is irrational")
        if isinstance(item.type, TextType | FlagType):
            return self.by_choice(answer, item, path, current)
        if current is None or isinstance(current, str | bool):
            return answer
        answer = evolve(answer, coarse=self.steps[path.key] != unit_of(item))
        return self.by_distance(answer, item, path, current)

    # --- numbers and dates ----------------------------------------------------------------------------------

    def by_distance(
        self, answer: InputAnswer, item: PlannedField, path: Path, current: Fraction | date
    ) -> InputAnswer:
        start, step = _number(current), self.steps[path.key]
        low, high = _ends(item)
        up = self.toward(_Way(start=start, step=step, end=high, current=current), path)
        most = None if up.distance is None else up.distance - 1
        down = self.toward(_Way(start=start, step=-step, end=low, current=current), path, most)
        if down.distance is not None:
            distance, way = down.distance, _Way(start=start, step=-step, end=low, current=current)
        elif up.distance is not None and down.complete:
            distance, way = up.distance, _Way(start=start, step=step, end=high, current=current)
        else:
            decided = up.complete and down.complete
            searched = (
                max(0, min(item.searched for item in (up, down) if not item.complete)) if not decided else 0
            )
            return evolve(answer, status="cannot" if decided else "undecided", step=step, searched=searched)
        if not up.complete and up.searched < distance:
            return evolve(answer, status="undecided", step=step, searched=up.searched)
        return evolve(answer, status="reached", step=step, change=self.change(path, way, distance))

    def toward(self, way: _Way, path: Path, most: int | None = None) -> Found:
        """Return the smallest number of steps in one direction that reaches the target; ``most`` limits them."""

        def excluded(first: int, last: int) -> bool:
            value = Numbers(range=Range(*sorted((way.at(first), way.at(last)))))
            found = self.situation.bounds(path, value)
            if self.target.excluded(self.situation.of_target(found)):
                return True
            return self.situation.surely_refused(found)

        def reached(distance: int) -> bool:
            outcome = self.situation.outcome(path, way.value(distance))
            return not outcome.refused and self.target.met(outcome.value)

        limit = way.steps if most is None else min(way.steps, most)
        return nearest(limit, excluded, reached, _most_points(path))

    def change(self, path: Path, way: _Way, distance: int) -> Change:
        """Return the change that was found, after trying it, and that one step less is not enough."""
        change = self.tried(path, way.current, way.value(distance))
        if distance > 1:
            nearer = self.situation.outcome(path, way.value(distance - 1))
            if not nearer.refused and self.target.met(nearer.value):
                raise InternalError(
                    f"{path.name}: {distance} steps were found, but fewer reach {self.target}"
                )
        return evolve(change, difference=way.at(distance) - way.start, steps=distance)

    # --- texts and flags ------------------------------------------------------------------------------------

    def by_choice(self, answer: InputAnswer, item: PlannedField, path: Path, current: Value) -> InputAnswer:
        """Return the first value of a text or flag that reaches the target; all that make a difference are tried."""
        choices, complete = self.choices(item, path)
        for choice in choices:
            if choice == current:
                continue
            outcome = self.situation.outcome(path, choice)
            if not outcome.refused and self.target.met(outcome.value):
                return evolve(answer, status="reached", change=self.tried(path, current, choice))
        return evolve(answer, status="cannot" if complete else "undecided")

    def choices(self, item: PlannedField, path: Path) -> tuple[list[Value], bool]:
        """Return the values of a text or flag to try, and whether no other could do more than they do."""
        none: list[Value] = [None] if item.type.nullable else []
        if isinstance(item.type, FlagType):
            return [True, False, *none], True
        assert isinstance(item.type, TextType)  # noqa: S101 - texts and flags only
        if item.type.values is not None:
            return [*sorted(item.type.values), *none], True
        compared: dict[str, None] = {}
        for task in path.tasks:
            for part in (part for node in _looked_at(task) for part in parts(node)):
                if isinstance(part, nodes.Literal) and isinstance(part.value, str):
                    compared[part.value] = None
            compared |= dict.fromkeys(self.texts_beside(task, path))
        complete = all(_only_compares(task, path.key) for task in path.tasks)
        return [*none, *compared, OTHER_TEXT], complete

    def texts_beside(self, task: Task, path: Path) -> Iterator[str]:
        """Yield the texts that a task reads beside the field, which it may be compared with."""
        world = self.situation.world
        for level, name in sorted(world.reads[task.key]):
            for row in world.own_rows[level]:
                value = world.own(level, row)[name]
                if (level, name) != path.key and isinstance(value, str):
                    yield value

    # --- both -----------------------------------------------------------------------------------------------

    def tried(self, path: Path, before: Value, after: Value) -> Change:
        """Return a change with what comes of it, for this record and for others, as the engine computes it."""
        part = self.situation.evaluated(path, after)
        everyone = Columns(part=part).named(self.target.rule)
        outcome = everyone[self.situation.row]
        if not self.target.met(outcome) or isinstance(outcome, Real):
            raise InternalError(f"{path.name} = {after!r} was found to reach {self.target}, but does not")
        displaced = tuple(self.displaced(everyone))
        return Change(
            before=before,
            after=after,
            outcome=outcome,
            displaced=displaced,
            edges=edges_of(self.situation, part) if displaced else (),
        )

    def displaced(self, everyone: Sequence[ExactValue]) -> Iterator[Displaced]:
        """Yield the other records for which the rule now comes to something else."""
        situation = self.situation
        before = situation.columns.named(self.target.rule)
        names = situation.part.entities()
        for row, (old, new) in enumerate(zip(before, everyone, strict=True)):
            if (
                row != situation.row
                and not isinstance(old, Real)
                and not isinstance(new, Real)
                and old != new
            ):
                yield Displaced(entity=names[row], before=old, after=new)


def _most_points(path: Path) -> int:
    """Return how many values are tried exactly: fewer where each try compares many records."""
    return max(
        LEAST_POINTS, MOST_POINTS if not path.compared else min(MOST_POINTS, MOST_ROWS // path.compared)
    )


def _looked_at(task: Task) -> tuple[Node, ...]:
    """Return the expressions of a task; of a function over rows those that it evaluates for each row."""
    node = task.item.node
    return tuple(row_parts(node)) if isinstance(node, TableCall) else (node,)


def _only_compares(task: Task, key: FieldKey) -> bool:
    """Return whether a task treats all texts of a field alike that the policy does not name.

    It must not look inside texts, pass them on, or compare records or rows by them.
    """
    match task.item.node:
        case ParentValue(name=name):
            return name != key[1]  # the rows pass it on; they would have to be looked at too
        case TableCall(table=table) as call:
            return table != key[0] or all(key[1] not in names_read(part) for part in row_parts(call))
    if task.level != key[0]:
        return True
    if isinstance(task.item, CohortStep):
        return key[1] not in names_read(task.item.node)
    node = task.item.node
    asked = {
        id(child)
        for part in parts(node)
        if isinstance(part, nodes.Compare | nodes.IsIn | nodes.IsApplicable)
        for child in part.children()
    }
    return all(
        id(part) in asked for part in parts(node) if isinstance(part, nodes.FieldRef) and part.name == key[1]
    )


def _number(value: Fraction | date) -> Fraction:
    return Fraction(value.toordinal()) if isinstance(value, date) else value


def _ends(item: PlannedField) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the most that a field may be."""
    match item.type:
        case NumberType(low=low, high=high):
            return low, high
        case DateType(low=first, high=last):
            return _number(first or date.min), _number(last or date.max)
        case _:
            return None, None


@frozen(kw_only=True)
class _Way:
    """One direction in which a cell can go: whole steps, the last one shorter where the field ends before it."""

    start: Fraction
    step: Fraction
    end: Fraction | None
    current: Fraction | date

    @property
    def steps(self) -> int:
        """How many steps there are to the end."""
        return 0 if self.end is None else max(0, -((self.start - self.end) // self.step))

    def at(self, distance: int) -> Fraction:
        """Return the number after some steps."""
        found = self.start + distance * self.step
        if self.end is None:
            return found
        return min(found, self.end) if self.step > 0 else max(found, self.end)

    def value(self, distance: int) -> Fraction | date:
        """Return the cell's value after some steps."""
        number = self.at(distance)
        return date.fromordinal(number.numerator) if isinstance(self.current, date) else number
