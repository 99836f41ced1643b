"""A command: which distribution gives which scorers, in one line each."""

from __future__ import annotations

import click

from rulecore.cli.frame import Invocation


@click.command("origins")
@click.pass_obj
def origins(invocation: Invocation) -> None:
    """List every scorer with the distribution that gives it."""
    for name, found in sorted(invocation.registry().scorers.items()):
        click.echo(f"{name}: {found.origin}")
