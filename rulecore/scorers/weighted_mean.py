"""The scorer ``weighted_mean``: values times their weights, divided by the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.language import N_
from rulecore.scorers.weights import WhenNotApplicable, usual_sums, weight_problems, weighted


@frozen(kw_only=True)
class WeightedMean(Scorer):
    """The weighted arithmetic mean of values: Σ wᵢ·xᵢ / Σ wᵢ.

    The weights must sum to 1 or 100, be 1 each, or sum to exactly the stated ``sum_of_weights``. With
    ``not_applicable = "re_share"`` both sums run over the applicable values. Source: S13
    (.4 上级 + .4 同级 + .2 团队, 缺项按比例分摊). Example::

        [rules.academic_level]
        scorer = "weighted_mean"
        of = { superior = 40, peer = 40, team = 20 }
        not_applicable = "minimum_count"
        minimum_count = 2
    """

    name: ClassVar[str] = "weighted_mean"

    of: Mapping[str, Constant] = parameter(N_("The values, as names or expressions, each with its weight."))
    sum_of_weights: Constant | None = parameter(
        N_("What the weights must sum to; 1 or 100 if left out, unless all of them are 1."), default=None
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
        """Yield weights that are not above 0 or do not sum as declared."""
        expected = usual_sums(self.of) if self.sum_of_weights is None else (self.sum_of_weights.value,)
        yield from weight_problems(self.of, expected, self.not_applicable, self.minimum_count)

    def expression(self) -> Node:
        """Return Σ wᵢ·xᵢ / Σ wᵢ."""
        return weighted(self.of, Fraction(1), self.not_applicable, self.minimum_count)
