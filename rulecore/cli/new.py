"""``rulecore new policy NAME`` and ``rulecore new plugin NAME``: something small that works, to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import command, option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.cli.new_names import Kind


@command(
    "new",
    help=N_(
        "Write a small working policy with records and cases, or a plugin with a scorer and its tests.\n\n"
        "rulecore new policy 年度考核 --dir policies writes the folder policies/年度考核, on which check "
        "and test pass at once. rulecore new plugin luochuan writes the distribution rulecore-luochuan. "
        "Nothing is ever written over what is there."
    ),
)
@click.argument("kind", type=click.Choice(["policy", "plugin"]))
@click.argument("name")
@option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help=N_("The folder in which the new one is written; left out: the current one."),
)
def new(kind: Kind, name: str, folder: Path) -> None:
    """Write the folder and say what to do next."""
    from rulecore.cli.new_names import distribution_of, name_faults, plugin_values
    from rulecore.cli.templates import filled, place_faults, shell_path, write_folder
    from rulecore.errors import UsageError

    faults = name_faults(kind, name)
    if faults:
        raise UsageError(faults)
    target = folder / (name if kind == "policy" else distribution_of(name))
    faults = place_faults(target)
    if faults:
        raise UsageError(faults)
    path = shell_path(target)
    values = {"name": name} if kind == "policy" else plugin_values(name)
    files = filled(kind, {**values, "folder": path})
    write_folder(target, files)
    for file in files:
        click.echo(_("written: {path}").format(path=target / file))
    click.echo("\n".join((_("Next:"), *_next_steps(kind, path))))


def _next_steps(kind: Kind, path: str) -> tuple[str, ...]:
    if kind == "policy":
        return (f"  rulecore check {path}", f"  rulecore test {path}")
    return (f"  pip install -e {path}", f"  pytest {path}")


COMMAND = new
