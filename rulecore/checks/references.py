"""A lint: rules that do not say which article they follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.codes.lints import NO_REFERENCE
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan, PlannedRule


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a note for each rule of the policy without a reference."""
    for step in plan.steps:
        if isinstance(step, PlannedRule) and not step.hidden and not step.reference:
            yield Fault(code=NO_REFERENCE, values={"rule": step.name}, place=step.place)


REFERENCES: Final = Check(name="rule_references", codes=(NO_REFERENCE,), inspect=every_level(inspect))
