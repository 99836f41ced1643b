"""A lint: fields that records must have and nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.uses import names_in, refusal_nodes, shown_names
from rulecore.codes.lints import UNREAD_FIELD
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each field that no rule or condition reads and that is not shown.

    The fields that name the record, its period and what a policy applies to are read by rulecore itself.
    """
    record = plan.policy.record
    known = {record.entity, *record.key, record.period, *plan.policy.policy.applies_to}
    read = names_in([*(step.node for step in plan.steps), *refusal_nodes(plan)])
    for field in plan.fields:
        if is_own(plan, ("fields", field.name)) and field.name not in read | known | shown_names(plan):
            yield Fault(code=UNREAD_FIELD, values={"field": field.name}, place=field.place)


UNREAD_FIELDS: Final = Check(name="unread_fields", codes=(UNREAD_FIELD,), inspect=inspect)
