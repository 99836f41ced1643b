"""The scorer ``panel``: the marks of a panel without its extremes, with recusals and a least number of marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Node, Problem, Scorer, parameter
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Conditional,
    Count,
    Mean,
    Multiply,
    Step,
    Subtract,
    Total,
    TrimmedMean,
    Undecided,
)
from rulecore.language import N_
from rulecore.scorers.building import number


@frozen(kw_only=True)
class Panel(Scorer):
    """The mean (or sum) of the marks of those who judged, without the lowest and the highest.

    A mark that is not applicable is a recusal: it is not counted, neither as 0 nor as an extreme. With fewer than
    ``minimum`` marks there is no score: not applicable, with the issue ``too_few_applicable``. With ``drop_from`` the
    extremes are dropped only where at least so many marked; below, all marks count. Source: 去掉一个最高分和一个最低分
    后取平均. Example::

        [rules.jury]
        scorer = "panel"
        of = ["judge_1", "judge_2", "judge_3", "judge_4", "judge_5"]
        drop_low = 1
        drop_high = 1
        minimum = 3
    """

    name: ClassVar[str] = "panel"

    of: tuple[Node, ...] = parameter(N_("The marks, one for each judge."))
    drop_low: int = parameter(N_("How many of the lowest marks are dropped."), default=0)
    drop_high: int = parameter(N_("How many of the highest marks are dropped."), default=0)
    drop_from: int | None = parameter(
        N_("The number of marks from which the extremes are dropped; always, if left out."), default=None
    )
    minimum: int | None = parameter(
        N_("The least number of marks for a score; one more than are dropped, if left out."), default=None
    )
    method: Literal["mean", "sum"] = parameter(
        N_("Whether the marks that are left are averaged or added."), default="mean"
    )

    def problems(self) -> Iterator[Problem]:
        """Yield too few judges, and numbers of marks that cannot be or leave nothing."""
        if len(self.of) < 2:
            values = {"parameter": "of", "count": len(self.of), "least": 2}
            yield Problem(code=codes.TOO_FEW, key=("of",), values=values)
            return
        for key, dropped in (("drop_low", self.drop_low), ("drop_high", self.drop_high)):
            if dropped < 0:
                yield _out_of_range(key, dropped, "≥ 0")
        kept, judges = self._dropped + 1, len(self.of)
        if self._dropped >= judges:
            yield _out_of_range("drop_low", self._dropped, f"≤ {judges - 1}")
            return
        if self.drop_from is not None and not self._dropped:
            values_ = {"parameter": "drop_from", "reason": "drop_low = drop_high = 0"}
            yield Problem(code=codes.KEY_UNUSED, key=("drop_from",), values=values_)
        elif self.drop_from is not None and not kept <= self.drop_from <= judges:
            yield _out_of_range("drop_from", self.drop_from, f"{kept} … {judges}")
        least = kept if self.drop_from is None else 1
        if self.minimum is not None and not least <= self.minimum <= judges:
            yield _out_of_range("minimum", self.minimum, f"{least} … {judges}")

    @property
    def _dropped(self) -> int:
        return self.drop_low + self.drop_high

    def expression(self) -> Node:
        """Return the score where enough have marked."""
        marks = Step(N_("number of marks"), Count(self.of))
        every = Mean(self.of) if self.method == "mean" else Total(self.of)
        score: Node = every
        if self._dropped:
            score = self._without_extremes(marks)
        if self._dropped and self.drop_from is not None:
            score = Conditional((Branch(Compare(">=", marks, number(self.drop_from)), score),), every)
        least = self.minimum or (1 if self.drop_from is not None else self._dropped + 1)
        return Conditional(
            (Branch(Compare(">=", marks, number(least)), score),), Undecided("too_few_applicable")
        )

    def _without_extremes(self, marks: Node) -> Node:
        mean = TrimmedMean(self.of, self.drop_low, self.drop_high)
        if self.method == "mean":
            return mean
        return Multiply(mean, Step(N_("number of marks kept"), Subtract(marks, number(self._dropped))))


def _out_of_range(key: str, value: int, wanted: str) -> Problem:
    values = {"parameter": key, "value": value, "wanted": wanted}
    return Problem(code=codes.OUT_OF_RANGE, key=(key,), values=values)
