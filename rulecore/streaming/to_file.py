"""Results into a file with what stands beside it: part by part where that is possible, else from memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from attrs import evolve

from rulecore.codes.usage import OVERWRITES_INPUT
from rulecore.contracts import Engine, ReadOptions, Writer
from rulecore.errors import Fault, UsageError
from rulecore.manifest import manifest_bytes
from rulecore.output import PlannedManifest, write_document, writer_for, writers_by_suffix
from rulecore.planned import Plan
from rulecore.registry import Registry
from rulecore.results import Results
from rulecore.source import Place
from rulecore.sources import readers_by_suffix
from rulecore.streaming.applies import input_parts, records_are_independent
from rulecore.streaming.outcome import RunOutcome
from rulecore.streaming.run import PartsRun, write_in_parts
from rulecore.summary import summary_sheet


def parts_run(
    plans: tuple[Plan, ...],
    registry: Registry,
    engine: Engine,
    locations: Sequence[str],
    *,
    options: ReadOptions,
    as_of: date | None = None,
) -> PartsRun | None:
    """Return a run over files part by part; None where it does not apply or would not help."""
    readers = readers_by_suffix(found.value for found in registry.readers.values())
    inputs = input_parts(locations, readers)
    if inputs is None or not engine.in_parts or not records_are_independent(plans):
        return None
    origins = registry.origins()
    return PartsRun(plans=plans, engine=engine, inputs=inputs, options=options, as_of=as_of, origins=origins)


def evaluate_to_file(
    run: PartsRun | None,
    evaluate: Callable[[], Results],
    output: Path,
    registry: Registry,
    *,
    reads: Sequence[str],
    manifest: bool = True,
) -> RunOutcome:
    """Write results into a file and return what came of it; ``evaluate`` gives them if ``run`` cannot.

    Raises :class:`rulecore.errors.UsageError` where ``output`` is one of the files that are read, InputError and
    OutputError; then no file has changed.
    """
    if os.path.realpath(output) in (os.path.realpath(read) for read in reads if "\0" not in read):
        place = Place(file=str(output))
        raise UsageError([Fault(code=OVERWRITES_INPUT, values={"file": str(output)}, place=place)])
    writers = writers_by_suffix(found.value for found in registry.writers.values())
    writer = writer_for(output, writers)
    beside = output.with_name(f"{output.stem}.manifest.json") if manifest else None
    outcome = write_in_parts(run, output, writer, manifest=beside)
    return outcome or _from_memory(evaluate(), output, writers, writer, beside)


def _from_memory(
    results: Results, output: Path, writers: Mapping[str, Writer], writer: Writer, manifest: Path | None
) -> RunOutcome:
    outcome = RunOutcome.of(results)
    document = results.document()
    if writer.holds_sheets:
        document = evolve(document, sheets=(*document.sheets, summary_sheet(outcome.summary)))
    planned = None
    if manifest is not None:
        facts = outcome.facts
        planned = PlannedManifest(path=manifest, content=lambda hashes: manifest_bytes(facts, hashes))
    return evolve(outcome, written=write_document(document, output, writers, manifest=planned))
