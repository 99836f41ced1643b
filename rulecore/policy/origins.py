"""Who set what: every effective value with its line, and what a policy changes in its base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from rulecore.policy.amounts import same
from rulecore.policy.document import Document
from rulecore.policy.merge import merge_chain
from rulecore.policy.words import shown_value
from rulecore.source import KeyPath, Place, format_key

ABOUT_ITSELF = (("policy", "extends"), ("policy", "abstract"))
"""Keys that say how a document takes part in its family and are no values of the policy."""


@frozen(kw_only=True)
class EffectiveValue:
    """A value of a policy, where it stands, and every value given to its key, the furthest base's first.

    ``own`` is whether the policy's own file sets it.
    """

    key: KeyPath
    value: object
    place: Place
    own: bool
    history: tuple[tuple[object, Place], ...] = ()

    @property
    def name(self) -> str:
        """The key as people write it."""
        return format_key(self.key)

    @property
    def text(self) -> str:
        """The value as TOML writes it, shortened if it is long."""
        return shown_value(self.value)


@frozen(kw_only=True)
class Change:
    """A value that a policy has and its base has otherwise, or not at all (``before`` is then None)."""

    key: KeyPath
    before: object | None
    after: object | None
    place: Place
    before_place: Place | None = None

    @property
    def name(self) -> str:
        """The key as people write it."""
        return format_key(self.key)


def effective_values(document: Document) -> tuple[EffectiveValue, ...]:
    """Return every value of a policy in the order of its documents; tables are taken apart, lists are not."""
    found = []
    for key, value in _values(document.data):
        history = document.history(key)
        found.append(
            EffectiveValue(
                key=key,
                value=value,
                place=document.place(key),
                own=bool(history) and history[-1] is document.layers[0],
                history=tuple((layer.value_at(key), layer.place(key)) for layer in history),
            )
        )
    return tuple(found)


def changes_from_base(document: Document) -> tuple[Change, ...]:
    """Return what a policy changes in the base it extends, in reading order; nothing if it extends none."""
    if len(document.layers) < 2:
        return ()
    return differences(merge_chain(document.layers[1:]), document)


def differences(before: Document, after: Document) -> tuple[Change, ...]:
    """Return the values that differ between two documents, then those only the first has."""
    old, new = dict(_values(before.data)), dict(_values(after.data))
    changes = [
        Change(
            key=key,
            before=old.get(key),
            after=value,
            place=after.place(key),
            before_place=before.place(key) if key in old else None,
        )
        for key, value in new.items()
        if key not in old or not same(old[key], value)
    ]
    changes += [
        Change(key=key, before=value, after=None, place=after.place(key), before_place=before.place(key))
        for key, value in old.items()
        if key not in new and key[0] != "policy"
    ]
    return tuple(changes)


def _values(data: object, before: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    if isinstance(data, Mapping) and (data or not before):
        for name, inner in data.items():
            yield from _values(inner, (*before, name))
    elif before not in ABOUT_ITSELF:
        yield before, data
