"""Checks of every level of a policy: its records, and the rows of each detail table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rulecore.contracts import Fault
from rulecore.planned import Plan

Inspect = Callable[[Plan], Iterator[Fault]]


def every_level(inspect: Inspect) -> Inspect:
    """Return the inspection of a plan and of the plans of its tables, whose keys stand in ``[tables.NAME]``."""

    def inspect_levels(plan: Plan) -> Iterator[Fault]:
        yield from inspect(plan)
        for table in plan.tables:
            yield from inspect(table.plan)

    return inspect_levels
