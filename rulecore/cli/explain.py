"""``rulecore explain``: why one record's results are what they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, format_option, option, plugins_dir_option
from rulecore.language import N_, current_language

if TYPE_CHECKING:
    from datetime import datetime

    from rulecore.explain.values import Explanation

EXIT_QUARANTINED = 1


@command(
    "explain",
    help=N_(
        "Explain the results of one record under the policy or policy set POLICY: every rule with its "
        "formula, its numbers, what was rounded, and where the policy says so.\n\n"
        "All records are evaluated, because ranks and quotas depend on the others. "
        "Ends with 1 if the record was refused."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@option(
    "--records", multiple=True, required=True, metavar="FILE", help=N_("The records; - is standard input.")
)
@option(
    "--entity", required=True, metavar="NAME", help=N_("Which record: its entity, as written in the records.")
)
@option(
    "--period", default="", metavar="NAME", help=N_("Which period, where the entity has records in several.")
)
@option("--rule", metavar="NAME", help=N_("Explain one rule only, by its name or label."))
@option(
    "--engine",
    default="columnar",
    show_default=True,
    metavar="NAME",
    help=N_("The engine: columnar or exact."),
)
@option("--sheet", default="", metavar="NAME", help=N_("The sheet to read, for workbooks with several."))
@option(
    "--encoding", default="", metavar="NAME", help=N_("The encoding of text files; recognised if left out.")
)
@option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=N_("The day that decides which version is in force, for policies without a period."),
)
@plugins_dir_option
@format_option
@click.pass_obj
def explain(
    invocation: Invocation,
    *,
    policy: Path,
    records: tuple[str, ...],
    entity: str,
    period: str,
    rule: str | None,
    engine: str,
    sheet: str,
    encoding: str,
    as_of: datetime | None,
    output_format: str,
) -> int:
    """Write the explanation to standard output and return the exit code."""
    from rulecore.api import load_policies

    day = as_of.date() if as_of is not None else None
    policies = load_policies(policy, registry=invocation.registry())
    results = policies.evaluate(list(records), engine=engine, as_of=day, sheet=sheet, encoding=encoding)
    explanation = results.explain(entity, period)
    if rule is not None and not explanation.refused:
        explanation = only_rule(explanation, rule)
    if output_format == "json":
        document = explanation.document(current_language())
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo(explanation.text(current_language()))
    return EXIT_QUARANTINED if explanation.refused else 0


def only_rule(explanation: Explanation, wanted: str) -> Explanation:
    """Return the explanation with only the rules of that name or label.

    Raises :class:`rulecore.errors.UsageError` with the nearest name where there is none.
    """
    from attrs import evolve

    from rulecore.codes.usage import UNKNOWN_RULE
    from rulecore.errors import Fault, UsageError
    from rulecore.policy.suggest import suggestion

    found = tuple(rule for rule in explanation.rules if wanted in (rule.name, rule.label.zh, rule.label.en))
    if not found:
        known = [rule.name for rule in explanation.rules]
        near = suggestion(wanted, known)
        hint = N_("did you mean {suggestion}?") if near else None
        values = {"name": wanted, "known": ", ".join(known), "suggestion": near or ""}
        raise UsageError([Fault(code=UNKNOWN_RULE, values=values, hint=hint)])
    return evolve(explanation, rules=found)


COMMAND = explain
