"""The scorer ``steps``: points for every step above or below a target (每超过3%加1分)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import (
    Absolute,
    Add,
    Branch,
    Compare,
    Conditional,
    Divide,
    Multiply,
    Round,
    Step,
    Subtract,
)
from rulecore.language import N_
from rulecore.numbers import Rounding
from rulecore.scorers.building import constant, limited, number, written


@frozen(kw_only=True)
class Steps(Scorer):
    """A base plus points for each step the value lies above ``from``, less points for each step below it.

    n = (of − from) / each, with ``relative`` (of − from) / |from| / each, and the sign turned where lower is
    better.
    With ``count = "whole"`` only whole steps count (n is cut towards 0, on the exact quotient: 9% is exactly
    three steps of 3%), with ``"started"`` every step begun counts as one (不足1%按1%计), with ``"pro_rata"`` parts of
    a step count in proportion; the policy must say which. ``deduction_each`` is the width of a step on the worse side,
    where it is another.
    The value is base + clip(n × points_per_step, at_least, at_most). Source: R2, R3, R4 and scheme S02
    (每超过3%加1分,最多加6分). Example::

        [rules.profit_points]
        scorer = "steps"
        of = "profit"
        from = "profit_target"
        relative = true
        each = "3%"
        count = "whole"
        base = 36
        at_most = "cap"
        at_least = -6
    """

    name: ClassVar[str] = "steps"

    of: Node = parameter(N_("The value that is measured."))
    from_: Node = parameter(
        N_("The value from which steps are counted, such as the target."), default=number(0)
    )
    relative: bool = parameter(N_("Whether the distance is taken as a share of from."), default=False)
    direction: Literal["higher_is_better", "lower_is_better"] = parameter(
        N_("Which side of from earns points."), default="higher_is_better"
    )
    each: Constant = parameter(N_("The width of a step."))
    count: Literal["whole", "started", "pro_rata"] = parameter(
        N_("Whether only whole steps count, every step begun, or parts in proportion.")
    )
    points_per_step: Constant = parameter(
        N_("The points a step on the better side earns."), default=constant(1)
    )
    deduction_per_step: Constant | None = parameter(
        N_("The points a step on the worse side costs; as many as the better side earns if left out."),
        default=None,
    )
    deduction_each: Constant | None = parameter(
        N_("The width of a step on the worse side; each, if left out."), default=None
    )
    base: Node = parameter(N_("The points at from itself."), default=number(0))
    at_most: Node | None = parameter(N_("The most points that steps can add."), default=None)
    at_least: Node | None = parameter(
        N_("The least points that steps can give: a negative number, the most they can cost."), default=None
    )

    def problems(self) -> Iterator[Problem]:
        """Yield a step that is not above 0 and negative points."""
        if self.each.value <= 0:
            yield _out_of_range("each", self.each, "> 0")
        if self.deduction_each is not None and self.deduction_each.value <= 0:
            yield _out_of_range("deduction_each", self.deduction_each, "> 0")
        if self.points_per_step.value < 0:
            yield _out_of_range("points_per_step", self.points_per_step, "≥ 0")
        if self.deduction_per_step is not None and self.deduction_per_step.value < 0:
            yield _out_of_range("deduction_per_step", self.deduction_per_step, "≥ 0")

    def expression(self) -> Node:
        """Return base + clip(steps × points, at_least, at_most)."""
        points = Step(
            N_("points for the steps"), limited(self._points(), low=self.at_least, high=self.at_most)
        )
        return points if self.base == number(0) else Add(self.base, points)

    def _points(self) -> Node:
        worse_points = self.deduction_per_step or self.points_per_step
        worse_width = self.deduction_each or self.each
        distance = self._distance()
        if worse_width != self.each:
            distance = Step(N_("distance"), distance)
        steps = self._steps(distance, self.each)
        earned = Multiply(steps, self.points_per_step.node)
        if worse_width != self.each:
            below = Multiply(self._steps(distance, worse_width), worse_points.node)
            return Conditional((Branch(Compare(">=", distance, number(0)), earned),), below)
        if worse_points != self.points_per_step:
            below = Multiply(steps, worse_points.node)
            return Conditional((Branch(Compare(">=", steps, number(0)), earned),), below)
        return earned

    def _distance(self) -> Node:
        ends = (self.of, self.from_) if self.direction == "higher_is_better" else (self.from_, self.of)
        return self.of if ends == (self.of, number(0)) else Subtract(*ends)

    def _steps(self, distance: Node, each: Constant) -> Node:
        # One quotient only: dividing by |from| first would leave two roundings to guard where floats are
        # used.
        width = Multiply(Absolute(self.from_), each.node) if self.relative else each.node
        quotient = Divide(distance, width)
        if self.count == "pro_rata":
            return Step(N_("steps"), quotient)
        if self.count == "started":
            return Step(N_("steps begun"), Round(quotient, Fraction(1), Rounding.UP))
        return Step(N_("whole steps"), Round(quotient, Fraction(1), Rounding.TRUNCATE))


def _out_of_range(key: str, value: Constant, wanted: str) -> Problem:
    values = {"parameter": key, "value": written(value.value), "wanted": wanted}
    return Problem(code=codes.OUT_OF_RANGE, key=(key,), values=values)
