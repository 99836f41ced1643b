"""``rulecore show``: a policy as understood: fields, parameters, rules in the order computed, output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, format_option, option, plugins_dir_option
from rulecore.language import N_

if TYPE_CHECKING:
    from rulecore.planned import Plan, PlannedTable


@command("show", help=N_("Show the policy or policy set POLICY as it is understood."))
@click.argument("policy", type=click.Path(path_type=Path))
@option("--rule", metavar="NAME", help=N_("Show one rule only, by its name or label."))
@option("--origins", is_flag=True, help=N_("Show every effective value with the line that set it."))
@option("--diff-base", is_flag=True, help=N_("Show what each policy changes in the base it extends."))
@plugins_dir_option
@format_option
@click.pass_obj
def show(
    invocation: Invocation,
    *,
    policy: Path,
    rule: str | None,
    origins: bool,
    diff_base: bool,
    output_format: str,
) -> None:
    """Write the policies, or one rule of each that has it, to standard output."""
    from rulecore.api import load_policies
    from rulecore.cli.policy_page import policy_page, rule_page
    from rulecore.cli.policy_values import policy_document, rule_document

    found = load_policies(policy, registry=invocation.registry())
    if origins or diff_base:
        from rulecore.cli.inherited import inherited_pages

        page = inherited_pages(
            found.loaded, origins=origins, diff_base=diff_base, output_format=output_format
        )
        click.echo(page)
        return
    plans = found.plans
    if rule is None:
        if output_format == "json":
            click.echo(_as_json([policy_document(plan) for plan in plans]))
        else:
            click.echo("\n\n\n".join(policy_page(policy_document(plan)) for plan in plans))
        return
    chosen = [(plan, name, table) for plan in plans for name, table in rules_named(plan, rule)]
    if not chosen:
        raise unknown_rule(plans, rule)
    documents = [
        {"policy": plan.policy.policy.name, **rule_document(plan, name, table)}
        for plan, name, table in chosen
    ]
    if output_format == "json":
        click.echo(_as_json(documents))
    else:
        click.echo("\n\n".join(rule_page(document) for document in documents))


def rules_named(plan: Plan, wanted: str) -> list[tuple[str, PlannedTable | None]]:
    """Return the names of the policy's rules with that name or label, each with the table it belongs to, if any."""
    levels: list[tuple[Plan, PlannedTable | None]] = [(plan, None)]
    levels += [(table.plan, table) for table in plan.tables]
    return [
        (name, table)
        for level, table in levels
        for name, rule in level.policy.rules.items()
        if wanted in (name, rule.label) or (table is not None and wanted == f"{table.name}.{name}")
    ]


def unknown_rule(plans: tuple[Plan, ...], wanted: str) -> Exception:
    """Return the error that no policy has such a rule, with the nearest name there is."""
    from rulecore.codes.usage import UNKNOWN_RULE
    from rulecore.errors import Fault, UsageError
    from rulecore.policy.suggest import suggestion

    known = dict.fromkeys(
        name
        for plan in plans
        for level in (plan, *(table.plan for table in plan.tables))
        for name in level.policy.rules
    )
    near = suggestion(wanted, known)
    values = {"name": wanted, "known": ", ".join(known), "suggestion": near or ""}
    hint = N_("did you mean {suggestion}?") if near else None
    return UsageError([Fault(code=UNKNOWN_RULE, values=values, hint=hint)])


def _as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


COMMAND = show
