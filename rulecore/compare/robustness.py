"""How far results hold when weights and thresholds are varied: rank intervals, grades that stay, and what matters most.

Draws come from ``random.Random(seed)`` and everything after is exact, so the same seed gives the same bytes on every
machine. Half of the draws are the rows of a matrix A, half those of B. For each factor i, A with its column i from B
gives A_Bⁱ, and with f centred at its mean over A and B and V its variance there:

    first order  Sᵢ  = 1/N Σⱼ f(B)ⱼ (f(A_Bⁱ)ⱼ − f(A)ⱼ) / V
                 (Saltelli et al., *Variance based sensitivity analysis of model output*, 2010, table 2 b)
    total        STᵢ = 1/2N Σⱼ (f(A)ⱼ − f(A_Bⁱ)ⱼ)² / V   (Jansen, *Analysis of variance designs for model output*, 1999)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.codes import comparing as codes
from rulecore.compare.boundaries import NearMiss, near_misses
from rulecore.compare.factors import Factor, Variation, draws, factors_of, settings_at
from rulecore.compare.side import Key, Side, sides_of
from rulecore.compare.sweep import shown_rules, value_of
from rulecore.compare.values import ComparedRule
from rulecore.compare.varied import Experiment
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault, PolicyError, UsageError
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedValue

MOST_EVALUATIONS: Final = 100_000
Outputs = tuple[Fraction, ...]


@frozen(kw_only=True)
class Held:
    """A rule of a record over all draws: its value now, the least and most of a number, how often each value came."""

    rule: ComparedRule
    current: ExplainedValue
    least: Fraction | None = None
    most: Fraction | None = None
    counts: tuple[tuple[ExplainedValue, int], ...] = ()
    stays: Fraction = Fraction(0)
    """The share of the draws in which the value is as now."""


@frozen(kw_only=True)
class RecordRobustness:
    """What one record comes to over all draws."""

    entity: str
    period: str
    held: tuple[Held, ...]


@frozen(kw_only=True)
class Sensitivity:
    """How much a factor matters for one output: first order and total, None where the output never varies.

    ``rule`` is the output's rule: of numbers the mean over the records, of ranks the mean shift from now, of classes
    the share of records that change.
    """

    factor: Factor
    rule: ComparedRule
    first: Fraction | None
    total: Fraction | None


@frozen(kw_only=True)
class Robustness:
    """The whole of it; ``refused`` draws made no policy (thresholds out of order), they count nowhere."""

    seed: int
    draws: int
    refused: int
    evaluations: int
    factors: tuple[Factor, ...]
    records: tuple[RecordRobustness, ...]
    sensitivities: tuple[Sensitivity, ...]
    near: tuple[NearMiss, ...]


def robustness(
    experiment: Experiment,
    variations: Sequence[Variation],
    *,
    runs: int,
    seed: int,
    show: Sequence[str] = (),
    sensitivity: bool = True,
) -> Robustness:
    """Return how far results hold over ``runs`` draws; with ``sensitivity`` also what matters most.

    That takes half as many evaluations again for each factor. Raises :class:`rulecore.errors.UsageError`.
    """
    run = experiment.run()
    (base,) = sides_of(run)
    used = [
        number for number, plan in enumerate(experiment.plans) if any(part.plan is plan for part in run.parts)
    ]
    factors = factors_of(experiment, variations, used)
    half = runs // 2
    planned = 2 * half + (half * len(factors) if sensitivity else 0)
    if planned > MOST_EVALUATIONS:
        values = {"count": planned, "most": MOST_EVALUATIONS}
        raise UsageError([Fault(code=codes.TOO_MANY_POINTS, values=values)])
    study = _Study(experiment=experiment, factors=factors, base=base, rules=_rules(base, show))
    generator = random.Random(seed)  # noqa: S311 - a simulation that must be repeatable
    first, second = draws(factors, half, generator), draws(factors, half, generator)
    runs_of_a, runs_of_b = study.values(first), study.values(second)
    kept = [values for values in (*runs_of_a, *runs_of_b) if values is not None]
    return Robustness(
        seed=seed,
        draws=2 * half,
        refused=2 * half - len(kept),
        evaluations=planned,
        factors=factors,
        records=tuple(study.records(kept)),
        sensitivities=tuple(study.sensitivities((first, second), (runs_of_a, runs_of_b)))
        if sensitivity
        else (),
        near=tuple(near_misses(base)),
    )


def _rules(base: Side, show: Sequence[str]) -> tuple[ComparedRule, ...]:
    found = shown_rules(base.results, base, show)
    ranks = [rule for rule in base.rules.values() if rule.scorer == "rank" and not show]
    return tuple(dict.fromkeys((*found, *ranks)))


Values = tuple[tuple[ExactValue, ...], ...]
"""For each record of the base, its values of the rules; None for a record that is not there."""


@frozen(kw_only=True)
class _Study:
    experiment: Experiment
    factors: tuple[Factor, ...]
    base: Side
    rules: tuple[ComparedRule, ...]

    @property
    def keys(self) -> Sequence[Key]:
        return self.base.keys

    def values(self, drawn: Sequence[Sequence[Fraction]]) -> list[Values | None]:
        """Return the values of each draw; None for one that makes no policy."""
        return [self.evaluated(draw) for draw in drawn]

    def evaluated(self, draw: Sequence[Fraction]) -> Values | None:
        try:
            varied = self.experiment.with_settings(settings_at(self.factors, draw))
        except PolicyError:
            return None
        return self.of(Side(results=varied.run(), several=self.base.several))

    def of(self, side: Side) -> Values:
        return tuple(tuple(value_of(side, key, rule) for rule in self.rules) for key in self.keys)

    def records(self, kept: Sequence[Values]) -> Iterator[RecordRobustness]:
        current = self.of(self.base)
        for row, key in enumerate(self.keys):
            held = tuple(
                self.held(rule, current[row][column], [values[row][column] for values in kept])
                for column, rule in enumerate(self.rules)
            )
            yield RecordRobustness(entity=key[0], period=key[1], held=held)

    def held(self, rule: ComparedRule, current: ExactValue, values: Sequence[ExactValue]) -> Held:
        numbers = [value for value in values if isinstance(value, Fraction)]
        now = explained(current)
        counts = Counter(map(explained, values))
        stays = Fraction(counts[now], len(values)) if values else Fraction(1)
        if rule.kind == "number" and not rule.is_class:
            least, most = min(numbers, default=None), max(numbers, default=None)
            return Held(rule=rule, current=now, least=least, most=most, stays=stays)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        return Held(rule=rule, current=now, counts=tuple(ordered), stays=stays)

    def outputs(self, values: Values | None, current: Values) -> Outputs | None:
        """Return what sensitivities are about: one number for each rule."""
        if values is None:
            return None
        return tuple(
            self.output(rule, [row[column] for row in values], [row[column] for row in current])
            for column, rule in enumerate(self.rules)
        )

    def output(
        self, rule: ComparedRule, values: Sequence[ExactValue], current: Sequence[ExactValue]
    ) -> Fraction:
        if rule.kind != "number" or rule.is_class:
            changed = sum(
                explained(one) != explained(other) for one, other in zip(values, current, strict=True)
            )
            return Fraction(changed, len(values) or 1)
        pairs = [
            (one, other)
            for one, other in zip(values, current, strict=True)
            if isinstance(one, Fraction) and isinstance(other, Fraction)
        ]
        if rule.scorer == "rank":
            return sum((abs(one - other) for one, other in pairs), Fraction(0)) / (len(pairs) or 1)
        return sum((one for one, _other in pairs), Fraction(0)) / (len(pairs) or 1)

    def sensitivities(
        self,
        drawn: tuple[Sequence[tuple[Fraction, ...]], Sequence[tuple[Fraction, ...]]],
        values: tuple[Sequence[Values | None], Sequence[Values | None]],
    ) -> Iterator[Sensitivity]:
        current = self.of(self.base)
        of_a, of_b = ([self.outputs(item, current) for item in side] for side in values)
        for index, factor in enumerate(self.factors):
            mixed = [
                self.outputs(self.evaluated((*a[:index], b[index], *a[index + 1 :])), current)
                for a, b in zip(*drawn, strict=True)
            ]
            rows = [
                (a, b, ab)
                for a, b, ab in zip(of_a, of_b, mixed, strict=True)
                if a is not None and b is not None and ab is not None
            ]
            for column, rule in enumerate(self.rules):
                first, total = estimates([(a[column], b[column], ab[column]) for a, b, ab in rows])
                yield Sensitivity(factor=factor, rule=rule, first=first, total=total)


def estimates(
    rows: Sequence[tuple[Fraction, Fraction, Fraction]],
) -> tuple[Fraction | None, Fraction | None]:
    """Return first-order and total sensitivity of rows of f(A), f(B), f(A_Bⁱ); None where f never varies.

    The formulas are those of this module's first lines; all is exact.
    """
    both = [value for a, b, _ab in rows for value in (a, b)]
    if not both:
        return None, None
    mean = sum(both, Fraction(0)) / len(both)
    variance = sum(((value - mean) ** 2 for value in both), Fraction(0)) / len(both)
    if not variance:
        return None, None
    first = sum(((b - mean) * (ab - a) for a, b, ab in rows), Fraction(0)) / len(rows)
    total = sum(((a - ab) ** 2 for a, _b, ab in rows), Fraction(0)) / (2 * len(rows))
    return first / variance, total / variance
