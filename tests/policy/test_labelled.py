"""Parameters with a label: everything reads their values as it reads those without, and words show the label."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rulecore import load_policies, load_policy
from rulecore.errors import PolicyError
from rulecore.explain.make import explain_record
from rulecore.ledger import ledgers_of
from rulecore.ledger.text import ledgers_text
from rulecore.plugins import load_plugins
from rulecore.policy.document import read_document
from rulecore.schema import policy_schema

HEAD = """
[policy]
name = "labels"
version = "1"
[record]
entity = "unit"
[fields]
unit = { type = "text" }
bonus = { type = "decimal", decimals = 1, min = 0, max = 20 }
"""
TAIL = """
[rules.score]
label = "得分"
scorer = "formula"
value = "min(bonus, bonus_cap)"
[output]
columns = ["unit", "score"]
"""
SHORT = "[parameters]\nbonus_cap = 3\n"
INLINE = '[parameters]\nbonus_cap = { value = 3, label = "加分上限" }\n'
TABLE = '[parameters.bonus_cap]\nvalue = 3\nlabel = "加分上限"\n'
RECORD = [{"unit": "U1", "bonus": "5"}]


def write(folder: Path, parameters: str, head: str = HEAD, name: str = "policy.toml") -> Path:
    (folder / name).write_text(head + parameters + TAIL, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("parameters", [SHORT, INLINE, TABLE])
def test_the_value_is_that_of_the_short_form(tmp_path: Path, parameters: str) -> None:
    policy = load_policy(write(tmp_path, parameters))
    assert "3.0" in policy.evaluate(RECORD).output_rows()[0]
    assert policy.plans[0].policy.parameters == {"bonus_cap": 3}
    labels = {"bonus_cap": "加分上限"} if parameters != SHORT else {}
    assert policy.plans[0].policy.parameter_labels == labels


@pytest.mark.parametrize("parameters", [INLINE, TABLE])
def test_explanations_and_ledgers_use_the_label(tmp_path: Path, parameters: str) -> None:
    results = load_policy(write(tmp_path, parameters)).evaluate(RECORD)
    text = explain_record(results, results.parts[0], 0).text("zh")
    assert "最小值(bonus，加分上限)" in text
    assert "加分上限 = 3" in text
    assert "不超过 加分上限" in ledgers_text(ledgers_of(results, "U1"), "zh")


@pytest.mark.parametrize("parameters", [INLINE, TABLE])
def test_the_place_of_the_parameter_is_that_of_its_value(tmp_path: Path, parameters: str) -> None:
    document = read_document(write(tmp_path, parameters))
    place = document.place(("parameters", "bonus_cap"))
    assert document.lines[(place.line or 0) - 1][(place.column or 0) - 1 :].startswith("3")
    key = document.place(("parameters", "bonus_cap"), value=False)
    assert "bonus_cap" in document.lines[(key.line or 0) - 1]


def test_who_extends_a_policy_sets_the_value_and_keeps_the_label(tmp_path: Path) -> None:
    guarded = INLINE + '[guardrails]\n"parameters.bonus_cap" = { max = 4 }\n'
    write(tmp_path, guarded, name="base.toml")
    child = '[policy]\nname = "child"\nversion = "1"\nextends = "base.toml"\n[parameters]\nbonus_cap = {}\n'
    for value, label in (("4", "加分上限"), ('{ value = 4, label = "上限" }', "上限")):
        (tmp_path / "child.toml").write_text(child.format(value), encoding="utf-8")
        plan = load_policy(tmp_path / "child.toml").plans[0]
        assert plan.policy.parameters == {"bonus_cap": 4}
        assert plan.policy.parameter_labels == {"bonus_cap": label}
    (tmp_path / "child.toml").write_text(child.format('{ value = 5, label = "上限" }'), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policies(tmp_path)
    (fault,) = caught.value.faults
    assert fault.place is not None
    assert fault.place.line == 6


def test_dated_values_may_have_a_label(tmp_path: Path) -> None:
    dated = """
[parameters.bonus_cap]
label = "加分上限"
value = [{ value = 2 }, { value = 3, from = 2024-01-01 }]
"""
    head = HEAD.replace(
        'version = "1"', 'version = "1"\neffective = { from = 2024-01-01, until = 2024-12-31 }'
    )
    policy = load_policy(write(tmp_path, dated, head))
    assert policy.plans[0].policy.parameters == {"bonus_cap": 3}
    assert policy.plans[0].policy.parameter_labels == {"bonus_cap": "加分上限"}


@pytest.mark.parametrize(
    "wrong",
    ["{ value = 3 }", '{ label = "x" }', "{ value = 3, label = 4 }", '{ value = 3, label = "x", more = 1 }'],
)
def test_half_a_label_is_refused_where_it_stands(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(write(tmp_path, f"[parameters]\nbonus_cap = {wrong}\n"))
    assert [fault.place.line for fault in caught.value.faults if fault.place] == [11]


def test_the_schema_knows_both_forms() -> None:
    scorers = [found.value for found in load_plugins().scorers.values()]
    check = Draft7Validator(json.loads(json.dumps(policy_schema(scorers, "en"))))
    policy = {"policy": {"name": "n", "version": "1", "abstract": True}}
    right = {"a": 3, "b": {"value": 3, "label": "x"}, "c": {"value": [1, 2], "label": "x"}}
    assert not list(check.iter_errors(policy | {"parameters": right}))
    for wrong in ({"value": 3, "label": 3}, {"value": 3, "label": "x", "more": 1}):
        assert list(check.iter_errors(policy | {"parameters": {"a": wrong}}))
