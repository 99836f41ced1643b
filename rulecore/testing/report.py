"""The report of a test run, as people read it.

A line a case, every difference with the rule behind it, a summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from rulecore.language import N_, _
from rulecore.policy.document import shown_path
from rulecore.source import Place
from rulecore.testing.bind import Suite
from rulecore.testing.coverage import Coverage
from rulecore.testing.run import CaseResult, Difference
from rulecore.testing.trials import OverrideResult
from rulecore.testing.words import (
    difference_words,
    guard_words,
    item_place,
    item_words,
    places_of,
    problem_words,
    short_formula,
)

PASSED, FAILED = "✓", "✗"
MOST_DIFFERENCES = 20
"""The most differences of one case that are shown."""


@frozen(kw_only=True)
class SuiteResult:
    """What one ``cases.toml`` gave."""

    suite: Suite
    results: tuple[CaseResult, ...]
    coverage: Coverage
    overrides: tuple[OverrideResult, ...] = ()

    @property
    def name(self) -> str:
        """The folder, as messages show it."""
        return shown_path(self.suite.file.parent)

    @property
    def all(self) -> tuple[CaseResult | OverrideResult, ...]:
        """The cases, then the overrides."""
        return (*self.results, *self.overrides)

    @property
    def failed(self) -> tuple[CaseResult | OverrideResult, ...]:
        """The cases and overrides that failed."""
        return tuple(result for result in self.all if not result.passed)


def suite_lines(result: SuiteResult) -> Iterator[str]:
    """Yield the lines of one suite: its cases with their differences, and what no case reaches."""
    yield result.name
    for case in result.results:
        yield from case_lines(case, result.suite)
    for override in result.overrides:
        yield from override_lines(override, result.suite)
    yield from coverage_lines(result)


def case_lines(result: CaseResult, suite: Suite) -> Iterator[str]:
    """Yield the lines of one case."""
    case = result.case.case
    yield f"  {PASSED if result.passed else FAILED} {case.name}"
    if result.passed:
        return
    why = " · ".join(part for part in (case.reference, case.why) if part)
    place = suite.document.place((*result.case.path, "name"))
    yield f"      {place}{f'  ({why})' if why else ''}"
    for fault in result.faults:
        yield from (f"      {line}" for line in fault.render().splitlines())
    for difference in result.differences[:MOST_DIFFERENCES]:
        yield from (f"      {line}" for line in difference_lines(difference, suite))
    if len(result.differences) > MOST_DIFFERENCES:
        rest = len(result.differences) - MOST_DIFFERENCES
        yield "      " + _(N_("… and {count} more")).format(count=rest)


def override_lines(result: OverrideResult, suite: Suite) -> Iterator[str]:
    """Yield the lines of one override: what it sets, what the base limits, and what came of it."""
    override = result.override.override
    yield f"  {PASSED if result.passed else FAILED} {override.name}"
    if result.passed:
        return
    why = " · ".join(part for part in (override.reference, override.why) if part)
    place = suite.document.place((*result.override.path, "name"))
    yield f"      {place}{f'  ({why})' if why else ''}"
    for trial, problem in result.problems:
        yield f"      {problem_words(trial, problem, override)}"
        if trial.faults:
            for fault in trial.faults:
                yield from (f"        {line}" for line in fault.render().splitlines())
        else:
            yield from (f"        {position(place)}" for place in places_of(trial))


def difference_lines(difference: Difference, suite: Suite) -> Iterator[str]:
    """Yield a difference: what was expected and came, where the case says so.

    Below it stands how the rule computes it.
    """
    yield difference_words(difference).rstrip()
    yield f"  {suite.document.place(difference.path)}"
    rule = difference.rule
    if rule is not None and difference.number >= 0:
        plan = suite.policies.plans[difference.number]
        yield f"  {rule.label} = {short_formula(rule.node, plan)}"
        yield f"  {rule.place}{f'  ({rule.reference})' if rule.reference else ''}"


def coverage_lines(result: SuiteResult) -> Iterator[str]:
    """Yield the coverage in a line, and every item that no case reaches with its place."""
    coverage = result.coverage
    counts = {
        "reached": coverage.count - coverage.missing,
        "items": coverage.count,
        "percent": percent(coverage.percent),
    }
    yield "  " + _(N_("coverage: {reached} of {items} ({percent} %)")).format(**counts)
    for item in coverage.unreached:
        plan = result.suite.policies.plans[item.number]
        yield "    " + _(N_("not reached: {item}")).format(item=item_words(item, plan))
        yield f"      {position(item_place(item, result.suite))}"
    for guard in coverage.unreached_guards:
        yield "    " + _(N_("not reached: {item}")).format(item=guard_words(guard))
        yield f"      {position(guard.place)}"


def summary_line(results: Sequence[SuiteResult]) -> str:
    """Return the last line: cases, failures and coverage over all suites."""
    cases = [case for result in results for case in result.all]
    failed = sum(not case.passed for case in cases)
    values = {"cases": len(cases), "failed": failed, "percent": percent(total_percent(results))}
    return _(N_("{cases} case(s), {failed} failed, coverage {percent} %")).format(**values)


def total_percent(results: Iterable[SuiteResult]) -> float:
    """Return the coverage over all suites in per cent; 100 only if everything is reached."""
    coverages = [result.coverage for result in results]
    items = sum(coverage.count for coverage in coverages)
    unreached = sum(coverage.missing for coverage in coverages)
    return 100.0 * (items - unreached) / items if items else 100.0


def percent(value: float) -> str:
    """Return a percentage without decimals; 99.9 is not shown as 100."""
    return str(int(value))


def position(place: Place) -> str:
    """Return a place with its line's text, in one line."""
    return f"{place}: {place.excerpt.strip()}" if place.excerpt else str(place)


def relative(path: Path) -> str:
    """Return a path as messages show it."""
    return shown_path(path)
