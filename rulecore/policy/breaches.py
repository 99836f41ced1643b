"""What a policy does against the guardrails of its bases: each breach with both places and values, and why.

A guardrail compares the policy's effective value with the value that the guardrail's own document gives,
with its bases: the group's value is the group's, however many policies lie between. Nothing is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, cast

from attrs import frozen

from rulecore.codes import families as codes
from rulecore.errors import Code, Fault
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import Phrase, phrase
from rulecore.policy.amounts import Amount, amount_of, at, comparable, is_dated, same, steps_of
from rulecore.policy.document import Document
from rulecore.policy.guardrails import Guardrail, SetGuardrail, stated
from rulecore.policy.keys import ANY, default_at, is_known_key, matches, parents
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed, shown
from rulecore.source import KeyPath, format_key

_RELATIVE: Final = ("locked", "only_raise", "only_lower", "only_add")
"""Limits that compare with the base's value, which must then be there."""


@frozen(kw_only=True)
class Comparison:
    """A guardrail between two documents: the base that holds it and the policy, both effective."""

    guardrail: SetGuardrail
    base: Document
    policy: Document

    def fault(
        self, code: Code, key: KeyPath, limit: str, values: Mapping[str, object], *, shows_base: bool = True
    ) -> Fault:
        """Return a breach at ``key`` of the policy, with the guardrail's place and the base's value's."""
        related = [(N_("the base's limit is here"), self.guardrail.place(limit))]
        if shows_base and self.policy is not self.base and self.base.value_at(key) is not None:
            related.append((N_("the base's value is here"), self.base.place(key)))
        limits = self.guardrail.limits
        every = {"key": format_key(key), "why": limits.why, "reference": limits.reference, **values}
        return Fault(
            code=code,
            values=every,
            place=self.policy.place(key),
            hint=reason_hint(code, limits.why, limits.reference),
            related=tuple(related),
        )

    def steps(self, document: Document, key: KeyPath) -> tuple[tuple[date, Amount], ...] | None:
        """Return the amounts at ``key`` over time; texts in rules are expressions of parameters."""
        parameters = document.value_at(("parameters",))
        known = parameters if isinstance(parameters, Mapping) else {}
        return steps_of(document.value_at(key), known, text=key[0] == "rules")


def reason_hint(code: Code, why: str, reference: str) -> str | None:
    """Return the advice of a breach with the base's reason; None where it gives none."""
    if why and reference:
        return N_("the reason: {why} ({reference})")
    if why:
        return N_("the reason: {why}")
    return N_("see {reference}") if reference else None


def check_guardrail(guardrail: SetGuardrail, base: Document, policy: Document) -> Iterator[Fault]:
    """Yield every breach of one guardrail; ``policy`` is ``base`` itself where that is what is loaded."""
    limits = guardrail.limits
    if not isinstance(limits, Guardrail):
        return
    unmatched = _about_nothing(guardrail, base, policy)
    if unmatched is not None:
        yield unmatched
        return
    comparison = Comparison(guardrail=guardrail, base=base, policy=policy)
    keys = _keys(guardrail, base, policy)
    for limit in stated(limits):
        for key in keys:
            yield from _CHECKS[limit](comparison, key)


def _about_nothing(guardrail: SetGuardrail, base: Document, policy: Document) -> Fault | None:
    """Return a fault if a guardrail's key is nowhere: a misspelt key would guard nothing."""
    pattern = guardrail.pattern
    if next(matches(pattern, base.data), None) is not None:
        return None
    if any(is_known_key(key) for key in parents(pattern, base.data)):
        return None
    relative = next((limit for limit in stated(guardrail.limits) if limit in _RELATIVE), "")
    if not relative and (next(matches(pattern, policy.data), None) is not None or policy is base):
        return None
    near = suggestion(guardrail.key, _every_key(base.data)) if ANY not in pattern else None
    reason = phrase(N_("{file} has no such key"), file=base.name)
    if relative and near is None and ANY not in pattern:
        reason = phrase(
            N_("{limit} compares with the base's value, and {file} has none"), limit=relative, file=base.name
        )
    values = {"key": guardrail.key, "reason": reason, "suggestion": near or ""}
    hint = N_("did you mean {suggestion}?") if near is not None else None
    return Fault(code=codes.GUARDRAIL_ON_NOTHING, values=values, place=guardrail.place(), hint=hint)


def _every_key(data: object, before: KeyPath = ()) -> list[str]:
    found = [format_key(before)] if before else []
    if isinstance(data, Mapping):
        for name, inner in data.items():
            if before or name not in ("guardrails", "policy"):
                found += _every_key(inner, (*before, name))
    return found


def _keys(guardrail: SetGuardrail, base: Document, policy: Document) -> list[KeyPath]:
    """Return the keys a guardrail is about: those of the base first, then those only the policy has."""
    pattern = guardrail.pattern
    found = [*matches(pattern, base.data), *matches(pattern, policy.data)]
    return list(dict.fromkeys(found))


def _is_new(comparison: Comparison, key: KeyPath) -> bool:
    """Return whether a key belongs to a thing that the base does not have at all, such as an added rule.

    A key that the base merely leaves unwritten is not new, nor is a list's item: it has no counterpart to
    be compared with, and a longer list must not lead around a guardrail.
    """
    missing = next(
        (number for number in range(len(key)) if comparison.base.value_at(key[: number + 1]) is None), None
    )
    if missing is None or isinstance(key[missing], int):
        return False
    return missing < len(key) - 1 or comparison.guardrail.pattern[-1] == ANY


# --- locked ---------------------------------------------------------------------------------------


def _locked(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    base, policy = comparison.base.value_at(key), comparison.policy.value_at(key)
    if base is None and _is_new(comparison, key):
        return
    yield from _differences(comparison, key, base, policy)


def _differences(comparison: Comparison, key: KeyPath, base: object, policy: object) -> Iterator[Fault]:
    """Yield a breach for each value at or below ``key`` that is not the base's."""
    if isinstance(base, Mapping) and isinstance(policy, Mapping):
        for name in dict.fromkeys((*base, *policy)):
            yield from _differences(comparison, (*key, name), base.get(name), policy.get(name))
        return
    base = default_at(key) if base is None else base
    if policy is None and comparison.base.value_at(key) is None:
        return
    if policy is None:
        policy = default_at(key)
        if policy is None or not same(base, policy):
            yield _gone(comparison, key, "locked")
    elif not same(base, policy):
        written = shown_value(base) if base is not None else phrase(N_("what it is where nothing is written"))
        values = {"found": shown_value(policy), "base": written}
        yield comparison.fault(codes.LOCKED, key, "locked", values)


def _gone(comparison: Comparison, key: KeyPath, limit: str) -> Fault:
    return comparison.fault(
        codes.GUARDED_VALUE_GONE, key, limit, {"base": shown_value(comparison.base.value_at(key))}
    )


# --- bounds ---------------------------------------------------------------------------------------


def _minimum(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    yield from _bound(comparison, key, "min", codes.BELOW_MINIMUM, lambda value, limit: value < limit)


def _maximum(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    yield from _bound(comparison, key, "max", codes.ABOVE_MAXIMUM, lambda value, limit: value > limit)


def _bound(
    comparison: Comparison, key: KeyPath, name: str, code: Code, breaks: Callable[[Fraction, Fraction], bool]
) -> Iterator[Fault]:
    written = getattr(comparison.guardrail.limits, name)
    limit = amount_of(written, {})
    if comparison.policy.value_at(key) is None:
        yield _gone(comparison, key, name)
        return
    steps = comparison.steps(comparison.policy, key)
    if limit is None or steps is None or any(type(amount) is not type(limit) for _, amount in steps):
        yield _not_comparable(comparison, key, name, shown_value(written))
        return
    broken = [amount for _, amount in steps if breaks(cast("Fraction", amount), cast("Fraction", limit))]
    if broken:
        values = {"found": shown_amount(broken[0]), "limit": shown_value(written)}
        yield comparison.fault(code, key, name, values)


def _only_raise(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    yield from _direction(comparison, key, "only_raise", codes.ONLY_RAISE, lambda own, base: own < base)


def _only_lower(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    yield from _direction(comparison, key, "only_lower", codes.ONLY_LOWER, lambda own, base: own > base)


def _direction(
    comparison: Comparison, key: KeyPath, name: str, code: Code, breaks: Callable[[Fraction, Fraction], bool]
) -> Iterator[Fault]:
    """Yield a breach if on any day the value lies on the wrong side of the base's of that day."""
    written = comparison.base.value_at(key)
    if comparison.policy.value_at(key) is None:
        yield _gone(comparison, key, name)
        return
    if written is None:
        if not _is_new(comparison, key):
            yield _not_comparable(comparison, key, name, "—")
        return
    own, base = comparison.steps(comparison.policy, key), comparison.steps(comparison.base, key)
    kinds = {type(amount) for _, amount in (*(own or ()), *(base or ()))}
    if own is None or base is None or len(kinds) != 1:
        yield _not_comparable(comparison, key, name, shown_value(written))
        return
    for day in sorted({start for start, _ in (*own, *base)}):
        value, limit = at(own, day), at(base, day)
        if (
            value is not None
            and limit is not None
            and breaks(cast("Fraction", value), cast("Fraction", limit))
        ):
            yield comparison.fault(
                code, key, name, {"found": shown_amount(value), "base": shown_amount(limit)}
            )
            return


def _not_comparable(comparison: Comparison, key: KeyPath, limit: str, against: object) -> Fault:
    value = comparison.policy.value_at(key)
    reason: Phrase = phrase(N_("it is not an amount of the same kind"))
    if limit in ("only_raise", "only_lower") and comparison.base.value_at(key) is None:
        reason = phrase(N_("the base has nothing there to compare with"))
    values = {"found": shown_value(value), "limit": against, "reason": reason}
    return comparison.fault(codes.NOT_COMPARABLE, key, limit, values)


# --- lists and sums -------------------------------------------------------------------------------


def _only_add(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    base, policy = comparison.base.value_at(key), comparison.policy.value_at(key)
    if base is None and _is_new(comparison, key):
        return
    if policy is None:
        yield _gone(comparison, key, "only_add")
        return
    if not isinstance(base, list) or not isinstance(policy, list) or is_dated(base):
        values = {
            "found": shown_value(policy),
            "limit": "only_add",
            "reason": phrase(N_("only_add is for lists")),
        }
        yield comparison.fault(codes.NOT_COMPARABLE, key, "only_add", values)
        return
    held = {comparable(item) for item in policy}
    missing = [shown_value(item) for item in base if comparable(item) not in held]
    if missing:
        values = {"missing": listed(missing)}
        yield comparison.fault(codes.ONLY_ADD, key, "only_add", values)


def _sum(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    table, limit = comparison.policy.value_at(key), stated(comparison.guardrail.limits)["sum"]
    if table is None:
        yield _gone(comparison, key, "sum")
        return
    inner: list[KeyPath] = (
        [(*key, name) for name in table]
        if isinstance(table, Mapping)
        else [(*key, index) for index in range(len(table))]
        if isinstance(table, list)
        else []
    )
    steps = [comparison.steps(comparison.policy, one) for one in inner]
    amounts = [found[0][1] for found in steps if found is not None and len(found) == 1]
    numbers = [amount for amount in amounts if isinstance(amount, Fraction)]
    if not inner or len(numbers) != len(inner):
        reason = phrase(N_("its values are not all plain numbers"))
        values = {"found": shown_value(table), "limit": shown_value(limit), "reason": reason}
        yield comparison.fault(codes.NOT_COMPARABLE, key, "sum", values)
    elif sum(numbers) != Fraction(cast("int", limit)):
        values = {"found": format_number(sum(numbers, Fraction(0))), "limit": shown_value(limit)}
        yield comparison.fault(codes.WRONG_SUM, key, "sum", values)


def shown_value(value: object) -> str:
    """Return a TOML value as messages show it; tables and lists too, as TOML writes them."""
    if isinstance(value, Mapping):
        text = "{ " + ", ".join(f"{key} = {shown_value(inner)}" for key, inner in value.items()) + " }"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown_value(item) for item in value) + "]"
    else:
        return shown(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def shown_amount(amount: Amount) -> str:
    """Return an exact number or a date as messages show it."""
    return format_number(amount) if isinstance(amount, Fraction) else amount.isoformat()


_CHECKS: Final[Mapping[str, Callable[[Comparison, KeyPath], Iterator[Fault]]]] = {
    "locked": _locked,
    "min": _minimum,
    "max": _maximum,
    "only_raise": _only_raise,
    "only_lower": _only_lower,
    "only_add": _only_add,
    "sum": _sum,
}
