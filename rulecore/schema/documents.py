"""What the JSON Schemas of the documents that rulecore writes share: objects with exactly their keys, exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecore.schema.types import Schema

NUMBER: Final = r"^-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?$"
"""Exact text: ``88.985`` or ``1140/13``, never a float."""
ANY_NUMBER: Final = r"^(-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?|(-?[0-9]+\.[0-9]+)?…)$"
"""An exact number, or an irrational one by its first digits, ``4.605170…``."""
DRAFT: Final = "http://json-schema.org/draft-07/schema#"

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
VALUE: Final[Schema] = {"type": ["string", "boolean", "null"]}
"""Any value: a number is exact text, a flag true or false, a date ISO text, not applicable null."""
LANGUAGE: Final[Schema] = {"enum": ["zh", "en"]}


def object_(properties: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema of an object with exactly these keys, of which some may be left out."""
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


def array(items: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """Return the schema of a thing that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def described(description: str, schema: Schema) -> Schema:
    """Return a schema with a description, in English."""
    return {"description": description, **schema}


def source() -> Schema:
    """Return the schema of the row of an input."""
    return object_({"file": TEXT, "sheet": TEXT, "row": {"type": ["integer", "null"]}})
