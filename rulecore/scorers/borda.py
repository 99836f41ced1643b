"""The scorer ``borda``: points by place in each criterion, weighted and added."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.contracts import Constant, Node, Problem, parameter
from rulecore.expr.nodes import Add, CohortCount, Divide, IsApplicable, Rank, SortKey, Step, Subtract
from rulecore.language import N_
from rulecore.scorers.building import both, constant, number
from rulecore.scorers.criteria import CriteriaScorer
from rulecore.scorers.weights import WhenNotApplicable, count_problems, sum_of, weighted_items


@frozen(kw_only=True)
class Borda(CriteriaScorer):
    """Borda points: in each criterion as many as there are records behind, times its weight, added up.

    Of n records with a value the first has n − 1 points (+ ``last``), the last one ``last``. Tied records share the
    points of their places (``ties = "mean"``), or all have the lowest or the highest of them. One record alone has
    ``last`` points. Exact, and computed in columns. Source: de Borda (1781); OECD/JRC handbook, step 6. Example::

        [rules.points]
        scorer = "borda"
        of = { quality = 1, delivery = 1, price = 1 }
        lower_is_better = ["price"]
    """

    name: ClassVar[str] = "borda"

    last: Constant = parameter(N_("The points of the last place."), default=constant(0))
    ties: Literal["mean", "lowest", "highest"] = parameter(
        N_("The points of records with the same value: the mean, the lowest or the highest of their places."),
        default="mean",
    )
    not_applicable: WhenNotApplicable = parameter(
        N_(
            "What follows from a value that is not applicable: the whole is not applicable (poison), "
            "its weight is shared out (re_share), or shared out if at least minimum_count values are "
            "applicable."
        ),
        default="poison",
    )
    minimum_count: int | None = parameter(N_("How many values must be applicable at least."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield faults of the criteria and of the count."""
        yield from super().problems()
        yield from count_problems(len(self.of), self.not_applicable, self.minimum_count)

    def expression(self) -> Node:
        """Return the weighted sum of the points."""
        items = tuple((self._points(item), weight) for item, weight in self.directed)
        return weighted_items(items, sum_of(self.of), self.not_applicable, self.minimum_count)

    def _points(self, item: Node) -> Node:
        present = both([*([] if self.where is None else [self.where]), IsApplicable(item)])
        behind = Subtract(CohortCount(self.within, present), self._place(item))
        return Step(N_("points"), behind if self.last.value == 0 else Add(behind, self.last.node))

    def _place(self, item: Node) -> Node:
        keys = (SortKey(item),)
        first, last = (Rank(keys, method, self.within, self.where) for method in ("min", "max"))
        place: Node = Divide(Add(first, last), number(Fraction(2)))
        return Step(N_("place"), {"mean": place, "lowest": last, "highest": first}[self.ties])
