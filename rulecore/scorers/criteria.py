"""What the scorers share that set records against each other by several criteria (多准则排序)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Negate
from rulecore.language import N_
from rulecore.scorers.building import items_of
from rulecore.scorers.weights import usual_sums, weight_problems


@frozen(kw_only=True)
class CriteriaScorer(Scorer):
    """Criteria with their weights and directions, and the records that are compared."""

    of: Mapping[str, Constant] = parameter(N_("The criteria, as names or expressions, each with its weight."))
    lower_is_better: tuple[str, ...] = parameter(
        N_("Those of the criteria of which less is better, as written in of."), default=()
    )
    sum_of_weights: Constant | None = parameter(
        N_("What the weights must sum to; 1 or 100 if left out, unless all of them are 1."), default=None
    )
    within: tuple[Node, ...] = parameter(
        N_("Records are compared separately for each value of these."), default=()
    )
    where: Node | None = parameter(N_("Which records take part; all of them if left out."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield faults of the weights, and directions of what is no criterion or of one given twice."""
        expected = usual_sums(self.of) if self.sum_of_weights is None else (self.sum_of_weights.value,)
        yield from weight_problems(self.of, expected, "poison", None)
        for index, name in enumerate(self.lower_is_better):
            key = ("lower_is_better", index)
            if name not in self.of:
                yield Problem(
                    code=codes.NOT_IN_LIST, key=key, values={"value": f'"{name}"', "parameter": "of"}
                )
            elif name in self.lower_is_better[:index]:
                values = {"value": f'"{name}"', "parameter": "lower_is_better"}
                yield Problem(code=codes.GIVEN_TWICE, key=key, values=values)

    @property
    def directed(self) -> tuple[tuple[Node, Constant], ...]:
        """The criteria, turned so that more is better in each, with their weights."""
        lower = set(self.lower_is_better)
        return tuple(
            (Negate(item) if name in lower else item, weight)
            for name, (item, weight) in zip(self.of, items_of(self.of), strict=True)
        )

    def arguments(self) -> tuple[Node, ...]:
        """Return each criterion followed by its weight, as cohort functions take them."""
        return tuple(node for item, weight in self.directed for node in (item, weight.node))
