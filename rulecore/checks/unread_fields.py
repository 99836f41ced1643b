"""A lint: fields that records must have and nothing reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.uses import names_in, refusal_nodes, shown_names, used_elsewhere
from rulecore.codes.lints import UNREAD_FIELD
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each field that nothing reads and that is not shown.

    Those that name the record (or row), its period and what a policy applies to are read by rulecore itself.
    """
    used = used_elsewhere(plan)
    for name, level in (("", plan), *((table.name, table.plan) for table in plan.tables)):
        yield from _unread(level, used[name])


def _unread(plan: Plan, elsewhere: Collection[str]) -> Iterator[Fault]:
    record = plan.policy.record
    known = {record.entity, *record.key, record.period, *plan.policy.policy.applies_to, *elsewhere}
    read = names_in([*(step.node for step in plan.steps), *refusal_nodes(plan)])
    for field in plan.fields:
        if is_own(plan, ("fields", field.name)) and field.name not in read | known | shown_names(plan):
            yield Fault(code=UNREAD_FIELD, values={"field": field.name}, place=field.place)


UNREAD_FIELDS: Final = Check(name="unread_fields", codes=(UNREAD_FIELD,), inspect=inspect)
