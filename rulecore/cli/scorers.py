"""``rulecore scorers [NAME]``: the list of scorers, or the page of one."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, format_option, plugins_dir_option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.contracts import Scorer
    from rulecore.registry import Registered, Registry


@command(
    "scorers", help=N_("List the scorers, or show the page of one: parameters, formula, example, origin.")
)
@click.argument("name", required=False)
@plugins_dir_option
@format_option
@click.pass_obj
def scorers(invocation: Invocation, name: str | None, output_format: str) -> None:
    """Write the list, or one page, to standard output."""
    from rulecore.cli.pages import wanted
    from rulecore.codes.usage import UNKNOWN_SCORER

    registry = invocation.registry()
    if name is not None:
        found = wanted(name, registry.scorers, UNKNOWN_SCORER)
        click.echo(_as_json(scorer_document(found)) if output_format == "json" else scorer_page(found))
    elif output_format == "json":
        click.echo(_as_json([scorer_document(found) for found in registry.scorers.values()]))
    else:
        click.echo(scorer_list(registry))


def _as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def scorer_list(registry: Registry) -> str:
    """Return all scorers by name with their first sentences and origins."""
    from rulecore.cli.pages import aligned, first_sentence

    rows = [
        (name, _(first_sentence(found.value.__doc__)), str(found.origin))
        for name, found in sorted(registry.scorers.items())
    ]
    return aligned(rows)


def scorer_document(found: Registered[type[Scorer]]) -> dict[str, object]:
    """Return a scorer's page as plain values."""
    from rulecore.cli.parameters import parameters_of

    return {
        "name": found.value.name,
        "documentation": inspect.cleandoc(found.value.__doc__ or ""),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "required": parameter.required,
                "default": None if parameter.required else parameter.default,
                "description": parameter.description,
            }
            for parameter in parameters_of(found.value)
        ],
        "origin": str(found.origin),
    }


def scorer_page(found: Registered[type[Scorer]]) -> str:
    """Return a scorer's page as text: what it does, its parameters, who gives it."""
    from rulecore.cli.pages import joined
    from rulecore.cli.parameters import parameters_of

    blocks = []
    for parameter in parameters_of(found.value):
        default = _("default: {default}").format(default=parameter.default)
        need = _("required") if parameter.required else default
        described = f"\n      {_(parameter.description)}" if parameter.description else ""
        blocks.append(f"  {parameter.name}: {_(parameter.type)} ({need}){described}")
    return joined(
        (
            found.value.name,
            _documentation(found.value),
            "\n".join((_("Parameters"), *blocks)) if blocks else "",
            _("Given by {origin}").format(origin=found.origin),
        )
    )


def _documentation(scorer: type[Scorer]) -> str:
    """Return the docstring, its first sentence translated."""
    first, _break, rest = inspect.cleandoc(scorer.__doc__ or "").partition("\n")
    return f"{_(first)}\n{rest}".rstrip()


COMMAND = scorers
