"""``rulecore show``: a policy as it is understood."""

import json
from pathlib import Path

import pytest

from rulecore.cli.main import run

DOUBLE_HUNDRED = str(Path(__file__).parents[2] / "policies" / "double_hundred")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["show", DOUBLE_HUNDRED, *arguments]) == 0
    return capsys.readouterr().out


def test_a_policy_is_shown_with_fields_rules_and_output(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(capsys)
    assert page.startswith("双百分考核 (double-hundred 1.0)\n")
    assert "\nFields\n  unit " in page
    assert "综合得分 (score)" in page
    assert "rounded half up to 2 decimals(" in page
    assert "Output\n" in page


def test_rules_come_in_the_order_computed(capsys: pytest.CaptureFixture[str]) -> None:
    (policy,) = json.loads(shown(capsys, "--format", "json"))
    names = [rule["name"] for rule in policy["rules"]]
    for rule in policy["rules"]:
        before = names[: names.index(rule["name"])]
        assert {name for name in rule["needs"] if name in names} <= set(before)


def test_one_rule_is_found_by_its_name_or_label(capsys: pytest.CaptureFixture[str]) -> None:
    by_name = shown(capsys, "--rule", "grade")
    assert by_name == shown(capsys, "--rule", "最终等次")
    assert "compares   all records of the policy and period" in by_name


def test_numbers_of_json_lose_no_digit(capsys: pytest.CaptureFixture[str]) -> None:
    (rule,) = json.loads(shown(capsys, "--rule", "score", "--format", "json"))
    assert rule["type"] == {
        "kind": "number",
        "nullable": False,
        "decimals": 2,
        "min": "0",
        "max": "100",
        "exact": True,
    }
    assert (rule["rounding"], rule["decimals"]) == ("half_up", 2)


def test_a_misspelt_rule_is_answered_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", DOUBLE_HUNDRED, "--rule", "gradee"]) == 2
    assert "RC012: there is no rule gradee\n  = did you mean grade?" in capsys.readouterr().err


def test_formulas_are_in_the_language_of_the_reader(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "zh", "show", DOUBLE_HUNDRED, "--rule", "score"]) == 0
    assert "四舍五入" in capsys.readouterr().out


MILESTONES = str(Path(__file__).parents[1] / "explain" / "policies" / "milestones.toml")


def test_a_detail_table_is_shown_with_where_its_rows_come_from_its_fields_and_its_rules(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["show", MILESTONES]) == 0
    page = capsys.readouterr().out
    assert "Table 节点 (nodes)\n  rows from   the records' own file" in page
    assert "record by   项目编码 (project)" in page
    assert "rows        1 to 1000 a record" in page
    assert "Fields of 节点 (nodes)\n  node " in page
    assert "Rules of 节点 (nodes), computed for each row\n\n  节点得分 (points)" in page
    assert "largest(质量分 × (1 − a_day × 延期天数), the record's 得分下限)" in page
    assert "needs      nodes.weight, nodes.points, nodes.exempt, included" in page


def test_a_rule_of_a_table_is_found_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", MILESTONES, "--rule", "nodes.points", "--format", "json"]) == 0
    (rule,) = json.loads(capsys.readouterr().out)
    assert rule["name"] == "points"
    assert rule["needs"] == ["quality", "a_day", "delay", "floor"]


def test_a_document_holds_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", MILESTONES, "--format", "json"]) == 0
    ((table,),) = [policy["tables"] for policy in json.loads(capsys.readouterr().out)]
    assert table["key"] == {"project": "项目编码"}
    assert [rule["name"] for rule in table["rules"]] == ["points", "place"]
    assert [column["of"] for column in table["output"]] == ["node", "points", "place"]
