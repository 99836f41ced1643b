"""``rulecore history diff``: two stored runs compared, record by record."""

from __future__ import annotations

import click

from rulecore.cli.compared import check_output, output_option, write_output
from rulecore.cli.frame import Invocation, command, format_option, option, plugins_dir_option
from rulecore.language import N_, _, current_language
from rulecore_store.cli.frame import json_text, on_store, opened

EXIT_DIFFERENT = 1


@command(
    "diff",
    help=N_(
        "Compare the results of two stored runs: who moves, and by how much.\n\n"
        "Ends with 0 if no result differs, 1 if some do, 2 if something is wrong. Which rule made it so is shown by "
        "rulecore diff with the policies and records of both (rulecore history export)."
    ),
)
@click.argument("old", type=click.IntRange(min=1))
@click.argument("new", type=click.IntRange(min=1))
@on_store
@option(
    "--money", multiple=True, metavar="RULE", help=N_("Sum this rule and what moved of it; may be repeated.")
)
@option(
    "--most",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    metavar="NUMBER",
    help=N_("How many records to show one by one; 0 shows all."),
)
@output_option
@plugins_dir_option
@format_option
@click.pass_obj
def diff(
    invocation: Invocation,
    old: int,
    new: int,
    store: str,
    money: tuple[str, ...],
    most: int,
    output: str,
    output_format: str,
) -> int:
    """Write the comparison to standard output and return the exit code."""
    from rulecore.compare.diff import compare
    from rulecore.compare.document import difference_document
    from rulecore.compare.files import FileSide
    from rulecore.compare.sheets import difference_tables
    from rulecore.compare.text import difference_text
    from rulecore.sources import readers_by_suffix
    from rulecore_store.sealing import results_in

    registry = invocation.registry()
    check_output(registry, output, [store])
    readers = readers_by_suffix(found.value for found in registry.readers.values())
    with opened(store) as found, found.reading() as snapshot:
        before, after = (FileSide(sealed=results_in(snapshot, number, readers)) for number in (old, new))
    named = (f"{_('run')} {old}", f"{_('run')} {new}")
    difference = compare(before, after, named=named, money=money)
    language = current_language()
    values = difference_document(difference, language)
    write_output(registry, output, values, lambda: difference_tables(difference, language))
    if output_format == "json":
        click.echo(json_text(values))
    else:
        click.echo(difference_text(difference, language, most))
    return 0 if difference.empty else EXIT_DIFFERENT
