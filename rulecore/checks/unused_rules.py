"""A lint: rules that are computed for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.uses import unused_rules, used_elsewhere
from rulecore.codes.lints import UNUSED_RULE
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each own rule of any level that nothing uses; inherited ones have RC265."""
    used = used_elsewhere(plan)
    for name, level in (("", plan), *((table.name, table.plan) for table in plan.tables)):
        for rule in unused_rules(level, used[name]):
            if is_own(level, ("rules", rule.name)):
                yield Fault(code=UNUSED_RULE, values={"rule": rule.name}, place=rule.place)


UNUSED_RULES: Final = Check(name="unused_rules", codes=(UNUSED_RULE,), inspect=inspect)
