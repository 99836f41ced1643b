"""The scorer ``vikor``: the compromise between what most criteria say and the one that complains most."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, parameter
from rulecore.expr.nodes import CohortCall
from rulecore.language import N_
from rulecore.scorers.building import written
from rulecore.scorers.criteria import CriteriaScorer


@frozen(kw_only=True)
class Vikor(CriteriaScorer):
    """The distance from the best, as a compromise between S and R; less is better.

    It is v·(S − S*)/(S⁻ − S*) + (1 − v)·(R − R*)/(R⁻ − R*), S* being the least and S⁻ the largest S.
    What a record misses of the best value of each criterion is taken as a part of what the worst one misses; S is the
    weighted sum of these parts (``group_utility``), R the largest of the weighted parts (``individual_regret``), and
    v the ``majority``. All of it is exact. Where all are alike in a criterion, in S or in R, nobody misses anything
    there; where they are alike in S and in R the compromise is not applicable, with the issue ``all_alike``. A
    record without one of the criteria takes no part. Source: Opricovic and Tzeng (2004). Example::

        [rules.distance]
        scorer = "vikor"
        of = { quality = 0.5, delivery = 0.2, price = 0.3 }
        lower_is_better = ["price"]
        decimals = 4
    """

    name: ClassVar[str] = "vikor"

    part: Literal["compromise", "group_utility", "individual_regret"] = parameter(
        N_("What is given: the compromise Q, the group utility S or the individual regret R."),
        default="compromise",
    )
    majority: Constant | None = parameter(
        N_("The weight v of the group utility in the compromise, from 0 to 1; 0.5 if left out."), default=None
    )

    def problems(self) -> Iterator[Problem]:
        """Yield faults of the criteria, a majority that is no part, and one that has no effect."""
        yield from super().problems()
        if self.majority is None:
            return
        if not 0 <= self.majority.value <= 1:
            values = {"parameter": "majority", "value": written(self.majority.value), "wanted": "0 … 1"}
            yield Problem(code=codes.OUT_OF_RANGE, key=("majority",), values=values)
        if self.part != "compromise":
            values = {"parameter": "majority", "reason": f'part = "{self.part}"'}
            yield Problem(code=codes.KEY_UNUSED, key=("majority",), values=values)

    def expression(self) -> Node:
        """Return the distance."""
        majority = Fraction(1, 2) if self.majority is None else self.majority.value
        options = (("part", self.part), ("majority", majority))
        return CohortCall("vikor_distance", self.arguments(), options, self.within, self.where)
