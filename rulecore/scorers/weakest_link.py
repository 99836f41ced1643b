"""The scorer ``weakest_link``: the smallest value, or a mean pulled down to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, parameter
from rulecore.expr.nodes import Coalesce, Minimum, Multiply, Step, Subtract
from rulecore.language import N_
from rulecore.scorers.building import constant, written
from rulecore.scorers.means import WeightedScorer


@frozen(kw_only=True)
class WeakestLink(WeightedScorer):
    """The smallest of some values (短板), or their weighted mean less a part of its distance to the smallest.

    mean − penalty × (mean − smallest): with ``penalty = 1``, the default, nothing but the weakest counts; with
    0.5 half of what the others are ahead. With ``not_applicable = "re_share"`` both are of the applicable values.
    Source: OECD/JRC handbook, step 6 (non-compensatory aggregation); 木桶原则. Example::

        [rules.readiness]
        scorer = "weakest_link"
        of = { safety = 1, quality = 1, delivery = 1 }
        penalty = 0.5
    """

    name: ClassVar[str] = "weakest_link"

    penalty: Constant = parameter(
        N_("The part of the distance from the mean to the smallest value that is taken off."),
        default=constant(1),
    )

    def problems(self) -> Iterator[Problem]:
        """Yield faults of the weights, and a penalty that is no part."""
        yield from super().problems()
        if not 0 <= self.penalty.value <= 1:
            values = {"parameter": "penalty", "value": written(self.penalty.value), "wanted": "0 … 1"}
            yield Problem(code=codes.OUT_OF_RANGE, key=("penalty",), values=values)

    def expression(self) -> Node:
        """Return the smallest value, or what the penalty leaves of the mean."""
        smallest = Step(N_("smallest value"), self._smallest())
        if self.penalty.value == 1:
            return self.if_enough(smallest)
        weighted = self.mean(
            lambda item, weight: Multiply(item, weight.node), N_("sum of the weighted values")
        )
        mean = Step(N_("mean"), weighted)
        ahead = Step(N_("taken off"), Multiply(Subtract(mean, smallest), self.penalty.node))
        return self.if_enough(Subtract(mean, ahead))

    def _smallest(self) -> Node:
        values = tuple(item for item, _ in self.items)
        if len(values) == 1:
            return values[0]
        if not self.shares:
            return Minimum(values)
        # The smallest is not applicable once one value is, so each that is not is replaced by one that is.
        any_of_them = Coalesce(values)
        return Minimum(tuple(Coalesce((value, any_of_them)) for value in values))
