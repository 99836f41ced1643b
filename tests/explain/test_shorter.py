"""Explanations leave out what says nothing, and say what they left unsaid."""

from __future__ import annotations

from pathlib import Path

from rulecore import Results, load_policy
from rulecore.explain.make import explain_record

POLICY = """
[policy]
name = "short"
version = "1"
[record]
entity = "unit"
[fields]
unit = { type = "text" }
insured = { column = "保险", type = "flag", true = ["有"], false = ["无"] }
plain = { type = "flag" }
points = { type = "integer", min = 0, max = 100 }
[parameters]
low = 10
middle = 50
high = 90
[tables.marks]
label = "评分"
row = "name"
[tables.marks.fields]
name = { type = "text" }
mark = { type = "integer", min = 0, max = 100 }
[rules.found]
scorer = "formula"
value = 'first(marks.mark where marks.name == "b")'
[rules.level]
scorer = "formula"
value = "if points >= high then 3 else if points >= middle then 2 else if points >= low then 1 else 0"
[rules.mean]
scorer = "formula"
value = "cohort_mean(points, where = insured)"
decimals = 1
[rules.whole]
scorer = "formula"
value = "points + 1"
[output]
columns = ["unit", { of = "whole", decimals = 2 }, { of = "found" }, "level", "mean"]
"""


def results(folder: Path) -> Results:
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    records = [
        {"unit": "U1", "保险": "有", "plain": "是", "points": "60"},
        {"unit": "U2", "保险": "有", "plain": "否", "points": "80"},
        {"unit": "U3", "保险": "无", "plain": "否", "points": "20"},
    ]
    marks = [{"unit": unit, "name": name, "mark": "70"} for unit in ("U1", "U2", "U3") for name in "abcd"]
    return load_policy(folder).evaluate(records, tables={"marks": marks})


def text(folder: Path, row: int = 0) -> str:
    found = results(folder)
    return explain_record(found, found.parts[0], row).text("zh")


def test_rows_that_are_not_the_one_looked_for_are_only_counted(tmp_path: Path) -> None:
    shown = text(tmp_path)
    assert "另有 3 行不满足条件" in shown
    assert "不计：" not in shown


def test_a_flag_is_shown_in_the_words_its_field_declares(tmp_path: Path) -> None:
    lines = [line.split() for line in text(tmp_path).splitlines()]
    assert ["保险", "有"] in lines
    assert ["plain", "是"] in lines
    assert ["保险", "无"] in [line.split() for line in text(tmp_path, 2).splitlines()]


def test_parameters_stand_in_the_order_they_are_written(tmp_path: Path) -> None:
    found = results(tmp_path)
    rule = explain_record(found, found.parts[0], 0).rule("level")
    assert rule is not None
    assert [parameter.name for parameter in rule.parameters] == ["high", "middle", "low"]


def test_a_value_among_the_others_says_of_how_many_it_is(tmp_path: Path) -> None:
    assert "= 70，共 2 条记录" in text(tmp_path)
    assert "本记录不参加，参加的有 2 条" in text(tmp_path, 2)


def test_that_a_whole_number_is_shown_with_decimals_is_no_news(tmp_path: Path) -> None:
    assert "whole = 61.00" in text(tmp_path)
    assert "显示为" not in text(tmp_path)
