"""``rulecore plugins``: what is loaded, from where, which version, what it gives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, format_option, plugins_dir_option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.planned import Origin
    from rulecore.registry import LoadedPlugin, Registered, Registry

KINDS = {
    "scorers": N_("scorers"),
    "functions": N_("functions"),
    "cohort_functions": N_("cohort functions"),
    "checks": N_("checks"),
    "readers": N_("readers"),
    "writers": N_("writers"),
    "reports": N_("reports"),
    "engines": N_("engines"),
    "stores": N_("stores"),
    "commands": N_("commands"),
}


@command("plugins", help=N_("List what is loaded, from where, in which version, and what it gives."))
@plugins_dir_option
@format_option
@click.pass_obj
def plugins(invocation: Invocation, output_format: str) -> None:
    """Write the loaded plugins to standard output."""
    registry = invocation.registry()
    if output_format == "json":
        click.echo(json.dumps(plugins_document(registry), ensure_ascii=False, indent=2))
        return
    click.echo("\n\n".join("\n".join(_lines(plugin, registry)) for plugin in registry.plugins))


def plugins_document(registry: Registry) -> list[dict[str, object]]:
    """Return the loaded plugins as plain values, in the order loaded."""
    return [
        {
            "distribution": plugin.origin.distribution,
            "version": plugin.origin.version,
            "module": plugin.module,
            "file": plugin.file,
            "sha256": plugin.origin.sha256,
            "gives": given_by(plugin.origin, registry),
        }
        for plugin in registry.plugins
    ]


def given_by(origin: Origin, registry: Registry) -> dict[str, list[str]]:
    """Return the names of the things of one origin, by kind; kinds of which it gives nothing are left out."""
    given = {}
    for kind in KINDS:
        things: Mapping[str, Registered[object]] = getattr(registry, kind)
        names = [
            name
            for name, thing in things.items()
            if thing.origin == origin and getattr(thing.value, "name", name) == name
        ]
        if names:
            given[kind] = sorted(names)
    return given


def _lines(plugin: LoadedPlugin, registry: Registry) -> Iterator[str]:
    yield str(plugin.origin)
    yield f"  {_('from')}: {plugin.file}"
    if plugin.origin.sha256:
        yield f"  sha256: {plugin.origin.sha256}"
    for kind, names in given_by(plugin.origin, registry).items():
        yield f"  {_(KINDS[kind])}: {', '.join(names)}"


COMMAND = plugins
