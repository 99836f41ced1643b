"""What a run writes, as bytes: results, quarantine, reports, manifest and summary."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import evolve

from rulecore.archive.contents import Content
from rulecore.archive.request import RunRequest
from rulecore.codes.usage import UNKNOWN_REPORT
from rulecore.errors import Fault, UsageError
from rulecore.manifest import manifest_bytes
from rulecore.output import PlannedManifest, bytes_file, write_document, writer_for, writers_by_suffix
from rulecore.registry import Registry
from rulecore.results import Results
from rulecore.summary import summarize, summary_document, summary_sheet

RESULTS_FOLDER: Final = "results"
SUMMARY: Final = "summary.json"


def output_contents(
    results: Results, request: RunRequest, registry: Registry, *, also: Iterable[str] = ()
) -> tuple[Content, ...]:
    """Return the files that a run writes, its manifest among them, and its summary.

    A format without sheets has a file for each table that has rows; those called ``also`` are written without rows
    too. Raises :class:`rulecore.errors.OutputError` or UsageError for formats and reports that are not known.
    """
    writers = writers_by_suffix(found.value for found in registry.writers.values())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        target = folder / request.output
        writer = writer_for(target, writers)
        document = results.document()
        summary = summarize(results)
        whole = evolve(document, sheets=(*document.sheets, summary_sheet(summary)))
        faults = [
            Fault(code=UNKNOWN_REPORT, values={"name": item.report, "known": ", ".join(registry.reports)})
            for item in request.reports
            if item.report not in registry.reports
        ]
        if faults:
            raise UsageError(faults)
        beside = [
            bytes_file(folder / item.file, registry.reports[item.report].value.render(whole))
            for item in request.reports
        ]
        for name in also:
            (folder / name).touch()
        manifest = PlannedManifest(
            path=folder / manifest_name(request.output),
            content=lambda hashes: manifest_bytes(results, hashes),
        )
        shown = whole if writer.holds_sheets else document
        written = write_document(shown, target, writers, beside=beside, manifest=manifest)
        return (*contents_of(written, request), summary_content(results))


def contents_of(written: Iterable[Path] | Mapping[str, Path], request: RunRequest) -> tuple[Content, ...]:
    """Return files that a run wrote as contents of its archive; a mapping says where the bytes of a name are."""
    manifest = manifest_name(request.output)
    files = written if isinstance(written, Mapping) else {path.name: path for path in written}
    return tuple(
        Content(
            role="manifest" if name == manifest else "output",
            name=f"{RESULTS_FOLDER}/{name}",
            data=path.read_bytes(),
        )
        for name, path in files.items()
    )


def summary_content(results: Results) -> Content:
    """Return the summary of a run as a content of its archive."""
    text = json.dumps(summary_document(summarize(results)), ensure_ascii=False, indent=2) + "\n"
    return Content(role="output", name=SUMMARY, data=text.encode())


def manifest_name(output: str) -> str:
    """Return the name of the manifest beside results of some name."""
    return f"{Path(output).stem}.manifest.json"
