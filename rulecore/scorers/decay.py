"""The scorer ``decay``: a factor that applies once for each time (逐次递减), down to a floor."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Final

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Compare, Conditional, Multiply, Step
from rulecore.language import N_
from rulecore.scorers.building import number, written

MOST_TIMES: Final = 200
"""More times than any scheme counts, and few enough to write the powers down one by one."""


@frozen(kw_only=True)
class Decay(Scorer):
    """A start value times a constant factor for each time: start × factorⁿ, within limits.

    n are the whole times; a part of a time does not count, and none are counted below 0. ``at_least`` and ``at_most``
    limit the power of the factor (not the start), ``times_at_most`` the times. The powers are written down as
    exact constants, so something must end them. Source: schemes that multiply a repeated honour by 0.85. Example::

        [rules.repeat_coefficient]
        scorer = "decay"
        of = "earlier_awards"
        factor = 0.85
        at_least = 0.3
    """

    name: ClassVar[str] = "decay"

    of: Node = parameter(N_("How many times the factor applies."))
    factor: Constant = parameter(N_("The factor: below 1 for a decay, above 1 for growth."))
    start: Node = parameter(N_("The value without any time."), default=number(1))
    at_least: Constant | None = parameter(N_("The least that the power of the factor can be."), default=None)
    at_most: Constant | None = parameter(N_("The most that the power of the factor can be."), default=None)
    times_at_most: int | None = parameter(N_("How many times are counted at most."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield a factor that is none, limits that 1 does not keep, and powers that nothing ends."""
        if self.factor.value <= 0 or self.factor.value == 1:
            yield _out_of_range("factor", self.factor.value, "> 0, ≠ 1")
            return
        if self.at_least is not None and self.at_least.value > 1:
            yield _out_of_range("at_least", self.at_least.value, "≤ 1")
        if self.at_most is not None and self.at_most.value < 1:
            yield _out_of_range("at_most", self.at_most.value, "≥ 1")
        if self.times_at_most is not None and not 1 <= self.times_at_most <= MOST_TIMES:
            yield _out_of_range("times_at_most", Fraction(self.times_at_most), f"1 … {MOST_TIMES}")
        elif len(self._powers()) > MOST_TIMES + 1:
            values = {"parameter": "times_at_most", "reason": f"factor = {written(self.factor.value)}"}
            yield Problem(code=codes.KEY_NEEDED, key=("factor",), values=values)

    def expression(self) -> Node:
        """Return one branch for each power; the last holds for all times from there on."""
        powers = [number(power) for power in self._powers()]
        branches = tuple(
            Branch(Compare("<", self.of, number(times)), power)
            for times, power in enumerate(powers[:-1], start=1)
        )
        coefficient = Conditional(branches, powers[-1]) if branches else powers[-1]
        if self.start == number(1):
            return coefficient
        return Multiply(self.start, Step(N_("power of the factor"), coefficient))

    def _powers(self) -> list[Fraction]:
        """Return factor⁰, factor¹, … up to the last one counted; one too many where nothing ends them."""
        last = MOST_TIMES + 1 if self.times_at_most is None else min(self.times_at_most, MOST_TIMES)
        powers = [Fraction(1)]
        while len(powers) <= last and self._limited(powers[-1]) == powers[-1]:
            powers.append(powers[-1] * self.factor.value)
        return [self._limited(power) for power in powers]

    def _limited(self, power: Fraction) -> Fraction:
        """Return a power within the limits."""
        if self.at_least is not None and power < self.at_least.value:
            return self.at_least.value
        if self.at_most is not None and power > self.at_most.value:
            return self.at_most.value
        return power


def _out_of_range(key: str, value: Fraction, wanted: str) -> Problem:
    values = {"parameter": key, "value": written(value), "wanted": wanted}
    return Problem(code=codes.OUT_OF_RANGE, key=(key,), values=values)
