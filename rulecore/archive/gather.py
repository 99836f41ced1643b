"""From a run to its archive: every file that decided its results, exactly as the run read it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from rulecore.archive.contents import Content, Role, RunArchive
from rulecore.archive.environment import environment_of
from rulecore.archive.outputs import (
    RESULTS_FOLDER,
    contents_of,
    manifest_name,
    output_contents,
    summary_content,
)
from rulecore.archive.request import InputFile, RunRequest
from rulecore.codes import packages as codes
from rulecore.errors import Code, Fault, InputError, OutputError, PolicyError
from rulecore.language import N_
from rulecore.manifest import manifest_bytes
from rulecore.phrase import phrase
from rulecore.policy.chain import policy_folder
from rulecore.policy.document import Document
from rulecore.source import Place
from rulecore.sources import STANDARD_INPUT_NAME, suffix_of

if TYPE_CHECKING:
    from rulecore.api import PolicySet
    from rulecore.results import Results

REQUEST: Final = "request.json"
ENVIRONMENT: Final = "environment.json"
POLICIES: Final = "policies"
PLUGINS: Final = "plugins"
EXPLANATIONS: Final = "explanations"
FOLDERS: Final[Mapping[str, Role]] = {
    "records": "records",
    "tables": "table",
    "history": "history",
    "mapping": "mapping",
    "other-results": "results",
    "adjustments": "adjustments",
}
"""The folder of an archive that inputs of each role stand in, each file in a numbered folder of its own."""
SEALED: Final = ("history", "other-results")
"""Inputs that are results of other runs: their manifests are kept with them."""
LONGEST_NAME: Final = 120
UNFIT_CHARACTERS: Final = frozenset('\\/:*?"<>|') | {chr(number) for number in (*range(32), 127)}


def archive_of(
    request: RunRequest,
    policies: PolicySet,
    results: Results,
    written: Iterable[Path] | Mapping[str, Path] | None = None,
    *,
    explanations: Mapping[str, bytes] | None = None,
    contents: Mapping[str, bytes] | None = None,
) -> RunArchive:
    """Return everything that a run was made of and gave, each file as the run read or wrote it.

    ``written`` are the files that the run wrote (as ``write_files`` returns them, or by name); None: the archive gets
    what the run would write under ``request.output``. ``explanations`` are further files by name. ``contents`` gives
    the bytes of inputs that cannot be read again, by what they are called (``<stdin>``). All other inputs, policies and
    plugin files are read here, and must be what the run read: raises :class:`rulecore.errors.InputError` (PolicyError,
    OutputError) for each that has changed since, cannot be read, or has a name that an archive cannot hold.
    """
    gathered = _Gathered(given=dict(contents or {}))
    documents = gathered.policies(request, policies)
    plugins = gathered.plugins(policies)
    tables: list[tuple[str, tuple[InputFile, ...]]] = []
    number = 0
    for name, files in request.tables:
        tables.append((name, gathered.inputs("tables", files, number)))
        number += len(files)
    whole = evolve(
        request,
        policy=documents[0],
        documents=documents[1:],
        plugins=plugins,
        tables=tuple(tables),
        records=gathered.inputs("records", request.records),
        history=gathered.inputs("history", request.history),
        mapping=gathered.inputs("mapping", request.mapping),
        results=gathered.inputs("other-results", request.results),
        adjustments=gathered.inputs("adjustments", request.adjustments),
    )
    gathered.check(whole, results)
    for file in (request.output, *(report.file for report in request.reports)):
        if not fit_name(file):
            gathered.faults.append(_fault(codes.UNFIT_NAME, file))
    if gathered.faults:
        raise InputError(gathered.faults)
    environment = environment_of(policies.registry, whole, [part.plan for part in results.parts])
    if written is None:
        outputs = output_contents(results, whole, policies.registry)
    else:
        outputs = (*_with_manifest(contents_of(written, whole), whole, results), summary_content(results))
    return RunArchive(
        contents=(
            Content(role="request", name=REQUEST, data=whole.to_json()),
            Content(role="environment", name=ENVIRONMENT, data=environment.to_json()),
            *gathered.found.values(),
            *outputs,
            *(
                Content(role="explanation", name=f"{EXPLANATIONS}/{name}", data=data)
                for name, data in (explanations or {}).items()
            ),
        )
    )


@frozen
class _Gathered:
    """What was found so far: contents by name, and what is wrong."""

    given: dict[str, bytes] = field(factory=dict)
    found: dict[str, Content] = field(factory=dict)
    faults: list[Fault] = field(factory=list)

    def policies(self, request: RunRequest, policies: PolicySet) -> tuple[InputFile, ...]:
        """Keep the files that the policies consist of; return the policy itself, then its documents."""
        path = Path(request.policy.file)
        root = policy_folder(path)
        documents: dict[Path, Document] = {}
        merged = [loaded.document for loaded in policies.loaded] + [base.document for base in policies.bases]
        for document in (layer for each in merged for layer in each.layers):
            documents.setdefault(Path(os.path.abspath(document.path)), document)
        changed = []
        files = []
        for absolute, document in sorted(documents.items()):
            data = self._read(document.name, absolute)
            if data is not None and _text_of(data) != document.text:
                changed.append(_fault(codes.CHANGED_MEANWHILE, document.name))
            name = f"{POLICIES}/{os.path.relpath(absolute, root).replace(os.sep, '/')}"
            self._keep("policy", name, data or b"", document.name)
            files.append(InputFile(file=document.name, content=name))
        if changed:
            raise PolicyError(changed)
        inside = os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")
        own = POLICIES if inside == "." else f"{POLICIES}/{inside}"
        return (InputFile(file=request.policy.file, content=own), *files)

    def plugins(self, policies: PolicySet) -> tuple[InputFile, ...]:
        """Keep the plugin files that were loaded from a folder."""
        files = []
        for plugin in policies.registry.plugins:
            if not plugin.origin.sha256:
                continue
            shown = plugin.origin.distribution
            data = self._read(shown, Path(plugin.file))
            if data is not None and hashlib.sha256(data).hexdigest() != plugin.origin.sha256:
                self.faults.append(_fault(codes.CHANGED_MEANWHILE, shown))
            name = f"{PLUGINS}/{shown}"
            self._keep("plugin", name, data or b"", shown)
            files.append(InputFile(file=shown, content=name))
        return tuple(files)

    def inputs(self, folder: str, files: Sequence[InputFile], before: int = 0) -> tuple[InputFile, ...]:
        """Keep inputs of one role and return them with the names of their contents."""
        found = []
        for number, file in enumerate(files, start=before + 1):
            data = self._read(file.file, Path(file.file)) or b""
            base = Path(file.file).name if file.file != STANDARD_INPUT_NAME else f"stdin{suffix_of(data)}"
            name = f"{folder}/{number}/{base}"
            self._keep(FOLDERS[folder], name, data, file.file)
            if folder in SEALED:
                beside = Path(file.file).with_name(manifest_name(file.file))
                manifest = self._read(str(beside), beside)
                if manifest is not None and not _speaks_of(manifest, base, data):
                    self.faults.append(_fault(codes.CHANGED_MEANWHILE, str(beside)))
                self._keep(FOLDERS[folder], f"{folder}/{number}/{beside.name}", manifest or b"", str(beside))
            found.append(evolve(file, content=name))
        return tuple(found)

    def check(self, request: RunRequest, results: Results) -> None:
        """Note every input that is not what the run read, by the hashes that the run took while it read."""
        read: dict[str, set[object]] = {}
        for item in results.inputs:
            read.setdefault(str(item["file"]), set()).add(item["sha256"])
        for file in request.inputs:
            content = self.found.get(file.content)
            hashes = read.get(file.file)
            if content is None or not hashes:
                continue
            if hashes != {content.sha256}:
                self.faults.append(_fault(codes.CHANGED_MEANWHILE, file.file))

    def _read(self, shown: str, path: Path) -> bytes | None:
        if shown in self.given:
            return self.given[shown]
        reason = phrase(N_("standard input can be read only once"))
        if shown != STANDARD_INPUT_NAME:
            try:
                return path.read_bytes()
            except (OSError, ValueError) as error:
                reason = phrase(getattr(error, "strerror", None) or str(error))
        self.faults.append(_fault(codes.NOT_AT_HAND, shown, reason=reason))
        return None

    def _keep(self, role: Role, name: str, data: bytes, shown: str) -> None:
        # Some file systems tell no capital letters from small ones, and packages are read on any.
        clash = any(other != name and other.casefold() == name.casefold() for other in self.found)
        if clash or not all(fit_name(part) for part in name.split("/")):
            self.faults.append(_fault(codes.UNFIT_NAME, shown))
        self.found[name] = Content(role=role, name=name, data=data)


def fit_name(name: str) -> bool:
    """Return whether a file or folder of that name can stand on any file system, and is no way out of its folder."""
    if not name or name in (".", "..") or len(name) > LONGEST_NAME or UNFIT_CHARACTERS.intersection(name):
        return False
    # Names that are no Unicode (bytes of another encoding) could not be written down.
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in name) and name[-1] not in ". "


def _with_manifest(
    outputs: tuple[Content, ...], request: RunRequest, results: Results
) -> tuple[Content, ...]:
    """Return written files with their manifest, which is made here if none was written; all must be as it says."""
    files = {Path(content.name).name: content for content in outputs if content.role == "output"}
    if len(files) == len(outputs):
        data = manifest_bytes(results, {name: content.sha256 for name, content in files.items()})
        name = f"{RESULTS_FOLDER}/{manifest_name(request.output)}"
        return (*outputs, Content(role="manifest", name=name, data=data))
    manifest = json.loads(next(content.data for content in outputs if content.role == "manifest"))
    changed = [name for name, content in files.items() if manifest["files"].get(name) != content.sha256]
    if changed:
        raise OutputError(_fault(codes.CHANGED_MEANWHILE, name) for name in changed)
    return outputs


def _speaks_of(manifest: bytes, name: str, data: bytes) -> bool:
    """Return whether a manifest holds the hash of a file, as it did when the run read both."""
    try:
        sealed: object = json.loads(manifest)["files"][name]
    except (ValueError, KeyError, TypeError):
        return False
    return sealed == hashlib.sha256(data).hexdigest()


def _text_of(data: bytes) -> str:
    """Return the text of a policy file as it is read: see :func:`rulecore.policy.document.read_document`."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _fault(code: Code, file: str, **values: object) -> Fault:
    return Fault(code=code, values={"file": file, **values}, place=Place(file=file))
