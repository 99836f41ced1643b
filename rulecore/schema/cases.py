"""The schema of ``cases.toml``. What the columns are called stands in the policy: any key goes there."""

from __future__ import annotations

from typing import Final

from rulecore.declarations import Scalar
from rulecore.language import N_, Language
from rulecore.schema.keys import description_of
from rulecore.schema.policy import DIALECT
from rulecore.schema.types import Schema, TypeSchemas

TITLE: Final = N_("Cases of a policy of rulecore")
CASES: Final = N_("The cases: records, and what the policy must make of them.")
DEFAULTS: Final = N_("The cells that records have where they do not say otherwise.")


def cases_schema(case: type, language: Language | None = None) -> Schema:
    """Return the JSON Schema of ``cases.toml``; ``case`` is the class of one case."""
    types = TypeSchemas(language=language, describe=description_of)
    cells: Schema = {"type": "object", "additionalProperties": types.of(Scalar)}
    cases: Schema = {"type": "array", "items": types.table(case), "description": types.translated(CASES)}
    return {
        "$schema": DIALECT,
        "title": types.translated(TITLE),
        "type": "object",
        "properties": {
            "cases": cases,
            "defaults": {**cells, "description": types.translated(DEFAULTS)},
        },
        "required": ["cases"],
        "additionalProperties": False,
    }
