"""Load: import a plugin's module. Whatever its code raises becomes a fault at the plugin's own line."""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import sys
import traceback
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from rulecore.codes import plugins as codes
from rulecore.errors import Code, Fault
from rulecore.planned import Origin
from rulecore.plugins.find import Found
from rulecore.source import Place

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen(kw_only=True)
class Loaded:
    """A plugin whose module is imported."""

    origin: Origin
    name: str
    module: ModuleType
    file: str


def load_plugin(found: Found) -> tuple[Loaded | None, tuple[Fault, ...]]:
    """Return the imported plugin, or None and why it could not be imported."""
    if ":" in found.module:
        values = {"plugin": found.origin, "entry": found.entry, "value": found.module}
        return None, (Fault(code=codes.NOT_A_MODULE, values=values),)
    try:
        module = _import_file(found) if found.path is not None else importlib.import_module(found.module)
    except (Exception, SystemExit) as error:
        shown = found.path.name if found.path is not None else found.module
        values = {"plugin": found.origin, "module": shown}
        return None, (fault_of(codes.IMPORT_FAILED, error, values, own_files(found)),)
    origin = found.origin
    if found.path is not None and isinstance(getattr(module, "__version__", None), str):
        origin = evolve(origin, version=module.__version__)
    file = getattr(module, "__file__", None) or ""
    return Loaded(origin=origin, name=found.module, module=module, file=file), ()


class _ReadFile(SourceFileLoader):
    """Runs exactly the bytes that were hashed: no second reading, no bytecode left in the user's folder."""

    def __init__(self, name: str, path: str, content: bytes) -> None:
        super().__init__(name, path)
        self.content = content

    def get_code(self, fullname: str) -> CodeType:
        """Return the compiled content."""
        code: CodeType = self.source_to_code(self.content, self.path)
        return code


def _import_file(found: Found) -> ModuleType:
    path = str(found.path)
    spec = importlib.util.spec_from_file_location(
        found.module, path, loader=_ReadFile(found.module, path, found.content)
    )
    assert spec is not None  # noqa: S101 - a loader was given
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    # attrs and dataclasses look their module up while the classes are made.
    sys.modules[found.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[found.module]
        raise
    return module


def own_files(found: Found) -> tuple[str, ...]:
    """Return how the paths of a plugin's own files begin, as far as can be told without importing it."""
    if found.path is not None:
        return (str(found.path),)
    try:
        spec = importlib.util.find_spec(found.module.partition(".")[0])
    except (ImportError, ValueError):
        return ()
    if spec is None:
        return ()
    return (*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else []))


def fault_of(code: Code, error: BaseException, values: Mapping[str, object], own: tuple[str, ...]) -> Fault:
    """Return a fault for an exception of a plugin's code, at the innermost line of the plugin's own files."""
    reason = str(error)
    if isinstance(error, SyntaxError):
        reason = error.msg
    elif isinstance(error, SystemExit):
        reason = f"sys.exit({error.code!r})"
    return Fault(
        code=code,
        values={**values, "kind": type(error).__name__, "reason": reason or "-"},
        place=_place_of(error, own),
    )


def _place_of(error: BaseException, own: tuple[str, ...]) -> Place | None:
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        excerpt = (error.text or linecache.getline(error.filename, error.lineno)).rstrip()
        return Place(file=error.filename, line=error.lineno, column=error.offset or None, excerpt=excerpt)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(own)]
    if not own or not frames:
        return None
    last = frames[-1]
    return place_at(last.filename, last.lineno)


def place_at(file: str, line: int | None) -> Place:
    """Return a place in a source file, with the text of its line."""
    if line is None:
        return Place(file=file)
    return Place(file=file, line=line, excerpt=linecache.getline(file, line).rstrip())


def shown_path(file: str) -> str:
    """Return a path as it is shown: relative to the current folder where it lies below it."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return file
