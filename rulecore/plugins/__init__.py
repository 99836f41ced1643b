"""Loading plugins: find → load → check → register, four steps over plain values, all faults in one report.

Nothing is loaded when rulecore is imported and nothing is kept between calls: :func:`load_plugins` returns a
frozen :class:`~rulecore.registry.Registry` that is handed down.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulecore.errors import Fault
    from rulecore.plugins.find import Found
    from rulecore.registry import Registry

# Imports stand in the functions: listing the commands imports this package, and must not wait for all of it.


def load_plugins(plugins_dir: Path | None = None, *, entry_points: bool = True) -> Registry:
    """Return everything that the built-ins, installed distributions and the files of ``plugins_dir`` give.

    With ``entry_points=False`` installed distributions are left out. Plugin code runs here: it is imported
    and its hooks are called once. Raises :class:`~rulecore.errors.PluginError` with all faults of all plugins
    if there is any.
    """
    from rulecore.plugins.find import find_plugins

    found, faults = find_plugins(plugins_dir, entry_points=entry_points)
    return load_found(found, faults)


def load_found(found: tuple[Found, ...], faults: tuple[Fault, ...] = ()) -> Registry:
    """Return what the found plugins give, or raise PluginError; ``faults`` are those of finding them."""
    from rulecore.errors import PluginError
    from rulecore.plugins.ask import Given, ask_plugin
    from rulecore.plugins.check import check_plugin
    from rulecore.plugins.load import Loaded, load_plugin
    from rulecore.plugins.register import register

    problems = list(faults)
    loaded: list[Loaded] = []
    given: list[Given] = []
    for plugin in found:
        module, import_faults = load_plugin(plugin)
        problems += import_faults
        if module is None:
            continue
        module_faults = check_plugin(module)
        problems += module_faults
        if module_faults:
            continue
        things, thing_faults = ask_plugin(module)
        problems += thing_faults
        given += things
        loaded.append(module)
    registry, clashes = register(tuple(loaded), tuple(given))
    problems += clashes
    if problems:
        raise PluginError(problems)
    return registry
