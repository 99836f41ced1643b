"""A scorer: full marks times how far the target was reached, up to a cap."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Divide, Minimum, Multiply, Step
from rulecore_example.codes import NOT_POSITIVE


@frozen(kw_only=True)
class TargetRatio(Scorer):
    """Full marks times the part of the target reached, up to a cap: min(of ÷ target × full_marks, cap).

    A target of 0 gives not applicable, with an issue on the record. Example::

        [rules.revenue_points]
        scorer = "target_ratio"
        of = "revenue"
        target = "revenue_target"
        full_marks = 100
        cap = 120
        decimals = 2
    """

    name = "target_ratio"

    of: Node = parameter("What was reached.")
    target: Node = parameter("What was to be reached.")
    full_marks: Constant = parameter("The marks for reaching the target.")
    cap: Constant | None = parameter("The most marks there are; without it there is no limit.", default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield full marks that are not above 0."""
        if self.full_marks.value <= 0:
            yield Problem(code=NOT_POSITIVE, key=("full_marks",), values={"value": self.full_marks.value})

    def expression(self) -> Node:
        """Return min(of ÷ target × full_marks, cap), the ratio being a step of its own in explanations."""
        ratio = Step("完成率", Divide(self.of, self.target))
        marks = Multiply(ratio, self.full_marks.node)
        return marks if self.cap is None else Minimum((marks, self.cap.node))
