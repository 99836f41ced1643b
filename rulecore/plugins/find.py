"""Find: where plugins are named. Nothing of a plugin runs in this step."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from attrs import frozen

from rulecore.codes import plugins as codes
from rulecore.errors import Fault
from rulecore.planned import Origin
from rulecore.plugins.entries import Entry, read_entries

BUILT_INS: Final = "rulecore.builtins"


@frozen(kw_only=True)
class Found:
    """A plugin that is named somewhere and not yet imported.

    ``entry`` is the name of its entry point. For a single file ``path`` and ``content`` are given, and
    ``module`` is a name made for it.
    """

    origin: Origin
    module: str
    entry: str = ""
    path: Path | None = None
    content: bytes = b""


def find_plugins(
    plugins_dir: Path | None, *, entry_points: bool = True
) -> tuple[tuple[Found, ...], tuple[Fault, ...]]:
    """Return the built-ins, the entry points and the plugin files of a folder, and what is wrong."""
    installed = find_entry_points() if entry_points else ()
    files, faults = find_files(plugins_dir) if plugins_dir is not None else ((), ())
    return (built_ins(), *installed, *files), (*named_twice(installed), *faults)


def built_ins() -> Found:
    """Return rulecore's own plugin."""
    return Found(origin=Origin(distribution="rulecore", version=rulecore_version()), module=BUILT_INS)


def rulecore_version() -> str:
    """Return the installed version of rulecore, empty if it runs from a folder that is not installed."""
    # Imported here: it takes 15 ms, and only the built-ins are asked for their version.
    from importlib import metadata

    try:
        return metadata.version("rulecore")
    except metadata.PackageNotFoundError:
        return ""


def find_entry_points(entries: tuple[Entry, ...] | None = None) -> tuple[Found, ...]:
    """Return every entry point of group ``rulecore`` by distribution and name, duplicates included.

    ``entries``: those read already.
    """
    return tuple(
        Found(
            origin=Origin(distribution=entry.distribution, version=entry.version),
            module=entry.module,
            entry=entry.name,
        )
        for entry in (read_entries() if entries is None else entries)
    )


def named_twice(found: tuple[Found, ...]) -> tuple[Fault, ...]:
    """Return a fault for each module that two entry points name: its things would be registered twice."""
    faults = []
    first: dict[str, Found] = {}
    for plugin in found:
        other = first.setdefault(plugin.module, plugin)
        if other is not plugin:
            values = {
                "module": plugin.module,
                "first": f"{other.origin} ({other.entry})",
                "second": f"{plugin.origin} ({plugin.entry})",
            }
            faults.append(Fault(code=codes.PLUGIN_TWICE, values=values))
    return tuple(faults)


def find_files(folder: Path) -> tuple[tuple[Found, ...], tuple[Fault, ...]]:
    """Return the plugin files of a folder by name: ``*.py``, without those named ``_…`` or ``.…``."""
    if not folder.is_dir():
        return (), (Fault(code=codes.FOLDER_MISSING, values={"folder": folder}),)
    paths = sorted(path for path in folder.glob("*.py") if path.name[0] not in "_." and path.is_file())
    if not paths:
        return (), (Fault(code=codes.FOLDER_EMPTY, values={"folder": folder}),)
    found = []
    faults = []
    for path in paths:
        try:
            found.append(_found_file(path, path.read_bytes()))
        except OSError as error:
            values = {
                "plugin": path.name,
                "module": path.name,
                "kind": type(error).__name__,
                "reason": error.strerror or error,
            }
            faults.append(Fault(code=codes.IMPORT_FAILED, values=values))
    return tuple(found), tuple(faults)


def _found_file(path: Path, content: bytes) -> Found:
    sha256 = hashlib.sha256(content).hexdigest()
    # Place and content are in the name, so that two files never share a module, not even over time.
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()
    return Found(
        origin=Origin(distribution=path.name, version="", sha256=sha256),
        module=f"rulecore_plugin_file_{re.sub(r'[^0-9A-Za-z_]', '_', path.stem)}_{place[:8]}_{sha256[:8]}",
        path=path,
        content=content,
    )
