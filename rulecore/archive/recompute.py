"""An archived run computed again: its files in a folder of their own, and called what they were called then."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from rulecore.api import PolicySet, compile_policies
from rulecore.archive.contents import Content, RunArchive
from rulecore.archive.differences import Difference, difference
from rulecore.archive.gather import (
    ENVIRONMENT,
    EXPLANATIONS,
    FOLDERS,
    PLUGINS,
    POLICIES,
    REQUEST,
    SEALED,
    fit_name,
)
from rulecore.archive.outputs import RESULTS_FOLDER, SUMMARY, manifest_name, output_contents
from rulecore.archive.request import InputFile, RunRequest
from rulecore.codes.engines import RESULTS_NOT_AT_HAND
from rulecore.errors import Fault, PolicyError, UsageError
from rulecore.language import N_, Language
from rulecore.registry import Registry
from rulecore.sources import NamedFile

if TYPE_CHECKING:
    from rulecore.results import Results

LEDGERS: Final[dict[str, Language]] = {
    f"{EXPLANATIONS}/ledgers.zh.jsonl": "zh",
    f"{EXPLANATIONS}/ledgers.en.jsonl": "en",
}
"""Explanations that are computed again: the ledgers of all records, in one of the languages."""


@frozen(kw_only=True)
class Recomputed:
    """What a run gives when it is computed again: its files, and the policies and results they came from."""

    contents: tuple[Content, ...]
    policies: PolicySet
    results: Results


def request_faults(archive: RunArchive, request: RunRequest) -> Iterator[Difference]:
    """Yield each content that the request does not account for, and each that it names and is not there."""
    expected = {REQUEST: "request", ENVIRONMENT: "environment", SUMMARY: "output"}
    expected |= {file.content: "policy" for file in request.documents}
    expected |= {file.content: "plugin" for file in request.plugins}
    for folder, files in _inputs(request):
        for file in files:
            expected[file.content] = FOLDERS[folder]
            if folder in SEALED:
                expected[_manifest_of(file)] = FOLDERS[folder]
    expected[f"{RESULTS_FOLDER}/{manifest_name(request.output)}"] = "manifest"
    found = {content.name: content.role for content in archive.contents}
    folders = {str(parent) for name in found for parent in PurePosixPath(name).parents}
    for name in sorted(found.keys() & folders):
        yield difference("request", N_("{member} is a file and a folder"), member=name)
    for name in sorted(expected.keys() - found.keys()):
        yield difference("request", N_("{member} is named in the request, but is not there"), member=name)
    for name, role in found.items():
        folder = name.partition("/")[0]
        written = role == "output" and folder == RESULTS_FOLDER
        if expected.get(name) != role and not written and (role, folder) != ("explanation", EXPLANATIONS):
            message = N_("{member} is no part of the run that the request describes")
            yield difference("request", message, member=name)
    yield from _name_faults(request)


def _name_faults(request: RunRequest) -> Iterator[Difference]:
    """Yield each name in a request that leads elsewhere than to the archive's own contents."""
    reads = N_("the request names {member}, which no run reads")
    for file in (request.policy, *request.documents, *request.plugins, *request.inputs):
        folder, *inside = file.content.split("/")
        if not file.file or folder not in (POLICIES, PLUGINS, *FOLDERS) or not all(map(fit_name, inside)):
            yield difference("request", reads, member=file.content)
    own = request.policy.content
    documents = [file.content for file in request.documents]
    if own not in documents and not any(name.startswith(f"{own}/") for name in documents):
        yield difference("request", reads, member=own)
    for name in (request.output, *(report.file for report in request.reports)):
        if not fit_name(name):
            yield difference("request", N_("the request names {member}, which no run writes"), member=name)


def recompute(archive: RunArchive, request: RunRequest, registry: Registry, engine: str = "") -> Recomputed:
    """Return what an archived run gives with the plugins at hand; ``engine`` is another one to compute with.

    Nothing but the archive is read. Raises :class:`rulecore.errors.FaultsError` where the policies, records or options
    are refused.
    """
    with _laid_out(archive) as folder:
        policies = _policies(request, registry, folder)
        if policies.engine(engine or request.engine).whole is not None:
            raise UsageError([Fault(code=RESULTS_NOT_AT_HAND, values={"engine": engine or request.engine})])
        results = policies.evaluate(
            _locations(request.records, folder),
            tables={name: _locations(files, folder) for name, files in request.tables},
            history=_locations(request.history, folder) or None,
            mapping=_locations(request.mapping, folder),
            results=_locations(request.results, folder),
            adjustments=_locations(request.adjustments, folder),
            engine=engine or request.engine,
            sheet=request.sheet,
            encoding=request.encoding,
            as_of=request.as_of,
        )
        if engine:
            # Another engine must give the same; only that it was another one is no difference.
            results = evolve(results, engine=request.engine)
    also = [
        PurePosixPath(content.name).name
        for content in archive.of("output")
        if content.name.startswith(f"{RESULTS_FOLDER}/")
    ]
    reports = {item.file for item in request.reports}
    contents = output_contents(
        results, request, registry, also=[name for name in also if name not in {*reports, request.output}]
    )
    return Recomputed(
        contents=(*contents, *_explanations(archive, results)), policies=policies, results=results
    )


def _policies(request: RunRequest, registry: Registry, folder: Path) -> PolicySet:
    names = {Path(os.path.abspath(folder / file.content)): file.file for file in request.documents}
    policies, faults = compile_policies(folder / request.policy.content, registry, names)
    if faults:
        raise PolicyError(faults)
    return policies


def unused_documents(request: RunRequest, policies: PolicySet) -> tuple[str, ...]:
    """Return the policy files of an archive that its policies do not consist of."""
    merged = [loaded.document for loaded in policies.loaded] + [base.document for base in policies.bases]
    used = {layer.name for document in merged for layer in document.layers}
    return tuple(file.content for file in request.documents if file.file not in used)


def _explanations(archive: RunArchive, results: Results) -> Iterator[Content]:
    from rulecore.ledger.write import all_ledgers

    for content in archive.of("explanation"):
        language = LEDGERS.get(content.name)
        if language is not None:
            lines = "".join(f"{text}\n" for _name, text in all_ledgers(results, language))
            yield Content(role="explanation", name=content.name, data=lines.encode())


def _inputs(request: RunRequest) -> tuple[tuple[str, Sequence[InputFile]], ...]:
    return (
        ("records", request.records),
        ("tables", [file for _name, files in request.tables for file in files]),
        ("history", request.history),
        ("mapping", request.mapping),
        ("other-results", request.results),
        ("adjustments", request.adjustments),
    )


def _manifest_of(file: InputFile) -> str:
    path = PurePosixPath(file.content)
    return str(path.with_name(manifest_name(path.name))) if path.name else ""


def _locations(files: Sequence[InputFile], folder: Path) -> list[NamedFile]:
    return [NamedFile(str(folder / file.content), file.file) for file in files]


@contextmanager
def _laid_out(archive: RunArchive) -> Iterator[Path]:
    """Give a folder with all files of an archive that a run reads; nothing is written outside it."""
    with tempfile.TemporaryDirectory(prefix="rulecore-") as temporary:
        folder = Path(os.path.realpath(temporary))
        (folder / POLICIES).mkdir()
        for content in archive.contents:
            parts = content.name.split("/")
            if content.role in ("output", "manifest", "plugin") or not all(map(fit_name, parts)):
                continue
            path = folder.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.data)
        yield folder
