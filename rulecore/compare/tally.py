"""What draws come to, added up as they are computed: for each record how far values go, for each draw what it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from attrs import define, field, frozen

from rulecore.compare.values import ComparedRule
from rulecore.engines.exact import ExactValue
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedValue

Values = tuple[tuple[ExactValue, ...], ...]
"""For each record of the base, its values of the rules; None for a record that is not there."""
Outputs = tuple[Fraction, ...]
"""What sensitivities are about: one number for each rule."""


@define
class HeldSoFar:
    """One rule of one record over the draws so far: least, most, how often it is as now, how often each class came."""

    least: Fraction | None = None
    most: Fraction | None = None
    stays: int = 0
    counts: Counter[ExplainedValue] = field(factory=Counter)

    def add(self, least: Fraction | None, most: Fraction | None, stays: int) -> None:
        """Take in the ends of some draws, and in how many of them the value is as now."""
        if least is not None and (self.least is None or least < self.least):
            self.least = least
        if most is not None and (self.most is None or most > self.most):
            self.most = most
        self.stays += stays


@frozen(kw_only=True)
class Tally:
    """All of it: ``held`` by record and rule; ``draws`` counts those that make a policy."""

    rules: Sequence[ComparedRule]
    current: Values
    held: list[list[HeldSoFar]]
    draws: list[int] = field(factory=lambda: [0])

    @classmethod
    def of(cls, rules: Sequence[ComparedRule], current: Values) -> Tally:
        """Return an empty tally."""
        return cls(
            rules=rules, current=current, held=[[HeldSoFar() for _rule in rules] for _record in current]
        )

    def add(self, values: Values) -> None:
        """Take in one draw."""
        self.draws[0] += 1
        for row, mine in enumerate(values):
            for column, value in enumerate(mine):
                held, now = self.held[row][column], self.current[row][column]
                shown = explained(value)
                number = value if isinstance(value, Fraction) else None
                held.add(number, number, int(shown == explained(now)))
                if is_class(self.rules[column]):
                    held.counts[shown] += 1


def is_class(rule: ComparedRule) -> bool:
    """Return whether a rule sorts records instead of measuring them."""
    return rule.kind != "number" or rule.is_class


def outputs(rules: Sequence[ComparedRule], values: Values, current: Values) -> Outputs:
    """Return one number a rule: the mean of numbers, the mean shift of ranks, the share of classes that change."""
    return tuple(
        _output(rule, [row[column] for row in values], [row[column] for row in current])
        for column, rule in enumerate(rules)
    )


def _output(rule: ComparedRule, values: Sequence[ExactValue], current: Sequence[ExactValue]) -> Fraction:
    if is_class(rule):
        changed = sum(explained(one) != explained(other) for one, other in zip(values, current, strict=True))
        return Fraction(changed, len(values) or 1)
    pairs = [
        (one, other)
        for one, other in zip(values, current, strict=True)
        if isinstance(one, Fraction) and isinstance(other, Fraction)
    ]
    if rule.scorer == "rank":
        return sum((abs(one - other) for one, other in pairs), Fraction(0)) / (len(pairs) or 1)
    return sum((one for one, _other in pairs), Fraction(0)) / (len(pairs) or 1)
