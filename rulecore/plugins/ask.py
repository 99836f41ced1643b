"""Check, second half: call a plugin's hooks and look at every value they return."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Iterator
from types import ModuleType
from typing import Final

import attrs
import pluggy

from rulecore import hookspecs
from rulecore.codes import plugins as codes
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
from rulecore.declarations import RuleDeclaration
from rulecore.errors import Code, Fault
from rulecore.expr.tokens import is_plain_name
from rulecore.language import N_
from rulecore.markers import PROJECT
from rulecore.phrase import phrase
from rulecore.planned import Origin
from rulecore.plugins.check import place_of
from rulecore.plugins.load import Loaded, fault_of
from rulecore.source import Place

ELEMENTS: Final[dict[str, type]] = {
    "rulecore_functions": Function,
    "rulecore_cohort_functions": CohortFunction,
    "rulecore_checks": Check,
    "rulecore_readers": Reader,
    "rulecore_writers": Writer,
    "rulecore_reports": Report,
    "rulecore_engines": Engine,
    "rulecore_stores": Store,
    "rulecore_commands": Command,
}
"""What each hook's list holds; ``rulecore_scorers`` holds classes."""

KINDS: Final = {
    "rulecore_scorers": N_("scorer"),
    "rulecore_functions": N_("function"),
    "rulecore_cohort_functions": N_("cohort function"),
    "rulecore_checks": N_("check"),
    "rulecore_readers": N_("reader"),
    "rulecore_writers": N_("writer"),
    "rulecore_reports": N_("report"),
    "rulecore_engines": N_("engine"),
    "rulecore_stores": N_("store"),
    "rulecore_commands": N_("command"),
}

COMMON_KEYS: Final = frozenset(attribute.name for attribute in attrs.fields(RuleDeclaration)) - {"settings"}


@attrs.frozen(kw_only=True)
class Given:
    """One value a plugin gives, through which hook, and its names: its own first, then its aliases."""

    hook: str
    names: tuple[str, ...]
    value: object
    origin: Origin
    place: Place = attrs.field(eq=False)


def ask_plugin(plugin: Loaded, only: str = "") -> tuple[tuple[Given, ...], tuple[Fault, ...]]:
    """Return what a checked plugin gives, through all hooks or ``only`` one, and what is wrong with it."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin.module, plugin.name)
    given: list[Given] = []
    faults: list[Fault] = []
    for caller in sorted(manager.get_hookcallers(plugin.module) or (), key=lambda caller: caller.name):
        for implementation in caller.get_hookimpls() if only in ("", caller.name) else ():
            _ask_hook(plugin, caller.name, implementation, given, faults)
    return tuple(given), tuple(faults)


def _ask_hook(
    plugin: Loaded, hook: str, implementation: pluggy.HookImpl, given: list[Given], faults: list[Fault]
) -> None:
    values: dict[str, object] = {"plugin": plugin.origin, "hook": hook}
    place = place_of(plugin, implementation.function)
    try:
        returned: object = implementation.function()
    except (Exception, SystemExit) as error:
        faults.append(fault_of(codes.HOOK_RAISED, error, values, (plugin_folder(plugin),)))
        return
    if not isinstance(returned, list | tuple):
        found = {**values, "found": described(returned)}
        faults.append(Fault(code=codes.WRONG_RETURN, values=found, place=place))
        return
    for index, value in enumerate(returned, start=1):
        wrong = _wrong_element(hook, index, value)
        problems = (wrong,) if wrong is not None else tuple(_problems(hook, value))
        # What is wrong with a class is shown at the class, what is wrong with the list at the hook.
        where = place_of(plugin, value) if wrong is None and isinstance(value, type) else place
        faults += [Fault(code=code, values={**values, **more}, place=where) for code, more in problems]
        if not problems:
            names = names_of(value)
            given.append(Given(hook=hook, names=names, value=value, origin=plugin.origin, place=place))


def plugin_folder(plugin: Loaded) -> str:
    """Return the beginning of the paths of a loaded plugin's files."""
    return plugin.file.removesuffix("__init__.py") or "\0"


def described(value: object) -> str:
    """Return a short word for a value in messages: its type, or the class itself."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, ModuleType):
        return f"the module {value.__name__}"
    return "None" if value is None else f"a value of type {type(value).__name__}"


def names_of(value: object) -> tuple[str, ...]:
    """Return the name of a given thing, and its aliases."""
    return (str(getattr(value, "name", "")), *getattr(value, "aliases", ()))


Problem = tuple[Code, dict[str, object]]


def _wrong_element(hook: str, index: int, value: object) -> Problem | None:
    expected = ELEMENTS.get(hook)
    if expected is not None:
        fits, wanted = isinstance(value, expected), f"a {expected.__name__}"
    else:
        fits, wanted = isinstance(value, type) and issubclass(value, Scorer), "a class derived from Scorer"
    if fits:
        return None
    return codes.WRONG_ELEMENT, {"index": index, "found": described(value), "expected": wanted}


def _problems(hook: str, value: object) -> Iterator[Problem]:
    if isinstance(value, type):
        scorer_problems = tuple(_scorer_problems(value))
        yield from scorer_problems
        if scorer_problems:
            return
    for name in names_of(value):
        if not is_valid_name(hook, name):
            yield codes.INVALID_NAME, {"name": repr(name), "kind": phrase(KINDS[hook])}
    for suffix in suffixes_of(value):
        if not re.fullmatch(r"(\.[a-z0-9_-]+)+", suffix):
            yield (
                codes.INVALID_SUFFIX,
                {"suffix": repr(suffix), "kind": phrase(KINDS[hook]), "name": names_of(value)[0]},
            )
    for scheme in schemes_of(value):
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
            yield codes.INVALID_NAME, {"name": repr(scheme), "kind": phrase(N_("scheme of a store"))}


def suffixes_of(value: object) -> tuple[str, ...]:
    """Return the file suffixes that a reader, writer or store takes; none for anything else."""
    return value.suffixes if isinstance(value, Reader | Writer | Store) else ()


def schemes_of(value: object) -> tuple[str, ...]:
    """Return the schemes of URLs that a store takes; none for anything else."""
    return value.schemes if isinstance(value, Store) else ()


def is_valid_name(hook: str, name: str) -> bool:
    """Return whether a thing given through a hook can have that name.

    Names that stand in policies are identifiers as policies write them (Chinese ones too, in NFKC form); a
    function's is no word of the expression language. Names that stand on the command line may also have
    hyphens.
    """
    if unicodedata.normalize("NFKC", name) != name:
        return False
    if hook in ("rulecore_scorers", "rulecore_functions", "rulecore_cohort_functions"):
        return is_plain_name(name)
    return name.replace("-", "_").isidentifier() and not name.startswith("-")


def _scorer_problems(scorer: type) -> Iterator[Problem]:
    shown: dict[str, object] = {"name": scorer.__name__}
    if "__attrs_attrs__" not in vars(scorer):
        yield codes.SCORER_UNDECORATED, {**shown}
        return
    if not isinstance(getattr(scorer, "name", None), str) or not vars(scorer).get("name"):
        yield codes.SCORER_UNNAMED, shown
        return
    if inspect.isabstract(scorer):
        missing = ", ".join(sorted(getattr(scorer, "__abstractmethods__", ())))
        yield codes.SCORER_ABSTRACT, {**shown, "missing": missing}
    for attribute in attrs.fields(scorer):
        key = attribute.name.removesuffix("_")
        if key in COMMON_KEYS:
            yield codes.SCORER_KEY, {**shown, "key": key}
