"""The JSON Schemas of explanations and of what it would take: current, and kept to by every shipped policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rulecore import Results, load_policies
from rulecore.cli.main import run
from rulecore.evaluation import evaluate
from rulecore.explain.document import explanation_document
from rulecore.explain.make import explain_record
from rulecore.ledger import LedgerBook
from rulecore.ledger.document import ledgers_document
from rulecore.plugins import load_plugins
from rulecore.reach import reach
from rulecore.reach.document import reach_document
from rulecore.registry import Registry
from rulecore.schema import Schema, explanation_schema, ledger_schema, reach_schema, schema_text
from rulecore.testing.bind import load_suite
from rulecore.testing.files import find_cases

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
SCHEMAS: dict[str, Callable[[], Schema]] = {
    "explanation": explanation_schema,
    "ledger": ledger_schema,
    "reach": reach_schema,
}
MOST = 4
"""So many records of each policy of a case are looked at."""


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_shipped_schema_is_current(kind: str, tmp_path: Path) -> None:
    # uv run rulecore schema --of KIND --output docs/KIND.schema.json writes it anew.
    shipped = (ROOT / "docs" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert schema_text(SCHEMAS[kind]()) == shipped
    assert run(["schema", "--of", kind, "--output", str(tmp_path / "schema.json")]) == 0
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == shipped


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_a_schema(kind: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[kind]())


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


def results_of(file: Path, registry: Registry) -> Iterator[Results]:
    """Yield the results of each case of a policy."""
    suite = load_suite(file, registry)
    for case in suite.cases[:20]:
        yield evaluate(
            [suite.policies.plans[number] for number in case.plans],
            [case.table],
            suite.policies.engine("columnar"),
            as_of=case.case.as_of,
            details=case.details,
            history=case.history,
        )


@pytest.mark.parametrize("file", find_cases([POLICIES])[0], ids=lambda file: file.parent.name)
def test_explanations_and_ledgers_of_every_shipped_policy_keep_to_their_schemas(
    file: Path, registry: Registry
) -> None:
    explanations, ledgers = Draft7Validator(explanation_schema()), Draft7Validator(ledger_schema())
    looked_at = 0
    for results in results_of(file, registry):
        for part in results.parts:
            book = LedgerBook.of(results, part)
            for row in range(min(part.records.height, MOST)):
                explanation = explain_record(results, part, row)
                for language in ("zh", "en"):
                    found = _json(explanation_document(explanation, language))
                    assert [error.message for error in explanations.iter_errors(found)] == []
                found = _json(ledgers_document(book.page(row, 1).ledgers(0), "zh"))
                assert [error.message for error in ledgers.iter_errors(found)] == []
                looked_at += 1
    assert looked_at > 0


def test_a_refused_record_keeps_to_it_too() -> None:
    results = load_policies(POLICIES / "annual").evaluate(POLICIES / "annual" / "records-2024-faulty.xlsx")
    names = {item.entity for item in results.quarantined if item.entity}
    check = Draft7Validator(explanation_schema())
    for name in sorted(names)[:10]:
        document = _json(explanation_document(results.explain(name, "2024"), "zh"))
        assert [error.message for error in check.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("folder", "entity", "target"),
    [
        ("double_hundred", "U01", "grade=A"),
        ("double_hundred", "U05", "grade"),
        ("milestone", "K1", "score>=90"),
    ],
)
def test_what_it_would_take_keeps_to_its_schema(folder: str, entity: str, target: str) -> None:
    policies = load_policies(POLICIES / folder)
    results = policies.evaluate(POLICIES / folder / "records.csv")
    found = reach(results, policies.engine("columnar"), entity, target)
    document = _json(reach_document(found, "zh"))
    assert [error.message for error in Draft7Validator(reach_schema()).iter_errors(document)] == []
    document["current"] = 1.5
    assert list(Draft7Validator(reach_schema()).iter_errors(document))


def test_a_float_in_an_explanation_is_noticed() -> None:
    results = load_policies(POLICIES / "double_hundred").evaluate(POLICIES / "double_hundred" / "records.csv")
    document = _json(explanation_document(results.explain("U01"), "en"))
    assert isinstance(document["rules"], list)
    document["rules"][0]["value"] = 96.5
    assert len(list(Draft7Validator(explanation_schema()).iter_errors(document))) == 1


def _json(document: object) -> dict[str, object]:
    found = json.loads(json.dumps(document))
    assert isinstance(found, dict)
    return found
