"""The policy format as a JSON Schema, for editors: built from the classes that policies are structured into.

The dictionary is built here and not by a generator: msgspec and its like know attrs classes, but neither the
types that a scorer's parameters may have (an expression is a text, a number, a flag or a date), nor the short
forms, nor a choice by ``scorer`` whose faults an editor can point at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from rulecore.contracts import Scorer
from rulecore.language import Language
from rulecore.schema.policy import policy_schema
from rulecore.schema.types import Schema

__all__ = ["Schema", "policy_schema", "schema_text"]


def schema_text(scorers: Iterable[type[Scorer]], language: Language | None = None) -> str:
    """Return the schema of policies as a file's text; the same scorers and language give the same text."""
    return json.dumps(policy_schema(scorers, language), ensure_ascii=False, indent=2) + "\n"
