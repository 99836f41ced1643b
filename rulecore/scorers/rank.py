"""The scorer ``rank``: a record's place among the others."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import frozen

from rulecore.contracts import Node, Scorer, parameter
from rulecore.expr.nodes import Rank, SortKey
from rulecore.language import N_


@frozen(kw_only=True)
class Ranking(Scorer):
    """The rank of a record in its cohort by a score, ties decided by further keys in order; 1 is first.

    Ranks compare the value of a rule as that rule rounds it. Records still tied share a rank: ``min`` (1, 2,
    2, 4), ``dense`` (1, 2, 2, 3), or with ``ordinal`` have none, with the issue ``full_tie``. A record
    outside ``where``, or whose score is not applicable, has no rank; a tie key that is not applicable counts
    as last. Source: S01 step 6. Example::

        [rules.rank]
        scorer = "rank"
        by = "score"
        ties = ["operations", { by = "deductions", order = "ascending" }]
    """

    name: ClassVar[str] = "rank"

    by: SortKey = parameter(N_('The score, highest first; or { by = …, order = "ascending" }.'))
    ties: tuple[SortKey, ...] = parameter(N_("What decides between equal scores, in order."), default=())
    method: Literal["min", "dense", "ordinal"] = parameter(
        N_("What rank records share that are still tied."), default="min"
    )
    within: tuple[Node, ...] = parameter(
        N_("Ranks are counted separately for each value of these."), default=()
    )
    where: Node | None = parameter(N_("Which records take part; all of them if left out."), default=None)

    def expression(self) -> Node:
        """Return the rank."""
        return Rank((self.by, *self.ties), self.method, self.within, self.where)
