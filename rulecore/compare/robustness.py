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
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.codes import comparing as codes
from rulecore.compare.boundaries import NearMiss, near_misses
from rulecore.compare.factors import (
    Factor,
    Shape,
    Variation,
    draws,
    factors_of,
    settings_at,
    shape_at,
    values_at,
)
from rulecore.compare.side import Key, Side, sides_of
from rulecore.compare.stacked import Draw, Stack, stack_of
from rulecore.compare.sweep import shown_rules, value_of
from rulecore.compare.tally import HeldSoFar, Outputs, Tally, Values, is_class, outputs
from rulecore.compare.values import ComparedRule
from rulecore.compare.varied import Experiment
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault, InternalError, PolicyError, UsageError
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedValue

MOST_EVALUATIONS: Final = 100_000


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
    generator = random.Random(seed)  # noqa: S311 - a simulation that must be repeatable
    first, second = draws(factors, half, generator), draws(factors, half, generator)
    study = _Study.of(experiment, factors, base, _rules(base, show), (*first, *second))
    tally = Tally.of(study.rules, study.current)
    of_a, of_b = study.outputs(first, tally), study.outputs(second, tally)
    return Robustness(
        seed=seed,
        draws=2 * half,
        refused=2 * half - tally.draws[0],
        evaluations=planned,
        factors=factors,
        records=tuple(study.records(tally)),
        sensitivities=tuple(study.sensitivities((first, second), (of_a, of_b))) if sensitivity else (),
        near=tuple(near_misses(base)),
    )


def _rules(base: Side, show: Sequence[str]) -> tuple[ComparedRule, ...]:
    found = shown_rules(base.results, base, show)
    ranks = [rule for rule in base.rules.values() if rule.scorer == "rank" and not show]
    return tuple(dict.fromkeys((*found, *ranks)))


@frozen(kw_only=True)
class _Study:
    experiment: Experiment
    factors: tuple[Factor, ...]
    base: Side
    rules: tuple[ComparedRule, ...]
    stack: Stack | None
    shape: Shape

    @classmethod
    def of(
        cls,
        experiment: Experiment,
        factors: tuple[Factor, ...],
        base: Side,
        rules: tuple[ComparedRule, ...],
        drawn: Sequence[Draw],
    ) -> _Study:
        """Return the study; draws whose numbers stand to one another as now are computed together where that can be."""
        shape = shape_at(experiment, factors, [factor.base for factor in factors])
        regular = [draw for draw in drawn if shape_at(experiment, factors, values_at(factors, draw)) == shape]
        stack = stack_of(experiment, factors, rules, base, regular)
        study = cls(experiment=experiment, factors=factors, base=base, rules=rules, stack=stack, shape=shape)
        if stack is not None and stack.compute(regular[:1], None) != study.one_by_one(regular[:1], None):
            raise InternalError("a draw computed among others differs from itself computed alone")
        return study

    @property
    def keys(self) -> Sequence[Key]:
        return self.base.keys

    @property
    def current(self) -> Values:
        return self.of_side(self.base)

    def outputs(self, drawn: Sequence[Draw], tally: Tally | None) -> list[Outputs | None]:
        """Return the outputs of each draw, None for one that makes no policy, and add them to the tally."""
        if self.stack is None:
            return self.one_by_one(drawn, tally)
        together = [
            index
            for index, draw in enumerate(drawn)
            if shape_at(self.experiment, self.factors, values_at(self.factors, draw)) == self.shape
        ]
        found: dict[int, Outputs | None] = dict(
            zip(together, self.stack.compute([drawn[index] for index in together], tally), strict=True)
        )
        alone = [index for index in range(len(drawn)) if index not in found]
        found |= zip(alone, self.one_by_one([drawn[index] for index in alone], tally), strict=True)
        return [found[index] for index in range(len(drawn))]

    def one_by_one(self, drawn: Sequence[Draw], tally: Tally | None) -> list[Outputs | None]:
        """Return the same with each draw compiled as a policy of its own."""
        found: list[Outputs | None] = []
        current = self.current
        for draw in drawn:
            values = self.evaluated(draw)
            if values is not None and tally is not None:
                tally.add(values)
            found.append(None if values is None else outputs(self.rules, values, current))
        return found

    def evaluated(self, draw: Draw) -> Values | None:
        try:
            varied = self.experiment.with_settings(settings_at(self.factors, draw))
        except PolicyError:
            return None
        return self.of_side(Side(results=varied.run(), several=self.base.several))

    def of_side(self, side: Side) -> Values:
        return tuple(tuple(value_of(side, key, rule) for rule in self.rules) for key in self.keys)

    def records(self, tally: Tally) -> Iterator[RecordRobustness]:
        for row, key in enumerate(self.keys):
            held = tuple(
                self.held(rule, tally.current[row][column], tally.held[row][column], tally.draws[0])
                for column, rule in enumerate(self.rules)
            )
            yield RecordRobustness(entity=key[0], period=key[1], held=held)

    def held(self, rule: ComparedRule, current: ExactValue, found: HeldSoFar, draws: int) -> Held:
        now = explained(current)
        stays = Fraction(found.stays, draws) if draws else Fraction(1)
        if not is_class(rule):
            return Held(rule=rule, current=now, least=found.least, most=found.most, stays=stays)
        ordered = sorted(found.counts.items(), key=lambda item: (-item[1], str(item[0])))
        return Held(rule=rule, current=now, counts=tuple(ordered), stays=stays)

    def sensitivities(
        self,
        drawn: tuple[Sequence[Draw], Sequence[Draw]],
        known: tuple[Sequence[Outputs | None], Sequence[Outputs | None]],
    ) -> Iterator[Sensitivity]:
        of_a, of_b = known
        for index, factor in enumerate(self.factors):
            mixed = self.outputs(
                [(*a[:index], b[index], *a[index + 1 :]) for a, b in zip(*drawn, strict=True)], None
            )
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
