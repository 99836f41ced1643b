"""``rulecore check``: every fault of every policy in one report, then what the checks have to say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, option, plugins_dir_option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.errors import Fault
    from rulecore.planned import Plan

EXIT_WARNINGS = 1
EXIT_ERRORS = 2


@command(
    "check",
    help=N_(
        "Compile the policies and policy sets POLICY and report every fault of every file.\n\n"
        "Ends with 0 if there is no error, 2 if there is one; with --strict-warnings 1 if there are warnings."
    ),
)
@click.argument("policy", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--engine-detail", is_flag=True, help=N_("Say how the columnar engine computes each rule."))
@option(
    "--against",
    metavar="BASE",
    type=click.Path(path_type=Path),
    help=N_("Say which of the policies the changed base BASE would put in breach."),
)
@option("--strict-warnings", is_flag=True, help=N_("End with 1 if there are warnings."))
@plugins_dir_option
@option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help=N_("How to print: for people, for programs, for code scanning, or beside the lines on GitHub."),
)
@click.pass_obj
def check(
    invocation: Invocation,
    *,
    policy: tuple[Path, ...],
    engine_detail: bool,
    against: Path | None,
    strict_warnings: bool,
    output_format: str,
) -> int:
    """Write the report to standard output and return the exit code."""
    if against is not None:
        from rulecore.cli.against import write_against

        return write_against(invocation.registry(), against, policy, output_format)
    from rulecore.api import compile_policies
    from rulecore.errors import ordered
    from rulecore.findings import find, render

    registry = invocation.registry()
    plans: list[Plan] = []
    faults: list[Fault] = []
    for path in policy:
        found, errors = compile_policies(path, registry)
        plans += found.plans
        faults += errors
    faults = list(ordered([*faults, *find(plans, registry)]))
    if output_format in ("sarif", "github"):
        click.echo(render(faults, output_format), nl=bool(faults) or output_format == "sarif")
    elif output_format == "json":
        click.echo(json.dumps(_document(plans, faults, engine_detail), ensure_ascii=False, indent=2))
    else:
        blocks = [fault.render() for fault in faults]
        blocks += ["\n".join(_detail(plan)) for plan in plans] if engine_detail else []
        click.echo("\n\n".join([*blocks, _last_line(plans, faults)]))
    severities = {fault.code.severity for fault in faults}
    if "error" in severities:
        return EXIT_ERRORS
    return EXIT_WARNINGS if strict_warnings and "warning" in severities else 0


def _last_line(plans: Sequence[Plan], faults: Sequence[Fault]) -> str:
    counts = _("{policies} policies, {rules} rules").format(policies=len(plans), rules=_rules(plans))
    severities = [fault.code.severity for fault in faults]
    notes = severities.count("note")
    if len(severities) == notes:
        return f"{counts}: {_('no faults')}" + (
            f", {_('{notes} note(s)').format(notes=notes)}" if notes else ""
        )
    words = _("{errors} error(s), {warnings} warning(s), {notes} note(s)")
    errors, warnings = severities.count("error"), severities.count("warning")
    return f"{counts}: {words.format(errors=errors, warnings=warnings, notes=notes)}"


def _rules(plans: Sequence[Plan]) -> int:
    return sum(len(level.policy.rules) for plan in plans for level in levels_of(plan).values())


def levels_of(plan: Plan) -> dict[str, Plan]:
    """Return the plan of the records under "", and those of the rows of its tables by name."""
    return {"": plan} | {table.name: table.plan for table in plan.tables}


def _detail(plan: Plan) -> Iterator[str]:
    """Yield the lines that say how each rule of a policy is computed."""
    from rulecore.cli.pages import aligned
    from rulecore.engines.columnar.widths import rule_widths

    yield f"{plan.policy.policy.name} ({plan.file})"
    widths = [
        (f"{table}.{width.rule}" if table else width.rule, way_words(width.way, ratio=width.ratio))
        for table, level in levels_of(plan).items()
        for width in rule_widths(level)
    ]
    yield aligned(widths, "  ")


def way_words(way: str, *, ratio: bool) -> str:
    """Return how a rule is computed in plain words."""
    words = {
        "none": N_("no numbers"),
        "int64": N_("64-bit integers"),
        "int128": N_("128-bit integers"),
        "guarded float": N_("guarded floats: rows in doubt are computed again with fractions"),
        "cohort": N_("by comparing records"),
    }
    return _(words[way]) + (f", {_('quotients as exact ratios')}" if ratio and way != "guarded float" else "")


def _document(plans: Sequence[Plan], faults: Sequence[Fault], engine_detail: bool) -> dict[str, object]:
    """Return the report as plain values."""
    from rulecore.findings.render import fault_document

    document: dict[str, object] = {
        "policies": len(plans),
        "rules": _rules(plans),
        "faults": [fault_document(fault) for fault in faults],
    }
    if engine_detail:
        from rulecore.engines.columnar.widths import rule_widths

        document["engine"] = {
            plan.policy.policy.name: {
                f"{table}.{width.rule}" if table else width.rule: {
                    "way": width.way.value,
                    "ratio": width.ratio,
                }
                for table, level in levels_of(plan).items()
                for width in rule_widths(level)
            }
            for plan in plans
        }
    return document


COMMAND = check
