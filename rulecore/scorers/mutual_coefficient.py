"""The scorer ``mutual_coefficient``: scores that are each other's coefficient (双百分)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Claim, Constant, FullMarks, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Divide, Multiply, Power, Step
from rulecore.language import N_
from rulecore.scorers.building import constant, limited, multiplied, written


@frozen(kw_only=True)
class BoundedCoefficient:
    """A score that enters as a coefficient between two bounds: clip(score / full marks, low, high)."""

    of: Node = parameter(N_("The score whose rate (score / full marks) is the coefficient."))
    low: Constant = parameter(N_("The smallest coefficient."))
    high: Constant = parameter(N_("The largest coefficient."))
    full_marks: Constant = parameter(N_("The full marks of this score."), default=constant(100))


@frozen(kw_only=True)
class MutualCoefficient(Scorer):
    """Scores multiplied with each other, each a rate of its full marks: Π xᵢ / full_marks^(n−1).

    With ``coefficient`` a further score takes part as a coefficient held between two bounds:
    (Π xᵢ / full_marks^(n−1)) × clip(x / its full marks, low, high). Not applicable as soon as one score is.
    Source: 双百分考核, scheme S01; R11 (2019: party score rate × operations score; 2020: staff
    satisfaction as a third factor). Example::

        [rules.score]
        scorer = "mutual_coefficient"
        of = ["party", "operations"]
        full_marks = 100
        decimals = 2
    """

    name: ClassVar[str] = "mutual_coefficient"

    of: tuple[Node, ...] = parameter(
        N_("The scores that are multiplied: two or more, or one with a coefficient.")
    )
    full_marks: Constant = parameter(
        N_("The full marks of each of them, and of the result."), default=constant(100)
    )
    coefficient: BoundedCoefficient | None = parameter(
        N_("A score that takes part as a coefficient between two bounds."), default=None
    )

    def problems(self) -> Iterator[Problem]:
        """Yield too few factors, full marks that are not above 0, and bounds in the wrong order."""
        least = 2 if self.coefficient is None else 1
        if len(self.of) < least:
            yield Problem(
                code=codes.TOO_FEW,
                key=("of",),
                values={"parameter": "of", "count": len(self.of), "least": least},
            )
        yield from _positive(self.full_marks, ("full_marks",))
        if self.coefficient is not None:
            yield from _positive(self.coefficient.full_marks, ("coefficient", "full_marks"))
            yield from _positive(self.coefficient.low, ("coefficient", "low"))
            if self.coefficient.low.value > self.coefficient.high.value:
                values = {
                    "parameter": "low",
                    "value": written(self.coefficient.low.value),
                    "wanted": f"≤ high = {written(self.coefficient.high.value)}",
                }
                yield Problem(code=codes.OUT_OF_RANGE, key=("coefficient", "low"), values=values)

    def claims(self) -> Iterator[Claim]:
        """Yield the full marks of each factor; a coefficient may go beyond its own, within its bounds."""
        for index, factor in enumerate(self.of if len(self.of) > 1 else ()):
            yield FullMarks(of=factor, marks=self.full_marks.value, key=("of", index))

    def expression(self) -> Node:
        """Return the product, scaled back to full marks."""
        product = multiplied(self.of)
        if len(self.of) > 1:
            divisor = self.full_marks.node
            if len(self.of) > 2:
                divisor = Power(divisor, Fraction(len(self.of) - 1))
            product = Divide(product, divisor)
        if self.coefficient is None:
            return product
        rate = Step(N_("score rate"), Divide(self.coefficient.of, self.coefficient.full_marks.node))
        bounded = limited(rate, low=self.coefficient.low.node, high=self.coefficient.high.node)
        return Multiply(product, Step(N_("coefficient"), bounded))


def _positive(value: Constant, key: tuple[str, ...]) -> Iterator[Problem]:
    if value.value <= 0:
        values = {"parameter": key[-1], "value": written(value.value), "wanted": "> 0"}
        yield Problem(code=codes.OUT_OF_RANGE, key=key, values=values)
