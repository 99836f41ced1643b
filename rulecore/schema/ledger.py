"""The JSON Schema of ledgers: what ``rulecore explain --ledger --format json`` and ``--all`` write."""

from __future__ import annotations

from rulecore.ledger.document import LEDGER_VERSION
from rulecore.ledger.values import KINDS
from rulecore.schema.documents import (
    ANY_NUMBER,
    DRAFT,
    LANGUAGE,
    NUMBER,
    TEXT,
    VALUE,
    array,
    described,
    maybe,
    object_,
    source,
)
from rulecore.schema.types import Schema


def ledger_schema() -> Schema:
    """Return the JSON Schema (draft 7) of the ledgers of one record; its descriptions are in English."""
    cell = object_({"file": TEXT, "sheet": TEXT, "row": {"type": ["integer", "null"]}, "column": TEXT})
    fault = object_({"code": TEXT, "message": TEXT, "source": maybe(cell)})
    policy = object_(dict.fromkeys(("name", "title", "version", "file", "fingerprint", "reference"), TEXT))
    return {
        "$schema": DRAFT,
        "title": "The ledgers of one record",
        "description": (
            "For every numeric rule, of the record and of its detail rows, lines that add up exactly to its value. "
            "Numbers are exact text; an irrational one is cut off and ends in an ellipsis. "
            "The cell of an input is its field's column in the row of source."
        ),
        "definitions": {"rule": _rule(), "field": _field(), "table": _table()},
        **object_(
            {
                "ledger": {"const": LEDGER_VERSION},
                "language": LANGUAGE,
                "entity": TEXT,
                "period": TEXT,
                "status": {"enum": ["scored", "quarantined"]},
                "policy": maybe(policy),
                "source": maybe(source()),
                "fields": array(_FIELD),
                "rules": array(_RULE),
                "tables": described("The detail rows.", array(_TABLE)),
                "quarantine": array(fault),
            }
        ),
    }


_RULE: Schema = {"$ref": "#/definitions/rule"}
_FIELD: Schema = {"$ref": "#/definitions/field"}
_TABLE: Schema = {"$ref": "#/definitions/table"}


def _field() -> Schema:
    return object_({"name": TEXT, "label": TEXT, "column": TEXT, "value": VALUE})


def _table() -> Schema:
    row = object_(
        {
            "name": TEXT,
            "number": described("Its place among the rows of its record.", {"type": "integer"}),
            "source": maybe(source()),
            "fields": array(_FIELD),
            "rules": array(_RULE),
            "tables": array(_TABLE),
        }
    )
    return object_({"name": TEXT, "label": TEXT, "rows": array(row)})


def _rule() -> Schema:
    amount: Schema = {"type": "string", "pattern": ANY_NUMBER}
    exact = maybe({"type": "string", "pattern": NUMBER})
    declared = object_({"file": TEXT, "line": {"type": ["integer", "null"]}})
    line = object_(
        {
            "kind": {"enum": list(KINDS)},
            "label": TEXT,
            "formula": TEXT,
            "rule": described(
                "The rule it takes in, which has a ledger of its own.", {"type": ["string", "null"]}
            ),
            "inputs": described("The fields it reads itself.", array(TEXT)),
            "reference": TEXT,
            "declared": maybe(declared),
            "amount": described("The amounts of a rule's lines add up to its value, exactly.", amount),
            "value": described(
                "Where factor is given too: amount = (value - marks) * factor, without marks value * factor.",
                VALUE,
            ),
            "factor": exact,
            "marks": exact,
        },
        optional={
            "table": described("The detail table, of a line for one of its rows.", TEXT),
            "row": described("The row of the input that detail row was read from.", {"type": "integer"}),
        },
    )
    reason = object_({"rule": TEXT, "kind": {"enum": list(KINDS)}, "label": TEXT, "amount": amount})
    return object_(
        {
            "name": TEXT,
            "label": TEXT,
            "reference": TEXT,
            "declared": declared,
            "formula": TEXT,
            "value": described("Null where the rule is not applicable; it then has no lines.", maybe(amount)),
            "shown": described("The text of the results, if it is a column.", {"type": ["string", "null"]}),
            "lines": array(line),
            "reasons": described("What cost most, the worst first.", array(reason)),
            "missing": described("What it reads that is not applicable.", array(TEXT)),
        }
    )
