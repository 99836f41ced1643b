"""``rulecore test [PATH…]``: run the cases beside policies, measure what they reach, propose and probe more.

Exit codes: 0 every case passed (and the coverage is what was asked for); 1 a case failed or the coverage is
too low; 2 the cases, the policy or the arguments are wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, option, plugins_dir_option
from rulecore.language import N_, _

if TYPE_CHECKING:
    from rulecore.registry import Registry
    from rulecore.testing.bind import Suite
    from rulecore.testing.report import SuiteResult

EXIT_FAILED = 1
ENGINES = {"both": ("exact", "columnar"), "exact": ("exact",), "columnar": ("columnar",)}


@command("test", help=N_("Run the cases (cases.toml) of policies and say what no case reaches."))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@option("--policy", default="", help=N_("Only the cases of this policy: its file or its name."))
@option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=None,
    metavar="PERCENT",
    help=N_("Fail if less than this is reached, in per cent."),
)
@option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help=N_("Write the results as JUnit XML too.")
)
@option("--suggest", is_flag=True, help=N_("Propose records for what no case reaches, ready to paste."))
@option(
    "--mutate", is_flag=True, help=N_("Change the policy point by point and report changes no case notices.")
)
@option(
    "--mutants",
    type=click.IntRange(1),
    default=500,
    show_default=True,
    metavar="COUNT",
    help=N_("Try at most this many changes for each policy."),
)
@option(
    "--engine",
    type=click.Choice([*ENGINES]),
    default="both",
    show_default=True,
    help=N_("Which engines must give what the cases say."),
)
@plugins_dir_option
@click.pass_obj
def test(
    invocation: Invocation,
    paths: tuple[Path, ...],
    policy: str,
    fail_under: float | None,
    junit: Path | None,
    suggest: bool,
    mutate: bool,
    mutants: int,
    engine: str,
) -> int:
    """Run the cases and write the report to standard output."""
    from rulecore.testing.report import suite_lines, summary_line, total_percent

    results = []
    for suite in _suites(paths or (Path(),), invocation.registry(), policy):
        result = _run(suite, ENGINES[engine])
        results.append(result)
        _write(suite_lines(result))
        if mutate:
            _mutate(result, mutants)
        if suggest:
            _suggest(result)
        click.echo()
    click.echo(summary_line(results))
    if junit is not None:
        _write_junit(junit, results, fail_under)
    low = fail_under is not None and total_percent(results) < fail_under
    if low:
        click.echo(_("the coverage is below {wanted} %").format(wanted=f"{fail_under:g}"), err=True)
    return EXIT_FAILED if low or any(result.failed for result in results) else 0


def _suites(paths: tuple[Path, ...], registry: Registry, policy: str) -> list[Suite]:
    """Load every suite before any is run, so that all faults come in one report."""
    from rulecore.codes import cases as codes
    from rulecore.errors import Fault, PolicyError, UsageError, ordered
    from rulecore.policy.words import listed
    from rulecore.testing.bind import load_suite
    from rulecore.testing.files import find_cases

    files, without = find_cases(paths)
    if without:
        raise UsageError(Fault(code=codes.NO_CASES_FOUND, values={"path": path}) for path in without)
    faults: list[Fault] = []
    suites = []
    for file in files:
        try:
            suites.append(load_suite(file, registry, policy=policy))
        except PolicyError as error:
            faults += error.faults
    if faults:
        raise PolicyError(ordered(faults))
    kept = [suite for suite in suites if suite.wanted or suite.members]
    if not kept:
        known = listed(plan.policy.policy.name for suite in suites for plan in suite.policies.plans)
        raise UsageError([Fault(code=codes.SUITE_POLICY_UNKNOWN, values={"policy": policy, "known": known})])
    return kept


def _run(suite: Suite, engines: tuple[str, ...]) -> SuiteResult:
    from rulecore.testing.coverage import measure
    from rulecore.testing.report import SuiteResult
    from rulecore.testing.run import run_suite
    from rulecore.testing.trials import run_overrides

    results = run_suite(suite, engines)
    scopes = [scope for result in results for scope in result.scopes]
    overrides = run_overrides(suite.overrides, suite.document, suite.policies.registry)
    coverage = measure(suite, scopes, overrides)
    return SuiteResult(suite=suite, results=results, coverage=coverage, overrides=overrides)


def _write(lines: object) -> None:
    from collections.abc import Iterable

    assert isinstance(lines, Iterable)  # noqa: S101 - called with lines only
    for line in lines:
        click.echo(line)


def _mutate(result: SuiteResult, count: int) -> None:
    from rulecore.testing.mutate import mutate, mutation_lines

    if result.failed:
        click.echo("  " + _("no changes are tried while cases fail"))
        return
    _write(mutation_lines(result.suite, mutate(result.suite, result.results, count)))


def _suggest(result: SuiteResult) -> None:
    from rulecore.testing.guard_proposals import suggest_overrides
    from rulecore.testing.suggest import suggest

    _write(suggest(result))
    _write(suggest_overrides(result))


def _write_junit(path: Path, results: list[SuiteResult], fail_under: float | None) -> None:
    from rulecore.testing.junit import junit_xml

    path.write_bytes(junit_xml(results, fail_under))


COMMAND = test
