"""The scorer ``harmonic_mean``: the weights, divided by the sum of weights over values."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Node
from rulecore.expr.nodes import Divide
from rulecore.language import N_
from rulecore.scorers.building import number
from rulecore.scorers.means import WeightedScorer


@frozen(kw_only=True)
class HarmonicMean(WeightedScorer):
    """The weighted harmonic mean of values: Σ wᵢ / Σ (wᵢ / xᵢ).

    Of the usual means it holds low values against a record most of all. A value of 0 has no inverse: not
    applicable, with the issue ``division_by_zero``. Values are meant to be above 0. Source: OECD/JRC handbook,
    step 6; the F-score of precision and recall is one. Example::

        [rules.balance]
        scorer = "harmonic_mean"
        of = { quality = 50, quantity = 50 }
        decimals = 2
    """

    name: ClassVar[str] = "harmonic_mean"

    def expression(self) -> Node:
        """Return the inverse of the mean of the inverses."""
        inverses = self.mean(
            lambda item, weight: Divide(weight.node, item), N_("sum of the weighted inverses")
        )
        return self.if_enough(Divide(number(1), inverses))
