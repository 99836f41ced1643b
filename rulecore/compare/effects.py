"""What the policy did and what the records did, told apart where both changed.

Four runs are needed: each policy with each version of the records. The policy's effect depends on the order in which
the two are changed; the mean over both orders (Shapley, *A value for n-person games*, 1953, for two players) is fair to
both and adds up exactly: with v(policy, records),

    policy      = ½ [v(new, old) − v(old, old)] + ½ [v(new, new) − v(old, new)]
    performance = ½ [v(old, new) − v(old, old)] + ½ [v(new, new) − v(new, old)]
    policy + performance = v(new, new) − v(old, old)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from rulecore.compare.same import same_value
from rulecore.compare.side import Key, Side
from rulecore.compare.values import ComparedRule, Effect, EffectSum, Mixed
from rulecore.engines.exact import ExactValue
from rulecore.explain.numbers import explained


@frozen(kw_only=True)
class FourRuns:
    """The four runs; the first word of a name is the policy, the second the records."""

    old_old: Side
    new_old: Side
    old_new: Side
    new_new: Side

    def effects(self, key: Key, rules: Iterable[ComparedRule]) -> Iterator[Effect]:
        """Yield the effects on every number of a record that something moves, where all four runs have one."""
        for rule in rules:
            effect = self.effect(key, rule) if rule.kind == "number" else None
            if effect is not None and (effect.policy or effect.performance or effect.order):
                yield effect

    def effect(self, key: Key, rule: ComparedRule) -> Effect | None:
        """Return the effects on one number; None where one of the four runs has none."""
        values = self.values(key, rule)
        numbers = [value for value in values if isinstance(value, Fraction)]
        if len(numbers) < len(values):
            return None
        old_old, new_old, old_new, new_new = numbers
        return Effect(
            rule=rule,
            policy=(new_old - old_old + new_new - old_new) / 2,
            performance=(old_new - old_old + new_new - new_old) / 2,
            order=new_new - new_old - old_new + old_old,
        )

    def mixed(self, key: Key, rules: Iterable[ComparedRule]) -> Iterator[Mixed]:
        """Yield the four values of what moved and has no numbers in all four runs: grades, texts, flags."""
        for rule in rules:
            if rule.kind == "number" and self.effect(key, rule) is not None:
                continue
            values = self.values(key, rule)
            if not same_value(values[0], values[3]):
                old_old, new_old, old_new, new_new = map(explained, values)
                yield Mixed(rule=rule, old_old=old_old, new_old=new_old, old_new=old_new, new_new=new_new)

    def values(self, key: Key, rule: ComparedRule) -> tuple[ExactValue, ExactValue, ExactValue, ExactValue]:
        """Return a record's four values of a rule; not applicable where a run has no such record or rule."""

        def of(side: Side) -> ExactValue:
            return side.value(key, rule.name) if side.has(key, rule.name) else None

        return of(self.old_old), of(self.new_old), of(self.old_new), of(self.new_new)

    def sums(self, keys: Sequence[Key], rules: Iterable[ComparedRule]) -> Iterator[EffectSum]:
        """Yield for each rule that something moves its effects, summed over the records that have them."""
        for rule in rules:
            if rule.kind != "number":
                continue
            every = [self.effect(key, rule) for key in keys]
            found = [effect for effect in every if effect is not None]
            if any(effect.policy or effect.performance or effect.order for effect in found):
                yield EffectSum(
                    rule=rule,
                    policy=sum((effect.policy for effect in found), Fraction(0)),
                    performance=sum((effect.performance for effect in found), Fraction(0)),
                    order=sum((effect.order for effect in found), Fraction(0)),
                    records=len(found),
                    without=len(every) - len(found),
                )
