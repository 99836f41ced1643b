"""``rulecore explain``: why records' results are what they are, and the ledgers that add up to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from rulecore.cli.frame import (
    Invocation,
    command,
    option,
    plugins_dir_option,
    records_options,
)
from rulecore.cli.given import RecordsGiven, evaluate_given
from rulecore.language import N_, _, current_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rulecore.explain.values import ExplainedRule, ExplainedTable, Explanation
    from rulecore.ledger.values import Ledgers
    from rulecore.results import Results

EXIT_QUARANTINED = 1


@command(
    "explain",
    help=N_(
        "Explain the results of one record under the policy or policy set POLICY: every rule with its "
        "formula, its numbers, what was rounded, and where the policy says so.\n\n"
        "With --ledger the numbers are taken apart into lines that add up exactly, from full marks where there "
        "are any, and what cost most comes first. --all writes the ledgers of every record.\n\n"
        "All records are evaluated, because ranks and quotas depend on the others. "
        "Ends with 1 if the record (with --all: any record) was refused."
    ),
)
@click.argument("policy", type=click.Path(path_type=Path))
@option(
    "--entity", default="", metavar="NAME", help=N_("Which record: its entity, as written in the records.")
)
@option(
    "--period", default="", metavar="NAME", help=N_("Which period, where the entity has records in several.")
)
@option("--rule", metavar="NAME", help=N_("Explain one rule only, by its name or label."))
@option("--ledger", is_flag=True, help=N_("Show the ledgers: lines that add up exactly to each number."))
@option("--all", "everyone", is_flag=True, help=N_("Write the ledgers of every record, as JSON."))
@option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_(
        "Where --all writes: a file .jsonl, a line a record; a table (.csv, .parquet, .xlsx), a line for each line of "
        "a ledger; or a folder, a file a record."
    ),
)
@records_options
@plugins_dir_option
@option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help=N_("How to print: for people, for programs, or to be handed out."),
)
@click.pass_obj
def explain(
    invocation: Invocation,
    *,
    policy: Path,
    entity: str,
    period: str,
    rule: str | None,
    ledger: bool,
    everyone: bool,
    output: Path | None,
    output_format: str,
    **given: Unpack[RecordsGiven],
) -> int:
    """Write the explanation to standard output, or all of them to files, and return the exit code."""
    from rulecore.api import load_policies

    refuse_unclear(entity, everyone, output)
    if everyone:
        refuse_with_all({"--rule": bool(rule), "--period": bool(period)})
    policies = load_policies(policy, registry=invocation.registry())
    found = evaluate_given(policies, given)
    if everyone and output is not None:
        return write_everyone(found, output, invocation)
    if ledger:
        return show_ledgers(found, entity, period, rule, output_format)
    explanation = found.explain(entity, period)
    if rule is not None and not explanation.refused:
        explanation = only_rule(explanation, rule)
    if output_format == "json":
        document = explanation.document(current_language())
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif output_format == "markdown":
        click.echo(explanation.markdown(current_language()), nl=False)
    else:
        click.echo(explanation.text(current_language()))
    return EXIT_QUARANTINED if explanation.refused else 0


def refuse_unclear(entity: str, everyone: bool, output: Path | None) -> None:
    """Raise UsageError unless one record or all are asked for, and all have somewhere to go."""
    from rulecore.codes.explaining import ALL_NEEDS_OUTPUT, ENTITY_OR_ALL
    from rulecore.errors import Fault, UsageError

    if bool(entity) is everyone:
        raise UsageError([Fault(code=ENTITY_OR_ALL)])
    if everyone is (output is None):
        raise UsageError([Fault(code=ALL_NEEDS_OUTPUT)])


def refuse_with_all(given: Mapping[str, bool]) -> None:
    """Raise UsageError for options that are given though they only go with one record."""
    from rulecore.codes.explaining import ONE_RECORD_ONLY
    from rulecore.errors import Fault, UsageError

    faults = [
        Fault(code=ONE_RECORD_ONLY, values={"option": option}) for option, used in given.items() if used
    ]
    if faults:
        raise UsageError(faults)


def write_everyone(results: Results, output: Path, invocation: Invocation) -> int:
    """Write the ledgers of every record and return the exit code."""
    from rulecore.ledger.write import write_all
    from rulecore.output import writers_by_suffix

    writers = writers_by_suffix(found.value for found in invocation.registry().writers.values())
    count = write_all(results, output, current_language(), writers)
    click.echo(_("{count} explanations written: {file}").format(count=count, file=output), err=True)
    return EXIT_QUARANTINED if results.rows_quarantined else 0


def show_ledgers(results: Results, entity: str, period: str, rule: str | None, output_format: str) -> int:
    """Show the ledgers of one record and return the exit code."""
    from rulecore.ledger import ledgers_of
    from rulecore.ledger.document import ledgers_document
    from rulecore.ledger.markdown import ledgers_markdown
    from rulecore.ledger.text import ledgers_text

    ledgers = ledgers_of(results, entity, period)
    if rule is not None and not ledgers.refused:
        ledgers = ledgers.only(ledger_name(ledgers, rule))
    language = current_language()
    if output_format == "json":
        click.echo(json.dumps(ledgers_document(ledgers, language), ensure_ascii=False, indent=2))
    elif output_format == "markdown":
        click.echo(ledgers_markdown(ledgers, language), nl=False)
    else:
        click.echo(ledgers_text(ledgers, language))
    return EXIT_QUARANTINED if ledgers.refused else 0


def ledger_name(ledgers: Ledgers, wanted: str) -> str:
    """Return the name of the rule of that name or label; raises UsageError where it has no ledger."""
    from rulecore.codes.explaining import NO_LEDGER
    from rulecore.errors import Fault, UsageError

    names = ledgers.names()
    for name, label in names.items():
        if wanted in (name, label.zh, label.en):
            return name
    known = ", ".join(names)
    raise UsageError([Fault(code=NO_LEDGER, values={"name": wanted, "known": known})])


def only_rule(explanation: Explanation, wanted: str) -> Explanation:
    """Return the explanation with only the rules of that name or label.

    Raises :class:`rulecore.errors.UsageError` with the nearest name where there is none.
    """
    from attrs import evolve

    from rulecore.codes.usage import UNKNOWN_RULE
    from rulecore.errors import Fault, UsageError
    from rulecore.policy.suggest import suggestion

    def named(rule: ExplainedRule) -> bool:
        return wanted in (rule.name, rule.label.zh, rule.label.en)

    found = tuple(rule for rule in explanation.rules if named(rule))
    tables = tuple(only_rules(table, named) for table in explanation.tables)
    if not found and not any(known_rules(tables)):
        known = [rule.name for rule in explanation.rules]
        known += dict.fromkeys(known_rules(explanation.tables))
        near = suggestion(wanted, known)
        hint = N_("did you mean {suggestion}?") if near else None
        values = {"name": wanted, "known": ", ".join(known), "suggestion": near or ""}
        raise UsageError([Fault(code=UNKNOWN_RULE, values=values, hint=hint)])
    # What rows gave the rule stands with it; their own rules are another question.
    return evolve(explanation, rules=found, tables=() if found else tables)


def only_rules(table: ExplainedTable, named: Callable[[ExplainedRule], bool]) -> ExplainedTable:
    """Return a detail table with only some of the rules of its rows."""
    from attrs import evolve

    return evolve(
        table,
        rows=tuple(
            evolve(
                row,
                rules=tuple(rule for rule in row.rules if named(rule)),
                tables=tuple(only_rules(below, named) for below in row.tables),
            )
            for row in table.rows
        ),
    )


def known_rules(tables: Iterable[ExplainedTable]) -> Iterator[str]:
    """Yield the names of the rules of detail rows."""
    for table in tables:
        for row in table.rows:
            yield from (rule.name for rule in row.rules)
            yield from known_rules(row.tables)


COMMAND = explain
