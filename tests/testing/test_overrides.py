"""Overrides: what a base must refuse or let through, what they reach of its guardrails, and what is proposed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from rulecore.cli.main import run
from rulecore.errors import PolicyError
from rulecore.registry import Registry
from rulecore.testing.bind import load_suite
from rulecore.testing.coverage import Coverage, measure
from rulecore.testing.guard_proposals import suggest_overrides
from rulecore.testing.junit import junit_xml
from rulecore.testing.report import SuiteResult, override_lines
from rulecore.testing.run import run_suite
from rulecore.testing.trials import OverrideResult, run_overrides
from tests.testing.conftest import write_family

Write = Callable[[str], Path]

BASE = """
[policy]
name = "base"
version = "1"
abstract = true

[record]
entity = "unit"

[fields.unit]
type = "text"
[fields.done]
type = "integer"
min = 0
max = 100

[parameters]
cap = 5
floor = 60
line = 90
ceiling = 30
start = 2024-01-01
matters = ["安全", "环保"]

[rules.score]
scorer = "weighted_sum"
of = { done = 0.75, floor = 0.25 }
decimals = 1

[rules.grade]
scorer = "bands"
of = "score"
bands = [{ at_least = 90, is = "A" }, { is = "B" }]

[guardrails."parameters.cap"]
min = 2
max = 5.5
why = "第九条"
[guardrails."parameters.line"]
only_raise = true
[guardrails."parameters.ceiling"]
only_lower = true
[guardrails."parameters.start"]
max = 2024-12-31
[guardrails."parameters.matters"]
only_add = true
[guardrails."rules.*.rounding"]
locked = true
[guardrails."rules.grade.bands[*].at_least"]
min = 85
[guardrails."rules.score.of"]
sum = 1
[guardrails.rules]
weight_at_most = 0.2
allowed_scorers = ["formula"]
"""


@pytest.fixture
def write_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes overrides beside a base with every kind of limit."""
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "base.toml").write_text(BASE, encoding="utf-8")

    def written(overrides: str) -> Path:
        file = folder / "cases.toml"
        file.write_text(overrides, encoding="utf-8")
        return file

    return written


def override(values: str, outcome: str, name: str = "试", more: str = "") -> str:
    return f'[[overrides]]\nname = "{name}"\nset = {{ {values} }}\n{outcome}\n{more}\n'


REFUSED, ACCEPTED = 'refused = "{}"', "accepted = true"


def results(file: Path, registry: Registry) -> tuple[OverrideResult, ...]:
    suite = load_suite(file, registry)
    return run_overrides(suite.overrides, suite.document, registry)


def result(file: Path, registry: Registry) -> SuiteResult:
    suite = load_suite(file, registry)
    cases, overrides = run_suite(suite), run_overrides(suite.overrides, suite.document, registry)
    scopes = [scope for case in cases for scope in case.scopes]
    coverage = measure(suite, scopes, overrides)
    return SuiteResult(suite=suite, results=cases, coverage=coverage, overrides=overrides)


def reached(coverage: Coverage) -> list[str]:
    missing = coverage.unreached_guards
    return [f"{item.key} {item.limit} {item.side}" for item in coverage.guards if item not in missing]


# --- running ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "outcome", "side"),
    [
        ('"parameters.cap" = 5.6', "RC803", "parameters.cap max refused"),
        ('"parameters.cap" = 5.5', "", "parameters.cap max allowed"),
        ('"parameters.cap" = 1.9', "RC802", "parameters.cap min refused"),
        ('"parameters.cap" = 2', "", "parameters.cap min allowed"),
        ('"parameters.line" = 89', "RC804", "parameters.line only_raise refused"),
        ('"parameters.line" = 91', "", "parameters.line only_raise allowed"),
        ('"parameters.ceiling" = 31', "RC805", "parameters.ceiling only_lower refused"),
        ('"parameters.ceiling" = 29', "", "parameters.ceiling only_lower allowed"),
        ('"parameters.start" = 2025-01-01', "RC803", "parameters.start max refused"),
        ('"parameters.start" = 2024-12-31', "", "parameters.start max allowed"),
        ('"parameters.matters" = ["安全"]', "RC806", "parameters.matters only_add refused"),
        ('"parameters.matters" = ["保密", "环保", "安全"]', "", "parameters.matters only_add allowed"),
        ('"rules.score.rounding" = "half_even"', "RC801", "rules.*.rounding locked refused"),
        ('"rules.score.of.done" = 0.8', "RC807", "rules.score.of sum refused"),
        ('"rules.score.of" = { done = 0.8, floor = 0.2 }', "", "rules.score.of sum allowed"),
        ('"rules.own.scorer" = "ratio"', "RC810", "rules allowed_scorers refused"),
        ('"rules.own" = { scorer = "formula", value = "1" }', "", "rules allowed_scorers allowed"),
    ],
)
def test_each_limit_is_reached_from_its_side(
    values: str, outcome: str, side: str, write_over: Write, registry: Registry
) -> None:
    file = write_over(override(values, REFUSED.format(outcome) if outcome else ACCEPTED))
    found = result(file, registry)
    assert [one.problems for one in found.overrides] == [()]
    assert reached(found.coverage) == [side]


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ('"parameters.cap" = 5.4', ACCEPTED),  # within the bound, not at it
        ('"parameters.line" = 90', ACCEPTED),  # not raised
        ('"parameters.matters" = ["环保", "安全"]', ACCEPTED),  # nothing added
        ('"rules.score.of.done" = 0.75', ACCEPTED),  # nothing changed
        ('"parameters.cap" = "x"', REFUSED.format("RC811")),  # no number: shows no bound
    ],
)
def test_what_shows_no_limit_reaches_none(
    values: str, outcome: str, write_over: Write, registry: Registry
) -> None:
    found = result(write_over(override(values, outcome)), registry)
    assert [one.problems for one in found.overrides] == [()]
    assert reached(found.coverage) == []


def test_an_override_that_fails_reaches_nothing(write_over: Write, registry: Registry) -> None:
    found = result(write_over(override('"parameters.cap" = 6', ACCEPTED)), registry)
    assert reached(found.coverage) == []
    assert len(found.failed) == 1


@pytest.mark.parametrize(
    ("values", "outcome", "problem"),
    [
        ('"parameters.cap" = 5', REFUSED.format("RC803"), "accepted"),
        ('"parameters.cap" = 6', ACCEPTED, "refused"),
        ('"parameters.cap" = 6', REFUSED.format("RC802"), "codes"),
        ('"parameters.cap" = 6, "parameters.line" = 1', REFUSED.format("RC803"), "codes"),
        ('"parameters.cap" = 6', 'refused = "RC803"\nguardrail = "parameters.line"', "guardrail"),
        ('"parameters.cpa" = 6', REFUSED.format("RC803"), "accepted"),
    ],
)
def test_what_comes_out_otherwise_is_a_failure(
    values: str, outcome: str, problem: str, write_over: Write, registry: Registry
) -> None:
    (found,) = results(write_over(override(values, outcome)), registry)
    assert [kind for _trial, kind in found.problems] == [problem]


def test_all_codes_of_several_breaches_are_stated(write_over: Write, registry: Registry) -> None:
    text = override('"parameters.cap" = 6, "parameters.line" = 1', 'refused = ["RC804", "RC803"]')
    (found,) = results(write_over(text), registry)
    assert found.passed


def test_a_failure_shows_what_is_set_and_what_limits_it(write_over: Write, registry: Registry) -> None:
    file = write_over(override('"parameters.cap" = 5', REFUSED.format("RC803")))
    found = result(file, registry)
    shown = "\n".join(override_lines(found.overrides[0], found.suite))
    assert "expected to be refused with RC803, but it was accepted" in shown
    line = BASE[: BASE.index("max = 5.5")].count("\n") + 1
    assert "policies/cases.toml:3:28" in shown
    assert f"policies/base.toml:{line}:7: max = 5.5" in shown


def test_a_refusal_nobody_expected_shows_the_breach_with_both_places(
    write_over: Write, registry: Registry
) -> None:
    file = write_over(override('"parameters.cap" = 6', ACCEPTED))
    found = result(file, registry)
    shown = "\n".join(override_lines(found.overrides[0], found.suite))
    assert "policies/cases.toml:3:28: error RC803: parameters.cap is 6, above 5.5" in shown
    assert "the base's limit is here: policies/base.toml:" in shown
    assert "the reason: 第九条" in shown


def test_loosening_a_guardrail_is_refused(write_over: Write, registry: Registry) -> None:
    text = override('guardrails."parameters.cap".max = 7', 'refused = "RC196"\nguardrail = "parameters.cap"')
    found = result(write_over(text), registry)
    assert found.failed == ()
    assert reached(found.coverage) == []


# --- families ---------------------------------------------------------------------------------------------


def test_a_policy_is_held_to_the_guardrails_of_its_base_and_compiled(
    tmp_path: Path, registry: Registry
) -> None:
    write_family(tmp_path / "policies")
    file = tmp_path / "policies" / "cases.toml"
    over = 'policy = "yunling.toml"'
    file.write_text(
        override('"parameters.bonus_cap" = 6', REFUSED.format("RC803"), "一", over)
        + override('"parameters.bonus_cap" = 5', ACCEPTED, "二", over)
        + override('"rules.party.value" = "party_bsic"', REFUSED.format("RC321"), "三", over),
        encoding="utf-8",
    )
    found = results(file, registry)
    assert [one.problems for one in found] == [(), (), ()]
    suite = load_suite(file, registry)
    assert "parameters.bonus_cap max allowed" in reached(measure(suite, []))


def test_guardrails_count_once_where_they_are_set(tmp_path: Path, registry: Registry) -> None:
    write_family(tmp_path / "policies")
    file = tmp_path / "policies" / "cases.toml"
    file.write_text(override('"parameters.a_line" = 91', ACCEPTED), encoding="utf-8")
    guards = measure(load_suite(file, registry), []).guards
    assert len({(item.key, item.limit, item.side) for item in guards}) == len(guards) == 13
    assert {item.member.name for item in guards} == {"group/annual.toml"}
    of_yunling = load_suite(file, registry, policy="yunling.toml")
    assert (measure(of_yunling, []).guards, of_yunling.overrides) == ((), ())


# --- mistakes ---------------------------------------------------------------------------------------------

MISTAKES = {
    "no outcome": ("RC924", override('"parameters.cap" = 5', "")),
    "two outcomes": ("RC924", override('"parameters.cap" = 5', f'{ACCEPTED}\nrefused = "RC803"')),
    "nothing set": ("RC924", override("", ACCEPTED)),
    "no key": ("RC925", override('"parameters cap" = 5', ACCEPTED)),
    "many keys": ("RC925", override('"rules.*.rounding" = "up"', ACCEPTED)),
    "an item": ("RC925", override('"rules.grade.bands[0].at_least" = 1', ACCEPTED)),
    "extends": ("RC925", override("policy = { extends = 'a.toml' }", ACCEPTED)),
    "twice": ("RC925", override('"parameters.cap" = 5, parameters = { cap = 4 }', ACCEPTED)),
    "guardrail": ("RC927", override('"parameters.cap" = 6', 'refused = "RC803"\nguardrail = "cap"')),
    "policy": ("RC911", override('"parameters.cap" = 5', ACCEPTED, more='policy = "bse"')),
    "name": ("RC904", override('"parameters.cap" = 5', ACCEPTED) * 2),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_its_code_and_a_line(mistake: str, write_over: Write, registry: Registry) -> None:
    code, text = MISTAKES[mistake]
    with pytest.raises(PolicyError) as caught:
        load_suite(write_over(text), registry)
    assert [fault.code.id for fault in caught.value.faults] == [code]
    assert caught.value.faults[0].place is not None
    assert caught.value.faults[0].place.line is not None


def test_an_override_over_nothing_is_refused(write: Callable[..., Path], registry: Registry) -> None:
    file = write(override('"parameters.cap" = 5', ACCEPTED))
    with pytest.raises(PolicyError, match="RC926"):
        load_suite(file, registry)


def test_cases_need_a_policy_that_is_applied(write_over: Write, registry: Registry) -> None:
    case = '[[cases]]\nname = "a"\nrecords = [{ unit = "1" }]\nexpect = [{ unit = "1" }]\n'
    with pytest.raises(PolicyError, match="RC159"):
        load_suite(write_over(case), registry)


# --- proposals and the command ----------------------------------------------------------------------------


def test_the_proposals_pass_and_reach_every_limit(write_over: Write, registry: Registry) -> None:
    first = override('"parameters.cap" = 5.6', REFUSED.format("RC803"))
    before = result(write_over(first), registry)
    proposed = "\n".join(suggest_overrides(before))
    assert len(before.coverage.unreached_guards) == 20
    assert proposed.count("# 请核对") == 19  # the added rule at its weight has an allowed scorer too
    after = result(write_over(f"{first}\n{proposed}\n"), registry)
    assert [one.override.override.name for one in after.failed if isinstance(one, OverrideResult)] == []
    assert after.coverage.unreached_guards == ()
    assert after.coverage.percent == 100


def test_a_proposed_weight_keeps_the_sum_of_its_table(write_over: Write, registry: Registry) -> None:
    file = write_over(override('"parameters.cap" = 5', ACCEPTED))
    base = file.parent / "base.toml"
    limit = '[guardrails."rules.score.of.floor"]\nmin = 0.2\n'
    base.write_text(BASE.replace("[guardrails.rules]", f"{limit}[guardrails.rules]"), encoding="utf-8")
    proposed = "\n".join(suggest_overrides(result(file, registry)))
    assert 'set = { "rules.score.of.floor" = 0.2, "rules.score.of.done" = 0.8 }\naccepted' in proposed
    assert (
        'set = { "rules.score.of.floor" = 0.19, "rules.score.of.done" = 0.81 }\nrefused = "RC802"' in proposed
    )


def test_the_command_runs_overrides_and_counts_their_coverage(
    write_over: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write_over(override('"parameters.cap" = 5.6', REFUSED.format("RC803"), "上限"))
    assert run(["test", "policies", "--fail-under", "4"]) == 0
    out = capsys.readouterr().out
    assert "  ✓ 上限\n" in out
    assert "not reached: the guardrail parameters.cap: a policy that goes as far as max = 5.5 allows" in out
    assert "1 case(s), 0 failed, coverage 4 %" in out
    assert run(["test", "policies", "--fail-under", "100"]) == 1
    write_over(override('"parameters.cap" = 6', ACCEPTED))
    assert run(["test", "policies"]) == 1


def test_junit_holds_overrides_too(write_over: Write, registry: Registry) -> None:
    found = result(write_over(override('"parameters.cap" = 6', ACCEPTED)), registry)
    root = Xml.fromstring(junit_xml([found], 100))  # noqa: S314 - our own text
    assert (root.get("tests"), root.get("failures")) == ("2", "2")
    failure = root.find(".//testcase[@name='试']/failure")
    assert failure is not None
    assert "RC803" in str(failure.text)
