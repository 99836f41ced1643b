"""The entry points of group ``rulecore`` as plain texts. Light: ``rulecore --help`` reads them too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from typing import Final, NamedTuple

GROUP: Final = "rulecore"


class Entry(NamedTuple):
    """One entry point: its distribution and version, its name and the module it names."""

    distribution: str
    version: str
    name: str
    module: str


def read_entries() -> tuple[Entry, ...]:
    """Return every entry point of group ``rulecore`` by distribution and name, duplicates included."""
    entries = [
        Entry(distribution.name, distribution.version, entry.name, entry.value)
        for distribution in _visible_distributions()
        for entry in distribution.entry_points
        if entry.group == GROUP
    ]
    return tuple(sorted(entries, key=lambda entry: (_normalized(entry.distribution), entry.name)))


def _visible_distributions() -> Iterator[metadata.Distribution]:
    # A distribution further back on sys.path is hidden by the first of its name, for imports just as here.
    seen: set[str] = set()
    for distribution in metadata.distributions():
        # A folder with broken metadata has no name; pip warns of it, and it cannot be a plugin.
        name = _normalized(distribution.metadata["Name"] or "")
        if name and name not in seen:
            seen.add(name)
            yield distribution


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
