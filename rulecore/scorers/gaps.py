"""The scorer ``gaps``: what is lacking to a target, as a text list (总分差7.59;学术水平差8.20)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import (
    And,
    Branch,
    Compare,
    Concatenate,
    Conditional,
    FormatNumber,
    IsApplicable,
    Not,
    NotApplicable,
    Step,
    Subtract,
)
from rulecore.language import N_
from rulecore.scorers.building import either


@frozen(kw_only=True)
class Gap:
    """A value and the target it is measured against."""

    label: str = parameter(N_("The words before the gap."))
    of: Node = parameter(N_("The value."))
    target: Node = parameter(N_("What it should reach; where that is not applicable, nothing is asked."))
    direction: Literal["higher_is_better", "lower_is_better"] = parameter(
        N_("Whether the value should reach the target from below or from above."), default="higher_is_better"
    )


@frozen(kw_only=True)
class Gaps(Scorer):
    """The texts ``label`` + ``words`` + gap of all items that miss their targets, joined; ``none`` if none does.

    A gap is the distance to the target, with ``shown_decimals`` decimals, half up. An item whose target is not
    applicable asks for nothing; a value that is not applicable where its target is applicable makes the whole not
    applicable: nobody knows how large that gap is. Source: S13 (短板). Example::

        [rules.shortfall]
        scorer = "gaps"
        items = [
            { label = "总分", of = "total", target = "total_line" },
            { label = "学术水平", of = "learning", target = "learning_line" },
        ]
    """

    name: ClassVar[str] = "gaps"

    items: tuple[Gap, ...] = parameter(N_("The values with their targets, in the order shown."))
    shown_decimals: int = parameter(N_("How many decimals a gap is shown with."), default=2)
    words: str = parameter(N_("What stands between the label and the gap."), default="差")
    separator: str = parameter(N_("What stands between two gaps."), default=";")
    none: str = parameter(N_("The text where nothing is lacking."), default="")

    def problems(self) -> Iterator[Problem]:
        """Yield an empty list and decimals that cannot be."""
        if not self.items:
            values = {"parameter": "items", "count": 0, "least": 1}
            yield Problem(code=codes.TOO_FEW, key=("items",), values=values)
        if not 0 <= self.shown_decimals <= 18:
            values = {"parameter": "shown_decimals", "value": self.shown_decimals, "wanted": "0 … 18"}
            yield Problem(code=codes.OUT_OF_RANGE, key=("shown_decimals",), values=values)

    def expression(self) -> Node:
        """Return the joined texts, guarded against values that nobody knows."""
        nothing = LiteralNode(self.none)
        unknown = either(And((IsApplicable(item.target), Not(IsApplicable(item.of)))) for item in self.items)
        lacking = either(And((IsApplicable(item.target), self._misses(item))) for item in self.items)
        joined = Concatenate(tuple(self._text(item) for item in self.items), self.separator)
        return Conditional((Branch(unknown, NotApplicable()), Branch(lacking, joined)), nothing)

    def _misses(self, item: Gap) -> Node:
        operator: Literal["<", ">"] = "<" if item.direction == "higher_is_better" else ">"
        return Compare(operator, item.of, item.target)

    def _text(self, item: Gap) -> Node:
        ends = (item.target, item.of) if item.direction == "higher_is_better" else (item.of, item.target)
        gap = FormatNumber(Subtract(*ends), self.shown_decimals)
        text = Concatenate((LiteralNode(item.label + self.words), gap))
        asked = And((IsApplicable(item.target), self._misses(item)))
        return Step(item.label, Conditional((Branch(asked, text, item.label),), LiteralNode("")))
