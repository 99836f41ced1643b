"""The scorer ``topsis``: how near a record is to the best and how far from the worst there is."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.contracts import Node, parameter
from rulecore.expr.nodes import Add, Branch, CohortCall, Compare, Conditional, Divide, Power, Step, Subtract
from rulecore.language import N_
from rulecore.scorers.building import number
from rulecore.scorers.criteria import CriteriaScorer


@frozen(kw_only=True)
class Topsis(CriteriaScorer):
    """The closeness to the ideal: d₋ / (d₋ + d₊), from 0 (the worst in everything) to 1 (the best).

    Each criterion is divided by the root of the sum of its squares (``normalise``) and weighted; d₊ and d₋ are
    the distances from the best and the worst value of each criterion. A criterion in which all are alike sets nobody
    apart; where no criterion does, or there is one record only, the closeness is not applicable, with the issue
    ``all_alike``. A record without one of the criteria takes no part. The value is inexact and must be
    rounded before it is ranked. Source: Hwang and Yoon (1981). Example::

        [rules.closeness]
        scorer = "topsis"
        of = { quality = 0.5, delivery = 0.2, price = 0.3 }
        lower_is_better = ["price"]
        decimals = 4
    """

    name: ClassVar[str] = "topsis"

    normalise: Literal["vector", "max", "min_max", "none"] = parameter(
        N_(
            "What a criterion's values are divided by: the root of the sum of their squares, the largest of them, "
            "the distance from smallest to largest, or nothing."
        ),
        default="vector",
    )

    def expression(self) -> Node:
        """Return the closeness from the squared distances, whose share is exact."""
        share = CohortCall(
            "topsis_share", self.arguments(), (("normalise", self.normalise),), self.within, self.where
        )
        squared = Step(N_("squared distance from the worst, as a part of both"), share)
        # d₋ / (d₋ + d₊) = 1 / (1 + √(d₊² / d₋²)): one root of an exact quotient, so that a closeness that is rational
        # is known for it, and every rounding can be decided.
        ratio = Divide(Subtract(number(1), squared), squared)
        closeness = Divide(number(1), Add(number(1), Power(ratio, Fraction(1, 2))))
        return Conditional((Branch(Compare("==", squared, number(0)), number(0)),), closeness)
