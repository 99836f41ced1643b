"""From a path to policy files: one file, a folder with ``policy.toml``, or a policy set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from rulecore.codes import policy as codes
from rulecore.errors import Fault, PolicyError, ordered
from rulecore.language import N_
from rulecore.policy.chain import POLICY_FILE
from rulecore.policy.document import shown_path
from rulecore.policy.load import LoadedPolicy
from rulecore.policy.versions import overlaps
from rulecore.source import Place

CASES_FILE: Final = "cases.toml"
MAX_POLICIES: Final = 1_000


def policy_files(path: Path) -> tuple[Path, ...]:
    """Return the policy files that ``path`` means, sorted.

    A file is itself. A folder with ``policy.toml`` is that one policy. Any other folder is a policy set:
    ``*.toml`` in it and in the folders right below it, but for ``cases.toml`` and names that start with
    ``_`` or ``.``. Raises :class:`rulecore.errors.PolicyError` where there is none, too many, or a link
    that leaves the folder.
    """
    name = shown_path(path)
    if not path.exists():
        values = {"path": name, "folder": Path().absolute()}
        raise PolicyError([Fault(code=codes.FILE_MISSING, values=values, place=Place(file=name))])
    if not path.is_dir():
        if path.suffix.lower() != ".toml":
            values = {"path": name}
            raise PolicyError([Fault(code=codes.NOT_A_POLICY_PATH, values=values, place=Place(file=name))])
        return (path,)
    if (path / POLICY_FILE).is_file():
        found = [path / POLICY_FILE]
    else:
        found = sorted(islice(_candidates(path), MAX_POLICIES + 1))
    faults = list(_folder_faults(path, name, found))
    if faults:
        raise PolicyError(faults)
    return tuple(found)


def check_set(policies: Iterable[LoadedPolicy]) -> None:
    """Raise :class:`rulecore.errors.PolicyError` if two policies have one name and version, or days."""
    policies = tuple(policies)
    first: dict[tuple[str, str], LoadedPolicy] = {}
    faults = []
    for loaded in policies:
        header = loaded.policy.policy
        other = first.setdefault((header.name, header.version), loaded)
        if other is not loaded:
            path = ("policy", "name")
            faults.append(
                Fault(
                    code=codes.POLICY_TWICE,
                    values={"name": header.name, "version": header.version},
                    place=loaded.document.place(path),
                    related=((N_("the other one is here"), other.document.place(path)),),
                )
            )
    faults += overlaps(policies)
    if faults:
        raise PolicyError(ordered(faults))


def _candidates(folder: Path) -> Iterator[Path]:
    for pattern in ("*.toml", "*/*.toml"):
        for path in folder.glob(pattern):
            inside = path.relative_to(folder)
            hidden = any(part.startswith(("_", ".")) for part in inside.parts)
            if not hidden and path.name != CASES_FILE and not path.is_dir():
                yield path


def _folder_faults(folder: Path, name: str, found: list[Path]) -> Iterator[Fault]:
    place = Place(file=name)
    if not found:
        yield Fault(code=codes.EMPTY_SET, values={"path": name}, place=place)
    if len(found) > MAX_POLICIES:
        values = {"path": name, "limit": MAX_POLICIES}
        yield Fault(code=codes.SET_TOO_LARGE, values=values, place=place)
        return
    inside = folder.resolve()
    for path in found:
        target = path.resolve()
        if not target.is_relative_to(inside):
            values = {"path": shown_path(path), "target": target}
            yield Fault(code=codes.LINK_LEAVES_SET, values=values, place=Place(file=shown_path(path)))
