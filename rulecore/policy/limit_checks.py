"""The limits of guardrails, one function each: what of a policy lies outside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final, cast

from rulecore.codes import families as codes
from rulecore.errors import Code, Fault
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import phrase
from rulecore.policy.amounts import Amount, amount_of, at, comparable, is_dated, same
from rulecore.policy.comparison import Comparison, effective_days, gone, is_new, not_comparable
from rulecore.policy.guardrails import stated
from rulecore.policy.keys import default_at
from rulecore.policy.words import listed, shown_value
from rulecore.source import KeyPath

# --- locked ---------------------------------------------------------------------------------------


def _locked(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    base, policy = comparison.base.value_at(key), comparison.policy.value_at(key)
    if base is None and is_new(comparison, key):
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
            yield gone(comparison, key, "locked")
    elif not same(base, policy):
        written = shown_value(base) if base is not None else phrase(N_("what it is where nothing is written"))
        values = {"found": shown_value(policy), "base": written}
        yield comparison.fault(codes.LOCKED, key, "locked", values)


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
        yield gone(comparison, key, name)
        return
    steps = comparison.steps(comparison.policy, key)
    if limit is None or steps is None or any(type(amount) is not type(limit) for _, amount in steps):
        yield not_comparable(comparison, key, name, shown_value(written))
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
    """Yield a breach if on any of the policy's days the value lies on the wrong side of the base's of that day."""
    written = comparison.base.value_at(key)
    if comparison.policy.value_at(key) is None:
        yield gone(comparison, key, name)
        return
    if written is None:
        if not is_new(comparison, key):
            yield not_comparable(comparison, key, name, "—")
        return
    own, base = comparison.steps(comparison.policy, key), comparison.steps(comparison.base, key)
    kinds = {type(amount) for _, amount in (*(own or ()), *(base or ()))}
    if own is None or base is None or len(kinds) != 1:
        yield not_comparable(comparison, key, name, shown_value(written))
        return
    first, last = effective_days(comparison.policy)
    # A policy of 2023 is held against the base's value of 2023, whatever the base says for later years.
    for day in sorted({max(start, first) for start, _ in (*own, *base) if start <= last}):
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


# --- lists and sums -------------------------------------------------------------------------------


def _only_add(comparison: Comparison, key: KeyPath) -> Iterator[Fault]:
    base, policy = comparison.base.value_at(key), comparison.policy.value_at(key)
    if base is None and is_new(comparison, key):
        return
    if policy is None:
        yield gone(comparison, key, "only_add")
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
        yield gone(comparison, key, "sum")
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


def shown_amount(amount: Amount) -> str:
    """Return an exact number or a date as messages show it."""
    return format_number(amount) if isinstance(amount, Fraction) else amount.isoformat()


CHECKS: Final[Mapping[str, Callable[[Comparison, KeyPath], Iterator[Fault]]]] = {
    "locked": _locked,
    "min": _minimum,
    "max": _maximum,
    "only_raise": _only_raise,
    "only_lower": _only_lower,
    "only_add": _only_add,
    "sum": _sum,
}
