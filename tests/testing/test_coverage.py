"""What is counted as reached, and what proposals and mutations make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.registry import Registry
from rulecore.testing.bind import Suite, load_suite
from rulecore.testing.coverage import Coverage, measure
from rulecore.testing.mutants import mutants_of
from rulecore.testing.mutate import change_words, mutate
from rulecore.testing.report import SuiteResult
from rulecore.testing.run import run_suite
from rulecore.testing.suggest import suggest
from rulecore.testing.words import item_place, item_words
from tests.testing.conftest import CASES, POLICY

Write = Callable[..., Path]


def result(file: Path, registry: Registry) -> SuiteResult:
    suite = load_suite(file, registry)
    results = run_suite(suite)
    scopes = [scope for one in results for scope in one.scopes]
    return SuiteResult(suite=suite, results=results, coverage=measure(suite, scopes))


def unreached(suite: Suite, coverage: Coverage) -> list[tuple[str, int | None]]:
    plans = suite.policies.plans
    return [
        (item_words(item, plans[item.number]), item_place(item, suite).line) for item in coverage.unreached
    ]


def line(text: str) -> int:
    return POLICY[: POLICY.index(text)].count("\n") + 1


def test_what_one_case_does_not_reach_is_listed_with_its_line(write: Write, registry: Registry) -> None:
    found = result(write(), registry)
    assert unreached(found.suite, found.coverage) == [
        ("a record that is refused: 不能为负", line("refuse =")),
        ("得分: 120 decides in smallest(完成率 × 100, 120)", line('value = "min(')),
        ("档: “B”, where 得分 ≥ 60", line("bands = [")),
        ("档: “C”, where nothing else holds", line("bands = [")),
    ]


def test_a_cap_decides_only_beyond_it(write: Write, registry: Registry) -> None:
    def reached(done: str) -> bool:
        found = result(
            write(CASES.replace("done = 100,", f"done = {done},").replace("ratio = 1, score = 100, ", "")),
            registry,
        )
        return not any("120 decides" in words for words, _line in unreached(found.suite, found.coverage))

    assert [reached(done) for done in ("119.9", "120", "120.1")] == [False, False, True]


def test_what_ranges_prove_impossible_is_not_asked_for(write: Write, registry: Registry) -> None:
    policy = POLICY.replace("at_least = 60", "at_least = -2000").replace(
        'value = "min(ratio × 100, 120)"', 'value = "clip(done, 0, 120)"'
    )
    found = result(write(CASES.replace("ratio = 1, ", ""), policy), registry)
    assert not [words for words, _line in unreached(found.suite, found.coverage) if "“C”" in words]


def test_the_proposals_pass_and_reach_everything(write: Write, registry: Registry) -> None:
    file = write()
    proposed = "\n".join(suggest(result(file, registry)))
    assert proposed.count("# 请核对") >= 4
    file = write(f"{CASES}\n{proposed}\n")
    after = result(file, registry)
    assert [case.differences for case in after.results if not case.passed] == []
    assert unreached(after.suite, after.coverage) == []


def test_proposals_lie_on_both_sides_of_the_edge(write: Write, registry: Registry) -> None:
    proposed = "\n".join(suggest(result(write(), registry)))
    block = proposed[proposed.index("档: “B”") :]
    assert sorted(re.findall(r"done = ([\d.]+)", block)[:2]) in (["59.9", "60"], ["100", "99.9"])


def test_proposals_are_the_same_every_time(write: Write, registry: Registry) -> None:
    assert [*suggest(result(write(), registry))] == [*suggest(result(write(), registry))]


def test_a_policy_without_records_gets_proposals_too(write: Write, registry: Registry) -> None:
    cases = '[[cases]]\nname = "a"\nrecords = [{ unit = "甲", done = -1 }]\n'
    cases += 'refused = [{ unit = "甲", reason = "不能为负" }]\n'
    found = result(write(cases), registry)
    assert "[[cases]]" in "\n".join(suggest(found))


def test_an_unreachable_part_is_left_out_with_its_reason(write: Write, registry: Registry) -> None:
    entry = '[[unreachable]]\nrule = "score"\npart = "120"\nwhy = "试"\n'
    found = result(write(CASES + entry), registry)
    assert not any("120 decides" in words for words, _line in unreached(found.suite, found.coverage))


@pytest.mark.parametrize(
    ("part", "code"),
    [('"121"', "RC922"), ("'\"A\"'", "RC923")],
)
def test_an_unreachable_part_that_is_none_is_refused(
    part: str, code: str, write: Write, registry: Registry
) -> None:
    rule = "score" if code == "RC922" else "band"
    entry = f'[[unreachable]]\nrule = "{rule}"\npart = {part}\nwhy = "试"\n'
    with pytest.raises(PolicyError, match=code):
        result(write(CASES + entry), registry)


NEGATIVE = POLICY.replace('when = "done < 0"', 'when = "negative"').replace(
    "[rules.band]", '[rules.negative]\nlabel = "为负"\nscorer = "formula"\nvalue = "done < 0"\n\n[rules.band]'
)


def test_a_flag_that_refuses_its_record_is_stated_as_never_true(write: Write, registry: Registry) -> None:
    entry = '[[unreachable]]\nrule = "negative"\npart = "true"\nwhy = "为负的退回"\n'
    without = result(write(CASES, NEGATIVE), registry)
    assert "为负: true" in [words for words, _line in unreached(without.suite, without.coverage)]
    found = result(write(CASES + entry, NEGATIVE), registry)
    assert "为负: true" not in [words for words, _line in unreached(found.suite, found.coverage)]
    with pytest.raises(PolicyError, match="RC923"):
        result(write(CASES + entry.replace("true", "false"), NEGATIVE), registry)


def survivors(file: Path, registry: Registry) -> list[str]:
    found = result(file, registry)
    (mutation,) = mutate(found.suite, found.results)
    return [change_words(mutant, mutation.plan) for mutant in mutation.survivors]


def test_a_threshold_is_noticed_by_the_records_beside_it(write: Write, registry: Registry) -> None:
    edge = CASES + CASES.replace("达标", "边下").replace("done = 100,", "done = 99.9,").replace(
        'ratio = 1, score = 100, band = "A"', 'score = 99.9, band = "B"'
    )
    policy = POLICY.replace('of = "score"\nbands', 'of = "done"\nbands')
    before, after = survivors(write(CASES, policy), registry), survivors(write(edge, policy), registry)
    assert "100 changed to 99.9" in before
    assert not [change for change in after if change.startswith("100 changed")]
    assert "完成 ≥ 100 changed to 完成 > 100" not in after


def test_what_nobody_looks_at_survives(write: Write, registry: Registry) -> None:
    blind = CASES.replace(', band = "A"', "")
    assert "得分 ≥ 100 changed to 得分 > 100" in survivors(write(blind), registry)


def test_mutants_are_the_same_every_time_and_can_be_fewer(write: Write, registry: Registry) -> None:
    found = result(write(), registry)
    plan = found.suite.policies.plans[0]
    assert [change_words(one, plan) for one in mutants_of(plan)] == [
        change_words(one, plan) for one in mutants_of(plan)
    ]
    (some,) = mutate(found.suite, found.results, 5)
    assert (some.tried, some.found) == (5, len(mutants_of(plan)))
