"""What the comparing commands share: data files of their findings, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import option, table_files
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.cli.given import RecordsGiven
    from rulecore.compare.varied import Experiment
    from rulecore.contracts import Document
    from rulecore.registry import Registry

JSON = ".json"

output_option = option(
    "--output",
    default="",
    metavar="FILE",
    help=N_("Write all of it to a data file too: .json, or a table format such as .csv or .xlsx."),
)


def check_output(registry: Registry, output: str, reads: Iterable[str]) -> None:
    """Raise UsageError or OutputError, before anything is computed, for a file that cannot be written or is read."""
    from rulecore.codes.usage import OVERWRITES_INPUT
    from rulecore.errors import Fault, UsageError
    from rulecore.output import writer_for, writers_by_suffix
    from rulecore.source import Place

    if not output:
        return
    if any(os.path.realpath(output) == os.path.realpath(path) for path in reads if path != "-"):
        place = Place(file=output)
        raise UsageError([Fault(code=OVERWRITES_INPUT, values={"file": output}, place=place)])
    writers = writers_by_suffix(found.value for found in registry.writers.values())
    if Path(output).suffix.lower() != JSON:
        writer_for(output, writers)


def write_output(
    registry: Registry, output: str, values: Mapping[str, object], tables: Callable[[], Document]
) -> None:
    """Write the findings to ``output``, as JSON or as tables by its suffix, and say so on standard error."""
    from rulecore.output import write_bytes_atomically, write_document, writers_by_suffix

    if not output:
        return
    if Path(output).suffix.lower() == JSON:
        write_bytes_atomically(output, json_text(values).encode() + b"\n")
        written: tuple[Path, ...] = (Path(output),)
    else:
        writers = writers_by_suffix(found.value for found in registry.writers.values())
        written = write_document(tables(), output, writers)
    for path in written:
        click.echo(_("written: {file}").format(file=path), err=True)


def json_text(values: Mapping[str, object]) -> str:
    """Return plain values as JSON, Chinese as it is."""
    return json.dumps(values, ensure_ascii=False, indent=2)


def experiment_of(registry: Registry, policy: Path, given: RecordsGiven) -> Experiment:
    """Return policies and records at hand, to be evaluated again and again. Raises PolicyError and InputError."""
    from rulecore.api import load_policies
    from rulecore.compare.varied import Experiment
    from rulecore.contracts import ReadOptions

    policies = load_policies(policy, registry=registry)
    options = ReadOptions(sheet=given["sheet"], encoding=given["encoding"])
    tables, details = policies.read(list(given["records"]), table_files(given["table"]), options)
    history = policies.history(
        list(given["history"]) or None, given["mapping"], given["results"], given["encoding"]
    )
    return Experiment(
        plans=policies.plans,
        loaded=policies.loaded,
        registry=registry,
        tables=tables,
        details=details,
        engine=policies.engine(given["engine"]),
        history=history,
        adjustments=policies.adjustments(given["adjustments"], given["encoding"]),
        as_of=given["as_of"],
        origins=tuple(registry.origins()),
    )
