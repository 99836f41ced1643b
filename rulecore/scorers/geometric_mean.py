"""The scorer ``geometric_mean``: values to the power of their weights, multiplied."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Node, Problem
from rulecore.expr.nodes import Branch, Conditional, IsApplicable, Power
from rulecore.scorers.building import multiplied, number
from rulecore.scorers.means import WeightedScorer, by_sum, too_many_sums
from rulecore.scorers.weights import sum_of


@frozen(kw_only=True)
class GeometricMean(WeightedScorer):
    """The weighted geometric mean of values: Π xᵢ^(wᵢ / Σ wᵢ).

    A low value cannot be made up for by a high one as in the arithmetic mean; one value of 0 makes it 0. A value
    below 0 has no geometric mean: not applicable, with the issue ``outside_domain``. It is inexact and must be
    rounded before it is compared. Source: UNDP, Human Development Report, Technical note 1. Example::

        [rules.index]
        scorer = "geometric_mean"
        of = { health = 1, education = 1, income = 1 }
        decimals = 3
    """

    name: ClassVar[str] = "geometric_mean"

    def problems(self) -> Iterator[Problem]:
        """Yield faults of the weights, and weights that make too many different roots."""
        yield from super().problems()
        yield from too_many_sums(self)

    def expression(self) -> Node:
        """Return the product of powers, re-shared where the policy says so."""
        if not self.shares:
            total = sum_of(self.of)
            return multiplied(Power(item, weight.value / total) for item, weight in self.items)
        return self.if_enough(by_sum(self, self._of_the_applicable))

    def _of_the_applicable(self, total: Fraction) -> Node:
        return multiplied(
            Conditional((Branch(IsApplicable(item), Power(item, weight.value / total)),), number(1))
            for item, weight in self.items
            if weight.value <= total
        )
