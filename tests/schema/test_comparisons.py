"""The JSON Schemas of comparisons: current, and kept to by what diff, sweep and robustness write."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import rulecore
from rulecore.cli.compared import experiment_of
from rulecore.cli.main import run
from rulecore.compare import compare_results
from rulecore.compare.document import difference_document
from rulecore.compare.factors import variation
from rulecore.compare.robustness import robustness
from rulecore.compare.robustness_shown import robustness_document
from rulecore.compare.sweep import sweep
from rulecore.compare.sweep_shown import sweep_document
from rulecore.compare.varied import Experiment
from rulecore.language import Language
from rulecore.plugins import load_plugins
from rulecore.schema import Schema, difference_schema, robustness_schema, schema_text, sweep_schema

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
SCHEMAS: dict[str, Callable[[], Schema]] = {
    "diff": difference_schema,
    "sweep": sweep_schema,
    "robustness": robustness_schema,
}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_shipped_schema_is_current(kind: str, tmp_path: Path) -> None:
    # uv run rulecore schema --of KIND --output docs/KIND.schema.json writes it anew.
    shipped = (ROOT / "docs" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert schema_text(SCHEMAS[kind]()) == shipped
    assert run(["schema", "--of", kind, "--output", str(tmp_path / "schema.json")]) == 0
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == shipped
    Draft7Validator.check_schema(SCHEMAS[kind]())


def errors(kind: str, document: object) -> list[str]:
    written = json.loads(json.dumps(document, ensure_ascii=False))
    return [error.message for error in Draft7Validator(SCHEMAS[kind]()).iter_errors(written)]


def changed(folder: Path, policy: str, old: str, new: str) -> Path:
    text = (POLICIES / policy / "policy.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "policy.toml").write_text(text.replace(old, new), encoding="utf-8")
    return folder / "policy.toml"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("policy", "old", "new", "money"),
    [
        ("double_hundred", "bonus_cap = 3", "bonus_cap = 1", "coefficient"),
        ("chief_goals", "factor_high = 1.10", "factor_high = 1.20", "coefficient"),
    ],
)
def test_comparisons_keep_to_their_schema(
    policy: str, old: str, new: str, money: str, language: Language, tmp_path: Path
) -> None:
    before, after = (
        rulecore.load_policy(file)
        for file in (POLICIES / policy / "policy.toml", changed(tmp_path, policy, old, new))
    )
    records = POLICIES / policy / "records.csv"
    first, second = before.evaluate(records), after.evaluate(records)
    found = compare_results(first, second, money=[money], mixed=(second, first))
    assert found.records
    assert errors("diff", difference_document(found, language)) == []


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    folder = POLICIES / "double_hundred"
    return experiment_of(
        load_plugins(),
        folder,
        {
            "records": (str(folder / "records.csv"),),
            "table": (),
            "history": (),
            "mapping": (),
            "results": (),
            "adjustments": (),
            "engine": "columnar",
            "sheet": "",
            "encoding": "",
            "as_of": None,
        },
    )


def test_sweeps_keep_to_their_schema(experiment: Experiment) -> None:
    found = sweep(
        experiment, {"bonus_cap": [Fraction(0), Fraction(3)], "share_of_a": [Fraction(1, 2), Fraction(2)]}
    )
    document = sweep_document(found, "zh")
    assert errors("sweep", document) == []
    document["points"][0]["outcomes"][0]["mean"] = 88.5  # type: ignore[index, call-overload]
    assert errors("sweep", document) != []


def test_robustness_keeps_to_its_schema(experiment: Experiment) -> None:
    found = robustness(experiment, [variation("thresholds=3"), variation("bonus_cap=1")], runs=12, seed=2)
    document = robustness_document(found, "en")
    assert errors("robustness", document) == []
    document["seed"] = 1.5
    assert errors("robustness", document) != []
