"""Compiling what looks back: types that settle, and what is refused with a code."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.expr.types import NumberType, TextType, Type
from tests.history.policies import load, policy_text


def type_of(folder: Path, rules: dict[str, str], rule: str) -> Type:
    found = load(policy_text(rules), folder).plan.rule(rule)
    assert found is not None
    return found.type


def test_a_text_that_needs_its_own_earlier_value_can_be_any_of_those_that_lead_to_it(tmp_path: Path) -> None:
    rules = {"level": 'if is_first_period() then "Ⅰ" else if previous(level) == "Ⅰ" then "Ⅱ" else "Ⅲ"'}
    found = type_of(tmp_path, rules, "level")
    assert isinstance(found, TextType)
    assert found.values == frozenset({"Ⅰ", "Ⅱ", "Ⅲ"})


def test_texts_settle_across_rules_that_need_each_other(tmp_path: Path) -> None:
    rules = {"a": 'coalesce(previous(b), "x")', "b": 'if score > 1 then a else "y"'}
    found = type_of(tmp_path, rules, "b")
    assert isinstance(found, TextType)
    assert found.values == frozenset({"x", "y"})


def test_a_number_of_the_period_before_has_the_range_of_its_rule(tmp_path: Path) -> None:
    found = type_of(tmp_path, {"change": "score - previous(score)"}, "change")
    assert found == NumberType(scale=1, low=Fraction(-100), high=Fraction(100), nullable=True)


def test_a_number_may_state_its_bounds(tmp_path: Path) -> None:
    rules = {"points": "min(coalesce(previous(points, low = 0, high = 10), 0) + 1, 10)"}
    found = type_of(tmp_path, rules, "points")
    assert isinstance(found, NumberType)
    assert (found.low, found.high) == (Fraction(1), Fraction(10))


def test_a_flag_may_need_its_own_earlier_value(tmp_path: Path) -> None:
    load(policy_text({"warned": "score < 60 or coalesce(previous(warned), false)"}), tmp_path)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(PolicyError) as error:
        load(text, folder)
    return sorted({fault.code.id for fault in error.value.faults})


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"a": "previous(score + 1)"}, "RC340"),
        ({"a": "previous(5)"}, "RC340"),
        ({"a": "coalesce(previous(a), 0) + 1"}, "RC343"),
        ({"a": "coalesce(previous(a, low = 0, high = 10), 0) + 1"}, "RC344"),
        ({"a": "coalesce(previous(a, low = 0, high = 100), 0) / 2 + 0.5"}, "RC344"),
        ({"a": "consecutive(rank(score) == 1, periods = 3)"}, "RC346"),
        ({"a": 'coalesce(previous(a), "")', "b": "1"}, "RC345"),
    ],
)
def test_what_cannot_be_looked_back_at_is_refused(tmp_path: Path, rules: dict[str, str], code: str) -> None:
    text = policy_text(rules)
    if code == "RC345":
        text = policy_text({"a": 'if score > 1 then "" else previous(a)'})
    assert code in faults(tmp_path, text)


def test_what_the_results_do_not_show_whole_is_refused(tmp_path: Path) -> None:
    text = policy_text({"a": "previous(score)"})
    assert faults(tmp_path, text.replace('"score", ', "")) == ["RC342"]
    assert faults(tmp_path, text.replace('"score"', '{ of = "score", decimals = 0 }')) == ["RC342"]


def test_a_policy_without_periods_cannot_look_back(tmp_path: Path) -> None:
    text = policy_text({"a": "previous(score)"}).replace('period = "year"\n', "")
    assert faults(tmp_path, text) == ["RC188"]


def test_a_date_needs_the_length_of_its_period_and_nothing_else_does(tmp_path: Path) -> None:
    dated = policy_text({"a": "previous(score)"}).replace('"年度"\ntype = "text"', '"年度"\ntype = "date"')
    assert faults(tmp_path, dated) == ["RC188"]
    text = policy_text({"a": "previous(score)"})
    stated = text.replace('period = "year"\n', 'period = "year"\nperiod_length = "month"\n')
    assert faults(tmp_path, stated) == ["RC189"]


def test_the_rows_of_detail_tables_have_no_earlier_values(tmp_path: Path) -> None:
    table = (
        "[tables.votes.fields.voter]\ntype = 'text'\n[tables.votes.fields.points]\ntype = 'integer'\nmin = 0\nmax = 9\n"
        "[tables.votes.rules.change]\nscorer = 'formula'\nvalue = 'points - previous(points)'\n"
    )
    assert "RC341" in faults(tmp_path, policy_text({"a": "sum(votes.change)"}, extra=table))
