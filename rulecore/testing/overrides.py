"""Overrides fitted to the policies they are laid over: bases, and policies that extend them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from rulecore.api import PolicySet
from rulecore.codes import cases as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.document import Document
from rulecore.policy.guardrails import SetGuardrail, read_guardrails
from rulecore.policy.keys import ANY, key_pattern
from rulecore.policy.load import LoadedBase, LoadedPolicy
from rulecore.policy.refusals import DID_YOU_MEAN
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed
from rulecore.source import KeyPath
from rulecore.testing.cases import Cases, Override

NOT_TO_SET = (("policy", "extends"), ("policy", "abstract"))
"""What the trial says itself: it extends the policy it is laid over, and is abstract where that one is."""


@frozen(kw_only=True)
class Member:
    """A policy that overrides can be laid over; ``chain`` are its documents, its own first.

    ``guardrails`` are those that bind whatever extends it, its own first.
    """

    chain: tuple[Document, ...] = field(repr=False, eq=False)
    names: tuple[str, ...]
    guardrails: tuple[SetGuardrail, ...] = field(default=(), repr=False, eq=False)

    @property
    def own(self) -> Document:
        """Its own document."""
        return self.chain[0]

    @property
    def name(self) -> str:
        """Its file, as cases name it."""
        return self.names[0]

    @property
    def own_guardrails(self) -> tuple[SetGuardrail, ...]:
        """The guardrails that it sets itself."""
        return tuple(guardrail for guardrail in self.guardrails if guardrail.layer == 0)


@frozen(kw_only=True)
class BoundOverride:
    """An override, the policies it is laid over, and where in them each of its values goes.

    ``written`` are for each value its key path in the policy, the one in ``cases.toml``, and the value.
    """

    override: Override
    path: KeyPath
    members: tuple[Member, ...]
    written: tuple[tuple[KeyPath, KeyPath, object], ...]


def members_of(policies: PolicySet, folder: Path) -> tuple[Member, ...]:
    """Return what overrides can be laid over.

    The policies and bases of a set, and bases in its folder that are no part of the set: files whose names
    begin with ``_``, and those deeper down.
    """
    found: dict[Path, Member] = {}
    loaded: list[LoadedBase | LoadedPolicy] = [*policies.bases, *policies.loaded]
    for one in loaded:
        found[one.document.path.resolve()] = _member(one.document.layers, one.guardrails, folder)
    for one in loaded:
        layers = one.document.layers
        for number, document in enumerate(layers):
            path = document.path.resolve()
            if path not in found and path.is_relative_to(folder.resolve()):
                guardrails = [
                    guardrail
                    for layer, part in enumerate(layers[number:])
                    for guardrail in read_guardrails(part, layer)[0]
                ]
                found[path] = _member(layers[number:], tuple(guardrails), folder)
    return tuple(found[path] for path in sorted(found))


def _member(chain: tuple[Document, ...], guardrails: tuple[SetGuardrail, ...], folder: Path) -> Member:
    path = chain[0].path
    inside = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    names = (inside, path.name, path.stem, str(chain[0].value_at(("policy", "name"))))
    return Member(chain=chain, names=names, guardrails=guardrails)


def bind_overrides(cases: Cases, members: tuple[Member, ...]) -> tuple[list[BoundOverride], list[Fault]]:
    """Return the overrides that fit the policies, and what is wrong with the others."""
    bound: list[BoundOverride] = []
    faults: list[Fault] = []
    for path, override in cases.overrides:
        over, wrong = _over(cases.document, path, override, members)
        written, badly_set = values_of(cases.document, path, override.set)
        if wrong is not None:
            faults.append(wrong)
        faults += badly_set
        if wrong is None and not badly_set:
            bound.append(BoundOverride(override=override, path=path, members=over, written=written))
    return bound, faults


def _over(
    document: Document, path: KeyPath, override: Override, members: tuple[Member, ...]
) -> tuple[tuple[Member, ...], Fault | None]:
    known = listed(member.name for member in members) or "—"
    if not override.policy:
        over = tuple(member for member in members if member.own_guardrails)
        if not over:
            values = {"name": override.name, "known": known}
            return (), Fault(code=codes.NO_GUARDRAILS, values=values, place=document.place((*path, "name")))
    else:
        over = tuple(member for member in members if override.policy in member.names)
        if not over:
            near = suggestion(override.policy, [name for member in members for name in member.names])
            values = {"policy": override.policy, "known": known, "suggestion": near or ""}
            hint = DID_YOU_MEAN if near is not None else None
            place = document.place((*path, "policy"))
            return (), Fault(code=codes.UNKNOWN_CASE_POLICY, values=values, place=place, hint=hint)
    return over, _unknown_guardrail(document, path, override, over)


def _unknown_guardrail(
    document: Document, path: KeyPath, override: Override, over: tuple[Member, ...]
) -> Fault | None:
    for member in over:
        keys = list(dict.fromkeys(guardrail.key for guardrail in member.guardrails))
        if override.guardrail and override.guardrail not in keys:
            near = suggestion(override.guardrail, keys)
            values = {
                "key": override.guardrail,
                "policy": member.name,
                "known": listed(keys) or "—",
                "suggestion": near or "",
            }
            hint = DID_YOU_MEAN if near is not None else None
            place = document.place((*path, "guardrail"))
            return Fault(code=codes.OVERRIDE_GUARDRAIL, values=values, place=place, hint=hint)
    return None


# --- what is set ------------------------------------------------------------------------------------------


def values_of(
    document: Document, path: KeyPath, values: Mapping[str, object]
) -> tuple[tuple[tuple[KeyPath, KeyPath, object], ...], list[Fault]]:
    """Return what an override sets, each with its key path in the policy and in ``cases.toml``."""
    written: list[tuple[KeyPath, KeyPath, object]] = []
    faults: list[Fault] = []
    for name, value in values.items():
        inside: KeyPath = (*path, "set", name)
        parts = key_pattern(name)
        reason = _not_to_set(parts, value) or _set_twice(parts or (), [key for key, _path, _value in written])
        if reason or parts is None:
            place = document.place(inside, value=False)
            faults.append(
                Fault(code=codes.OVERRIDE_KEY, values={"key": name, "reason": phrase(reason)}, place=place)
            )
        else:
            written += [(key, (*inside, *key[len(parts) :]), inner) for key, inner in _leaves(parts, value)]
    return tuple(written), faults


def _leaves(key: KeyPath, value: object) -> Iterator[tuple[KeyPath, object]]:
    """Yield the values below a key, tables taken apart; lists are set whole."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves((*key, name), inner)
    else:
        yield key, value


def _not_to_set(parts: KeyPath | None, value: object) -> str:
    if parts is None:
        return N_("this is not a key")
    if ANY in parts:
        return N_("* stands for many keys, name one")
    if any(isinstance(part, int) for part in parts):
        return N_("a list is replaced whole, write all of it")
    if any(key in NOT_TO_SET for key, _value in _leaves(parts, value)):
        return N_("the override itself is the policy that extends")
    return ""


def _set_twice(parts: KeyPath, before: list[KeyPath]) -> str:
    if any(key[: len(parts)] == parts or parts[: len(key)] == key for key in before):
        return N_("another key of the override sets it too")
    return ""
