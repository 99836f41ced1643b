"""``rulecore functions [NAME]``: the list of the functions of expressions, or the page of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, format_option, plugins_dir_option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.contracts import CohortFunction, Function, FunctionParameter
    from rulecore.registry import Registered, Registry

    Found = Registered[Function] | Registered[CohortFunction]


@command(
    "functions",
    help=N_("List the functions of expressions, or show the page of one: parameters, example, origin."),
)
@click.argument("name", required=False)
@plugins_dir_option
@format_option
@click.pass_obj
def functions(invocation: Invocation, name: str | None, output_format: str) -> None:
    """Write the list, or one page, to standard output."""
    from rulecore.cli.pages import aligned, wanted
    from rulecore.codes.usage import UNKNOWN_FUNCTION

    known = all_functions(invocation.registry())
    if name is not None:
        found = wanted(name, known, UNKNOWN_FUNCTION)
        click.echo(_as_json(function_document(found)) if output_format == "json" else function_page(found))
        return
    # An alias leads to the same thing; each is listed once, by its own name.
    listed = [found for key, found in sorted(known.items()) if key == found.value.name]
    if output_format == "json":
        click.echo(_as_json([function_document(found) for found in listed]))
        return
    rows = [
        (signature(found.value), ", ".join(found.value.aliases), _(found.value.summary), str(found.origin))
        for found in listed
    ]
    click.echo(aligned(rows))


def _as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def all_functions(registry: Registry) -> dict[str, Registered[Function | CohortFunction]]:
    """Return functions and cohort functions together, by every name they can be called by."""
    return {**registry.functions, **registry.cohort_functions}  # type: ignore[dict-item]


def signature(function: Function | CohortFunction) -> str:
    """Return how a function is called, such as ``round(value, [decimals = 0])``; ``…``: any number."""
    return f"{function.name}({', '.join(_argument(parameter) for parameter in function.parameters)})"


def _argument(parameter: FunctionParameter) -> str:
    if parameter.many:
        return f"{parameter.name}, …"
    if parameter.default is not None:
        default = parameter.default
        return f"[{parameter.name} = {default}]" if default != "" else f'[{parameter.name} = ""]'
    return parameter.name if parameter.required else f"[{parameter.name}]"


def function_document(found: Registered[Function | CohortFunction]) -> dict[str, object]:
    """Return a function's page as plain values."""
    function = found.value
    return {
        "name": function.name,
        "aliases": list(function.aliases),
        "summary": function.summary,
        "signature": signature(function),
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind,
                "many": parameter.many,
                "required": parameter.required and parameter.default is None,
                "default": None if parameter.default is None else str(parameter.default),
            }
            for parameter in function.parameters
        ],
        "example": getattr(function, "example", ""),
        "result": getattr(function, "result", ""),
        "origin": str(found.origin),
    }


def function_page(found: Registered[Function | CohortFunction]) -> str:
    """Return a function's page as text: call, summary, example, other names, who gives it."""
    from rulecore.cli.pages import joined

    function = found.value
    example, result = getattr(function, "example", ""), getattr(function, "result", "")
    names = ", ".join(function.aliases)
    return joined(
        (
            signature(function),
            _(function.summary),
            f"  {example} = {result}" if example else "",
            _("Other names: {names}").format(names=names) if names else "",
            _("Given by {origin}").format(origin=found.origin),
        )
    )


COMMAND = functions
