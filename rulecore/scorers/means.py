"""What the means of composite indices share: weights, what to do about 不适用, the exponents of each case.

Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), part 1, step 6 (weighting and aggregation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Final

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Conditional,
    Count,
    Divide,
    IsApplicable,
    Maximum,
    NotApplicable,
    Step,
    Total,
    Undecided,
)
from rulecore.language import N_
from rulecore.scorers.building import added, items_of, number, when_applicable
from rulecore.scorers.weights import WhenNotApplicable, sum_of, usual_sums, weight_problems

MOST_SUMS: Final = 64
"""More different sums than this of the weights that may be applicable make a formula nobody could follow."""

Items = tuple[tuple[Node, Constant], ...]


@frozen(kw_only=True)
class WeightedScorer(Scorer):
    """The parameters of a mean: values with their weights, and what follows where a value is not applicable."""

    of: Mapping[str, Constant] = parameter(N_("The values, as names or expressions, each with its weight."))
    sum_of_weights: Constant | None = parameter(
        N_("What the weights must sum to; 1 or 100 if left out, unless all of them are 1."), default=None
    )
    not_applicable: WhenNotApplicable = parameter(
        N_(
            "What follows from a value that is not applicable: the whole is not applicable (poison), "
            "its weight is shared out (re_share), or shared out if at least minimum_count values are "
            "applicable."
        ),
        default="poison",
    )
    minimum_count: int | None = parameter(N_("How many values must be applicable at least."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield weights that are not above 0 or do not sum as declared."""
        expected = usual_sums(self.of) if self.sum_of_weights is None else (self.sum_of_weights.value,)
        yield from weight_problems(self.of, expected, self.not_applicable, self.minimum_count)

    @property
    def items(self) -> Items:
        """The values as expressions, each with its weight."""
        return items_of(self.of)

    @property
    def shares(self) -> bool:
        """Whether the weight of a value that is not applicable is shared out."""
        return self.not_applicable != "poison"

    def present_weight(self) -> Node:
        """Return the sum of the weights of the applicable values; at least the smallest, so that it is never 0."""
        least = number(min(weight.value for weight in self.of.values()))
        return Maximum((self.applicable_weight(), least))

    def applicable_weight(self) -> Node:
        """Return the sum of the weights of the applicable values; not applicable if none is."""
        present = Total(tuple(when_applicable(item, weight.node) for item, weight in self.items))
        return Step(N_("weight of the applicable values"), present)

    def mean(self, term: Callable[[Node, Constant], Node], label: str) -> Node:
        """Return the sum of the terms over the sum of their weights, re-shared if the policy says so."""
        if not self.shares:
            terms = added(term(item, weight) for item, weight in self.items)
            return Divide(Step(label, terms), number(sum_of(self.of)))
        # A sum of what each adds, 0 where it is not applicable: a term that fails makes the whole fail.
        terms = added(
            Conditional((Branch(IsApplicable(item), term(item, weight)),), number(0))
            for item, weight in self.items
        )
        return Divide(Step(label, terms), self.present_weight())

    def if_enough(self, value: Node) -> Node:
        """Return the value where at least ``minimum_count`` values are applicable, else an issue."""
        if self.minimum_count is None:
            return value
        counted = Step(N_("number of applicable values"), Count(tuple(item for item, _ in self.items)))
        enough = Compare(">=", counted, number(self.minimum_count))
        return Conditional((Branch(enough, value),), Undecided("too_few_applicable"))


def possible_sums(weights: Mapping[str, Constant]) -> list[Fraction]:
    """Return every sum that the weights of some of the values can have, the largest first."""
    sums = {Fraction(0)}
    for weight in weights.values():
        sums |= {first + second for first, second in product(sums, (Fraction(0), weight.value))}
        if len(sums) > MOST_SUMS + 1:
            break
    return sorted(sums - {Fraction(0)}, reverse=True)


def by_sum(scorer: WeightedScorer, value_at: Callable[[Fraction], Node]) -> Node:
    """Return the value for each sum that the weights of the applicable values can have: roots need constants."""
    present = scorer.applicable_weight()
    branches = tuple(
        Branch(Compare("==", present, number(total)), value_at(total)) for total in possible_sums(scorer.of)
    )
    return Conditional(branches, NotApplicable())


def too_many_sums(scorer: WeightedScorer) -> Iterator[Problem]:
    """Yield weights whose re-sharing makes too many different roots."""
    if scorer.shares and len(possible_sums(scorer.of)) > MOST_SUMS:
        yield Problem(code=codes.TOO_MANY_SUMS, key=("of",), values={"most": MOST_SUMS})
