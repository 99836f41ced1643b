"""The JSON Schema of ledgers: what ``rulecore explain --ledger --format json`` and ``--all`` write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecore.ledger.document import LEDGER_VERSION
from rulecore.ledger.values import KINDS
from rulecore.schema.types import Schema

NUMBER: Final = r"^-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?$"
"""Exact text: ``88.985`` or ``1140/13``, never a float."""


def ledger_schema() -> Schema:
    """Return the JSON Schema (draft 7) of the ledgers of one record; its descriptions are in English."""
    number: Schema = {"type": "string", "pattern": NUMBER}
    text: Schema = {"type": "string"}
    maybe_text: Schema = {"type": ["string", "null"]}
    any_value: Schema = {"type": ["string", "boolean", "null"]}
    maybe: Schema = {"anyOf": [number, {"type": "null"}]}
    source = _object({"file": text, "sheet": text, "row": {"type": ["integer", "null"]}})
    declared = _object({"file": text, "line": {"type": ["integer", "null"]}})
    line = _object(
        {
            "kind": {"enum": list(KINDS)},
            "label": text,
            "formula": text,
            "rule": _described(
                "The rule it takes in, which has a ledger of its own.", {"type": ["string", "null"]}
            ),
            "inputs": _described("The fields it reads itself.", {"type": "array", "items": text}),
            "reference": text,
            "declared": {"anyOf": [declared, {"type": "null"}]},
            "amount": _described("The amounts of a rule's lines add up to its value, exactly.", number),
            "value": _described(
                "Where factor is given too: amount = (value - marks) * factor, without marks value * factor.",
                any_value,
            ),
            "factor": maybe,
            "marks": maybe,
        }
    )
    reason = _object({"rule": text, "kind": {"enum": list(KINDS)}, "label": text, "amount": number})
    rule = _object(
        {
            "name": text,
            "label": text,
            "reference": text,
            "declared": declared,
            "formula": text,
            "value": _described("Null where the rule is not applicable; it then has no lines.", maybe),
            "shown": _described("The text of the results, if it is a column.", maybe_text),
            "lines": {"type": "array", "items": line},
            "reasons": _described("What cost most, the worst first.", {"type": "array", "items": reason}),
            "missing": _described("What it reads that is not applicable.", {"type": "array", "items": text}),
        }
    )
    field = _object({"name": text, "label": text, "column": text, "value": any_value})
    policy = _object(dict.fromkeys(("name", "title", "version", "file", "fingerprint", "reference"), text))
    cell: Schema = {**source, "properties": {**_properties(source), "column": text}}
    fault = _object({"code": text, "message": text, "source": {"anyOf": [cell, {"type": "null"}]}})
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The ledgers of one record",
        "description": (
            "For every numeric rule, lines that add up exactly to its value. Numbers are exact text. "
            "The cell of an input is its field's column in the row of source."
        ),
        **_object(
            {
                "ledger": {"const": LEDGER_VERSION},
                "language": {"enum": ["zh", "en"]},
                "entity": text,
                "period": text,
                "status": {"enum": ["scored", "quarantined"]},
                "policy": {"anyOf": [policy, {"type": "null"}]},
                "source": {"anyOf": [source, {"type": "null"}]},
                "fields": {"type": "array", "items": field},
                "rules": {"type": "array", "items": rule},
                "quarantine": {"type": "array", "items": fault},
            }
        ),
    }


def _object(properties: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object with exactly these keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _properties(schema: Schema) -> dict[str, object]:
    found = schema["properties"]
    assert isinstance(found, dict)  # noqa: S101 - made by _object
    return found


def _described(description: str, schema: Schema) -> Schema:
    return {"description": description, **schema}
