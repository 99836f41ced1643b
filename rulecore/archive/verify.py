"""Is this what the policies give? An archive or package checked, computed again, and compared byte for byte."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from rulecore.api import PolicySet
from rulecore.archive.comparing import compare, json_table
from rulecore.archive.contents import Content, RunArchive
from rulecore.archive.differences import Difference, Verification, difference, refused
from rulecore.archive.environment import Environment, Part, environment_of
from rulecore.archive.package import open_package
from rulecore.archive.pins import changed_places, pins_of
from rulecore.archive.recompute import Recomputed, recompute, request_faults, unused_documents
from rulecore.archive.request import RunRequest
from rulecore.codes import packages as codes
from rulecore.contracts import Reader
from rulecore.errors import Fault, FaultsError, UsageError
from rulecore.language import N_
from rulecore.plan.fingerprint import fingerprint
from rulecore.planned import Origin
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.sources import readers_by_suffix

SHORTEST_IDENTIFIER: Final = 16
"""An identifier may be given by its beginning, but by no less of it."""


@frozen(kw_only=True)
class VerifyOptions:
    """How to verify.

    ``recompute``: compute everything again, not only check hashes. ``trust_plugins``: run the plugin files of the
    archive itself. ``plugins_dir``: a folder with one's own copies of them. ``engine``: compute with another engine.
    ``identifier``: what the archive's identifier was published as, or how it begins.
    """

    recompute: bool = True
    trust_plugins: bool = False
    plugins_dir: Path | None = None
    engine: str = ""
    identifier: str = ""


PLAIN: Final = VerifyOptions()


def verify_package(data: bytes, name: str, options: VerifyOptions = PLAIN) -> Verification:
    """Return what is different about a package: in its bytes, in its environment, and in what comes out of it.

    ``data`` are its bytes, ``name`` what it is called in messages. Raises :class:`rulecore.errors.InputError` where it
    is no package at all, and UsageError for plugin files that nobody said may run.
    """
    package = open_package(data, name)
    with _registry(package.archive, options) as registry:
        readers = readers_by_suffix(found.value for found in registry.readers.values())
        found = _verified(package.archive, registry, options)
        places = [
            place
            for content in package.archive.contents
            if content.name in package.changed
            for place in changed_places(content, package.archive, package.pins, readers)
        ]
        if (
            not package.differences
            and not found.differences
            and pins_of(package.archive, readers) != package.pins
        ):
            same = not any(item.kind in ("rulecore", "plugin") for item in found.notes)
            odd = difference("pins", N_("pins.json does not belong to the other members"))
            found = evolve(
                found,
                differences=(odd,) if same else (),
                notes=found.notes if same else (*found.notes, odd),
            )
    return evolve(found, differences=(*package.differences, *places, *found.differences))


def verify_archive(archive: RunArchive, options: VerifyOptions = PLAIN) -> Verification:
    """Return what is different about an archived run when it is computed again.

    Raises :class:`rulecore.errors.UsageError` for plugin files that nobody said may run.
    """
    with _registry(archive, options) as registry:
        return _verified(archive, registry, options)


# --- plugins ---------------------------------------------------------------------------------------------------------


@contextmanager
def _registry(archive: RunArchive, options: VerifyOptions) -> Iterator[Registry]:
    """Give the plugins to verify with; plugin files of an archive run only if a person said so."""
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


def _compared_environment(
    packed: Environment, here: Environment, *, computed: bool = True
) -> tuple[list[Difference], list[Difference]]:
    """Return the differences between two environments that matter, and those that only need to be known.

    ``computed``: whether it is known what the run uses here.
    """
    differences: list[Difference] = []
    notes: list[Difference] = []
    if packed.rulecore.version != here.rulecore.version:
        message = N_("packed with rulecore {packed}, verified with {found}")
        versions = {"packed": packed.rulecore.version or "—", "found": here.rulecore.version or "—"}
        notes.append(difference("rulecore", message, **versions))
    elif packed.rulecore.sha256 != here.rulecore.sha256:
        message = N_("rulecore {version} has other code here than where it was packed")
        notes.append(difference("rulecore", message, version=here.rulecore.version))
    found = {part.distribution: part for part in here.plugins}
    for part in packed.plugins:
        told = differences if part.used else notes
        told += _compared_part(part, found.get(part.distribution), computed=computed)
    for name, version in packed.libraries:
        own = dict(here.libraries).get(name, "—")
        if own != version:
            message = N_("packed with {library} {packed}, verified with {found}")
            notes.append(difference("library", message, library=name, packed=version, found=own))
    return differences, notes


def _compared_part(packed: Part, here: Part | None, *, computed: bool) -> Iterator[Difference]:
    values: dict[str, object] = {"plugin": str(packed), "packed": packed.sha256[:12] or "—"}
    if here is None:
        yield difference("plugin", N_("the plugin {plugin} is not installed here"), **values)
    elif packed.version != here.version:
        yield difference(
            "plugin", N_("the plugin {plugin} is {found} here"), **values, found=here.version or "—"
        )
    elif packed.sha256 != here.sha256:
        message = N_("the plugin {plugin} has other code here: SHA-256 {found}… instead of {packed}…")
        yield difference("plugin", message, **values, found=here.sha256[:12] or "—")
    elif computed and packed.used and not here.used:
        yield difference("plugin", N_("the run does not use the plugin {plugin}"), **values)


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
    differences += request_faults(archive, request)
    # What the archive itself contradicts is not computed with: its names are not to be relied on.
    if any(item.kind == "request" for item in differences) or not options.recompute:
        return evolve(plain, differences=tuple(differences))
    try:
        computed = recompute(archive, request, registry, options.engine)
    except FaultsError as error:
        here = environment_of(registry, request, ())
        matter, notes = _compared_environment(environment, here, computed=False)
        differences += matter
        return evolve(
            plain,
            differences=(*differences, *refused(error.faults)),
            notes=tuple(notes),
        )
    here = environment_of(registry, request, [part.plan for part in computed.results.parts])
    matter, notes = _compared_environment(environment, here)
    differences += matter
    differences += [
        difference("request", N_("{member} is no part of the policies"), member=name)
        for name in unused_documents(request, computed.policies)
    ]
    used = {part.distribution for part in environment.plugins if part.used}
    differences += [
        difference(
            "plugin", N_("the run uses the plugin {plugin}, which was not packed as used"), plugin=str(part)
        )
        for part in here.plugins
        if part.used and part.distribution not in used
    ]
    readers = readers_by_suffix(item.value for item in registry.readers.values())
    other_libraries = any(item.kind == "library" for item in notes)
    found = _Comparison(archive=archive, computed=computed, readers=readers, lenient=other_libraries)
    told, tolerated = found.outputs()
    differences += told
    notes += tolerated
    differences += found.manifest(manifest, environment)
    return evolve(
        plain,
        differences=tuple(differences),
        notes=tuple(notes),
        recomputed=True,
        compared=tuple(content.name for content in computed.contents),
    )


def _identified(archive: RunArchive, wanted: str) -> Iterator[Difference]:
    if wanted and not archive.identifier.startswith(wanted.lower()):
        yield difference(
            "identifier",
            N_("the identifier is {found}, not {wanted}"),
            found=archive.identifier,
            wanted=wanted,
        )


@frozen(kw_only=True)
class _Comparison:
    """An archive beside what was computed again; ``lenient``: other libraries may write the same cells otherwise."""

    archive: RunArchive
    computed: Recomputed
    readers: Mapping[str, Reader]
    lenient: bool

    def outputs(self) -> tuple[list[Difference], list[Difference]]:
        """Return where written files differ, and what is only written otherwise by another library."""
        differences: list[Difference] = []
        notes: list[Difference] = []
        computed = {content.name: content for content in self.computed.contents}
        packed = {content.name: content for content in self.archive.of("output", "explanation")}
        for name, content in packed.items():
            if name not in computed:
                if content.role == "explanation":
                    notes.append(difference("computed", N_("{member} was not computed again"), member=name))
                else:
                    message = N_("{member} is packed, but this run writes no such file")
                    differences.append(difference("computed", message, member=name))
                continue
            found = compare(self._settled(content), self._settled(computed[name]), self._shown, self.readers)
            told = notes if found.only_bytes and self.lenient else differences
            told += found.differences
        for name, content in computed.items():
            if name not in packed and content.role != "manifest":
                message = N_("{member} is computed, but not packed")
                differences.append(difference("computed", message, member=name))
        return differences, notes

    @property
    def _shown(self) -> Mapping[str, object]:
        return json_table(next(item.data for item in self.computed.contents if item.role == "manifest"))

    def _settled(self, content: Content) -> Content:
        """Return an explanation without what another version of rulecore changes in it; all else as it is."""
        if content.role != "explanation":
            return content
        data = content.data
        packed = json_table(self.archive.manifest)
        for item in (packed, self._shown):
            policies = item.get("policies")
            for policy in policies if isinstance(policies, list) else ():
                print_ = policy.get("fingerprint") if isinstance(policy, dict) else None
                if isinstance(print_, str) and len(print_) == 64:
                    data = data.replace(print_.encode(), b"-")
        return evolve(content, data=data)

    def manifest(self, packed: Content, environment: Environment) -> Iterator[Difference]:
        """Yield where the manifest differs; versions of plugins are compared with the environment instead."""
        stated = json_table(packed.data)
        computed = next(item for item in self.computed.contents if item.role == "manifest")
        found = dict(json_table(computed.data))
        if stated.get("rulecore") != environment.rulecore.version:
            yield difference("rulecore", N_("manifest and environment name different versions of rulecore"))
        if _parts(stated.get("plugins")) != _parts_of(environment):
            yield difference("plugin", N_("manifest and environment name different plugins"))
        found["rulecore"] = stated.get("rulecore")
        found["plugins"] = stated.get("plugins")
        self._with_their_plugins(found, stated, environment)
        files = found.get("files")
        if isinstance(files, dict) and self.lenient:
            found["files"] = self._with_their_files(files)
        data = (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
        yield from compare(packed, evolve(computed, data=data), stated, {}).differences

    def _with_their_plugins(
        self, found: dict[str, object], stated: Mapping[str, object], environment: Environment
    ) -> None:
        """Put the packed versions of the plugins of each policy, and the fingerprint that follows from them."""
        known = _parts_of(environment)
        own, theirs = found.get("policies"), stated.get("policies")
        if not isinstance(own, list) or not isinstance(theirs, list) or len(own) != len(theirs):
            return
        texts = _texts(self.computed.policies)
        for mine, packed in zip(own, theirs, strict=True):
            plugins = packed.get("plugins") if isinstance(packed, dict) else None
            names = [item.get("distribution") for item in plugins or () if isinstance(item, dict)]
            if mine["plugins"] == plugins or names != [item["distribution"] for item in mine["plugins"]]:
                continue
            if isinstance(plugins, list) and _parts(plugins) <= known:
                mine["plugins"] = plugins
                origins = [Origin(**item) for item in plugins]
                mine["fingerprint"] = fingerprint(texts[mine["name"], mine["version"]], origins)

    def _with_their_files(self, files: Mapping[str, object]) -> dict[str, object]:
        """Return the hashes of written files, of those that only other libraries wrote otherwise the packed ones."""
        packed = {content.name.rpartition("/")[2]: content for content in self.archive.of("output")}
        computed = {content.name.rpartition("/")[2]: content for content in self.computed.contents}
        found = dict(files)
        for name, content in packed.items():
            if name not in found or name not in computed:
                continue
            if compare(content, computed[name], self._shown, self.readers).only_bytes:
                found[name] = hashlib.sha256(content.data).hexdigest()
        return found


def _texts(policies: PolicySet) -> dict[tuple[str, str], str]:
    headers = [(loaded.policy.policy, loaded.document.content) for loaded in policies.loaded]
    return {(header.name, header.version): text for header, text in headers}


def _parts(plugins: object) -> frozenset[tuple[str, str, str]]:
    """Return the plugins that a manifest names: distribution, version, and the hash of a single file."""
    if not isinstance(plugins, list):
        return frozenset()
    items = [item for item in plugins if isinstance(item, dict)]
    return frozenset(
        (str(item.get("distribution")), str(item.get("version")), str(item.get("sha256"))) for item in items
    )


def _parts_of(environment: Environment) -> frozenset[tuple[str, str, str]]:
    own = environment.rulecore
    return frozenset(
        {
            (own.distribution, own.version, ""),
            *(
                (part.distribution, part.version, part.sha256 if part.file else "")
                for part in environment.plugins
            ),
        }
    )
