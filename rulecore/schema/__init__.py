"""The formats of policies and cases as JSON Schema, for editors, from the classes they are structured into.

The dictionary is built here and not by a generator: msgspec and its like know attrs classes, but neither the
types that a scorer's parameters may have (an expression is a text, a number, a flag or a date), nor the short
forms, nor a choice by ``scorer`` whose faults an editor can point at.
"""

from __future__ import annotations

import json

from rulecore.schema.cases import cases_schema
from rulecore.schema.comparisons import difference_schema, robustness_schema, sweep_schema
from rulecore.schema.explanation import explanation_schema
from rulecore.schema.ledger import ledger_schema
from rulecore.schema.policy import policy_schema
from rulecore.schema.reach import reach_schema
from rulecore.schema.types import Schema

__all__ = [
    "Schema",
    "cases_schema",
    "difference_schema",
    "explanation_schema",
    "ledger_schema",
    "policy_schema",
    "reach_schema",
    "robustness_schema",
    "schema_text",
    "sweep_schema",
]


def schema_text(schema: Schema) -> str:
    """Return a schema as a file's text; the same schema gives the same text."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
