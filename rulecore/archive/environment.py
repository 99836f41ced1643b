"""With what a run was computed: the version and hash of rulecore and of every plugin, and which of them it used."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.archive.request import is_text
from rulecore.registry import Registry

if TYPE_CHECKING:
    from rulecore.archive.request import RunRequest
    from rulecore.planned import Plan

ENVIRONMENT_VERSION: Final = 1
RULECORE: Final = "rulecore"
LIBRARY: Final = "polars"
"""A library whose version may show in the bytes of what is written, though never in a cell; so may those of formats."""


@frozen(kw_only=True)
class Part:
    """One distribution or plugin file: its version, the hash of its code, and whether the run used it."""

    distribution: str
    version: str
    sha256: str
    file: bool = False
    used: bool = False

    def __str__(self) -> str:
        """Return ``distribution version``."""
        return f"{self.distribution} {self.version}".strip()


@frozen(kw_only=True)
class Environment:
    """rulecore, the plugins in the order of their names, and the libraries with their versions."""

    rulecore: Part
    plugins: tuple[Part, ...] = ()
    libraries: tuple[tuple[str, str], ...] = ()

    @property
    def used_files(self) -> tuple[Part, ...]:
        """The single plugin files among what was loaded: they came from a folder and are programs."""
        return tuple(part for part in self.plugins if part.file)

    def to_json(self) -> bytes:
        """Return the environment as JSON text, the same bytes for the same environment."""
        found = {
            "environment": ENVIRONMENT_VERSION,
            "rulecore": _plain(self.rulecore),
            "plugins": [_plain(part) for part in self.plugins],
            "libraries": dict(self.libraries),
        }
        return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> Environment:
        """Return the environment that JSON text states; raises ValueError with a sentence where it states none."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"the environment is no JSON: {error}") from None
        if not isinstance(found, dict) or set(found) != {"environment", "rulecore", "plugins", "libraries"}:
            raise ValueError("the environment is not written as it should be")
        if found["environment"] != ENVIRONMENT_VERSION:
            raise ValueError(f"environments of version {found['environment']} are not known here")
        plugins, libraries = found["plugins"], found["libraries"]
        if not isinstance(plugins, list) or not isinstance(libraries, dict):
            raise ValueError("the environment is not written as it should be")
        return cls(
            rulecore=_part(found["rulecore"]),
            plugins=tuple(map(_part, plugins)),
            libraries=tuple((_text(name), _text(version)) for name, version in libraries.items()),
        )


def environment_of(registry: Registry, request: RunRequest, plans: Iterable[Plan]) -> Environment:
    """Return with what a run is computed here."""
    used = used_distributions(registry, request, plans)
    modules: dict[str, list[str]] = {}
    parts: dict[str, Part] = {}
    for plugin in registry.plugins:
        origin = plugin.origin
        if origin.distribution == RULECORE:
            continue
        modules.setdefault(origin.distribution, []).append(plugin.module)
        parts[origin.distribution] = Part(
            distribution=origin.distribution,
            version=origin.version,
            sha256=origin.sha256 or code_hash(tuple(modules[origin.distribution])),
            file=bool(origin.sha256),
            used=origin.distribution in used,
        )
    return Environment(
        rulecore=Part(
            distribution=RULECORE, version=_version(RULECORE), sha256=code_hash((RULECORE,)), used=True
        ),
        plugins=tuple(sorted(parts.values(), key=lambda part: part.distribution)),
        libraries=tuple(sorted(_libraries(used))),
    )


def used_distributions(registry: Registry, request: RunRequest, plans: Iterable[Plan]) -> frozenset[str]:
    """Return whose scorers, functions, formats, reports and engine a run uses.

    A function counts as used where its name stands in a policy at all: better one too many than one too few.
    """
    plans = tuple(plans)
    origins = [origin for plan in plans for origin in plan.origins]
    texts = "\n".join(
        text for plan in plans if plan.document is not None for text in plan.document.sources.values()
    )
    origins += [item.origin for name, item in registry.functions.items() if name in texts]
    origins += [item.origin for name, item in registry.cohort_functions.items() if name in texts]
    readers = [registry.reader_for(_suffix(file.content or file.file)) for file in request.inputs]
    writer = registry.writer_for(_suffix(request.output))
    reports = [registry.reports.get(item.report) for item in request.reports]
    engine = registry.engines.get(request.engine)
    found = (*readers, writer, *reports, engine)
    origins += [registered.origin for registered in found if registered is not None]
    return frozenset(origin.distribution for origin in origins)


@lru_cache(maxsize=64)
def code_hash(modules: tuple[str, ...]) -> str:
    """Return the SHA-256 over all files of the packages that modules belong to: code and data, not bytecode.

    It is the same for an installed wheel and for a working copy of the same files.
    """
    digest = hashlib.sha256()
    for package in sorted({module.partition(".")[0] for module in modules}):
        for name, path in _files(package):
            data = path.read_bytes()
            digest.update(f"{package}/{name}\n{len(data)}\n".encode() + data)
    return digest.hexdigest()


def _files(package: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of a package with their names inside it, sorted by name."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return
    if spec is None:
        return
    folders: Sequence[str] = spec.submodule_search_locations or ()
    if not folders and spec.origin:
        yield Path(spec.origin).name, Path(spec.origin)
    found: dict[str, Path] = {}
    for folder in map(Path, folders):
        for path in folder.rglob("*"):
            inside = path.relative_to(folder)
            hidden = any(part.startswith(".") or part == "__pycache__" for part in inside.parts)
            if not hidden and path.suffix != ".pyc" and path.is_file():
                found.setdefault(inside.as_posix(), path)
    yield from sorted(found.items())


def _libraries(used: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the libraries that used plugins need, with their versions, and the one that rulecore computes with."""
    from packaging.requirements import Requirement

    names = {LIBRARY}
    for distribution in used:
        if distribution != RULECORE:
            needed = [Requirement(text) for text in _requirements(distribution)]
            names |= {item.name.lower() for item in needed if item.marker is None or item.marker.evaluate()}
    yield from ((name, _version(name)) for name in names - {RULECORE})


def _requirements(distribution: str) -> Sequence[str]:
    try:
        return metadata.requires(distribution) or ()
    except metadata.PackageNotFoundError:
        return ()


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _plain(part: Part) -> dict[str, object]:
    return {
        "distribution": part.distribution,
        "version": part.version,
        "sha256": part.sha256,
        "file": part.file,
        "used": part.used,
    }


def _part(found: object) -> Part:
    if not isinstance(found, Mapping) or set(found) != {"distribution", "version", "sha256", "file", "used"}:
        raise ValueError("the environment is not written as it should be")
    return Part(
        distribution=_text(found["distribution"]),
        version=_text(found["version"]),
        sha256=_text(found["sha256"]),
        file=found["file"] is True,
        used=found["used"] is True,
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not is_text(value):
        raise ValueError("the environment is not written as it should be")
    return value
