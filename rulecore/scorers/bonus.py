"""The scorer ``bonus``: bonus points, added up or the highest only, within a cap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Coalesce, Step
from rulecore.language import N_
from rulecore.scorers.building import limited, points_of, written


@frozen(kw_only=True)
class Bonus(Scorer):
    """Bonus points: min(Σ items, cap), or with ``highest_only`` (就高不累计) min(max items, cap).

    Items that are not applicable are left out; if none is applicable neither is the bonus, unless ``none``
    says what it is then. Source: S01 (加分最多3分), R13 and S03 (同一成果就高不累计, 加分最多2分). Example::

        [rules.honour_bonus]
        scorer = "bonus"
        of = ["group_honour", "company_honour"]
        highest_only = true
        cap = 2
        none = 0
    """

    name: ClassVar[str] = "bonus"

    of: tuple[Node, ...] = parameter(N_("The bonus points."))
    cap: Constant | None = parameter(N_("The most that the bonus can be."), default=None)
    highest_only: bool = parameter(N_("Whether only the highest item counts (就高不累计)."), default=False)
    none: Constant | None = parameter(N_("The bonus where no item is applicable."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield an empty list and a negative cap."""
        if not self.of:
            yield Problem(code=codes.TOO_FEW, key=("of",), values={"parameter": "of", "count": 0, "least": 1})
        if self.cap is not None and self.cap.value < 0:
            values = {"parameter": "cap", "value": written(self.cap.value), "wanted": "≥ 0"}
            yield Problem(code=codes.OUT_OF_RANGE, key=("cap",), values=values)

    def expression(self) -> Node:
        """Return the bonus, capped."""
        points = points_of(self.of, self.highest_only, N_("sum of the bonus points"), N_("highest bonus"))
        if self.cap is not None:
            points = Step(N_("bonus within the cap"), limited(points, high=self.cap.node))
        return points if self.none is None else Coalesce((points, self.none.node))
