"""The node for what a committee decided about a record: a value it set, or the word that it decided at all.

Only policies that are compiled to be adjusted have it. A plan makes a column of it that each record is given before
its rules are computed, null where nobody decided anything (see ``rulecore.plan.adjusted``).
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from rulecore.expr.nodes import Node
from rulecore.expr.types import Type

ADJUSTED_PREFIX: Final = "adjusted:"
"""How the columns begin that hold decisions."""


@frozen
class AdjustedValue(Node):
    """What was decided under ``[adjustments.section]``; not applicable where nothing was.

    ``item`` tells the vetoes of one section apart, from 0. ``label`` is what people call the adjustment, ``type`` what
    may be decided.
    """

    section: str
    label: str
    type: Type
    item: int = 0

    @property
    def column(self) -> str:
        """The name of the column that holds the decisions."""
        return f"{ADJUSTED_PREFIX}{self.section}:{self.item}"
