"""Register: put everything given under its name. A name given twice is a fault that names both owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rulecore.codes import plugins as codes
from rulecore.errors import Code, Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.plugins.ask import KINDS, Given, schemes_of, suffixes_of
from rulecore.plugins.check import hook_options
from rulecore.plugins.load import Loaded
from rulecore.registry import LoadedPlugin, Registered, Registry

# Both are called by name in expressions, so they share one set of names.
_CALLED = ("rulecore_functions", "rulecore_cohort_functions")


def register(plugins: tuple[Loaded, ...], given: tuple[Given, ...]) -> tuple[Registry, tuple[Fault, ...]]:
    """Return the registry of everything given, and a fault for each name or suffix that is given twice."""
    tables: dict[str, dict[str, Registered[Any]]] = {hook: {} for hook in KINDS}
    owners: dict[tuple[str, str], Given] = {}
    faults: list[Fault] = []
    for thing in given:
        space = "call" if thing.hook in _CALLED else thing.hook
        for name in dict.fromkeys(thing.names):
            clash = _claim(owners, (space, name), thing, codes.NAME_TAKEN)
            if clash is None:
                tables[thing.hook][name] = Registered(value=thing.value, origin=thing.origin)
            else:
                faults.append(clash)
        for suffix in dict.fromkeys(suffixes_of(thing.value)):
            clash = _claim(owners, (f"{thing.hook} suffix", suffix), thing, codes.SUFFIX_TAKEN)
            faults += [clash] if clash is not None else []
        for scheme in dict.fromkeys(schemes_of(thing.value)):
            clash = _claim(owners, (f"{thing.hook} scheme", scheme), thing, codes.NAME_TAKEN)
            faults += [clash] if clash is not None else []
    registry = Registry(
        **{hook.removeprefix("rulecore_"): table for hook, table in tables.items()},
        plugins=tuple(_loaded_plugin(plugin) for plugin in plugins),
    )
    return registry, tuple(faults)


def _claim(
    owners: dict[tuple[str, str], Given], key: tuple[str, str], thing: Given, code: Code
) -> Fault | None:
    first = owners.setdefault(key, thing)
    if first is thing and not _given_twice(thing, key[1]):
        return None
    values: Mapping[str, object] = {
        "kind": phrase(KINDS[thing.hook]),
        "name": key[1],
        "first": first.origin,
        "second": thing.origin,
    }
    return Fault(
        code=code, values=values, place=thing.place, related=((N_("given first by {first}"), first.place),)
    )


def _given_twice(thing: Given, name: str) -> bool:
    return (thing.names + suffixes_of(thing.value)).count(name) > 1


def _loaded_plugin(plugin: Loaded) -> LoadedPlugin:
    hooks = tuple(name for name, value in vars(plugin.module).items() if hook_options(value) is not None)
    return LoadedPlugin(origin=plugin.origin, module=plugin.name, file=plugin.file, hooks=hooks)
