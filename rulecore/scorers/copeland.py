"""The scorer ``copeland``: how many of the others a record beats when criteria vote."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import frozen

from rulecore.contracts import Node, parameter
from rulecore.expr.nodes import CohortCall
from rulecore.language import N_
from rulecore.scorers.criteria import CriteriaScorer


@frozen(kw_only=True)
class Copeland(CriteriaScorer):
    """The wins of a record less its losses when it is compared with every other one (两两比较).

    Of two records the one wins that is better in criteria of more weight; how much better does not matter. Who wins
    against all others (``gives = "losses"`` is 0 and ``"ties"`` too) is the Condorcet winner; there may be none. One
    record alone has neither wins nor losses. Source: Copeland (1951); OECD/JRC handbook, step 6 (non-compensatory
    multi-criteria approach). Example::

        [rules.standing]
        scorer = "copeland"
        of = { quality = 3, delivery = 2, price = 2 }
        sum_of_weights = 7
        lower_is_better = ["price"]
    """

    name: ClassVar[str] = "copeland"

    gives: Literal["wins_less_losses", "wins_and_half_ties", "wins", "losses", "ties"] = parameter(
        N_("What is counted of a record's comparisons."), default="wins_less_losses"
    )
    not_applicable: Literal["leave_out", "compare_the_rest"] = parameter(
        N_(
            "What follows from a criterion that is not applicable: the record takes no part (leave_out), or is "
            "compared by the criteria that both records have (compare_the_rest)."
        ),
        default="leave_out",
    )

    def expression(self) -> Node:
        """Return the count."""
        options = (("gives", self.gives), ("missing", self.not_applicable))
        return CohortCall("pairwise_wins", self.arguments(), options, self.within, self.where)
