"""A policy and its bases as one document: deep, key by key, with the place of every effective value kept.

Tables are merged key by key, everything else (lists too) is replaced whole. Three things are different:

- what a policy says about itself (:data:`OWN_KEYS`) is never inherited, but for the days of an abstract base;
- a rule that is given *another* scorer loses the settings of the one it had, a field given another type what
  means something for the old type only;
- ``decimals`` and ``step`` are two ways to say one thing: the one a child writes takes the other's place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from attrs import field, frozen

from rulecore.policy.document import Document
from rulecore.policy.sections import RULE_KEYS
from rulecore.source import KeyPath, Place

Data = Mapping[str, object]

OWN_KEYS: Final = ("name", "version", "title", "applies_to", "effective", "abstract", "extends")
"""Keys of ``[policy]`` that are each policy's own."""
KEYS_OF_ANY_FIELD: Final = ("column", "aliases", "label", "missing", "not_applicable", "reference")
"""Keys of a field that mean the same whatever its type."""
_ONE_OF: Final[Mapping[str, str]] = {"decimals": "step", "step": "decimals"}


@frozen(kw_only=True, slots=False)
class MergedDocument(Document):
    """A policy with its bases merged; ``chain`` holds the documents, its own first, the furthest base last.

    ``path``, ``name``, ``text`` and lines are those of the policy's own file; ``data`` is the effective
    policy, and :meth:`place` leads to the file and line that set a value.
    """

    chain: tuple[Document, ...] = field(repr=False)

    @property
    def layers(self) -> tuple[Document, ...]:
        """The documents this one is merged from, its own first."""
        return self.chain

    @property
    def content(self) -> str:
        """Everything this document is made of, for fingerprints."""
        return "\n".join(document.text for document in self.chain)

    def owner(self, key: KeyPath) -> Document:
        """Return the document that set the value at ``key``, or, if there is none, its nearest parent's."""
        while key and self.value_at(key) is None:
            key = key[:-1]
        whole = _whole(self.data, key)
        return next((one for one in setters(self.chain, whole)), self.chain[0])

    def place(
        self, key: KeyPath, *, value: bool = True, start: int | None = None, end: int | None = None
    ) -> Place:
        """Return where ``key`` stands in the document that set it; see :meth:`Document.place`."""
        return self.owner(key).place(key, value=value, start=start, end=end)

    def history(self, key: KeyPath) -> tuple[Document, ...]:
        """Return the documents that set a value at ``key``, the furthest base first."""
        return tuple(reversed(setters(self.chain, _whole(self.data, key))))


def merge_chain(chain: Sequence[Document]) -> Document:
    """Return the documents of a chain (its own first) as one; a single one is itself."""
    if len(chain) == 1:
        return chain[0]
    own = chain[0]
    return MergedDocument(
        path=own.path, name=own.name, text=own.text, data=merged_data(chain), chain=tuple(chain)
    )


def merged_data(chain: Sequence[Document]) -> dict[str, object]:
    """Return the effective data of a chain: each child's data over what its bases give."""
    effective: dict[str, object] = {}
    for document in reversed(chain):
        effective = overlay(effective, document.data)
    return effective


def overlay(base: Data, own: Data) -> dict[str, object]:
    """Return a base's effective data with a child's own over it."""
    return _deep(_inherited(base, own), own)


def setters(chain: Sequence[Document], key: KeyPath) -> list[Document]:
    """Return the documents of a chain whose value at ``key`` counts, the own one first."""
    own_only = key[:1] == ("policy",) and len(key) > 1 and key[1] in OWN_KEYS
    found = []
    for number, document in enumerate(chain):
        if number and own_only and not (key[1] == "effective" and is_abstract(document.data)):
            break
        if document.value_at(key) is not None:
            found.append(document)
    return found


def is_abstract(data: Data) -> bool:
    """Return whether a document is there only to be extended."""
    header = data.get("policy")
    return isinstance(header, Mapping) and header.get("abstract") is True


def _whole(data: Data, key: KeyPath) -> KeyPath:
    """Return the key path up to the first list on its way: lists are set whole."""
    value: object = data
    for number, part in enumerate(key):
        if isinstance(value, list):
            return key[:number]
        value = value.get(part) if isinstance(value, Mapping) else None
    return key


def _deep(base: Data, own: Data) -> dict[str, object]:
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(value, Mapping):
            merged[key] = _deep(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def _inherited(base: Data, own: Data) -> Data:
    """Return what of a base's effective data a child starts from."""
    kept = dict(base)
    header = kept.get("policy")
    if isinstance(header, Mapping):
        dropped = set(OWN_KEYS) - ({"effective"} if is_abstract(base) else set())
        kept["policy"] = {key: value for key, value in header.items() if key not in dropped}
    for section, inherited in (("rules", _rule), ("fields", _field)):
        below, above = kept.get(section), own.get(section)
        if isinstance(below, Mapping) and isinstance(above, Mapping):
            kept[section] = {name: inherited(one, above.get(name)) for name, one in below.items()}
    return kept


def _field(declared: object, own: object) -> object:
    if not isinstance(declared, Mapping) or not isinstance(own, Mapping):
        return declared
    if "type" not in own or own["type"] == declared.get("type"):
        return declared
    return {key: value for key, value in declared.items() if key in KEYS_OF_ANY_FIELD}


def _rule(rule: object, own: object) -> object:
    if not isinstance(rule, Mapping) or not isinstance(own, Mapping):
        return rule
    kept = dict(cast("Data", rule))
    if "scorer" in own and own["scorer"] != kept.get("scorer"):
        kept = {key: value for key, value in kept.items() if key in RULE_KEYS}
    for written, other in _ONE_OF.items():
        if written in own and other not in own:
            kept.pop(other, None)
    return kept
