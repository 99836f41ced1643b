"""Which commands plugins give, for lists only: quick, and silent about plugins that are broken."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rulecore.plugins.entries import Entry, read_entries

if TYPE_CHECKING:
    from rulecore.contracts import Command

HOOK: Final = "rulecore_commands"


def list_commands(plugins_dir: Path | None) -> tuple[tuple[Command, ...], bool]:
    """Return the commands of the plugins that load, and whether any plugin had to be passed over.

    Only plugins whose module mentions the hook are imported: a list of commands must not wait for the others.
    """
    entries = tuple(entry for entry in read_entries() if mentions_commands(entry.module))
    if not entries and plugins_dir is None:
        return (), False
    return _ask_for_commands(entries, plugins_dir)


def _ask_for_commands(
    entries: tuple[Entry, ...], plugins_dir: Path | None
) -> tuple[tuple[Command, ...], bool]:
    # Imported here: most installations have no plugin with a command.
    from rulecore.contracts import Command
    from rulecore.plugins.ask import ask_plugin
    from rulecore.plugins.check import check_plugin
    from rulecore.plugins.find import find_entry_points, find_files
    from rulecore.plugins.load import load_plugin

    files, faults = find_files(plugins_dir) if plugins_dir is not None else ((), ())
    installed = find_entry_points(entries)
    commands: list[Command] = []
    broken = bool(faults)
    for found in (*installed, *(file for file in files if HOOK.encode() in file.content)):
        plugin, problems = load_plugin(found)
        if plugin is None or problems or check_plugin(plugin):
            broken = True
            continue
        given, problems = ask_plugin(plugin, only=HOOK)
        broken = broken or bool(problems)
        commands += [thing.value for thing in given if isinstance(thing.value, Command)]
    return tuple(commands), broken


def mentions_commands(module: str) -> bool:
    """Return whether a module mentions the hook of commands, or its source cannot be seen."""
    try:
        return HOOK.encode() in _source(module)
    except (OSError, ImportError, ValueError):
        return True


def _source(module: str) -> bytes:
    """Return the source of a module without importing anything."""
    package, *rest = module.split(".")
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ImportError(module)
    if not rest:
        return Path(spec.origin or "").read_bytes()
    for folder in spec.submodule_search_locations or ():
        for path in (Path(folder, *rest).with_suffix(".py"), Path(folder, *rest, "__init__.py")):
            if path.is_file():
                return path.read_bytes()
    raise ImportError(module)
