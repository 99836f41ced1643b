"""Files beside a ``cases.toml``: where they may lie, and how they are read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rulecore.contracts import RawTable, ReadOptions
from rulecore.errors import InputError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.document import shown_path
from rulecore.registry import Registry
from rulecore.testing.cases import CASES_FILE


def inside(folder: Path, name: str) -> Path:
    """Return the file ``name`` of a folder.

    Raises ValueError with the reason if it is not there or leaves the folder.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(phrase(N_("it leaves the folder of cases.toml")))
    if not path.is_file():
        raise ValueError(phrase(N_("there is no such file")))
    return path


def read_table(path: Path, registry: Registry) -> RawTable:
    """Return a file as a raw table.

    Raises ValueError with the reader's first sentence if it cannot be read.
    """
    from rulecore.sources import read_sources, readers_by_suffix

    readers = readers_by_suffix(found.value for found in registry.readers.values())
    try:
        tables = read_sources([str(path)], readers, ReadOptions())
    except InputError as error:
        raise ValueError(error.faults[0].message()) from None
    if len(tables) != 1:
        raise ValueError(phrase(N_("it holds several tables")))
    return tables[0]


def find_cases(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Return every ``cases.toml`` that the paths mean, sorted, and the paths that mean none.

    A folder means those in it and in all folders below it; a policy file means the one beside it.
    """
    found: dict[Path, None] = {}
    without: list[str] = []
    for path in paths:
        if path.is_dir():
            files = sorted(file for file in path.rglob(CASES_FILE) if not _hidden(file.relative_to(path)))
        else:
            beside = path if path.name == CASES_FILE else path.parent / CASES_FILE
            files = [beside] if path.is_file() and beside.is_file() else []
        found |= dict.fromkeys(files)
        if not files:
            without.append(shown_path(path))
    return list(found), without


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts[:-1])
