"""Which guardrails the overrides of the cases reach: each limit as refused, and as far as it allows.

A limit is reached from both sides: an override that it refuses, and one that goes just as far as it allows
and is accepted. ``locked``, ``may_add_rules = false``, no scorer allowed and no weight allowed leave nothing
to accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Literal

from attrs import field, frozen

from rulecore.codes import families as codes
from rulecore.policy.additions import added_share
from rulecore.policy.amounts import amount_of, comparable, same
from rulecore.policy.comparison import Comparison
from rulecore.policy.document import Document
from rulecore.policy.guardrails import RulesGuardrail, SetGuardrail, stated
from rulecore.policy.keys import matches
from rulecore.policy.merge import merge_chain
from rulecore.source import KeyPath, Place
from rulecore.testing.overrides import Member
from rulecore.testing.trials import OverrideResult, Trial

Side = Literal["refused", "allowed"]

BREACHES: Final[Mapping[str, frozenset[str]]] = {
    "locked": frozenset({codes.LOCKED.id, codes.GUARDED_VALUE_GONE.id}),
    "min": frozenset({codes.BELOW_MINIMUM.id}),
    "max": frozenset({codes.ABOVE_MAXIMUM.id}),
    "only_raise": frozenset({codes.ONLY_RAISE.id}),
    "only_lower": frozenset({codes.ONLY_LOWER.id}),
    "only_add": frozenset({codes.ONLY_ADD.id}),
    "sum": frozenset({codes.WRONG_SUM.id}),
    "may_add_rules": frozenset({codes.RULE_ADDED.id}),
    "weight_at_most": frozenset({codes.ADDED_WEIGHT.id}),
    "allowed_scorers": frozenset({codes.SCORER_NOT_ALLOWED.id}),
}
"""By limit the codes of going beyond it; a value that cannot be compared at all does not show the limit."""


@frozen(kw_only=True)
class GuardItem:
    """One side of one limit of a guardrail, that an override can reach; ``member`` sets the guardrail."""

    key: str
    limit: str
    side: Side
    place: Place
    guardrail: SetGuardrail = field(repr=False, eq=False)
    member: Member = field(repr=False, eq=False)


def guard_items(members: Iterable[Member]) -> tuple[GuardItem, ...]:
    """Return what there is to reach of the guardrails that some policies set themselves."""
    return tuple(
        GuardItem(
            key=guardrail.key,
            limit=limit,
            side=side,
            place=guardrail.place(limit),
            guardrail=guardrail,
            member=member,
        )
        for member in members
        for guardrail in member.own_guardrails
        for limit, value in stated(guardrail.limits).items()
        for side in _sides(limit, value)
    )


def _sides(limit: str, value: object) -> tuple[Side, ...]:
    nothing_allowed = limit in ("locked", "may_add_rules") or (
        limit in ("weight_at_most", "allowed_scorers") and not value
    )
    return ("refused",) if nothing_allowed else ("refused", "allowed")


def guards_reached(results: Iterable[OverrideResult]) -> frozenset[tuple[Place, Side]]:
    """Return what overrides reach that came out as they say: the place of each limit, and the side."""
    found: set[tuple[Place, Side]] = set()
    for result in results:
        if result.passed:
            for trial in result.trials:
                found |= reached_by(trial)
    return frozenset(found)


def reached_by(trial: Trial) -> set[tuple[Place, Side]]:
    """Return what one override over one policy reaches."""
    if trial.faults:
        return {
            (guardrail.place(limit), "refused")
            for guardrail, limit, code in trial.refusals
            if code in BREACHES[limit]
        }
    policy = merge_chain((trial.document, *trial.member.chain))
    return {
        (guardrail.place(limit), "allowed")
        for guardrail in trial.member.guardrails
        for limit in stated(guardrail.limits)
        if _goes_as_far(guardrail, limit, trial, policy)
    }


def _goes_as_far(guardrail: SetGuardrail, limit: str, trial: Trial, policy: Document) -> bool:
    base = merge_chain(trial.member.chain[guardrail.layer :])
    comparison = Comparison(guardrail=guardrail, base=base, policy=policy)
    test = _FAR.get(limit)
    if test is None:
        return False
    keys: Iterator[KeyPath] = (
        (("rules", name) for name in _table(policy, "rules"))
        if isinstance(guardrail.limits, RulesGuardrail)
        else matches(guardrail.pattern, policy.data)
    )
    return any(trial.document.value_at(key) is not None and test(comparison, key) for key in keys)


# --- how far a limit lets a value go, for values that break nothing ---------------------------------------


def _at_bound(limit: str) -> Callable[[Comparison, KeyPath], bool]:
    def at_bound(comparison: Comparison, key: KeyPath) -> bool:
        bound = amount_of(stated(comparison.guardrail.limits)[limit], {})
        steps = comparison.steps(comparison.policy, key) or ()
        return any(amount == bound for _day, amount in steps)

    return at_bound


def _moved(comparison: Comparison, key: KeyPath) -> bool:
    own, base = comparison.steps(comparison.policy, key), comparison.steps(comparison.base, key)
    return base is not None and own != base


def _longer(comparison: Comparison, key: KeyPath) -> bool:
    own, base = comparison.policy.value_at(key), comparison.base.value_at(key)
    if not isinstance(own, list) or not isinstance(base, list):
        return False
    return {comparable(item) for item in own} > {comparable(item) for item in base}


def _changed(comparison: Comparison, key: KeyPath) -> bool:
    return not same(comparison.policy.value_at(key), comparison.base.value_at(key))


def _at_weight(comparison: Comparison, key: KeyPath) -> bool:
    added, share = added_share(comparison, comparison.policy.value_at(key))
    bound = stated(comparison.guardrail.limits)["weight_at_most"]
    return bool(added) and share == amount_of(bound, {})


def _other_scorer(comparison: Comparison, key: KeyPath) -> bool:
    scorer: KeyPath = (*key, "scorer")
    return comparison.policy.value_at(scorer) != comparison.base.value_at(scorer)


_FAR: Final[Mapping[str, Callable[[Comparison, KeyPath], bool]]] = {
    "min": _at_bound("min"),
    "max": _at_bound("max"),
    "only_raise": _moved,
    "only_lower": _moved,
    "only_add": _longer,
    "sum": _changed,
    "weight_at_most": _at_weight,
    "allowed_scorers": _other_scorer,
}


def _table(document: Document, section: str) -> Mapping[str, object]:
    table = document.value_at((section,))
    return table if isinstance(table, Mapping) else {}
