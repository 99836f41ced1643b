"""Versions: several policies of one name in a set must not hold on one day for the same records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from rulecore.codes import families as codes
from rulecore.declarations import PolicyHeader
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.policy.amounts import comparable
from rulecore.policy.family import days_words
from rulecore.source import KeyPath

if TYPE_CHECKING:
    from rulecore.policy.load import LoadedPolicy


def overlaps(policies: Sequence[LoadedPolicy]) -> Iterator[Fault]:
    """Yield a fault for every two versions of one policy that could both take a record.

    Two policies of one name *and* one version are another fault and not named here.
    """
    by_name: dict[str, list[LoadedPolicy]] = {}
    for loaded in policies:
        by_name.setdefault(loaded.policy.policy.name, []).append(loaded)
    for versions in by_name.values():
        for one, other in combinations(versions, 2):
            days = _common_days(one.policy.policy, other.policy.policy)
            if days is not None and _common_scope(one.policy.policy, other.policy.policy):
                yield _overlap(one, other, days)


def _overlap(one: LoadedPolicy, other: LoadedPolicy, days: tuple[date, date]) -> Fault:
    values = {
        "name": one.policy.policy.name,
        "version": one.policy.policy.version,
        "other": other.policy.policy.version,
        "days": days_words(days),
    }
    return Fault(
        code=codes.VERSIONS_OVERLAP,
        values=values,
        place=one.document.place(_days_key(one)),
        related=((N_("the other version is here"), other.document.place(_days_key(other))),),
    )


def _days_key(loaded: LoadedPolicy) -> KeyPath:
    key: KeyPath = ("policy", "effective")
    return key if loaded.document.value_at(key) is not None else ("policy", "version")


def _common_days(one: PolicyHeader, other: PolicyHeader) -> tuple[date, date] | None:
    """Return the days on which both hold, or None; policies of one version are left to another check."""
    if one.version == other.version:
        return None
    first = max(one.effective.from_ or date.min, other.effective.from_ or date.min)
    last = min(one.effective.until or date.max, other.effective.until or date.max)
    return (first, last) if first <= last else None


def _common_scope(one: PolicyHeader, other: PolicyHeader) -> bool:
    """Return whether a record can meet both ``applies_to``: no field asks for other values."""
    for name, allowed in one.applies_to.items():
        wanted = {comparable(value) for value in allowed}
        if name in other.applies_to and not wanted & {comparable(value) for value in other.applies_to[name]}:
            return False
    return True
