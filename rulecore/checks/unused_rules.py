"""A lint: rules that are computed for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.uses import unused_rules
from rulecore.codes.lints import UNUSED_RULE
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each own rule that no rule, condition or column uses; inherited ones have RC265."""
    for rule in unused_rules(plan):
        if is_own(plan, ("rules", rule.name)):
            yield Fault(code=UNUSED_RULE, values={"rule": rule.name}, place=rule.place)


UNUSED_RULES: Final = Check(name="unused_rules", codes=(UNUSED_RULE,), inspect=inspect)
