"""``rulecore history export``: a run as a package that can be verified, or its results as files, with its account."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from rulecore.cli.frame import command, option
from rulecore.language import N_, _
from rulecore_store.cli.frame import on_store, opened

PACKAGE_SUFFIX = ".zip"


@command(
    "export",
    help=N_(
        "Write a stored run: to a name ending in .zip as a package (rulecore verify checks and computes it again), to "
        "a new folder as its results with their manifest.\n\n"
        "Beside them goes the account: who did what with the run, and the end of the store's chain at this time. Kept "
        "elsewhere, it shows later whether the store was written anew (rulecore history check --anchor)."
    ),
)
@click.argument("run", type=click.IntRange(min=1))
@on_store
@option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help=N_("A package (.zip), or a folder that is new or empty."),
)
def export(run: int, store: str, output: Path) -> None:
    """Write the files, all or none."""
    from rulecore.archive.package import package_bytes
    from rulecore.archive.pins import pins_of
    from rulecore.output import bytes_file, whole_folder, write_files
    from rulecore_store.accounts import account_bytes

    with opened(store) as found, found.reading() as snapshot:
        archive = snapshot.archive(run)
        account = account_bytes(snapshot, run)
    if output.suffix.lower() == PACKAGE_SUFFIX:
        beside = output.with_name(f"{output.stem}.account.json")
        data = package_bytes(archive, pins_of(archive))
        written = write_files([bytes_file(output, data), bytes_file(beside, account)])
    else:
        results = [content for content in archive.of("output", "manifest") if "/" in content.name]
        files = {PurePosixPath(content.name).name: content.data for content in results}
        with whole_folder(output) as folder:
            for name, data in {**files, "account.json": account}.items():
                write_files([bytes_file(folder / name, data)])
        written = tuple(output / name for name in (*files, "account.json"))
    for path in written:
        click.echo(_("written: {file}").format(file=path), err=True)
