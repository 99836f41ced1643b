"""The scorer ``power_mean``: the root of the mean of powers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, parameter
from rulecore.expr.nodes import Multiply, Power
from rulecore.language import N_
from rulecore.scorers.building import written
from rulecore.scorers.means import WeightedScorer

LARGEST_EXPONENT = 64


@frozen(kw_only=True)
class PowerMean(WeightedScorer):
    """The weighted power mean of values: (Σ wᵢ·xᵢ^p / Σ wᵢ)^(1/p).

    With p = 1 it is the arithmetic mean, with −1 the harmonic, with 2 the quadratic one; the lower p, the more low
    values count. The geometric mean, which p = 0 would stand for, has a scorer of its own. Unless p is 1 or −1 it is
    inexact and must be rounded before it is compared. Source: Hardy, Littlewood and Pólya, Inequalities (1934), chapter
    II; UNDP Gender Inequality Index. Example::

        [rules.index]
        scorer = "power_mean"
        of = { health = 1, education = 1, income = 1 }
        exponent = 0.5
        decimals = 3
    """

    name: ClassVar[str] = "power_mean"

    exponent: Constant = parameter(N_("The power p, other than 0."))

    def problems(self) -> Iterator[Problem]:
        """Yield faults of the weights, and an exponent of 0 or beyond ±64."""
        yield from super().problems()
        exponent = self.exponent.value
        if exponent == 0 or abs(exponent) > LARGEST_EXPONENT:
            values = {
                "parameter": "exponent",
                "value": written(exponent),
                "wanted": f"−{LARGEST_EXPONENT} … {LARGEST_EXPONENT}, ≠ 0",
            }
            hint = N_("for 0 use the scorer geometric_mean") if exponent == 0 else None
            yield Problem(code=codes.OUT_OF_RANGE, key=("exponent",), values=values, hint=hint)

    def expression(self) -> Node:
        """Return the root of the mean of powers."""
        exponent = self.exponent.value
        if exponent == 1:
            powers = self.mean(
                lambda item, weight: Multiply(item, weight.node), N_("sum of the weighted powers")
            )
            return self.if_enough(powers)
        powers = self.mean(
            lambda item, weight: Multiply(Power(item, exponent), weight.node),
            N_("sum of the weighted powers"),
        )
        return self.if_enough(Power(powers, 1 / exponent))
