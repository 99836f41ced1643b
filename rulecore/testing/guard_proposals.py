"""Overrides proposed for the limits that none reaches: one step beyond the limit, and just as far as it goes.

What is proposed was tried: each reaches what it is proposed for, with the codes it is printed with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, cast

import tomli
from attrs import frozen

from rulecore.language import N_, _
from rulecore.numbers import Rounding, decimal_scale, format_number
from rulecore.policy.amounts import Amount, amount_of, is_number, steps_of
from rulecore.policy.document import Document
from rulecore.policy.guardrails import stated
from rulecore.policy.keys import ANY, default_at, matches, parents
from rulecore.policy.limits import read_decimal
from rulecore.policy.merge import merge_chain
from rulecore.registry import Registry
from rulecore.source import KeyPath, format_key
from rulecore.testing.guards import GuardItem, reached_by
from rulecore.testing.report import SuiteResult, position
from rulecore.testing.trials import Trial, lay_over
from rulecore.testing.values import toml_data, toml_key, toml_text
from rulecore.testing.words import guard_words

REVIEW: Final = "# 请核对"
NEW_RULE: Final = "own_rule"
"""What a proposed rule is called."""

Values = Mapping[KeyPath, object]


def suggest_overrides(result: SuiteResult) -> Iterator[str]:
    """Yield the lines of a ``cases.toml`` with overrides that reach the limits that none reaches."""
    suite = result.suite
    reached = set(result.coverage.guards_reached)
    for item in result.coverage.unreached_guards:
        if (item.place, item.side) in reached:
            continue
        yield ""
        yield f"# {guard_words(item)}"
        yield f"# {position(item.place)}"
        found = _found(item, suite.document, suite.policies.registry)
        if found is None:
            yield "# " + _(N_("no override found that reaches it by changing one value"))
            continue
        values, trial = found
        reached |= reached_by(trial)
        yield "[[overrides]]"
        yield f"name = {toml_text(guard_words(item))}"
        yield f"policy = {toml_text(item.member.name)}"
        cells = ", ".join(f"{_quoted(key)} = {toml_data(value)}" for key, value in values.items())
        yield f"set = {{ {cells} }}"
        codes = trial.codes
        if codes:
            yield f"refused = {toml_data(codes[0] if len(codes) == 1 else codes)} {REVIEW}"
            yield f"guardrail = {toml_text(item.key)}"
        else:
            yield f"accepted = true {REVIEW}"


def _quoted(key: KeyPath) -> str:
    return toml_text(format_key(key)) if len(key) > 1 else toml_key(str(key[0]))


def _found(item: GuardItem, source: Document, registry: Registry) -> tuple[Values, Trial] | None:
    """Return the first proposal that reaches the item; one that breaks nothing else is better."""
    second: tuple[Values, Trial] | None = None
    base = merge_chain(item.member.chain)
    for values in _Proposals(item=item, base=base, registry=registry).every():
        written = tuple((key, ("overrides",), _as_read(value)) for key, value in values.items())
        trial = lay_over(item.member, written, source, ("overrides",), registry)
        if (item.place, item.side) not in reached_by(trial):
            continue
        if len(trial.codes) <= 1:
            return values, trial
        second = second or (values, trial)
    return second


def _as_read(value: object) -> object:
    """Return a value as it will be read back once it is pasted."""
    return tomli.loads(f"value = {toml_data(value)}", parse_float=read_decimal)["value"]


@frozen(kw_only=True)
class _Proposals:
    """What might be set to reach one side of one limit."""

    item: GuardItem
    base: Document
    registry: Registry

    def every(self) -> Iterator[Values]:
        match self.item.limit:
            case "weight_at_most":
                yield from self._weights()
            case "allowed_scorers" | "may_add_rules":
                yield from self._added()
            case "sum":
                for key in self._keys():
                    yield from self._sums(key)
            case _:
                for key in self._keys():
                    for inner, value in self._values(key):
                        yield _set_at(self.base, (*key, *inner), value)
                        yield from self._balanced(key, value)

    def _keys(self) -> list[KeyPath]:
        pattern = self.item.guardrail.pattern
        found = [*matches(pattern, self.base.data), *parents(pattern, self.base.data)]
        if ANY not in pattern:
            found.append(pattern)
        return list(dict.fromkeys(found))

    def _values(self, key: KeyPath) -> Iterator[tuple[KeyPath, object]]:
        """Yield values for a key, or for one below it."""
        value = self.base.value_at(key)
        value = default_at(key) if value is None else value
        bound = stated(self.item.guardrail.limits)[self.item.limit]
        beyond = self.item.side == "refused"
        match self.item.limit:
            case "locked":
                yield from _others(key, value)
            case "min":
                yield (), _moved(bound, value, -1) if beyond else bound
            case "max":
                yield (), _moved(bound, value, 1) if beyond else bound
            case "only_raise":
                yield from self._beside(key, value, -1 if beyond else 1)
            case "only_lower":
                yield from self._beside(key, value, 1 if beyond else -1)
            case "only_add" if isinstance(value, list) and value:
                yield (), value[1:] if beyond else [*value, _another(value[-1])]

    def _beside(self, key: KeyPath, value: object, direction: int) -> Iterator[tuple[KeyPath, object]]:
        """Yield values one step below all the base's amounts, or above them."""
        parameters = self.base.value_at(("parameters",))
        known = parameters if isinstance(parameters, Mapping) else {}
        steps = steps_of(value, known, text=key[0] == "rules") or ()
        amounts: list[Amount] = [amount for _day, amount in steps]
        if amounts:
            edge = max(amounts) if direction > 0 else min(amounts)
            yield (), _moved(edge, value, direction)

    def _balanced(self, key: KeyPath, value: object) -> Iterator[Values]:
        """Yield a number in a table of numbers, such as a weight, with the sum kept by another of them."""
        table, before = self.base.value_at(key[:-1]), self.base.value_at(key)
        if not isinstance(table, Mapping) or not is_number(before) or not is_number(value):
            return
        more = Fraction(cast("Decimal", value)) - Fraction(cast("Decimal", before))
        for name, other in table.items():
            if name != key[-1] and is_number(other):
                yield {key: value, (*key[:-1], name): _decimal(Fraction(other) - more)}

    def _sums(self, key: KeyPath) -> Iterator[Values]:
        table = self.base.value_at(key)
        items = (
            list(table.items())
            if isinstance(table, Mapping)
            else list(enumerate(table))
            if isinstance(table, list)
            else []
        )
        numbers = [(name, value) for name, value in items if is_number(value)]
        if not numbers:
            return
        (name, value), *others = numbers
        raised = _moved(value, value, 1)
        if self.item.side == "refused":
            yield _set_at(self.base, (*key, name), raised)
            return
        for other, beside in others:
            changed = {name: raised, other: _moved(beside, value, -1)}
            if isinstance(table, Mapping):
                yield {(*key, one): given for one, given in changed.items()}
            else:
                yield {key: [changed.get(index, given) for index, given in items]}

    def _weights(self) -> Iterator[Values]:
        """Yield a rule added with the share that is allowed, or one step more; the sum stays what it is."""
        bound = amount_of(stated(self.item.guardrail.limits)["weight_at_most"], {})
        rules = self.base.value_at(("rules",))
        if not isinstance(bound, Fraction) or not isinstance(rules, Mapping):
            return
        scale = max(decimal_scale(bound) or 0, 2)
        share = bound + (Fraction(1, 10**scale) if self.item.side == "refused" else 0)
        for name, rule in rules.items():
            weights = rule.get("of") if isinstance(rule, Mapping) else None
            if not isinstance(weights, Mapping) or not all(is_number(one) for one in weights.values()):
                continue
            total = sum((Fraction(one) for one in weights.values()), Fraction(0))
            less = {item: _decimal(Fraction(one) * (1 - share)) for item, one in weights.items()}
            scaled: Values = {("rules", name, "of", item): one for item, one in less.items()}
            for added in self._added():
                yield {**added, **scaled, ("rules", name, "of", NEW_RULE): _decimal(total * share)}

    def _added(self) -> Iterator[Values]:
        """Yield a rule that is added, with each scorer in turn, the plainest first."""
        for scorer in dict.fromkeys(("formula", *sorted(self.registry.scorers))):
            rule: dict[KeyPath, object] = {("rules", NEW_RULE, "scorer"): scorer}
            if scorer == "formula":
                rule["rules", NEW_RULE, "value"] = "1"
            yield rule


def _set_at(base: Document, key: KeyPath, value: object) -> Values:
    """Return what sets ``key``: the value itself, or the whole list that it stands in."""
    index = next((number for number, part in enumerate(key) if isinstance(part, int)), len(key))
    if index == len(key):
        return {key: value}
    return {key[:index]: _replaced(base.value_at(key[:index]), key[index:], value)}


def _replaced(inside: object, path: KeyPath, value: object) -> object:
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(inside, list) and isinstance(first, int):
        return [_replaced(one, rest, value) if index == first else one for index, one in enumerate(inside)]
    known = dict(inside) if isinstance(inside, Mapping) else {}
    return {**known, first: _replaced(known.get(first), rest, value)}


def _others(key: KeyPath, value: object) -> Iterator[tuple[KeyPath, object]]:
    """Yield other values for a key, or for the keys of the table at it; each with its path below the key."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            for below, other in _others((*key, name), inner):
                yield (name, *below), other
    elif isinstance(value, str):
        yield from (((), word) for word in _words(key) if word != value)
    elif value is not None:
        yield (), _another(value)


def _words(key: KeyPath) -> list[str]:
    """Return texts that a key can hold: words of the format, else any text."""
    last = key[-1]
    if last in ("rounding", "excess_digits"):
        return [str(mode) for mode in (Rounding.HALF_UP, Rounding.HALF_EVEN)]
    return ["formula", "bands"] if last == "scorer" else ["1"]


def _another(value: object) -> object:
    """Return a value of the same kind that is another one."""
    match value:
        case bool():
            return not value
        case int() | Decimal() | date():
            return _moved(value, value, 1)
        case list():
            return value[1:] if len(value) > 1 else [*value, *map(_another, value)]
        case Mapping():
            return {name: _another(inner) for name, inner in value.items()}
    return f"{value}2"


def _moved(start: object, beside: object, direction: int) -> object:
    """Return an amount one step further: a day, or a unit of the last decimal that is written there."""
    if isinstance(start, date):
        return start + timedelta(days=direction)
    number = amount_of(start, {}) if not isinstance(start, Fraction) else start
    if not isinstance(number, Fraction):
        return start
    written = [amount for _day, amount in steps_of(beside, {}, text=True) or ()]
    numbers = [number, *(amount for amount in written if isinstance(amount, Fraction))]
    scale = max(decimal_scale(one) or 0 for one in numbers)
    return _decimal(number + Fraction(direction, 10**scale))


def _decimal(number: Fraction) -> object:
    """Return a number as a document holds it; one that no decimals hold as an expression."""
    if decimal_scale(number) is None:
        return f"{number.numerator} / {number.denominator}"
    return int(number) if number.denominator == 1 else Decimal(format_number(number))
