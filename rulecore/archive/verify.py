"""Is this what the policies give? An archive or package checked, computed again, and compared byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from rulecore.archive.comparison import Comparison
from rulecore.archive.contents import RunArchive
from rulecore.archive.differences import Difference, Verification, difference, refused
from rulecore.archive.environment import Environment, environment_of
from rulecore.archive.environments import compare_environments
from rulecore.archive.package import Package, open_package
from rulecore.archive.pins import changed_places, pins_of
from rulecore.archive.recompute import Recomputed, recompute, request_faults, unused_documents
from rulecore.archive.request import RunRequest
from rulecore.codes import packages as codes
from rulecore.codes.usage import UNKNOWN_ENGINE
from rulecore.contracts import Reader
from rulecore.errors import Fault, FaultsError, UsageError
from rulecore.language import N_
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.sources import readers_by_suffix

SHORTEST_IDENTIFIER: Final = 16
"""An identifier may be given by its beginning, but by no less of it."""


@frozen(kw_only=True)
class VerifyOptions:
    """How to verify.

    ``recompute``: compute everything again, not only check hashes. ``trust_plugins``: run the plugin files of the
    archive itself, unless its package was changed. ``plugins_dir``: a folder with one's own copies of them.
    ``engine``: compute with another engine. ``identifier``: what the archive's identifier was published as, or how it
    begins.
    """

    recompute: bool = True
    trust_plugins: bool = False
    plugins_dir: Path | None = None
    engine: str = ""
    identifier: str = ""


PLAIN: Final = VerifyOptions()


def verify_package(
    data: bytes, name: str, options: VerifyOptions = PLAIN, registry: Registry | None = None
) -> Verification:
    """Return what is different about a package: in its bytes, in its environment, and in what comes out of it.

    ``data`` are its bytes, ``name`` what it is called in messages; ``registry`` the plugins to verify with, loaded
    as the options say if not given. Raises :class:`rulecore.errors.InputError` where it is no package at all, and
    UsageError for plugin files that nobody said may run.
    """
    package = open_package(data, name)
    if package.differences and options.trust_plugins:
        # Who trusts a package's programs trusts those it was packed with.
        options = evolve(options, trust_plugins=False, recompute=False)
    with _registry(package.archive, options, registry) as plugins:
        readers = readers_by_suffix(found.value for found in plugins.readers.values())
        found = _verified(package.archive, plugins, options)
        places = [
            place
            for content in package.archive.contents
            if content.name in package.changed
            for place in changed_places(content, package.archive, package.pins, readers)
        ]
        if not package.differences and not found.differences:
            found = _with_pins(found, package, readers)
    return evolve(found, differences=(*package.differences, *places, *found.differences))


def _with_pins(found: Verification, package: Package, readers: Mapping[str, Reader]) -> Verification:
    """Return a verification that says too where the pins are not those of the other members."""
    # A store exports with what is installed, whatever plugin files a run was given besides.
    if package.pins == pins_of(package.archive, readers) or package.pins == pins_of(package.archive):
        return found
    odd = difference("pins", N_("pins.json does not belong to the other members"))
    if any(item.kind in ("rulecore", "library") for item in found.notes):
        return evolve(found, notes=(*found.notes, odd))  # another version may read a cell as another text
    return evolve(found, differences=(odd,))


def verify_archive(
    archive: RunArchive, options: VerifyOptions = PLAIN, registry: Registry | None = None
) -> Verification:
    """Return what is different about an archived run when it is computed again.

    ``registry`` are the plugins to verify with, loaded as the options say if not given. Raises
    :class:`rulecore.errors.UsageError` for plugin files that nobody said may run.
    """
    with _registry(archive, options, registry) as plugins:
        return _verified(archive, plugins, options)


# --- plugins ---------------------------------------------------------------------------------------------------------


@contextmanager
def _registry(archive: RunArchive, options: VerifyOptions, given: Registry | None) -> Iterator[Registry]:
    """Give the plugins to verify with; plugin files of an archive run only if a person said so."""
    if given is not None:
        yield given
        return
    environment = _environment(archive)
    files = [part for part in environment.plugins if part.file] if environment is not None else []
    if options.plugins_dir is not None or not options.trust_plugins or not files:
        if options.plugins_dir is None and options.recompute and any(part.used for part in files):
            names = ", ".join(part.distribution for part in files)
            raise UsageError([Fault(code=codes.UNTRUSTED_PLUGINS, values={"plugins": names})])
        yield load_plugins(options.plugins_dir)
        return
    hashes = {part.distribution: part.sha256 for part in files}
    with tempfile.TemporaryDirectory(prefix="rulecore-") as temporary:
        for content in archive.of("plugin"):
            name = content.name.rpartition("/")[2]
            # Only what the environment vouches for runs: a file that was changed is told as changed instead.
            if hashes.get(name) == content.sha256:
                (Path(temporary) / name).write_bytes(content.data)
        kept = any(Path(temporary).iterdir())
        yield load_plugins(Path(temporary) if kept else None)


def _environment(archive: RunArchive) -> Environment | None:
    try:
        return Environment.from_json(archive.of("environment")[0].data)
    except (ValueError, IndexError):
        return None


# --- computing again -------------------------------------------------------------------------------------------------


def _verified(archive: RunArchive, registry: Registry, options: VerifyOptions) -> Verification:
    plain = Verification(identifier=archive.identifier)
    differences = list(_identified(archive, options.identifier))
    try:
        request = RunRequest.from_json(archive.of("request")[0].data)
        environment = Environment.from_json(archive.of("environment")[0].data)
        manifest = archive.of("manifest")[0]
    except (ValueError, IndexError) as error:
        message = N_("request, environment or manifest is missing or cannot be read: {reason}")
        differences.append(difference("request", message, reason=str(error)))
        return evolve(plain, differences=tuple(differences))
    odd = tuple(request_faults(archive, request))
    differences += odd
    # What the archive itself contradicts is not computed with: its names are not to be relied on.
    if odd or not options.recompute:
        return evolve(plain, differences=tuple(differences))
    if options.engine and options.engine not in registry.engines:
        values = {"engine": options.engine, "known": ", ".join(sorted(registry.engines))}
        raise UsageError([Fault(code=UNKNOWN_ENGINE, values=values)])
    try:
        computed = recompute(archive, request, registry, options.engine)
    except FaultsError as error:
        matter, notes = compare_environments(
            environment, environment_of(registry, request, ()), computed=False
        )
        differences += [*matter, *refused(error.faults)]
        return evolve(plain, differences=tuple(differences), notes=tuple(notes))
    here = environment_of(registry, request, [part.plan for part in computed.results.parts])
    matter, notes = compare_environments(environment, here)
    differences += [*matter, *_unused(request, computed)]
    comparison = Comparison(
        archive=archive,
        computed=computed,
        readers=readers_by_suffix(item.value for item in registry.readers.values()),
        # Another library may write the same cells otherwise.
        lenient=any(item.kind == "library" for item in notes),
    )
    told, tolerated = comparison.outputs()
    differences += [*told, *comparison.manifest(manifest, environment)]
    return evolve(
        plain,
        differences=tuple(differences),
        notes=(*notes, *tolerated),
        recomputed=True,
        compared=tuple(content.name for content in computed.contents),
    )


def _unused(request: RunRequest, computed: Recomputed) -> Iterator[Difference]:
    for name in unused_documents(request, computed.policies):
        yield difference("request", N_("{member} is no part of the policies"), member=name)


def _identified(archive: RunArchive, wanted: str) -> Iterator[Difference]:
    if wanted and not archive.identifier.startswith(wanted.lower()):
        yield difference(
            "identifier",
            N_("the identifier is {found}, not {wanted}"),
            found=archive.identifier,
            wanted=wanted,
        )
