"""Plans that Spark cannot run, each refused with the rule that is in the way and what to do instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rulecore.errors import Fault, InputError
from rulecore.plan.earlier import reads_earlier
from rulecore.planned import Plan
from rulecore_spark import codes


def refuse_plans(plans: Sequence[Plan]) -> None:
    """Raise :class:`rulecore.errors.InputError` with all that stands in the way of some plans."""
    faults = [fault for plan in plans for fault in refusals(plan)]
    languages = sorted({plan.policy.policy.language for plan in plans})
    if len(languages) > 1:
        faults.append(Fault(code=codes.SEVERAL_LANGUAGES, values={"found": ", ".join(languages)}))
    if faults:
        raise InputError(faults)


def refusals(plan: Plan) -> Iterator[Fault]:
    """Yield why Spark cannot run a plan."""
    policy = plan.policy.policy.name
    for table in plan.tables:
        calls = [value.rule for value in plan.supplied if getattr(value.node, "table", "") == table.name]
        values = {"policy": policy, "table": table.name, "rule": calls[0] if calls else "—"}
        yield Fault(code=codes.NEEDS_TABLE, values=values)
    if reads_earlier(plan):
        rules = dict.fromkeys(
            value.rule for value in plan.supplied if getattr(value.node, "table", None) is None
        )
        for rule in rules or {"—": None}:
            yield Fault(code=codes.NEEDS_HISTORY, values={"rule": rule})
    for planned in plan.fields:
        source = planned.declaration.from_
        if source is not None:
            values = {"field": planned.name, "source": source.policy}
            yield Fault(code=codes.NEEDS_POLICY, values=values, place=planned.place)
