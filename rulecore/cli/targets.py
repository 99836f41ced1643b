"""Where a run writes to: results, reports and manifest, all known to be fit before anything is computed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from rulecore.codes import usage as codes
from rulecore.contracts import Document, Report, Writer
from rulecore.errors import Fault, UsageError
from rulecore.manifest import manifest_bytes
from rulecore.output import (
    STANDARD_OUTPUT,
    PlannedFile,
    PlannedManifest,
    Settle,
    bytes_file,
    write_document,
    writer_for,
    writers_by_suffix,
)
from rulecore.source import Place
from rulecore.summary import Summary, summary_sheet

if TYPE_CHECKING:
    from rulecore.registry import Registry
    from rulecore.results import Results


@frozen(kw_only=True)
class Targets:
    """The files of a run: ``output`` is a path or ``-``, ``manifest`` is None where none is wanted."""

    output: str
    writers: Mapping[str, Writer]
    reports: tuple[tuple[Report, Path], ...] = ()
    manifest: Path | None = None

    @property
    def to_stdout(self) -> bool:
        """Whether the results go to standard output."""
        return self.output == STANDARD_OUTPUT

    def write(self, results: Results, summary: Summary, before: Settle | None = None) -> tuple[Path, ...]:
        """Write everything or nothing and return the files written; see ``write_files`` for ``before``.

        Raises OutputError.
        """
        document = results.document()
        whole = evolve(document, sheets=(*document.sheets, summary_sheet(summary)))
        beside = tuple(_report_file(report, path, whole) for report, path in self.reports)
        planned = None
        if self.manifest is not None:
            planned = PlannedManifest(
                path=self.manifest, content=lambda hashes: manifest_bytes(results, hashes)
            )
        shown = whole if self._holds_sheets() else document
        return write_document(
            shown, self.output, self.writers, beside=beside, manifest=planned, before=before
        )

    def _holds_sheets(self) -> bool:
        return not self.to_stdout and self.writers[Path(self.output).suffix.lower()].holds_sheets


def plan_targets(
    registry: Registry, output: str, reports: Iterable[str], manifest: bool | None, *, reads: Iterable[str]
) -> Targets:
    """Return the targets of a run; ``manifest`` None means: where the results go to a file.

    Raises :class:`rulecore.errors.UsageError` or OutputError where one of them is unfit: an unknown format or
    report, a missing folder, a file that is also read (one of ``reads``) or written twice.
    """
    writers = writers_by_suffix(found.value for found in registry.writers.values())
    faults: list[Fault] = []
    planned = [*_reports(registry, reports, faults)]
    beside = None
    if output != STANDARD_OUTPUT:
        writer_for(output, writers)
        target = Path(output)
        beside = None if manifest is False else target.with_name(f"{target.stem}.manifest.json")
    elif manifest:
        faults.append(Fault(code=codes.MANIFEST_WITHOUT_PLACE))
    written = [*([output] if output != STANDARD_OUTPUT else []), *(str(path) for _report, path in planned)]
    written += [str(beside)] if beside is not None else []
    faults += clashes(written, reads)
    if faults:
        raise UsageError(faults)
    return Targets(output=output, writers=writers, reports=tuple(planned), manifest=beside)


def _reports(registry: Registry, given: Iterable[str], faults: list[Fault]) -> Iterator[tuple[Report, Path]]:
    for text in given:
        name, equals, file = text.partition("=")
        if not equals or not name or not file:
            faults.append(Fault(code=codes.REPORT_WITHOUT_FILE, values={"given": text}))
        elif name not in registry.reports:
            values = {"name": name, "known": ", ".join(sorted(registry.reports))}
            faults.append(Fault(code=codes.UNKNOWN_REPORT, values=values))
        else:
            yield registry.reports[name].value, Path(file)


def clashes(written: Iterable[str], reads: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each file that is also read, or written twice; a link counts as its file."""
    read = {os.path.realpath(path) for path in reads if path != STANDARD_OUTPUT}
    files = Counter(os.path.realpath(path) for path in written)
    names = {os.path.realpath(path): path for path in written}
    for file, times in files.items():
        place = Place(file=names[file])
        if file in read:
            yield Fault(code=codes.OVERWRITES_INPUT, values={"file": names[file]}, place=place)
        if times > 1:
            yield Fault(code=codes.WRITTEN_TWICE, values={"file": names[file]}, place=place)


def _report_file(report: Report, path: Path, document: Document) -> PlannedFile:
    return bytes_file(path, report.render(document))
