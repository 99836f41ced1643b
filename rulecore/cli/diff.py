"""``rulecore diff``: two policies, two versions of the records, or two results files compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.compared import check_output, json_text, output_option, write_output
from rulecore.cli.frame import (
    ADJUSTMENTS_OPTION,
    Day,
    Invocation,
    TableFile,
    command,
    format_option,
    option,
    plugins_dir_option,
)
from rulecore.cli.given import RecordsGiven, evaluate_given
from rulecore.language import N_, current_language

if TYPE_CHECKING:
    from rulecore.compare.values import Difference
    from rulecore.registry import Registry

EXIT_DIFFERENT = 1


@command(
    "diff",
    help=N_(
        "Compare the results of the policy or policy set OLD with those of NEW for the same records; of one policy "
        "for two versions of the records (--records-new); of both, with the effects of each told apart; or two "
        "results files with their manifests beside them.\n\n"
        "Shows who moves, by how much, and the first rule that makes it so. Ends with 0 if no result differs, 1 if "
        "some do, 2 if something is wrong."
    ),
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@option("--records", multiple=True, metavar="FILE", help=N_("The records."))
@option(
    "--records-new",
    multiple=True,
    metavar="FILE",
    help=N_("The records of the new side, where they changed too."),
)
@option(
    "--table",
    multiple=True,
    type=TableFile(),
    metavar="NAME=FILE",
    help=N_("The rows of a detail table that has a file of its own."),
)
@option(
    "--table-new",
    multiple=True,
    type=TableFile(),
    metavar="NAME=FILE",
    help=N_("The same for the new side, where they changed too."),
)
@option(
    "--history",
    multiple=True,
    metavar="FILE",
    help=N_("The results of earlier periods, with their manifest beside them, or a store of runs."),
)
@option(
    "--mapping",
    multiple=True,
    metavar="FILE",
    help=N_("Entities that were renamed or merged: a table with the columns old, new and from."),
)
@option(
    "--results",
    multiple=True,
    metavar="FILE",
    help=N_(
        "The results of other policies that fields come from, with their manifest beside them, or a store."
    ),
)
@option("--adjustments", multiple=True, metavar="FILE", help=ADJUSTMENTS_OPTION)
@option(
    "--adjustments-new",
    multiple=True,
    metavar="FILE",
    help=N_("The same for the new side, where they changed too."),
)
@option(
    "--money", multiple=True, metavar="RULE", help=N_("Sum this rule and what moved of it; may be repeated.")
)
@option(
    "--ripple",
    default="",
    metavar="ENTITY",
    help=N_(
        "This one record was corrected: show everyone else whose result changes, and refuse other changes."
    ),
)
@option(
    "--most",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    metavar="NUMBER",
    help=N_("How many records to show one by one; 0 shows all."),
)
@option(
    "--engine",
    default="columnar",
    show_default=True,
    metavar="NAME",
    help=N_("The engine: columnar, exact, or a plugin's such as spark."),
)
@option("--sheet", default="", metavar="NAME", help=N_("The sheet to read, for workbooks with several."))
@option(
    "--encoding",
    default="",
    metavar="NAME",
    help=N_("The encoding of text files; recognised if left out."),
)
@option(
    "--as-of",
    type=Day(),
    help=N_("The day that decides which version is in force, for policies without a period."),
)
@output_option
@plugins_dir_option
@format_option
@click.pass_obj
def diff(
    invocation: Invocation,
    *,
    old: Path,
    new: Path | None,
    records: tuple[str, ...],
    records_new: tuple[str, ...],
    table: tuple[tuple[str, str], ...],
    table_new: tuple[tuple[str, str], ...],
    history: tuple[str, ...],
    mapping: tuple[str, ...],
    results: tuple[str, ...],
    adjustments: tuple[str, ...],
    adjustments_new: tuple[str, ...],
    money: tuple[str, ...],
    ripple: str,
    most: int,
    engine: str,
    sheet: str,
    encoding: str,
    as_of: date | None,
    output: str,
    output_format: str,
) -> int:
    """Write the comparison to standard output and return the exit code."""
    from rulecore.compare.document import difference_document
    from rulecore.compare.sheets import difference_tables
    from rulecore.compare.text import difference_text

    registry = invocation.registry()
    tables = [file for _name, file in (*table, *table_new)]
    reads = [str(old), str(new or old), *records, *records_new, *tables, *history, *mapping, *results]
    reads += [*adjustments, *adjustments_new]
    check_output(registry, output, reads)
    given: RecordsGiven = {
        "records": records,
        "table": table,
        "history": history,
        "mapping": mapping,
        "results": results,
        "adjustments": adjustments,
        "engine": engine,
        "sheet": sheet,
        "encoding": encoding,
        "as_of": as_of,
    }
    if _is_results(old) and new is not None and _is_results(new):
        _refuse_records(given, records_new, table_new, adjustments_new, ripple)
        found = _of_files(registry, old, new, money, encoding)
    else:
        changed: RecordsGiven = {
            **given,
            "records": records_new or records,
            "table": table_new or table,
            "adjustments": adjustments_new or adjustments,
        }
        found = _of_policies(registry, (old, new), (given, changed), money, ripple)
    language = current_language()
    values = difference_document(found, language)
    write_output(registry, output, values, lambda: difference_tables(found, language))
    if output_format == "json":
        click.echo(json_text(values))
    else:
        click.echo(difference_text(found, language, most))
    return 0 if found.empty else EXIT_DIFFERENT


def _is_results(path: Path) -> bool:
    """Return whether a path is a results file: policies are folders and .toml files."""
    return path.suffix.lower() not in ("", ".toml") and not path.is_dir()


def _of_files(registry: Registry, old: Path, new: Path, money: tuple[str, ...], encoding: str) -> Difference:
    from rulecore.compare.files import compare_files
    from rulecore.sources import readers_by_suffix

    readers = readers_by_suffix(found.value for found in registry.readers.values())
    return compare_files(str(old), str(new), readers, money=money, encoding=encoding)


def _of_policies(
    registry: Registry,
    paths: tuple[Path, Path | None],
    given: tuple[RecordsGiven, RecordsGiven],
    money: tuple[str, ...],
    ripple: str,
) -> Difference:
    from rulecore.api import load_policies
    from rulecore.codes.comparing import NO_RECORDS, NOTHING_TO_COMPARE
    from rulecore.codes.usage import STDIN_TWICE
    from rulecore.compare import compare_results
    from rulecore.errors import Fault, UsageError

    old_path, new_path = paths
    both_changed = new_path is not None and new_path.resolve() != old_path.resolve() and given[0] != given[1]
    if new_path is None and given[0] == given[1]:
        raise UsageError([Fault(code=NOTHING_TO_COMPARE)])
    if not given[0]["records"]:
        raise UsageError([Fault(code=NO_RECORDS)])
    if "-" in (*given[0]["records"], *given[1]["records"]):  # both sides would have to read it
        raise UsageError([Fault(code=STDIN_TWICE)])
    old = load_policies(old_path, registry=registry)
    new = load_policies(new_path, registry=registry) if new_path is not None else old
    before, after = evaluate_given(old, given[0]), evaluate_given(new, given[1])
    mixed = (evaluate_given(new, given[0]), evaluate_given(old, given[1])) if both_changed else None
    named = (_named(old_path, given[0]), _named(new_path or old_path, given[1]))
    return compare_results(before, after, named=named, mixed=mixed, money=money, ripple=ripple)


def _named(policy: Path, given: RecordsGiven) -> str:
    return f"{policy.as_posix()} · {', '.join(given['records'])}"


def _refuse_records(
    given: RecordsGiven,
    records_new: tuple[str, ...],
    table_new: tuple[tuple[str, str], ...],
    adjustments_new: tuple[str, ...],
    ripple: str,
) -> None:
    """Raise UsageError for options that are about records, where two results files are compared."""
    from rulecore.codes.comparing import MIXED_SIDES
    from rulecore.errors import Fault, UsageError

    named = {
        "--records": given["records"],
        "--records-new": records_new,
        "--table": given["table"],
        "--table-new": table_new,
        "--history": given["history"],
        "--mapping": given["mapping"],
        "--results": given["results"],
        "--adjustments": given["adjustments"],
        "--adjustments-new": adjustments_new,
        "--ripple": ripple,
    }
    faults = [Fault(code=MIXED_SIDES, values={"option": name}) for name, value in named.items() if value]
    if faults:
        raise UsageError(faults)


COMMAND = diff
