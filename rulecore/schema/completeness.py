"""What a complete policy must have: one that extends another, or is abstract, may leave keys to others."""

from __future__ import annotations

import typing

from rulecore.schema.types import Schema


def without_required(schema: Schema) -> Schema:
    """Return a schema whose tables may leave keys out; tables in lists may not: lists are replaced whole."""
    found = {key: value for key, value in schema.items() if key != "required"}
    if isinstance(found.get("properties"), dict):
        found["properties"] = {key: without_required(part) for key, part in _properties(found).items()}
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = without_required(_table(found["additionalProperties"]))
    if isinstance(found.get("anyOf"), list):
        choices = typing.cast("list[Schema]", found["anyOf"])
        found["anyOf"] = [without_required(choice) for choice in choices]
    return found


def only_required(schema: Schema) -> Schema:
    """Return of a schema only which keys its tables must have; empty where there are none."""
    found: Schema = {}
    if "required" in schema:
        found["required"] = schema["required"]
    below = {key: only_required(part) for key, part in _properties(schema).items()}
    below = {key: part for key, part in below.items() if part}
    if below:
        found["properties"] = below
    others = schema.get("additionalProperties")
    if isinstance(others, dict) and (needed := only_required(_table(others))):
        found["additionalProperties"] = needed
    elif found:
        # tombi warns of keys that any part of a schema does not name, unless that part allows them.
        found["additionalProperties"] = True
    return found


def _properties(schema: Schema) -> dict[str, Schema]:
    return typing.cast("dict[str, Schema]", schema.get("properties", {}))


def _table(value: object) -> Schema:
    return typing.cast("Schema", value)
