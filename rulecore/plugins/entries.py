"""The entry points of group ``rulecore`` as plain texts. Light: ``rulecore --help`` reads them too.

The standard library's ``importlib.metadata`` takes 30 ms for it, a fifth of what a start may take: it imports the
parser of e-mails and parses the metadata of every distribution there is. Here the folders of ``sys.path`` are listed
and only distributions that name the group are read. Where something else than folders gives modules, the standard
library is asked after all.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from typing import Final, NamedTuple

GROUP: Final = "rulecore"

_HEADER: Final = re.compile(rf"^[ \t]*\[{GROUP}\][ \t]*$", re.MULTILINE)
_FIELD: Final = {
    "Name": re.compile(r"^Name:(.*)$", re.M | re.I),
    "Version": re.compile(r"^Version:(.*)$", re.M | re.I),
}


class Entry(NamedTuple):
    """One entry point: its distribution and version, its name and the module it names."""

    distribution: str
    version: str
    name: str
    module: str


def read_entries() -> tuple[Entry, ...]:
    """Return every entry point of group ``rulecore`` by distribution and name, duplicates included."""
    entries = _in_folders() if _only_folders() else _as_the_library_finds_them()
    return tuple(sorted(entries, key=lambda entry: (_normalized(entry.distribution), entry.name)))


def _only_folders() -> bool:
    """Return whether distributions can stand in the folders of ``sys.path`` only."""
    others = [finder for finder in sys.meta_path if finder is not PathFinder]
    if any(hasattr(finder, "find_distributions") for finder in others):
        return False
    return not any(path.endswith(".egg") or os.path.isfile(path) for path in sys.path)


def _in_folders() -> Iterator[Entry]:
    """Yield the entry points of the distributions in the folders of ``sys.path``."""
    known: dict[str, list[str]] = {}
    for folder in dict.fromkeys(sys.path):
        for info in _infos(folder or "."):
            own = _normalized(os.path.basename(info).rpartition(".")[0].partition("-")[0])
            before = known.setdefault(own, [])
            text = _read(info, "entry_points.txt")
            # A distribution further back on sys.path is hidden by the first of its name, for imports just as here.
            if _HEADER.search(text) and not any(_fields(other)[0] for other in before):
                name, version = _fields(info)
                # A folder with broken metadata has no name; pip warns of it, and it cannot be a plugin.
                if name:
                    yield from (Entry(name, version, entry, module) for entry, module in _section(text))
            before.append(info)


def _infos(folder: str) -> list[str]:
    """Return the metadata folders in a folder, as they are listed."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [
        os.path.join(folder, name) for name in names if name.lower().endswith((".dist-info", ".egg-info"))
    ]


def _read(info: str, name: str) -> str:
    try:
        with open(os.path.join(info, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _fields(info: str) -> tuple[str, str]:
    """Return the name and the version that a distribution's metadata gives, empty where there is none."""
    head = (_read(info, "METADATA") or _read(info, "PKG-INFO")).partition("\n\n")[0]
    found = [pattern.search(head) for pattern in _FIELD.values()]
    name, version = (match[1].strip() if match else "" for match in found)
    return name, version


def _section(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of the section of the group."""
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("#") and section == GROUP:
            name, _equals, value = line.partition("=")
            yield name.strip(), value.strip()


def _as_the_library_finds_them() -> Iterator[Entry]:
    from importlib import metadata

    seen: set[str] = set()
    for distribution in metadata.distributions():
        name = _normalized(distribution.metadata["Name"] or "")
        if name and name not in seen:
            seen.add(name)
            for entry in distribution.entry_points:
                if entry.group == GROUP:
                    yield Entry(distribution.name, distribution.version, entry.name, entry.value)


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
