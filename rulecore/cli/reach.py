"""``rulecore reach``: the smallest change of each input that reaches a better grade, star, rank or score."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Unpack

import click

from rulecore.cli.frame import (
    Invocation,
    command,
    format_option,
    option,
    plugins_dir_option,
    records_options,
)
from rulecore.cli.given import RecordsGiven, evaluate_given
from rulecore.language import N_, current_language

EXIT_NOT_REACHED = 1


@command(
    "reach",
    help=N_(
        "Find what it would take for one record under the policy or policy set POLICY: for each input alone, "
        "the smallest change that reaches a grade, star, rank or score, the least effort first.\n\n"
        "A change that is shown was tried, and a smaller one does not do; what cannot be reached is shown for "
        "every value the input may have. Ends with 1 if no input alone reaches it."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@option(
    "--entity", required=True, metavar="NAME", help=N_("Which record: its entity, as written in the records.")
)
@option(
    "--period", default="", metavar="NAME", help=N_("Which period, where the entity has records in several.")
)
@option(
    "--to",
    required=True,
    metavar="RULE=VALUE",
    help=N_("What to reach: grade=A, 'score>=90', 'rank<=3', or a rule alone for the next better value."),
)
@option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help=N_("Only this input may change; may be repeated."),
)
@option(
    "--step",
    "steps",
    multiple=True,
    metavar="FIELD=NUMBER",
    help=N_("The steps in which an input changes, and so its effort; its last decimal if left out."),
)
@records_options
@plugins_dir_option
@format_option
@click.pass_obj
def reach(
    invocation: Invocation,
    *,
    policy: Path,
    entity: str,
    period: str,
    to: str,
    fields: tuple[str, ...],
    steps: tuple[str, ...],
    output_format: str,
    **given: Unpack[RecordsGiven],
) -> int:
    """Write what it would take to standard output and return the exit code."""
    from rulecore.api import load_policies
    from rulecore.reach import reach as what_it_takes
    from rulecore.reach.document import reach_document
    from rulecore.reach.text import reach_text

    policies = load_policies(policy, registry=invocation.registry())
    results = evaluate_given(policies, given)
    engine = policies.engine(given["engine"])
    found = what_it_takes(results, engine, entity, to, period=period, fields=fields, steps=steps_given(steps))
    language = current_language()
    if output_format == "json":
        click.echo(json.dumps(reach_document(found, language), ensure_ascii=False, indent=2))
    else:
        click.echo(reach_text(found, language))
    reached = found.reached_already or any(answer.status == "reached" for answer in found.answers)
    return 0 if reached else EXIT_NOT_REACHED


def steps_given(written: tuple[str, ...]) -> dict[str, Fraction]:
    """Return the steps by field, as written; raises UsageError for what is no FIELD=NUMBER."""
    from rulecore.codes.reaching import WRONG_STEP
    from rulecore.errors import Fault, UsageError

    found: dict[str, Fraction] = {}
    faults = []
    for text in written:
        name, separator, number = text.rpartition("=")
        try:
            found[name.strip()] = Fraction(number.strip())
        except (ValueError, ZeroDivisionError):
            separator = ""
        if not separator or not name.strip():
            faults.append(Fault(code=WRONG_STEP, values={"given": text, "example": "score=0.1"}))
    if faults:
        raise UsageError(faults)
    return found


COMMAND = reach
