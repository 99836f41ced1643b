"""Check: is a module a plugin? Its API number, and the names, marks and arguments of its hooks."""

from __future__ import annotations

import difflib
import inspect
import linecache
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Final

import pluggy

from rulecore import hookspecs
from rulecore.codes import plugins as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.markers import API_VERSION, PROJECT
from rulecore.plugins.load import Loaded, place_at
from rulecore.source import Place

PREFIX: Final = "rulecore_"
_PLAIN = {"wrapper": False, "hookwrapper": False, "tryfirst": False, "trylast": False, "specname": None}


@lru_cache(maxsize=1)
def hook_names() -> tuple[str, ...]:
    """Return the names of rulecore's hooks, in the order of the hookspecs page."""
    return tuple(name for name in vars(hookspecs) if name.startswith(PREFIX))


def check_plugin(plugin: Loaded) -> tuple[Fault, ...]:
    """Return what is wrong with a plugin module; its hooks may be called only if nothing is."""
    return (*_check_api(plugin), *_check_hooks(plugin))


def _check_api(plugin: Loaded) -> Iterator[Fault]:
    stated = getattr(plugin.module, "RULECORE_API", API_VERSION)
    if stated != API_VERSION or isinstance(stated, bool):
        values = {"plugin": plugin.origin, "stated": repr(stated), "current": API_VERSION}
        yield Fault(code=codes.WRONG_API, values=values, place=Place(file=plugin.file))


def _check_hooks(plugin: Loaded) -> Iterator[Fault]:
    candidates = tuple(_candidates(plugin.module))
    if not candidates:
        values = {"plugin": plugin.origin, "module": plugin.file or plugin.name}
        yield Fault(code=codes.GIVES_NOTHING, values=values)
    for name, value in candidates:
        yield from _check_hook(plugin, name, value)


def _candidates(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield what is, or was meant as, a hook: everything named ``rulecore_…`` and everything marked.

    Modules are left out: ``import rulecore_excel`` binds such a name too.
    """
    for name, value in vars(module).items():
        if isinstance(value, ModuleType):
            continue
        if name.startswith(PREFIX) or (isinstance(value, FunctionType) and hook_options(value) is not None):
            yield name, value


def hook_options(function: object) -> pluggy.HookimplOpts | None:
    """Return the options of the hookimpl mark on a function, or None if it has none."""
    return getattr(function, f"{PROJECT}_impl", None)


def _check_hook(plugin: Loaded, name: str, value: object) -> Iterator[Fault]:
    values: dict[str, object] = {"plugin": plugin.origin, "name": name, "hook": name}
    place = place_of(plugin, value)
    if name not in hook_names():
        # The prefix that all share would make everything a near miss.
        bare = {hook.removeprefix(PREFIX): hook for hook in hook_names()}
        near = [bare[hook] for hook in difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1)]
        hint = N_("did you mean {suggestion}?") if near else None
        known = {"suggestion": near[0] if near else "", "hooks": ", ".join(hook_names())}
        yield Fault(code=codes.UNKNOWN_HOOK, values={**values, **known}, place=place, hint=hint)
        return
    options = hook_options(value)
    if options is None:
        yield Fault(code=codes.MARKER_MISSING, values=values, place=place)
        return
    if any(options.get(option, plain) != plain for option, plain in _PLAIN.items()):
        yield Fault(code=codes.WRAPPER, values=values, place=place)
    arguments = ", ".join(inspect.signature(value).parameters) if callable(value) else ""
    if arguments:
        yield Fault(code=codes.HOOK_ARGUMENTS, values={**values, "arguments": arguments}, place=place)


def place_of(plugin: Loaded, value: object) -> Place:
    """Return where a function or class stands in its file; for anything else the plugin's file."""
    if isinstance(value, FunctionType):
        # The code begins with its first decorator; a person looks for the def.
        file, first = value.__code__.co_filename, value.__code__.co_firstlineno
        return place_at(
            file, _line_of(file, rf"\s*(async )?def {re.escape(value.__name__)}\b", first) or first
        )
    if isinstance(value, type):
        file = getattr(sys.modules.get(value.__module__), "__file__", None) or plugin.file
        return place_at(file, _line_of(file, rf"\s*class {re.escape(value.__name__)}\b"))
    return Place(file=plugin.file)


def _line_of(file: str, pattern: str, first: int = 1) -> int | None:
    lines = linecache.getlines(file)[first - 1 :]
    return next((number for number, line in enumerate(lines, start=first) if re.match(pattern, line)), None)
