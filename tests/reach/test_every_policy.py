"""Of every shipped policy and published system: each answer, applied to the records, reaches the target, no less does.

The changed records are read, typed and evaluated as any others, so that nothing of the search takes part in the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from attrs import frozen

from rulecore.engines.exact import ExactValue
from rulecore.engines.schedule import Task
from rulecore.errors import InternalError, UsageError
from rulecore.expr.types import DateType, FlagType, NumberType, TextType
from rulecore.planned import PlannedField, PlannedRule
from rulecore.reach import InputAnswer, make, reach
from rulecore.reach.cells import unit_of
from rulecore.reach.search import Found, nearest
from rulecore.reach.targets import Target, target_of
from rulecore.reach.world import Key, Overlay, World
from rulecore.results import PolicyResults, Results
from tests.reach.samples import Sample, folders, samples

Excluded = Callable[[int, int], bool]
Reached = Callable[[int], bool]
RECORDS, TARGETS, FIELDS = 1, 2, 4
"""How many records of a sample are looked at, targets of each, and fields for each target."""


def targets_of(part: PolicyResults, row: int, results: Results, random: Random) -> list[str]:
    """Return what to reach: both directions of numbers, the other texts and flags, and what is next better."""
    values = results.values_of(part, row)
    found = []
    for step in part.plan.steps:
        if not isinstance(step, PlannedRule) or step.hidden or values.get(step.name) is None:
            continue
        current = values[step.name]
        match step.type:
            case NumberType() if isinstance(current, Fraction) and step.type.exact:
                found += [f"{step.name}>{current}", f"{step.name}<{current}", step.name]
            case TextType(values=texts) if texts is not None:
                found += [f"{step.name}={text}" for text in sorted(texts) if text != current]
            case FlagType():
                found.append(f"{step.name}={'否' if current else '是'}")
    return random.sample(found, min(TARGETS, len(found)))


@frozen(kw_only=True)
class Trial:
    """One record and target, to be tried out with other cells."""

    sample: Sample
    results: Results
    part: PolicyResults
    row: int
    rule: str
    target: Target
    random: Random

    def met(self, answer: InputAnswer, value: object) -> bool:
        """Return whether the record, evaluated anew with this cell, is scored and reaches the target."""
        changed = self.sample.applied(self.results, self.part, self.row, answer, value).results()
        entity = self.part.entities()[self.row]
        period = self.part.plan.policy.record.period
        named = self.part.field_at(period, self.row) if period else ""
        found = list(changed.find(entity, named))
        if len(found) != 1 or found[0][0].plan is not self.part.plan:
            return False
        return self.target.met(changed.values_of(*found[0])[self.rule])  # type: ignore[arg-type]

    def check(self, answer: InputAnswer) -> int:
        """Check one answer; return how many records were evaluated for that."""
        change = answer.change
        item = next(one for one in self.part.plan.level(answer.table).fields if one.name == answer.field)
        if change is not None:
            assert self.met(answer, change.after), answer
            tried = [*self.nearer(answer, item)]
        else:
            tried = [*self.anything(item, answer)] if answer.status == "cannot" else []
        for value in tried:
            assert not self.met(answer, value), (answer, value, self.target)
        return 1 + len(tried)

    def nearer(self, answer: InputAnswer, item: PlannedField) -> Iterator[object]:
        """Yield values nearer than the one that was found, in both directions: one step less among them."""
        change, step = answer.change, answer.step
        assert change is not None
        if change.difference is None or step is None or change.steps == 1:
            return
        sign = 1 if change.difference > 0 else -1
        distances = {(change.steps - 1, sign), (change.steps - 1, -sign), (1, -sign)}
        distances |= {
            (self.random.randint(1, change.steps - 1), self.random.choice((1, -1))) for _ in range(2)
        }
        for steps, direction in sorted(distances):
            value = shifted(change.before, direction * steps * step)
            if allowed(item, value):
                yield value

    def anything(self, item: PlannedField, answer: InputAnswer) -> Iterator[object]:
        """Yield some values that a field may have, its ends among them; between coarse steps nothing is promised."""
        match item.type:
            case NumberType(low=Fraction() as low, high=Fraction() as high):
                unit = unit_of(item)
                middle = self.random.randint(int(low / unit), int(high / unit)) * unit
                yield from (low, high) if answer.coarse else (low, high, middle)
            case FlagType():
                yield from (True, False)
            case TextType(values=frozenset() as texts):
                yield self.random.choice(sorted(texts))


def shifted(value: object, by: Fraction) -> object:
    if isinstance(value, date):
        return value + timedelta(days=int(by))
    assert isinstance(value, Fraction)
    return value + by


def allowed(item: PlannedField, value: object) -> bool:
    match item.type:
        case NumberType(low=low, high=high) if isinstance(value, Fraction):
            return (low is None or low <= value) and (high is None or value <= high)
        case DateType(low=first, high=last) if isinstance(value, date):
            return (first is None or first <= value) and (last is None or value <= last)
        case _:
            return False


def check_sample(sample: Sample, random: Random) -> tuple[int, int]:
    """Check some records and targets of a sample; return how many targets were looked at and how many answers reach."""
    results = sample.results()
    looked = reached = 0
    records = [(part, row) for part in results.parts for row in range(part.records.height)]
    for part, row in random.sample(records, min(RECORDS, len(records))):
        for written in targets_of(part, row, results, random):
            looked += 1
            for answer, trial in answers(sample, results, part, row, written, random):
                trial.check(answer)
                reached += answer.change is not None
    return looked, reached


def answers(
    sample: Sample, results: Results, part: PolicyResults, row: int, written: str, random: Random
) -> Iterator[tuple[InputAnswer, Trial]]:
    """Yield the answers to check: those that reach first, then some that cannot."""
    period = part.plan.policy.record.period
    named = part.field_at(period, row) if period else ""
    step = Fraction(random.choice((1, 1, 2, 5)))
    steps = {
        item.name: unit_of(item) * step for item in part.plan.fields if isinstance(item.type, NumberType)
    }
    try:
        engine = sample.policies.engine("columnar")
        found = reach(
            results,
            engine,
            part.entities()[row],
            written,
            period=named,
            steps=steps,
            fields=fields(part, random),
        )
    except UsageError:
        return
    target = target_of(part.plan, written, results.values_of(part, row))  # type: ignore[arg-type]
    trial = Trial(
        sample=sample,
        results=results,
        part=part,
        row=row,
        rule=found.rule,
        target=target,
        random=random,
    )
    some = [answer for answer in found.answers if answer.status in ("reached", "cannot")]
    best = some[:2]
    yield from ((answer, trial) for answer in [*best, *random.sample(some[2:], min(2, len(some[2:])))])


def fields(part: PolicyResults, random: Random) -> list[str]:
    """Return some fields that may change, of the records and of their rows."""
    plan = part.plan
    names = [item.name for item in plan.fields]
    for table in plan.tables:
        names += [f"{table.name}.{item.name}" for item in table.plan.fields]
    return random.sample(names, min(FIELDS, len(names)))


@pytest.mark.parametrize("folder", folders())
def test_every_answer_is_the_smallest_that_reaches(folder: str) -> None:
    random = Random(folder)  # noqa: S311 - which records and targets are looked at
    assert sum(check_sample(sample, random)[0] for sample in samples(folder)) > 0


def test_cells_of_detail_rows_reach_something() -> None:
    assert milestones() > 3


def milestones() -> int:
    """Check projects, whose every number stands in a row of its own; return how many answers reach."""
    counts = [
        check_sample(sample, Random(seed))  # noqa: S311 - which records and targets are looked at
        for sample in samples("milestone")
        for seed in range(4)
    ]
    return sum(reached for _looked, reached in counts)


def test_a_search_that_goes_one_step_too_far_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_far(limit: int, excluded: Excluded, reached: Reached, most: int) -> Found:
        def also_farther(distance: int) -> bool:
            return distance > 1 and reached(distance - 1) and reached(distance)

        return nearest(limit, lambda first, last: first == last == 1, also_farther, most)

    monkeypatch.setattr(make, "nearest", too_far)
    with pytest.raises((AssertionError, InternalError)):
        milestones()


def test_bounds_that_exclude_too_much_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Target, "excluded", lambda _target, _possible: True)
    with pytest.raises(AssertionError):
        milestones()


def test_an_exact_value_that_is_not_followed_up_to_the_record_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_rows(world: World, tasks: Sequence[Task], key: Key, row: int, value: ExactValue) -> Overlay:
        return followed(world, [task for task in tasks if task.level], key, row, value)

    followed = World.changed
    monkeypatch.setattr(World, "changed", only_rows)
    monkeypatch.setattr(Target, "excluded", lambda _target, _possible: False)
    with pytest.raises(AssertionError):
        milestones()
