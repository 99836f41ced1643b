"""Which policies need the results of which: the order in which they are evaluated, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rulecore.codes import history as codes
from rulecore.declarations import FieldSource
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.plan.earlier import reads_earlier, shown_whole
from rulecore.planned import Plan, PlannedField


def sourced_fields(plan: Plan) -> Iterator[tuple[PlannedField, FieldSource]]:
    """Yield the fields of a plan that come from other policies' results, each with where from."""
    for field in plan.fields:
        if field.declaration.from_ is not None:
            yield field, field.declaration.from_


def in_turn(plans: Sequence[Plan]) -> tuple[int, ...]:
    """Return the numbers of the plans, each after those whose results it needs; the order given where that allows it.

    Plans in a circle, which :func:`source_faults` tells of, stand last.
    """
    needs = [other | before for other, before in zip(_needs(plans), _versions_before(plans), strict=True)]
    found: list[int] = []
    while len(found) < len(plans):
        rest = [number for number in range(len(plans)) if number not in found]
        ready = next((number for number in rest if needs[number] <= set(found)), None)
        if ready is None:
            return (*found, *rest)
        found.append(ready)
    return tuple(found)


def _needs(plans: Sequence[Plan]) -> list[set[int]]:
    """Return for each plan the plans whose results its fields come from."""
    numbers = _numbers(plans)
    return [
        {other for _field, source in sourced_fields(plan) for other in numbers.get(source.policy, ())}
        - {number}
        for number, plan in enumerate(plans)
    ]


def _numbers(plans: Sequence[Plan]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, plan in enumerate(plans):
        found.setdefault(plan.policy.policy.name, set()).add(number)
    return found


def _versions_before(plans: Sequence[Plan]) -> list[set[int]]:
    """Return for each plan that looks back the plans that are earlier versions of its policy."""
    numbers = _numbers(plans)
    found: list[set[int]] = []
    for plan in plans:
        header = plan.policy.policy
        same: set[int] = set().union(*(numbers.get(name, set()) for name in (header.name, *header.formerly)))
        earlier = {other for other in same if _begins(plans[other]) < _begins(plan)}
        found.append(earlier if reads_earlier(plan) else set())
    return found


def _begins(plan: Plan) -> date:
    return plan.policy.policy.effective.from_ or date.min


def source_faults(plans: Sequence[Plan]) -> Iterator[Fault]:
    """Yield what is wrong between the policies of a set: values that the others do not show, and circles."""
    by_name = {plan.policy.policy.name: plan for plan in plans}
    for plan in plans:
        for field, source in sourced_fields(plan):
            other = by_name.get(source.policy)
            if other is None or other is plan:
                continue
            known = ", ".join(column.of for column in other.columns if column.step == column.of)
            values = {"policy": source.policy, "name": source.rule, "known": known or "—"}
            if shown_whole(other.columns, source.rule) is None:
                yield Fault(code=codes.SOURCE_COLUMN, values=values, place=field.place)
            record = other.policy.record
            named = {*source.by, *((record.period,) if plan.policy.record.period else ())}
            for name in source.by:
                if name not in other.policy.fields:
                    reason = phrase(N_("{by} is no field of {policy}"), by=name, policy=source.policy)
                    shown = {"name": field.name, "reason": reason}
                    yield Fault(code=codes.UNKNOWN_SOURCE, values=shown, place=field.place)
            for name in record.identity:
                if name not in named:
                    reason = phrase(N_("by does not say which {by} it is"), by=name)
                    shown = {"name": field.name, "reason": reason}
                    yield Fault(code=codes.UNKNOWN_SOURCE, values=shown, place=field.place)
    yield from _circles(plans)


def _circles(plans: Sequence[Plan]) -> Iterator[Fault]:
    needs = _needs(plans)
    seen: set[int] = set()
    for start in range(len(plans)):
        path = _circle(start, needs)
        if path and not seen & set(path):
            seen |= set(path)
            names = [plans[number].policy.policy.name for number in (*path, start)]
            field = next(field for field, _source in sourced_fields(plans[start]))
            yield Fault(code=codes.SOURCE_CYCLE, values={"circle": " → ".join(names)}, place=field.place)


def _circle(start: int, needs: Sequence[set[int]]) -> tuple[int, ...]:
    """Return the way from a plan back to itself, or nothing."""
    waiting: list[tuple[int, ...]] = [(start,)]
    seen: set[int] = set()
    while waiting:
        path = waiting.pop(0)
        for number in sorted(needs[path[-1]]):
            if number == start:
                return path
            if number not in seen:
                seen.add(number)
                waiting.append((*path, number))
    return ()
