"""The scorer ``weighted_sum``: values times their weights, added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.language import N_
from rulecore.scorers.weights import WhenNotApplicable, sum_of, weight_problems, weighted


@frozen(kw_only=True)
class WeightedSum(Scorer):
    """The sum of values, each multiplied by its weight: Σ wᵢ·xᵢ.

    The weights must sum to 1, or to exactly the stated ``sum_of_weights``. Of values that are not applicable
    the weight is shared out in proportion with ``not_applicable = "re_share"``: Σ wᵢ·xᵢ × W / Σ wᵢ over the
    applicable values, where W is the sum of all weights. Source: R14 (支部星级 70% + 30%), S07 and S19
    (不适用项权重分摊). Example::

        [rules.total]
        scorer = "weighted_sum"
        of = { basic = "70%", appraisal = "30%" }
        not_applicable = "re_share"
    """

    name: ClassVar[str] = "weighted_sum"

    of: Mapping[str, Constant] = parameter(N_("The values, as names or expressions, each with its weight."))
    sum_of_weights: Constant | None = parameter(
        N_("What the weights must sum to; 1 if left out."), default=None
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
        expected = Fraction(1) if self.sum_of_weights is None else self.sum_of_weights.value
        yield from weight_problems(self.of, (expected,), self.not_applicable, self.minimum_count)

    def expression(self) -> Node:
        """Return Σ wᵢ·xᵢ, re-shared where the policy says so."""
        return weighted(self.of, sum_of(self.of), self.not_applicable, self.minimum_count)
