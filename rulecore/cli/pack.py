"""``rulecore pack``: run, and keep policies, inputs and results as one file that anyone can verify."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

import click

from rulecore.cli.frame import Invocation, command, option, plugins_dir_option, records_options
from rulecore.cli.given import RecordsGiven, evaluate_given
from rulecore.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rulecore.results import Results

EXIT_QUARANTINED = 1


@command(
    "pack",
    help=N_(
        "Apply the policy or policy set POLICY to records and write one package: policies with their bases, inputs, "
        "results, and what is needed to compute them again. rulecore verify checks it, on any machine.\n\n"
        "The same inputs give the same package, byte for byte. Before it is written it is verified. "
        "Ends with 0 if every record was scored, 1 if some were quarantined, 2 if nothing could be written."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@records_options
@option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Where the package goes; its name ends in .zip."),
)
@option(
    "--as",
    "written_as",
    default="results.csv",
    show_default=True,
    metavar="NAME",
    help=N_("What the results are called in the package; the suffix chooses the format."),
)
@option(
    "--published",
    metavar="FILE",
    help=N_(
        "Results that were published, with their manifest beside them: they are packed, and must be what comes out."
    ),
)
@option(
    "--report",
    multiple=True,
    metavar="NAME=FILE",
    help=N_("Pack a report too, such as markdown=summary.md."),
)
@option("--ledgers", is_flag=True, help=N_("Pack the ledgers of every record too."))
@plugins_dir_option
@click.pass_obj
def pack(
    invocation: Invocation,
    *,
    policy: Path,
    output: Path,
    written_as: str,
    published: str | None,
    report: tuple[str, ...],
    ledgers: bool,
    **given: Unpack[RecordsGiven],
) -> int:
    """Compute, pack, verify, write, and return the exit code."""
    from rulecore.api import load_policies
    from rulecore.archive import archive_of, request_of
    from rulecore.archive.package import package_bytes
    from rulecore.archive.pins import pins_of
    from rulecore.cli.kept import at_hand
    from rulecore.cli.run import refuse_stdin_twice, show_notes
    from rulecore.cli.targets import plan_targets
    from rulecore.output import write_bytes_atomically
    from rulecore.summary import row_count_line, summarize

    registry = invocation.registry()
    refuse_other_suffix(output)
    files = [*given["records"], *(file for _name, file in given["table"])]
    refuse_stdin_twice(tuple(files))
    name = Path(published).name if published is not None else Path(written_as).name
    others = [
        *files,
        *given["history"],
        *given["mapping"],
        *given["results"],
        *given["adjustments"],
        str(policy),
    ]
    # Formats and reports that nobody knows, and a package over its own inputs, are told before anything is computed.
    plan_targets(registry, name, report, True, reads=())
    refuse_overwriting(output, [*others, *([published] if published is not None else [])])
    policies = load_policies(policy, registry=registry)
    with at_hand(registry, policies, given) as hand:
        request = request_of(
            policy, hand.given, plugins_dir=invocation.plugins_dir, output=name, reports=report
        )
        found = evaluate_given(policies, hand.given)
        archive = archive_of(
            request,
            policies,
            found,
            published_files(published) if published is not None else None,
            explanations=ledger_files(found) if ledgers else None,
            contents=hand.contents,
        )
    data = package_bytes(archive, pins_of(archive))
    refuse_unverified(data, invocation.plugins_dir, published or request.output)
    write_bytes_atomically(output, data)
    show_notes((*hand.notes, *found.notes), ())
    click.echo(row_count_line(summarize(found)), err=True)
    click.echo(_("written: {file}").format(file=output), err=True)
    click.echo(_("identifier: {identifier}").format(identifier=archive.identifier))
    return EXIT_QUARANTINED if found.rows_quarantined else 0


def refuse_other_suffix(output: Path) -> None:
    """Raise OutputError unless the package's name ends in .zip."""
    from rulecore.archive.package import SUFFIX
    from rulecore.codes.inputs import UNKNOWN_OUTPUT_SUFFIX
    from rulecore.errors import Fault, OutputError
    from rulecore.source import Place

    if output.suffix.lower() != SUFFIX:
        values = {"file": output, "suffix": output.suffix or "-", "known": SUFFIX}
        raise OutputError([Fault(code=UNKNOWN_OUTPUT_SUFFIX, values=values, place=Place(file=str(output)))])


def refuse_overwriting(output: Path, reads: list[str]) -> None:
    """Raise UsageError where the package would be written over what is read."""
    from rulecore.cli.targets import clashes
    from rulecore.errors import UsageError

    faults = list(clashes([str(output)], reads))
    if faults:
        raise UsageError(faults)


@contextmanager
def from_standard_input(given: RecordsGiven) -> Iterator[tuple[RecordsGiven, dict[str, bytes]]]:
    """Give the options with standard input read into a file, and its bytes by name, as it can be read only once."""
    from rulecore.sources import STANDARD_INPUT, STANDARD_INPUT_NAME, NamedFile, suffix_of

    files = [*given["records"], *(file for _name, file in given["table"])]
    if STANDARD_INPUT not in files:
        yield given, {}
        return
    data = sys.stdin.buffer.read()
    with tempfile.TemporaryDirectory(prefix="rulecore-") as folder:
        path = Path(folder) / f"stdin{suffix_of(data)}"
        path.write_bytes(data)
        copy = NamedFile(str(path), STANDARD_INPUT_NAME)
        located = dict(given)
        located["records"] = tuple(copy if file == STANDARD_INPUT else file for file in given["records"])
        located["table"] = tuple(
            (name, copy if file == STANDARD_INPUT else file) for name, file in given["table"]
        )
        yield cast("RecordsGiven", located), {STANDARD_INPUT_NAME: data}


def published_files(published: str) -> list[Path]:
    """Return results that were published, the files that their manifest names, and the manifest."""
    from rulecore.archive.comparing import json_table
    from rulecore.archive.outputs import manifest_name
    from rulecore.codes.history import NO_MANIFEST
    from rulecore.errors import Fault, InputError
    from rulecore.source import Place

    path = Path(published)
    manifest = path.with_name(manifest_name(path.name))
    try:
        files = json_table(manifest.read_bytes()).get("files")
    except OSError:
        files = None
    if not isinstance(files, dict) or path.name not in files:
        values = {"file": published, "manifest": manifest}
        raise InputError([Fault(code=NO_MANIFEST, values=values, place=Place(file=published))])
    return [*(path.with_name(Path(name).name) for name in files), manifest]


def ledger_files(found: Results) -> dict[str, bytes]:
    """Return the ledgers of every record in the results' language, as a file of explanations."""
    from rulecore.ledger.write import all_ledgers

    lines = "".join(f"{text}\n" for _name, text in all_ledgers(found, found.language))
    return {f"ledgers.{found.language}.jsonl": lines.encode()}


def refuse_unverified(package: bytes, plugins_dir: Path | None, name: str) -> None:
    """Raise UsageError, after saying what differs, unless a package gives its results when computed again."""
    from rulecore.archive.verify import VerifyOptions, verify_package
    from rulecore.codes.packages import PUBLISHED_DIFFERS
    from rulecore.errors import Fault, UsageError
    from rulecore.source import Place

    report = verify_package(package, name, VerifyOptions(plugins_dir=plugins_dir))
    if not report.verified:
        for item in report.differences:
            click.echo(_("differs: {text}").format(text=item.text()), err=True)
        raise UsageError([Fault(code=PUBLISHED_DIFFERS, values={"file": name}, place=Place(file=name))])


COMMAND = pack
