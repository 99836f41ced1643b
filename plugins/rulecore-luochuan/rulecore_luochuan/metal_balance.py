"""``metal_balance``: points for the copper recovered from what was put in, against a recovery quota."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Final

from attrs import frozen

from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.errors import Code
from rulecore.expr.nodes import (
    Add,
    Branch,
    Compare,
    Conditional,
    Divide,
    Literal,
    Maximum,
    Minimum,
    Multiply,
    Round,
    Step,
    Subtract,
    Undecided,
)
from rulecore.language import N_
from rulecore.numbers import Rounding

NOT_POSITIVE: Final = Code(
    id="LUOCHUAN01",
    message=N_("{key} must be above zero, not {value}"),
    hint=N_("a step of 0.1 percentage points is written 0.001"),
)
POINTS_OUT_OF_ORDER: Final = Code(
    id="LUOCHUAN02",
    message=N_("least {least}, base_points {base} and most {most} are not in this order"),
    hint=N_("points at quota lie between the fewest and the most points the rule can give"),
)

ZERO: Final = Literal(Fraction(0))
ONE: Final = Literal(Fraction(1))


@frozen(kw_only=True)
class MetalBalance(Scorer):
    """Points for a metal recovery rate: the base at quota, more for whole steps above it, fewer below.

    With recovery = (produced + stock_change) / put_in and gap = recovery − quota::

        gap ≥ 0:  min(base_points + floor(gap / each) × points_above, most)
        gap < 0:  max(base_points − ceil(−gap / each) × points_below, least)

    A step above counts once it is complete, a step below once it has begun (不足一个步长按一个步长计). More
    metal out than was put in means that the balance does not close: no score, and the record carries the
    issue ``metal_surplus``. Any operand that is not applicable makes the score not applicable.

    Source: 洛川铜加工金属平衡管理考核细则 (made up for this example). Example::

        [rules.metal]
        label = "金属平衡得分"
        scorer = "metal_balance"
        put_in = "metal_in"
        produced = "metal_out"
        stock_change = "metal_stock"
        quota = "metal_quota"
        base_points = 90
        each = 0.001
        points_above = 2
        points_below = 3
        most = 100
    """

    name: ClassVar[str] = "metal_balance"

    put_in: Node = parameter(N_("Metal put into the process, in tonnes; must be above zero."))
    produced: Node = parameter(N_("Metal in finished products, in tonnes."))
    stock_change: Node = parameter(
        N_("Growth of the metal held in work in process, in tonnes; negative if it shrank.")
    )
    quota: Node = parameter(N_("The recovery rate required, as a share of one (97.2% is 0.972)."))
    base_points: Constant = parameter(N_("The points of a unit that just meets its quota."))
    each: Constant = parameter(N_("The width of one step of the recovery rate, as a share of one."))
    points_above: Constant = parameter(N_("The points added for each complete step above the quota."))
    points_below: Constant = parameter(N_("The points taken for each step begun below the quota."))
    most: Constant = parameter(N_("The most points the rule gives."))
    least: Constant = parameter(
        N_("The fewest points the rule gives."),
        default=Constant(value=Fraction(0), node=ZERO),
    )

    def problems(self) -> Iterator[Problem]:
        """Yield a step that is not above zero, and points that are not in order."""
        if self.each.value <= 0:
            yield Problem(
                code=NOT_POSITIVE,
                key=("each",),
                values={"key": "each", "value": self.each.value},
            )
        if not self.least.value <= self.base_points.value <= self.most.value:
            yield Problem(
                code=POINTS_OUT_OF_ORDER,
                key=("base_points",),
                values={
                    "least": self.least.value,
                    "base": self.base_points.value,
                    "most": self.most.value,
                },
            )

    def expression(self) -> Node:
        """Return the points, with the recovery rate and the gap to the quota as named steps."""
        recovery = Step("金属回收率", Divide(Add(self.produced, self.stock_change), self.put_in))
        gap = Step("回收率与定额之差", Subtract(recovery, self.quota))
        above = Add(self.base_points.node, self._points(gap, self.points_above))
        # The gap is negative here: rounded down, a step begun is a whole step, and the points are negative.
        below = Add(self.base_points.node, self._points(gap, self.points_below))
        points = Conditional(
            (
                Branch(Compare(">", recovery, ONE), Undecided("metal_surplus"), "产出多于投入"),
                Branch(Compare(">=", gap, ZERO), above, "达到定额"),
            ),
            below,
        )
        # Both limits stand around both branches, so that the range of the rule is known to be least to most.
        return Maximum((Minimum((points, self.most.node)), self.least.node))

    def _points(self, gap: Node, points: Constant) -> Node:
        return Multiply(Round(Divide(gap, self.each.node), Fraction(1), Rounding.FLOOR), points.node)
