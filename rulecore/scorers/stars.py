"""The scorer ``stars``: whole numbers of stars by thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Compare, Conditional
from rulecore.language import N_
from rulecore.scorers.building import LARGEST, SMALLEST, number, word, written


@frozen(kw_only=True)
class Stars(Scorer):
    """The stars of a score: ``most`` from the first threshold upwards, one less below each threshold.

    Thresholds are lower bounds and belong to the higher star (含本数). The value is a number, so that rules
    can count on (at most last year's star + 1). A score that is not applicable has no stars, not the fewest.
    Source: R14 (≥90 五星, 80 四星, 70 三星, 60 二星, 以下一星), scheme S03. Example::

        [rules.score_star]
        scorer = "stars"
        of = "score"
        thresholds = [90, 80, 70, 60]
    """

    name: ClassVar[str] = "stars"

    of: Node = parameter(N_("The score that earns the stars."))
    thresholds: tuple[Constant, ...] = parameter(
        N_("The lowest score of each star but the last, from the highest down.")
    )
    most: int = parameter(N_("The stars from the first threshold upwards."), default=5)
    least: int = parameter(N_("The stars below the last threshold."), default=1)

    def problems(self) -> Iterator[Problem]:
        """Yield thresholds that do not descend, or are too many or too few."""
        for index, (before, after) in enumerate(pairwise(self.thresholds), start=1):
            if after.value >= before.value:
                values = {
                    "value": written(after.value),
                    "previous": written(before.value),
                    "parameter": "thresholds",
                    "first": word(LARGEST),
                    "last": word(SMALLEST),
                }
                yield Problem(code=codes.BAND_ORDER, key=("thresholds", index), values=values)
        if len(self.thresholds) != self.most - self.least or not self.thresholds:
            values = {
                "count": str(len(self.thresholds)),
                "groups": str(len(self.thresholds) + 1),
                "most": str(self.most),
                "least": str(self.least),
                "wanted": str(self.most - self.least + 1),
                "needed": str(self.most - self.least),
            }
            yield Problem(code=codes.STAR_THRESHOLDS, key=("thresholds",), values=values)

    def expression(self) -> Node:
        """Return one branch for each threshold."""
        branches = tuple(
            Branch(Compare(">=", self.of, threshold.node), number(self.most - index))
            for index, threshold in enumerate(self.thresholds)
        )
        return Conditional(branches, number(self.least))
