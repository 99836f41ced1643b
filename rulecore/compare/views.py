"""One record or detail row on one side of a comparison: its values, its rows, and what was decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen

from rulecore.adjustments.decision import Applied
from rulecore.compare.side import Key, Side
from rulecore.engines.exact import ExactValue
from rulecore.expr.adjusted import ADJUSTED_PREFIX
from rulecore.plan.decisions import COMPUTED


class View(Protocol):
    """One record or detail row on one side."""

    def has(self, name: str) -> bool:
        """Return whether it has an input or step of that name."""
        ...

    def value(self, name: str) -> ExactValue:
        """Return a value that it has."""
        ...

    def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        """Return its rows of a detail table as they were read."""
        ...

    def decision(self, section: str) -> Applied | None:
        """Return what a committee decided about it under ``[adjustments.section]``, if anything."""
        ...

    def row_decision(self, table: str) -> Applied | None:
        """Return what a committee decided about one of its rows of a detail table, if anything."""
        ...


def is_there(view: View, name: str) -> bool:
    """Return whether a value is known on one side; what a run without adjustments lacks is known all the same."""
    return view.has(name) or name.startswith(ADJUSTED_PREFIX) or view.has(_computed_of(name))


def value_of(view: View, name: str) -> ExactValue:
    """Return a value; without adjustments nothing was decided, and every rule is as it was computed."""
    if view.has(name):
        return view.value(name)
    return view.value(_computed_of(name)) if view.has(_computed_of(name)) else None


def _computed_of(name: str) -> str:
    """Return the rule whose computed value a hidden step keeps, where a policy is adjusted."""
    rule, _at, what = name.rpartition("@")
    return rule if what == COMPUTED else ""


@frozen(kw_only=True)
class OfRecord:
    """A record of one side."""

    side: Side
    key: Key

    def has(self, name: str) -> bool:
        """Return whether it has an input or step of that name."""
        return self.side.has(self.key, name)

    def value(self, name: str) -> ExactValue:
        """Return a value that it has."""
        return self.side.value(self.key, name)

    def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        """Return its rows of a detail table as they were read."""
        return self.side.rows(self.key, table)

    def decision(self, section: str) -> Applied | None:
        """Return what a committee decided about it under ``[adjustments.section]``, if anything."""
        part, row = self.side.places[self.key]
        return next(
            (
                one
                for one in part.adjusted.applied
                if one.record == row and not one.table and one.decision.adjustment == section
            ),
            None,
        )

    def row_decision(self, table: str) -> Applied | None:
        """Return what a committee decided about one of its rows of a detail table, if anything."""
        part, row = self.side.places[self.key]
        applied = part.adjusted.applied
        return next((one for one in applied if one.record == row and one.table == table), None)
