"""Cases that give the history of their records."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.plugins import load_plugins
from rulecore.testing.bind import load_suite
from rulecore.testing.coverage import measure
from rulecore.testing.run import CaseResult, run_suite
from tests.history.policies import policy_text

LEVEL = {"level": 'if is_first_period() then "Ⅰ" else if score >= 90 then "Ⅱ" else previous(level)'}


def results(folder: Path, cases: str, rules: dict[str, str] = LEVEL) -> tuple[CaseResult, ...]:
    (folder / "policy.toml").write_text(policy_text(rules), encoding="utf-8")
    (folder / "cases.toml").write_text(cases, encoding="utf-8")
    return run_suite(load_suite(folder / "cases.toml", load_plugins()))


def case(lines: str) -> str:
    return f'[[cases]]\nname = "案例"\n{lines}\n'


def test_a_case_gives_earlier_values_by_the_names_of_rules(tmp_path: Path) -> None:
    (found,) = results(
        tmp_path,
        case(
            'history = [{ unit = "甲", year = "2023", level = "Ⅱ" }]\n'
            'records = [{ unit = "甲", year = "2024", score = 1 }, { unit = "乙", year = "2024", score = 99 }]\n'
            'expect = [{ unit = "甲", level = "Ⅱ" }, { unit = "乙", level = "Ⅰ" }]'
        ),
    )
    assert found.passed, found.differences


def test_a_case_without_history_is_everybodys_first_period(tmp_path: Path) -> None:
    (found,) = results(
        tmp_path,
        case(
            'records = [{ unit = "甲", year = "2024", score = 99 }]\nexpect = [{ unit = "甲", level = "Ⅰ" }]'
        ),
    )
    assert found.passed, found.differences


def test_records_of_several_periods_in_a_case_follow_each_other(tmp_path: Path) -> None:
    (found,) = results(
        tmp_path,
        case(
            'records = [{ unit = "甲", year = "2023", score = 1 }, { unit = "甲", year = "2024", score = 99 },'
            ' { unit = "甲", year = "2025", score = 1 }]\n'
            'expect = [{ unit = "甲", year = "2024", level = "Ⅱ" }, { unit = "甲", year = "2025", level = "Ⅱ" }]'
        ),
    )
    assert found.passed, found.differences


def test_the_history_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "last.csv").write_text("单位,年度,得分,level\n甲,2023,1,Ⅱ\n", encoding="utf-8")
    (found,) = results(
        tmp_path,
        case(
            'history = "last.csv"\nrecords = [{ unit = "甲", year = "2024", score = 1 }]\n'
            'expect = [{ unit = "甲", level = "Ⅱ" }]'
        ),
    )
    assert found.passed, found.differences


def test_a_case_can_rename_and_merge(tmp_path: Path) -> None:
    (found,) = results(
        tmp_path,
        case(
            'history = [{ unit = "旧", year = "2023", level = "Ⅱ" }, { unit = "乙", year = "2023", level = "Ⅱ" }]\n'
            'mapping = [{ old = "旧", new = "甲" }, { old = "乙", new = "丙" }, { old = "丁", new = "丙" }]\n'
            'records = [{ unit = "甲", year = "2024", score = 1 }, { unit = "丙", year = "2024", score = 1 }]\n'
            'expect = [{ unit = "甲", level = "Ⅱ" }, { unit = "丙", level = "不适用", issues = ["merged_entity"] }]'
        ),
    )
    assert found.passed, found.differences


def test_a_wrong_expectation_is_noticed(tmp_path: Path) -> None:
    (found,) = results(
        tmp_path,
        case(
            'history = [{ unit = "甲", year = "2023", level = "Ⅱ" }]\n'
            'records = [{ unit = "甲", year = "2024", score = 1 }]\nexpect = [{ unit = "甲", level = "Ⅰ" }]'
        ),
    )
    assert not found.passed


@pytest.mark.parametrize(
    "lines",
    ['history = [{ unit = "甲", year = "2023", grade = "Ⅱ" }]', 'mapping = [{ old = "甲", new = "甲" }]'],
)
def test_what_the_history_cannot_be_is_refused_when_the_cases_are_read(tmp_path: Path, lines: str) -> None:
    with pytest.raises(PolicyError):
        results(
            tmp_path,
            case(
                f'{lines}\nrecords = [{{ unit = "甲", year = "2024", score = 1 }}]\n'
                'expect = [{ unit = "甲", level = "Ⅰ" }]'
            ),
        )


def test_coverage_counts_what_the_policy_wrote_and_not_what_nobody_can_know(tmp_path: Path) -> None:
    cases = case(
        'history = [{ unit = "甲", year = "2023", level = "Ⅱ" }]\n'
        'records = [{ unit = "甲", year = "2024", score = 1 }, { unit = "乙", year = "2024", score = 99 }]\n'
        'expect = [{ unit = "甲", level = "Ⅱ" }, { unit = "乙", level = "Ⅰ" }]'
    )
    found = results(tmp_path, cases)
    suite = load_suite(tmp_path / "cases.toml", load_plugins())
    coverage = measure(suite, [scope for result in found for scope in result.scopes])
    assert [item.kind for item in coverage.unreached] == ["branch"]
