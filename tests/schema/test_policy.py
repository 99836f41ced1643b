"""The schema of policies: the shipped one is current, takes every shipped policy, refuses wrong ones."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest
from jsonschema import Draft7Validator

from rulecore import declarations
from rulecore.cli.main import run
from rulecore.plan.scorer_parameters import SortKeyTable
from rulecore.plugins import load_found
from rulecore.plugins.find import built_ins, find_entry_points
from rulecore.policy.guardrails import Guardrail, RulesGuardrail
from rulecore.policy.sections import SECTIONS
from rulecore.policy.structure import known_keys
from rulecore.schema import policy_schema, schema_text
from rulecore.schema.keys import KEYS
from rulecore.scorers import SCORERS
from rulecore.testing import cases
from tests.schema.policies import CHANGES, CORRECT, ROOT, SCHEMA_FILE, SHIPPED, changed, faults_of, validator

FIRST_PARTY = {folder.name for folder in (ROOT / "plugins").iterdir()}
CLASSES = [
    *(value for value in vars(declarations).values() if isinstance(value, type) and attrs.has(value)),
    Guardrail,
    RulesGuardrail,
    SortKeyTable,
    cases.Case,
    cases.Unreachable,
    cases._Sections,
]


def test_the_shipped_schema_is_that_of_the_built_in_scorers_and_the_first_party_plugins() -> None:
    plugins = [found for found in find_entry_points() if found.origin.distribution in FIRST_PARTY]
    registry = load_found((built_ins(), *plugins))
    current = schema_text(policy_schema((found.value for found in registry.scorers.values()), "en"))
    # RULECORE_LANG=en uv run rulecore schema --output docs/policy.schema.json writes it anew.
    assert current == SCHEMA_FILE.read_text(encoding="utf-8")


def test_the_shipped_schema_is_a_schema_of_its_dialect() -> None:
    Draft7Validator.check_schema(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_policy_is_accepted(path: Path) -> None:
    assert faults_of(path.read_text(encoding="utf-8")) == []


def test_the_correct_policy_is_accepted() -> None:
    assert faults_of(CORRECT) == []


@pytest.mark.parametrize(("old", "new", "where"), CHANGES)
def test_a_policy_with_one_fault_is_refused_at_its_place(old: str, new: str, where: str) -> None:
    found = faults_of(changed(old, new))
    assert where in found
    # What holds the faulty value is faulty too, in the view of a schema.
    assert [path for path in found if not path.startswith(where) and not where.startswith(path)] == []


CHILD = """\
[policy]
name = "child"
version = "1"
extends = "../group/policy.toml"

[fields.points]
max = 120

[parameters]
top = [{ value = 90 }, { from = 2025-01-01, value = 95 }]

[rules.grade]
label = "档次"
bands = [{ is = "A" }]

[rules.place]
scorer = "rank"

[guardrails."parameters.top"]
min = 85
why = "第三条"

[guardrails.rules]
may_add_rules = false
"""


def test_a_policy_that_extends_another_may_leave_the_rest_to_it() -> None:
    assert faults_of(CHILD) == []
    assert faults_of(CHILD.replace('extends = "../group/policy.toml"', "abstract = true")) == []


def test_a_policy_that_extends_none_may_not() -> None:
    found = faults_of(CHILD.replace('extends = "../group/policy.toml"', ""))
    assert set(found) == {"$", "$.fields.points", "$.rules.grade", "$.rules.place"}


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("max = 120", "most = 120", "$.fields.points"),
        ("label =", "lable =", "$.rules.grade"),
        ('bands = [{ is = "A" }]', "bands = [{ at_least = 3 }]", "$.rules.grade.bands[0]"),
        ('scorer = "rank"', 'scorer = "rank"\nbands = []', "$.rules.place"),
        ('name = "child"\n', "", "$.policy"),
        ("min = 85", "min = [85]", "$.guardrails['parameters.top'].min"),
        ("may_add_rules = false", "may_add_rule = false", "$.guardrails.rules"),
        ("{ value = 90 }", "{ valeu = 90 }", "$.parameters.top"),
    ],
)
def test_what_a_child_writes_is_checked_like_any_other(old: str, new: str, where: str) -> None:
    assert CHILD.count(old) == 1
    assert where in faults_of(CHILD.replace(old, new))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_key_of_the_policy_format_is_described(cls: type) -> None:
    # Settings are those of a scorer; labels of parameters stand beside their values.
    written = (set(known_keys(cls)) | {""}) - {"settings", "parameter_labels"}
    assert written == set(KEYS[cls.__name__])


def test_every_section_of_a_policy_stands_in_the_schema() -> None:
    assert set(validator().schema["properties"]) == set(SECTIONS)


def test_every_loaded_scorer_is_a_choice_with_a_description_of_each_parameter() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    names = schema["definitions"]["rule"]["properties"]["scorer"]["enum"]
    assert {"weighted_sum", "metal_balance", "target_ratio"} <= set(names)
    for name in names:
        definition = schema["definitions"][f"scorer.{name}"]
        assert definition["description"]
        own = {
            key: value
            for key, value in definition["properties"].items()
            if not set(value) & {"$ref", "const"}
        }
        assert {key for key, value in own.items() if not value.get("description")} == set()


def test_the_order_of_scorers_changes_nothing() -> None:
    assert policy_schema(SCORERS, "en") == policy_schema(reversed(SCORERS), "en")
    texts = [schema_text(policy_schema(order, "en")) for order in (SCORERS, reversed(SCORERS))]
    assert texts[0] == texts[1]


PLUGIN = '''
from collections.abc import Mapping
from attrs import frozen
from rulecore.contracts import Node, Scorer, parameter
from rulecore.markers import hookimpl

@frozen(kw_only=True)
class Doubled(Scorer):
    """Twice the value. More here."""

    name = "doubled"
    of: Node = parameter("The value.")
    by: Mapping[str, tuple[int, ...]] = parameter("Whatever.", factory=dict)

    def expression(self) -> Node:
        return self.of

@hookimpl
def rulecore_scorers():
    return [Doubled]
'''


def test_the_command_knows_the_scorers_of_plugin_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "doubled.py").write_text(PLUGIN, encoding="utf-8")
    assert run(["schema", "--plugins-dir", str(tmp_path)]) == 0
    doubled = json.loads(capsys.readouterr().out)["definitions"]["scorer.doubled"]
    assert doubled["description"] == "Twice the value."
    assert doubled["properties"]["by"] == {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "integer"}},
        "description": "Whatever.",
        "default": {},
    }


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    assert run(["schema", "--output", str(tmp_path / "policy.schema.json")]) == 0
    assert json.loads((tmp_path / "policy.schema.json").read_text(encoding="utf-8"))["title"]


MILESTONES = ROOT / "tests" / "explain" / "policies" / "milestones.toml"


def test_a_policy_with_a_detail_table_is_accepted() -> None:
    assert faults_of(MILESTONES.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('source = "records"', 'source = "record"', "$.tables.nodes.source"),
        ('row = "node"', 'rows = "node"', "$.tables.nodes"),
        ('scorer = "rank"\nby = "points"', 'scorer = "rank"\nof = "points"', "$.tables.nodes.rules.place"),
        ('scorer = "rank"\nby = "points"', 'by = "points"', "$.tables.nodes.rules.place"),
        ("[tables.nodes.fields.weight]", "[tables.nodes.fields.'a b']", "$.tables.nodes.fields"),
        ('column = "权重"\ntype = "integer"', 'column = "权重"', "$.tables.nodes.fields.weight"),
    ],
)
def test_what_a_detail_table_holds_is_checked_like_the_rest(old: str, new: str, where: str) -> None:
    text = MILESTONES.read_text(encoding="utf-8")
    assert text.count(old) == 1
    assert where in faults_of(text.replace(old, new))
