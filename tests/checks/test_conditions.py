from pathlib import Path

import pytest

from tests.checks.whole import faults, findings


def formula(value: str) -> str:
    return f"[rules.net]\nscorer = 'formula'\nvalue = '''{value}'''\n"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("if accidents >= 0 then 1 else party", "RC213"),
        ("if party <= 100 or accidents > 3 then 1 else party", "RC213"),
        ("if accidents < 3 or accidents > 2 then 1 else party", "RC213"),
        ("if is_applicable(party) then 1 else party", "RC213"),
        ("if party > 100 then 1 else party", "RC214"),
        ("if accidents == 2.5 then 1 else party", "RC214"),
        ("if accidents > 3 and accidents < 4 then 1 else party", "RC214"),
        ('if rating in ["好", "中"] and rating == "差" then 1 else party', "RC214"),
        ("if not(accidents >= 0) then 1 else party", "RC213"),
        ("if party > operations and operations >= party then 1 else party", "RC214"),
    ],
)
def test_a_condition_with_one_outcome_is_found(value: str, code: str, tmp_path: Path) -> None:
    assert code in findings(formula(value), tmp_path)


@pytest.mark.parametrize(
    "value",
    [
        "if accidents > 0 then 1 else party",
        "if accidents >= 50 then 1 else party",
        "if party > operations and operations > 50 then 1 else party",
        "if is_applicable(veto) then 1 else party",
        "if accidents > 2 and accidents < 4 then 1 else party",
        'if rating in ["好", "中"] and accidents == 0 then 1 else party',
    ],
)
def test_a_condition_with_two_outcomes_is_not(value: str, tmp_path: Path) -> None:
    assert findings(formula(value), tmp_path) == []


def test_the_smallest_part_that_never_changes_is_named(tmp_path: Path) -> None:
    found = faults(formula("if accidents == 1 and (party > 100 or rating == '好') then 1 else 2"), tmp_path)
    words = [fault.message("en") for fault in found if fault.code.id == "RC214"]
    assert words == ["party > 100 is never true: party is 0 … 100"]


def test_a_refusal_excludes_records_from_the_rules_but_not_from_itself(tmp_path: Path) -> None:
    record = 'refuse = [{ when = "accidents == 0", reason = "无数据" }]\n'
    found = findings(formula("if accidents == 0 then 1 else party"), tmp_path, record=record)
    assert found == ["RC214"]


def test_rules_that_are_conditions_are_looked_into(tmp_path: Path) -> None:
    rules = (
        "[rules.vetoed]\nscorer = 'formula'\nvalue = 'is_applicable(veto)'\n"
        "[rules.net]\nscorer = 'formula'\nvalue = 'if vetoed and not(is_applicable(veto)) then 1 else 2'\n"
    )
    assert findings(rules, tmp_path) == ["RC214"]


def test_a_parameter_is_a_switch_and_not_a_condition_that_never_changes(tmp_path: Path) -> None:
    rules = (
        "[parameters]\nstrict = true\nclass = 'A'\n"
        + formula("if strict then party - accidents else party")
        + "[rules.share]\nscorer = 'lookup'\nof = 'class'\ntable = { A = 0.3, B = 0.2 }\n"
    )
    assert findings(rules, tmp_path) == []
