"""A lint: columns headed by a rule's name, for want of a label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.places import place_of_key
from rulecore.codes.checks import NO_LABEL
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a note for each shown rule without label and header whose name is no Chinese word of its own."""
    for index, column in enumerate(plan.columns):
        rule = plan.policy.rules.get(column.of)
        if rule is not None and not rule.label and column.header == column.of and column.of.isascii():
            place = place_of_key(plan, ("output", "columns", index))
            yield Fault(code=NO_LABEL, values={"rule": column.of, "header": column.header}, place=place)


LABELS: Final = Check(name="labels", codes=(NO_LABEL,), inspect=every_level(inspect))
