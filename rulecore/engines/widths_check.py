"""A lint that the columnar engine brings along: rules whose numbers do not fit into 128 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.codes.checks import GUARDED
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a note for each rule that the columnar engine computes in guarded floats."""
    # Polars is loaded only when a policy is checked.
    from rulecore.engines.columnar.widths import Way, rule_widths

    for width in rule_widths(plan):
        rule = plan.rule(width.rule)
        if width.way is Way.GUARDED and rule is not None:
            yield Fault(code=GUARDED, values={"rule": rule.name}, place=rule.place)


WIDTHS: Final = Check(name="widths", codes=(GUARDED,), inspect=inspect)
