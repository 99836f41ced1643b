"""Parameters with a label, ``{ value = 3, label = "加分上限" }``: read as the value alone, the label kept beside.

Everything that looks at parameters (bases, guardrails, families, dated values) then sees the one form there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from rulecore.policy.positions import Position
from rulecore.source import KeyPath

SECTION: Final = "parameters"
VALUE: Final = "value"
LABEL: Final = "label"

Data = Mapping[str, object]


def without_labels(data: Data) -> tuple[Data, dict[str, str]]:
    """Return a document's data with labelled parameters as plain ones, and the labels by the parameters' names.

    A table that has no value, other keys, or a label that is no text stays as it is: it is refused where parameters
    are structured.
    """
    section = data.get(SECTION)
    if not isinstance(section, Mapping):
        return data, {}
    labels = {name: item[LABEL] for name, item in section.items() if is_labelled(item)}
    if not labels:
        return data, {}
    plain = {name: item[VALUE] if name in labels else item for name, item in section.items()}
    return {**data, SECTION: plain}, labels


def is_labelled(item: object) -> bool:
    """Return whether a parameter is a value with a label beside it."""
    return isinstance(item, Mapping) and set(item) == {VALUE, LABEL} and isinstance(item[LABEL], str)


def moved_positions(
    positions: Mapping[KeyPath, Position], names: Mapping[str, str]
) -> dict[KeyPath, Position]:
    """Return positions in which the value of a labelled parameter stands where a plain one's would.

    The key of the parameter is its own still, where that is written.
    """
    found = dict(positions)
    for name in names:
        start = (SECTION, name, VALUE)
        for key, position in positions.items():
            if key[:3] == start:
                found[(SECTION, name, *key[3:])] = position
        own, value = positions.get((SECTION, name)), positions[start]
        if own is not None:
            found[SECTION, name] = evolve(value, key_start=own.key_start, key_end=own.key_end)
    return found
