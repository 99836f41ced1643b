"""What is loaded: every registered thing by name, with who gave it. A frozen value, never global."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from attrs import field, frozen

from rulecore.contracts import (
    Check,
    CohortFunction,
    Command,
    Engine,
    Function,
    Reader,
    Report,
    Scorer,
    Store,
    Writer,
)
from rulecore.planned import Origin

T = TypeVar("T")


@frozen(kw_only=True)
class Registered(Generic[T]):
    """A thing a plugin gave, and who gave it."""

    value: T
    origin: Origin


@frozen(kw_only=True)
class LoadedPlugin:
    """A plugin that is loaded: who it is, which module, which file, and the hooks it has."""

    origin: Origin
    module: str
    file: str
    hooks: tuple[str, ...]


def _mapping() -> Mapping[str, Registered[T]]:  # type: ignore[type-var, misc, unused-ignore]
    empty: Mapping[str, Registered[T]] = field(factory=dict, converter=MappingProxyType)
    return empty


@frozen(kw_only=True)
class Registry:
    """Everything that is loaded, by kind and name.

    ``functions`` and ``cohort_functions`` are keyed by their aliases too. ``plugins`` are in the order in
    which they were found: the built-ins first, then entry points by distribution, then plugin files by name.
    """

    scorers: Mapping[str, Registered[type[Scorer]]] = _mapping()
    functions: Mapping[str, Registered[Function]] = _mapping()
    cohort_functions: Mapping[str, Registered[CohortFunction]] = _mapping()
    checks: Mapping[str, Registered[Check]] = _mapping()
    readers: Mapping[str, Registered[Reader]] = _mapping()
    writers: Mapping[str, Registered[Writer]] = _mapping()
    reports: Mapping[str, Registered[Report]] = _mapping()
    engines: Mapping[str, Registered[Engine]] = _mapping()
    stores: Mapping[str, Registered[Store]] = _mapping()
    commands: Mapping[str, Registered[Command]] = _mapping()
    plugins: tuple[LoadedPlugin, ...] = ()

    def origins(self) -> tuple[Origin, ...]:
        """Return who is loaded, each once, in the order found."""
        return tuple(dict.fromkeys(plugin.origin for plugin in self.plugins))

    def reader_for(self, suffix: str) -> Registered[Reader] | None:
        """Return the reader of files with that suffix (``.csv``, in any case), or None."""
        wanted = suffix.lower()
        return next((found for found in self.readers.values() if wanted in found.value.suffixes), None)

    def writer_for(self, suffix: str) -> Registered[Writer] | None:
        """Return the writer of files with that suffix (``.csv``, in any case), or None."""
        wanted = suffix.lower()
        return next((found for found in self.writers.values() if wanted in found.value.suffixes), None)

    def store_for(self, location: str) -> Registered[Store] | None:
        """Return what keeps runs at a location: by the scheme of a URL, else by the suffix of a file; or None."""
        scheme, separator, _rest = location.partition("://")
        if separator:
            wanted = scheme.lower()
            return next((found for found in self.stores.values() if wanted in found.value.schemes), None)
        name = location.lower()
        return next((found for found in self.stores.values() if name.endswith(found.value.suffixes)), None)
