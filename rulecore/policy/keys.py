"""Keys that guardrails name: ``parameters.bonus_cap``, ``rules.*.rounding``, ``limits[*].share``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from rulecore.declarations import AdjustmentDeclaration, FieldDeclaration, RuleDeclaration
from rulecore.policy.structure import toml_key
from rulecore.source import KeyPath

ANY: Final = "*"
_PART: Final = re.compile(r"(?P<name>[^.\[\]\s]+)|\[(?P<index>[0-9]+|\*)\]")
_WHOLE: Final = re.compile(r"[^.\[\]\s]+(?:\.[^.\[\]\s]+|\[(?:[0-9]+|\*)\])*")


def key_pattern(written: str) -> KeyPath | None:
    """Return the parts of a key as a guardrail writes it, ``*`` for any one part, or None if it is no key."""
    if _WHOLE.fullmatch(written) is None:
        return None
    parts: list[str | int] = []
    for found in _PART.finditer(written):
        index = found["index"]
        parts.append(found["name"] if index is None else ANY if index == ANY else int(index))
    return tuple(parts)


def matches(pattern: KeyPath, data: object, before: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield every key path of ``data`` that a pattern fits, in the order of the document."""
    if not pattern:
        yield before
        return
    part, rest = pattern[0], pattern[1:]
    if isinstance(data, Mapping):
        for name in data if part == ANY else [part] if part in data else []:
            yield from matches(rest, data[name], (*before, name))
    elif isinstance(data, list):
        for index in range(len(data)) if part == ANY else [part]:
            if isinstance(index, int) and index < len(data):
                yield from matches(rest, data[index], (*before, index))


def parents(pattern: KeyPath, data: object) -> Iterator[KeyPath]:
    """Yield the key paths a pattern would have in ``data`` where only its last part is not written."""
    last = pattern[-1]
    if last != ANY:
        for parent in matches(pattern[:-1], data):
            yield (*parent, last)


def is_known_key(key: KeyPath) -> bool:
    """Return whether a key is one that every rule, field or adjustment can have."""
    return _attribute(key) is not None


def default_at(key: KeyPath) -> object | None:
    """Return what stands for a key of a rule, field or adjustment that is not written, or None for nothing."""
    attribute = _attribute(key)
    default = attribute.default if attribute is not None else None
    if isinstance(default, StrEnum):
        return str(default)
    if isinstance(default, tuple):
        return list(default)
    return default if isinstance(default, str | int | date) and default != "" else None


def _attribute(key: KeyPath) -> attrs.Attribute[object] | None:
    classes = {"rules": RuleDeclaration, "fields": FieldDeclaration, "adjustments": AdjustmentDeclaration}
    cls = classes.get(str(key[0])) if len(key) == 3 else None
    if cls is None:
        return None
    return next(
        (one for one in attrs.fields(cls) if toml_key(one) == key[2] and one.name != "settings"), None
    )
