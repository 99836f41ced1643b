"""Cases that give decisions of a committee, and cases whose decisions must be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.testing.bind import load_suite
from rulecore.testing.run import CaseResult, run_suite
from tests.adjustments.given import POLICY, registry

RECORD = """
[[cases]]
name = "one"
records = [
  { unit = "甲", year = 2024, ops = 90, votes = [{ judge = "x", points = 90 }] },
  { unit = "乙", year = 2024, ops = 70, accident = true, votes = [{ judge = "x", points = 70 }] },
]
"""


def result(folder: Path, case: str) -> CaseResult:
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    (folder / "cases.toml").write_text(RECORD + case, encoding="utf-8")
    (found,) = run_suite(load_suite(folder / "cases.toml", registry()))
    return found


def test_what_decisions_come_to_is_expected_like_any_value(tmp_path: Path) -> None:
    case = 'adjustments = [{ "对象" = "甲", "调整事项" = "set_score", "调整为" = 89 }]\n'
    assert result(tmp_path, case + 'expect = [{ unit = "甲", score = 89, band = "B" }]').passed
    wrong = result(tmp_path, case + 'expect = [{ unit = "甲", score = 90 }]')
    assert not wrong.passed


def test_decisions_that_must_be_refused_are(tmp_path: Path) -> None:
    case = 'adjustments = [{ "对象" = "乙", "调整事项" = "set_grade", "调整为" = "A" }]\n'
    assert result(tmp_path, case + 'adjustments_refused = "RC598"').passed


@pytest.mark.parametrize(("value", "actual"), [("89", "—"), ("95", "RC593")])
def test_decisions_that_are_not_refused_as_they_must_be_are_told(
    tmp_path: Path, value: str, actual: str
) -> None:

    case = f'adjustments = [{{ "对象" = "甲", "调整事项" = "set_score", "调整为" = {value} }}]\n'
    found = result(tmp_path, case + 'adjustments_refused = "RC598"')
    assert not found.passed
    assert [(one.expected, one.actual) for one in found.differences] == [("RC598", actual)]


def test_decisions_may_stand_in_a_file_and_count_for_no_coverage(tmp_path: Path) -> None:
    lines = "编号,对象,调整事项,调整为,理由,依据,决定者,决定日期,签字人一\n"
    lines += "1,甲,set_score,89,补正,纪要,委员会,2025-01-10,张三\n"
    (tmp_path / "decisions.csv").write_text(lines, encoding="utf-8")
    found = result(tmp_path, 'adjustments = "decisions.csv"\nexpect = [{ unit = "甲", score = 89 }]')
    assert found.passed
    assert found.scopes == ()
