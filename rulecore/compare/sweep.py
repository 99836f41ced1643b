"""The outcome against a parameter: each value is put into the policy, and all records are computed again, exactly."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from attrs import evolve, field, frozen

from rulecore.codes import comparing as codes
from rulecore.compare.diff import money_rules
from rulecore.compare.same import same_value
from rulecore.compare.side import Side, sides_of
from rulecore.compare.values import ComparedRule
from rulecore.compare.varied import Experiment, Settings
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault, PolicyError, UsageError
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedValue
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import phrase
from rulecore.policy.suggest import suggestion
from rulecore.results import Results
from rulecore.source import KeyPath

MOST_POINTS: Final = 2_000
"""How many values, or combinations of values, are evaluated at most."""


@frozen(kw_only=True)
class Swept:
    """A parameter, the values it is given, and what it is in the policy (None where that is dated or differs).

    ``matters``: whether any record's shown rules differ between two of its values, all else as it is.
    """

    name: str
    values: tuple[Fraction, ...]
    current: Fraction | None = None
    matters: bool = True


@frozen(kw_only=True)
class Outcome:
    """What a rule comes to over all records: how many have a value, sum, mean, least and most of numbers; counts."""

    rule: ComparedRule
    records: int
    sum: Fraction | None = None
    mean: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    counts: tuple[tuple[ExplainedValue, int], ...] = ()


@frozen(kw_only=True)
class Point:
    """One combination of values: what forbids it, and the outcome all the same where it makes a policy.

    ``outside`` are the faults of the policy with these values: guardrails that they break, for example. ``changed`` are
    the records whose shown rules differ from those of the policy as it is.
    """

    values: tuple[Fraction, ...]
    outside: tuple[Fault, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    changed: tuple[str, ...] = ()
    scored: int = 0
    refused: bool = False
    """Whether the values make no policy at all, so that there is no outcome."""
    state: int = field(default=-1, eq=False, repr=False)
    """Equal for points at which every record has the same values."""


@frozen(kw_only=True)
class Sweep:
    """The outcomes for all values, and for the policy as it is."""

    parameters: tuple[Swept, ...]
    current: tuple[Outcome, ...]
    points: tuple[Point, ...]
    scored: int


def sweep(
    experiment: Experiment, parameters: Mapping[str, Sequence[Fraction]], show: Sequence[str] = ()
) -> Sweep:
    """Return the outcome for every value of a parameter, for several parameters for every combination.

    ``show`` are the rules to look at, by name or label; else the output columns that rules give, but for
    ranks. A parameter of several
    policies of a set is changed in all of them. Raises :class:`rulecore.errors.UsageError`.
    """
    swept = tuple(_swept(experiment, name, values) for name, values in parameters.items())
    count = 1
    for one in swept:
        count *= len(one.values)
    if count > MOST_POINTS:
        raise UsageError([Fault(code=codes.TOO_MANY_POINTS, values={"count": count, "most": MOST_POINTS})])
    run = experiment.run()
    (base,) = sides_of(run)
    rules = shown_rules(run, base, show)
    states: dict[object, int] = {}
    points = tuple(
        _point(experiment, swept, values, run, rules, states)
        for values in itertools.product(*(one.values for one in swept))
    )
    return Sweep(
        parameters=tuple(
            evolve(one, matters=_matters(points, position)) for position, one in enumerate(swept)
        ),
        current=tuple(outcomes_of(base, rules)),
        points=points,
        scored=len(base.keys),
    )


def _matters(points: Sequence[Point], position: int) -> bool:
    """Return whether two points that differ in one parameter only have different results; both make a policy."""
    found: dict[tuple[Fraction, ...], set[int]] = {}
    for point in points:
        if not point.refused:
            others = (*point.values[:position], *point.values[position + 1 :])
            found.setdefault(others, set()).add(point.state)
    return any(len(states) > 1 for states in found.values())


def _swept(experiment: Experiment, name: str, values: Sequence[Fraction]) -> Swept:
    numbers = [number for number, loaded in enumerate(experiment.loaded) if name in loaded.policy.parameters]
    if not numbers:
        known = sorted({key for loaded in experiment.loaded for key in loaded.policy.parameters})
        near = suggestion(name, known)
        hint = N_("did you mean {suggestion}?") if near else None
        said = {"name": name, "known": ", ".join(known) or "—", "suggestion": near or ""}
        raise UsageError([Fault(code=codes.UNKNOWN_PARAMETER, values=said, hint=hint)])
    found = {_number(experiment.loaded[number].policy.parameters[name]) for number in numbers}
    return Swept(name=name, values=tuple(values), current=found.pop() if len(found) == 1 else None)


def _number(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def settings_of(experiment: Experiment, values: Mapping[str, Fraction], run: Results) -> dict[int, Settings]:
    """Return for each policy that has records, and some of the parameters, what to put into it."""
    used = {id(part.plan) for part in run.parts}
    found: dict[int, Settings] = {}
    for number, loaded in enumerate(experiment.loaded):
        if id(experiment.plans[number]) not in used:
            continue
        mine: dict[KeyPath, object] = {
            ("parameters", name): toml_number(value)
            for name, value in values.items()
            if name in loaded.policy.parameters
        }
        if mine:
            found[number] = mine
    return found


def toml_number(value: Fraction) -> int | Decimal:
    """Return a number with finite decimals as TOML reads it."""
    return int(value) if value.denominator == 1 else Decimal(format_number(value))


def _point(
    experiment: Experiment,
    swept: Sequence[Swept],
    values: tuple[Fraction, ...],
    run: Results,
    rules: Sequence[ComparedRule],
    states: dict[object, int],
) -> Point:
    named = {one.name: value for one, value in zip(swept, values, strict=True)}
    settings = settings_of(experiment, named, run)
    outside = experiment.breaches(settings)
    try:
        found = experiment.with_settings(settings).run()
    except PolicyError as error:
        return Point(values=values, outside=outside or error.faults, refused=True)
    base, side = sides_of(run, found)
    state = tuple((key, *(_settled(value_of(side, key, rule)) for rule in rules)) for key in side.keys)
    return Point(
        state=states.setdefault(state, len(states)),
        values=values,
        outside=outside,
        outcomes=tuple(outcomes_of(side, rules)),
        changed=tuple(_changed(base, side, rules)),
        scored=len(side.keys),
    )


def _settled(value: ExactValue) -> object:
    """Return a value that can be looked up; true is not 1."""
    return (type(value), explained(value))


def _changed(base: Side, side: Side, rules: Sequence[ComparedRule]) -> Iterator[str]:
    for key in dict.fromkeys((*base.keys, *side.keys)):
        if any(not same_value(value_of(base, key, rule), value_of(side, key, rule)) for rule in rules):
            yield f"{key[0]} {key[1]}".strip()


def value_of(side: Side, key: tuple[str, str, str], rule: ComparedRule) -> ExactValue:
    """Return a value; a rule or a record that is not there has none."""
    return side.value(key, rule.name) if side.has(key, rule.name) else None


def shown_rules(run: Results, side: Side, wanted: Sequence[str]) -> list[ComparedRule]:
    """Return the rules to look at: those named, or the output columns that rules give. Raises UsageError."""
    if wanted:
        labels = {rule.label: rule for rule in side.rules.values()} | dict(side.rules)
        unknown = [name for name in wanted if name not in labels]
        if unknown:
            money_rules(side.rules, unknown)  # says which there are
        return [labels[name] for name in wanted]
    names = dict.fromkeys(
        name for part in run.parts for column in part.plan.columns for name in (column.step, column.of)
    )
    found = [side.rules[name] for name in names if name in side.rules and "@" not in name]
    return [rule for rule in found if rule.scorer != "rank"]  # whose mean is always the same


def outcomes_of(side: Side, rules: Sequence[ComparedRule]) -> Iterator[Outcome]:
    """Yield what each rule comes to over all records."""
    for rule in rules:
        every = [value_of(side, key, rule) for key in side.keys]
        numbers = [value for value in every if isinstance(value, Fraction)]
        applicable = sum(value is not None for value in every)
        if rule.kind == "number" and not rule.is_class:
            total = sum(numbers, Fraction(0)) if len(numbers) == applicable else None
            yield Outcome(
                rule=rule,
                records=applicable,
                sum=total,
                mean=total / applicable if total is not None and applicable else None,
                least=min(numbers, default=None),
                most=max(numbers, default=None),
            )
        else:
            counts = Counter(explained(value) for value in every)
            order = {value: place for place, value in enumerate(rule.order)}
            ordered = sorted(
                counts.items(),
                key=lambda item: (item[0] is None, order.get(str(item[0]), len(order)), str(item[0])),
            )
            yield Outcome(rule=rule, records=applicable, counts=tuple(ordered))


def parameter_values(written: str) -> tuple[str, tuple[Fraction, ...]]:
    """Return the name and the values of ``bonus_cap=0..6:1`` or ``bonus_cap=3,5``: exact, both ends included.

    A range without a step goes by 1; where its end is no whole number of steps away, the last value is below it. Raises
    :class:`rulecore.errors.UsageError`.
    """
    name, equals, text = written.partition("=")
    try:
        values = _range(text) if ".." in text else tuple(_decimal(part) for part in text.split(","))
    except (InvalidOperation, ValueError):
        values = ()
    if not equals or not name.strip() or not values:
        values_said = {"given": written, "reason": phrase(N_("not a range or a list of numbers"))}
        raise UsageError([Fault(code=codes.WRONG_RANGE, values=values_said)])
    return name.strip(), tuple(dict.fromkeys(values))


def _range(text: str) -> tuple[Fraction, ...]:
    ends, _colon, step_text = text.partition(":")
    low, high = (_decimal(part) for part in ends.split("..", 1))
    step = _decimal(step_text) if step_text else Fraction(1)
    if step <= 0 or high < low:
        raise ValueError(text)
    count = (high - low) // step + 1
    if count > MOST_POINTS:
        raise UsageError([Fault(code=codes.TOO_MANY_POINTS, values={"count": count, "most": MOST_POINTS})])
    return tuple(low + step * number for number in range(count))


def _decimal(text: str) -> Fraction:
    found = Decimal(text.strip().replace("−", "-"))
    if not found.is_finite() or abs(found.adjusted()) > 30:
        raise ValueError(text)
    return Fraction(found)
