"""Sealed results in a store, as files that a run reads: of the policies that look back, and of no others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from attrs import field, frozen

from rulecore.codes import stores as codes
from rulecore.contracts import RunStore, StoredRun
from rulecore.errors import Fault, UsageError
from rulecore.plan.earlier import reads_earlier
from rulecore.planned import Plan
from rulecore.registry import Registry
from rulecore.sources import NamedFile

if TYPE_CHECKING:
    from rulecore.archive.contents import RunArchive


@frozen(kw_only=True)
class StoredFiles:
    """What a store gave: the results files of its sealed runs, laid out in a folder, and what to say about them.

    ``contents`` holds their bytes, manifests included, by what they are called.
    """

    files: tuple[NamedFile, ...]
    contents: dict[str, bytes] = field(repr=False)
    notes: tuple[Fault, ...] = ()


def is_store(item: object, registry: Registry) -> TypeGuard[RunStore | str | os.PathLike[str]]:
    """Return whether something given as history or results is a store, or names one."""
    if isinstance(item, RunStore):
        return True
    if isinstance(item, NamedFile) or not isinstance(item, str | os.PathLike):
        return False
    return registry.store_for(str(os.fspath(item))) is not None


def open_named(registry: Registry, location: str, *, create: bool = False) -> RunStore:
    """Return the store at a location; raises UsageError where no plugin keeps runs there."""
    found = registry.store_for(location)
    if found is None:
        known = [
            name for each in registry.stores.values() for name in (*each.value.suffixes, *each.value.schemes)
        ]
        values = {"location": location.partition("://")[0], "known": ", ".join(known) or "—"}
        raise UsageError([Fault(code=codes.UNKNOWN_STORE, values=values)])
    return found.value.open(location, create)


def read_back(plans: Sequence[Plan]) -> frozenset[str]:
    """Return the names, earlier ones too, of the policies that read their own earlier periods."""
    looking = [plan.policy.policy for plan in plans if reads_earlier(plan)]
    return frozenset(name for header in looking for name in (header.name, *header.formerly))


def read_across(plans: Sequence[Plan]) -> frozenset[str]:
    """Return the names of the policies whose results fields are taken from."""
    sources = (item.declaration.from_ for plan in plans for item in plan.fields)
    return frozenset(source.policy for source in sources if source is not None)


def lay_out(
    registry: Registry,
    item: RunStore | str | os.PathLike[str],
    names: Set[str],
    folder: Path,
    *,
    backwards: bool,
) -> StoredFiles:
    """Return the sealed results of some policies in a store, as files in ``folder``.

    ``item`` is an open store, or the location of one. A sealed run in whose place another one stands is left out.
    ``backwards``: they are earlier periods, and it is worth a warning if there are none. Raises a FaultsError where
    the store cannot be read, or its bytes are not as they were sealed.
    """
    if isinstance(item, RunStore):
        return _laid_out(item, names, folder, backwards)
    with open_named(registry, os.fspath(item)) as store:
        return _laid_out(store, names, folder, backwards)


def _laid_out(store: RunStore, names: Set[str], folder: Path, backwards: bool) -> StoredFiles:
    every = store.runs()
    runs = [run for run in every if names & {policy.name for policy in run.policies}]
    replaced = {number for run in every for event in run.events for number in event.supersedes}
    files: list[NamedFile] = []
    contents: dict[str, bytes] = {}
    for run in runs:
        if run.state != "sealed" or run.number in replaced:
            continue
        place = folder / str(run.number)
        place.mkdir()
        label = f"{store.name.replace('://', ':')}#{run.number}"
        for name, data in results_of(store.archive(run.number)):
            (place / name).write_bytes(data)
            shown = str(Path(label, name))
            contents[shown] = data
            if not name.endswith(".manifest.json"):
                files.append(NamedFile(str(place / name), shown))
    notes = () if files or not backwards or not names else tuple(_nothing(store, names, runs))
    return StoredFiles(files=tuple(files), contents=contents, notes=notes)


def results_of(archive: RunArchive) -> Iterator[tuple[str, bytes]]:
    """Yield the results file of a run and its manifest, by name: what was asked for, no report and no sheet."""
    manifest = next(content for content in archive.contents if content.role == "manifest")
    request = next((content for content in archive.contents if content.role == "request"), None)
    wanted = json.loads(request.data).get("output") if request is not None else None
    stem = Path(manifest.name).name.removesuffix(".manifest.json")
    for content in archive.of("output"):
        path = Path(content.name)
        if (
            path.parent == Path(manifest.name).parent
            and path.name == (wanted or path.name)
            and path.stem == stem
        ):
            yield path.name, content.data
    yield Path(manifest.name).name, manifest.data


def without_stores(
    registry: Registry, given: object, names: Set[str], folder: Path, *, backwards: bool
) -> tuple[object, StoredFiles]:
    """Return what was given as history or results with the files of stores in the place of the stores.

    Everything else comes back as it was. See :func:`lay_out` for ``names``, ``folder`` and ``backwards``.
    """
    items: Sequence[object] = [given]
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        items = given
    if not any(is_store(item, registry) for item in items):
        return given, StoredFiles(files=(), contents={})
    expanded: list[object] = []
    stored: list[StoredFiles] = []
    for number, item in enumerate(items):
        if is_store(item, registry):
            place = folder / str(number)
            place.mkdir(parents=True)
            stored.append(lay_out(registry, item, names, place, backwards=backwards))
            expanded += stored[-1].files
        else:
            expanded.append(item)
    return expanded, StoredFiles(
        files=tuple(file for each in stored for file in each.files),
        contents={name: data for each in stored for name, data in each.contents.items()},
        notes=tuple(note for each in stored for note in each.notes),
    )


def _nothing(store: RunStore, names: Set[str], runs: Sequence[StoredRun]) -> Iterator[Fault]:
    others = ", ".join(str(run.number) for run in runs if run.state != "sealed") or "—"
    values = {"store": store.name, "policy": ", ".join(sorted(names)), "others": others}
    yield Fault(code=codes.NOTHING_SEALED, values=values)
