"""A check: every rule that is shown should name the article it follows."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.contracts import Check, Fault
from rulecore.planned import Plan, PlannedRule
from rulecore_example.codes import NO_REFERENCE


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each visible rule without a reference."""
    for step in plan.steps:
        if isinstance(step, PlannedRule) and not step.hidden and not step.reference:
            yield Fault(code=NO_REFERENCE, values={"rule": step.name}, place=step.place)


REFERENCES = Check(name="references", codes=(NO_REFERENCE,), inspect=inspect)
