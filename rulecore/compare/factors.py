"""The numbers of a policy that are varied: weights, thresholds and parameters, where they stand, and their draws."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.codes import comparing as codes
from rulecore.compare.sweep import toml_number
from rulecore.compare.varied import Experiment
from rulecore.errors import Fault, UsageError
from rulecore.language import N_
from rulecore.numbers import Rounding, round_ratio
from rulecore.phrase import phrase
from rulecore.policy.load import LoadedPolicy
from rulecore.source import KeyPath, format_key

RESOLUTION: Final = 10**6
"""A draw is a whole number of millionths of the range; weights are kept to as many decimals."""
WEIGHTS: Final = "weights"
THRESHOLDS: Final = "thresholds"
_BOUNDS: Final = ("at_least", "above", "at_most", "below")
_PERCENT: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*%\s*$")


@frozen(kw_only=True)
class Variation:
    """What is varied and by how much to either side: ``amount`` absolute, or a share of the value."""

    what: str
    amount: Fraction
    relative: bool

    def reach(self, base: Fraction) -> Fraction:
        """Return how far a value goes to either side."""
        return abs(base) * self.amount if self.relative else self.amount


@frozen(kw_only=True)
class Factor:
    """One number of one policy, varied by ``reach`` to either side; ``rule`` is whose weight it is, if it is one."""

    policy: int
    key: KeyPath
    base: Fraction
    reach: Fraction
    rule: str = ""
    of: str = ""
    """The policy's name, only where several policies are varied."""

    @property
    def name(self) -> str:
        """The key as people write it, after the policy where there are several."""
        return f"{self.of}: {format_key(self.key)}" if self.of else format_key(self.key)

    def at(self, draw: Fraction) -> Fraction:
        """Return the value at a draw from 0 to 1."""
        return self.base + self.reach * (2 * draw - 1)


def variation(written: str) -> Variation:
    """Return what ``weights=10%``, ``thresholds=1`` or ``bonus_cap=1`` asks for. Raises UsageError."""
    what, equals, text = written.partition("=")
    relative = text.strip().endswith("%")
    try:
        amount = Fraction(Decimal(text.strip().removesuffix("%")))
    except (ArithmeticError, ValueError):
        amount = Fraction(0)
    amount = amount / 100 if relative else amount
    if not equals or not what.strip() or amount <= 0 or (relative and amount >= 1):
        raise UsageError([Fault(code=codes.WRONG_VARIATION, values={"given": written})])
    return Variation(what=what.strip(), amount=amount, relative=relative)


def factors_of(
    experiment: Experiment, variations: Sequence[Variation], used: Sequence[int]
) -> tuple[Factor, ...]:
    """Return the numbers to vary of the policies that have records, each once: what is named first counts.

    Raises :class:`rulecore.errors.UsageError` where a variation finds nothing.
    """
    found: dict[tuple[int, KeyPath], Factor] = {}
    faults = []
    for one in variations:
        before = len(found)
        for number in used:
            loaded = experiment.loaded[number]
            of = loaded.policy.policy.name if len(used) > 1 else ""
            for key, base, rule in _numbers(loaded, one.what):
                factor = Factor(policy=number, key=key, base=base, reach=one.reach(base), rule=rule, of=of)
                found.setdefault((number, key), factor)
        if len(found) == before:
            values = {"what": one.what, "reason": phrase(N_("no number of that kind stands in the policy"))}
            faults.append(Fault(code=codes.NOTHING_TO_VARY, values=values))
    if faults:
        raise UsageError(faults)
    return tuple(found.values())


def _numbers(loaded: LoadedPolicy, what: str) -> Iterator[tuple[KeyPath, Fraction, str]]:
    """Yield the numbers of a kind, or the parameter of that name: key, value, and the rule whose weight it is."""
    parameters = loaded.policy.parameters
    if what not in (WEIGHTS, THRESHOLDS):
        named = _plain(parameters.get(what))
        if named is not None:
            yield ("parameters", what), named, ""
        return
    for name, rule in loaded.policy.rules.items():
        written = _weights(rule.settings) if what == WEIGHTS else _thresholds(rule.settings)
        for key, value in written:
            number = _plain(value)
            if number is not None:
                yield ("rules", name, *key), number, name if what == WEIGHTS else ""
            parameter = _plain(parameters.get(value)) if isinstance(value, str) else None
            if number is None and parameter is not None:
                yield ("parameters", str(value)), parameter, name if what == WEIGHTS else ""


def _weights(settings: Mapping[str, object]) -> Iterator[tuple[KeyPath, object]]:
    for key in ("of", "weights"):
        table = settings.get(key)
        if isinstance(table, Mapping):
            yield from (((key, str(item)), value) for item, value in table.items())


def _thresholds(settings: Mapping[str, object]) -> Iterator[tuple[KeyPath, object]]:
    bands = settings.get("bands")
    for index, band in enumerate(bands if isinstance(bands, Sequence) else ()):
        if isinstance(band, Mapping):
            yield from ((("bands", index, bound), band[bound]) for bound in _BOUNDS if bound in band)
    thresholds = settings.get("thresholds")
    if isinstance(thresholds, Sequence) and not isinstance(thresholds, str):
        yield from ((("thresholds", index), value) for index, value in enumerate(thresholds))


def _plain(value: object) -> Fraction | None:
    """Return a number as written, or a percentage; None for anything else."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    percent = _PERCENT.match(value) if isinstance(value, str) else None
    return Fraction(percent[1]) / 100 if percent else None


def draws(factors: Sequence[Factor], count: int, generator: random.Random) -> list[tuple[Fraction, ...]]:
    """Return ``count`` draws of all factors, each from 0 to 1 in millionths, both ends as likely as any other."""
    return [
        tuple(Fraction(generator.randrange(RESOLUTION + 1), RESOLUTION) for _factor in factors)
        for _number in range(count)
    ]


def values_at(factors: Sequence[Factor], draw: Sequence[Fraction]) -> list[Fraction]:
    """Return what each factor is in a draw.

    The weights of a rule are scaled so that they sum to what they did, to six decimals; the last takes what is left.
    """
    values = [factor.at(one) for factor, one in zip(factors, draw, strict=True)]
    groups: dict[tuple[int, str], list[int]] = {}
    for index, factor in enumerate(factors):
        if factor.rule:
            groups.setdefault((factor.policy, factor.rule), []).append(index)
    for members in groups.values():
        total = sum((factors[index].base for index in members), Fraction(0))
        drawn = sum((values[index] for index in members), Fraction(0))
        if drawn:
            for index in members:
                scaled = values[index] * total / drawn * RESOLUTION
                rounded = round_ratio(scaled.numerator, scaled.denominator, Rounding.HALF_EVEN)
                values[index] = Fraction(rounded, RESOLUTION)
            values[members[-1]] = total - sum((values[index] for index in members[:-1]), Fraction(0))
    return values


def settings_at(factors: Sequence[Factor], draw: Sequence[Fraction]) -> dict[int, dict[KeyPath, object]]:
    """Return what to put into each policy for a draw."""
    found: dict[int, dict[KeyPath, object]] = {}
    for factor, value in zip(factors, values_at(factors, draw), strict=True):
        found.setdefault(factor.policy, {})[factor.key] = toml_number(value)
    return found


Shape = tuple[tuple[bool, ...], ...]


def shape_at(experiment: Experiment, factors: Sequence[Factor], values: Sequence[Fraction]) -> Shape:
    """Return how the numbers of each rule stand to one another, and to 0, 1 and 100, with these values in it.

    Scorers refuse numbers that stand in another order than they must (a line of A below the line of B), that have
    another sign, or that sum to too much: draws of one shape are policies all of them, or none is.
    """
    at = {(factor.policy, factor.key): value for factor, value in zip(factors, values, strict=True)}
    return tuple(
        _standing([*_numbers_in(settings, ("rules", name), number, at, loaded.policy.parameters)])
        for number, loaded in enumerate(experiment.loaded)
        if any(factor.policy == number for factor in factors)
        for name, settings in ((name, rule.settings) for name, rule in loaded.policy.rules.items())
    )


def _standing(numbers: Sequence[Fraction]) -> tuple[bool, ...]:
    every = [*numbers, sum(numbers, Fraction(0)), Fraction(0), Fraction(1), Fraction(100)]
    return tuple(
        decided
        for place, one in enumerate(every)
        for other in every[:place]
        for decided in (one < other, one > other)
    )


def _numbers_in(
    value: object,
    key: KeyPath,
    policy: int,
    at: Mapping[tuple[int, KeyPath], Fraction],
    parameters: Mapping[str, object],
) -> Iterator[Fraction]:
    """Yield the numbers of a rule's settings, varied ones as they are varied; parameters by what they are."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _numbers_in(inner, (*key, str(name)), policy, at, parameters)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(value):
            yield from _numbers_in(inner, (*key, index), policy, at, parameters)
    elif (policy, key) in at:
        yield at[policy, key]
    elif isinstance(value, str) and value in parameters:
        yield from _numbers_in(parameters[value], ("parameters", value), policy, at, {})
    else:
        number = _plain(value)
        if number is not None:
            yield number
