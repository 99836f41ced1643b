"""The scorer ``deduction``: points taken off, within a cap, and the value that is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Coalesce, Step, Subtract
from rulecore.language import N_
from rulecore.scorers.building import limited, points_of, written


@frozen(kw_only=True)
class Deduction(Scorer):
    """Points taken off, added up or the highest only, within a cap; or the value that they leave.

    min(Σ items, cap), or with ``highest_only`` min(max items, cap); items are written as positive numbers.
    With ``from`` the value is what is left: max(from − deduction, floor). Items that are not applicable are
    left out; if none is applicable neither is the deduction, unless ``none`` says what it is then.
    Source: R4 (只扣不加, 扣完为止). Example::

        [rules.safety]
        scorer = "deduction"
        from = 100
        of = ["accidents * 10", "violations * 2"]
        cap = 40
        floor = 0
        none = 0
    """

    name: ClassVar[str] = "deduction"

    of: tuple[Node, ...] = parameter(N_("The points taken off, as positive numbers."))
    from_: Node | None = parameter(
        N_("What they are taken off; left out, the rule is the deduction itself."), default=None
    )
    cap: Constant | None = parameter(N_("The most that can be taken off."), default=None)
    highest_only: bool = parameter(N_("Whether only the highest item counts."), default=False)
    floor: Constant | None = parameter(N_("The least that is left of from."), default=None)
    none: Constant | None = parameter(N_("The deduction where no item is applicable."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield an empty list, a negative cap, and a floor without anything to take off from."""
        if not self.of:
            yield Problem(code=codes.TOO_FEW, key=("of",), values={"parameter": "of", "count": 0, "least": 1})
        if self.cap is not None and self.cap.value < 0:
            values = {"parameter": "cap", "value": written(self.cap.value), "wanted": "≥ 0"}
            yield Problem(code=codes.OUT_OF_RANGE, key=("cap",), values=values)
        if self.floor is not None and self.from_ is None:
            yield Problem(
                code=codes.KEY_NEEDED, key=("floor",), values={"parameter": "from", "reason": "floor"}
            )

    def expression(self) -> Node:
        """Return the deduction, capped, or what it leaves."""
        points = points_of(self.of, self.highest_only, N_("sum of the deductions"), N_("highest deduction"))
        if self.cap is not None:
            points = limited(points, high=self.cap.node)
        if self.none is not None:
            points = Coalesce((points, self.none.node))
        if self.from_ is None:
            return points
        left = Subtract(self.from_, Step(N_("deduction"), points))
        return limited(left, low=None if self.floor is None else self.floor.node)
