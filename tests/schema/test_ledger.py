"""The JSON Schema of ledgers: current, and every ledger that is written keeps to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rulecore import load_policies
from rulecore.cli.main import run
from rulecore.ledger import ledgers_of
from rulecore.ledger.document import ledgers_document
from rulecore.ledger.write import all_ledgers
from rulecore.schema import ledger_schema, schema_text

ROOT = Path(__file__).parents[2]
SCHEMA_FILE = ROOT / "docs" / "ledger.schema.json"
ANNUAL = ROOT / "policies" / "annual"


def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def test_the_shipped_schema_is_current(tmp_path: Path) -> None:
    # uv run rulecore schema --of ledger --output docs/ledger.schema.json writes it anew.
    shipped = SCHEMA_FILE.read_text(encoding="utf-8")
    assert schema_text(ledger_schema()) == shipped
    assert run(["schema", "--of", "ledger", "--output", str(tmp_path / "ledger.json")]) == 0
    assert (tmp_path / "ledger.json").read_text(encoding="utf-8") == shipped


@pytest.mark.parametrize("records", ["records-2024.xlsx", "records-2024-faulty.xlsx"])
def test_every_ledger_keeps_to_the_schema(records: str) -> None:
    results = load_policies(ANNUAL).evaluate(ANNUAL / records)
    check = validator()
    documents = [json.loads(text) for _name, text in all_ledgers(results, "zh")]
    assert [error.message for document in documents for error in check.iter_errors(document)] == []
    assert {document["status"] for document in documents} == (
        {"scored", "quarantined"} if "faulty" in records else {"scored"}
    )


def test_a_ledger_with_a_float_does_not(tmp_path: Path) -> None:
    results = load_policies(ANNUAL).evaluate(ANNUAL / "records-2024.xlsx")
    document = json.loads(json.dumps(ledgers_document(ledgers_of(results, "ZY01"), "en")))
    assert not list(validator().iter_errors(document))
    document["rules"][0]["lines"][0]["amount"] = 88.9
    document["rules"][1]["value"] = "88,9"
    assert len(list(validator().iter_errors(document))) == 2
