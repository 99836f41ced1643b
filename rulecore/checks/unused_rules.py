"""A lint: rules that are computed for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.uses import names_in, refusal_nodes, shown_names
from rulecore.codes.lints import UNUSED_RULE
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan, PlannedRule


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each rule that no other rule, condition or output column uses."""
    shown = shown_names(plan)
    conditions = names_in(refusal_nodes(plan))
    rules = [step for step in plan.steps if isinstance(step, PlannedRule) and not step.hidden]
    for rule in rules:
        # Hidden rules and cohort steps of a rule are named after it: "grade@1.1" belongs to grade.
        others = [step.node for step in plan.steps if step.name.split("@")[0] != rule.name]
        if rule.name not in shown | conditions | names_in(others):
            yield Fault(code=UNUSED_RULE, values={"rule": rule.name}, place=rule.place)


UNUSED_RULES: Final = Check(name="unused_rules", codes=(UNUSED_RULE,), inspect=inspect)
