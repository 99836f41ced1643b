"""The schema of a whole policy: its sections, and what must be there unless another policy may give it."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from typing import Final

from rulecore.contracts import Scorer
from rulecore.declarations import OutputColumn, Policy, RuleDeclaration
from rulecore.language import N_, Language
from rulecore.policy.guardrails import Guardrail, RulesGuardrail
from rulecore.policy.labelled import LABEL, VALUE
from rulecore.schema.completeness import only_required, without_required
from rulecore.schema.keys import SECTION_KEYS, description_of
from rulecore.schema.rules import COMPLETE_RULE, RULE, definitions_of_rules, reference
from rulecore.schema.types import Schema, TypeSchemas

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""Draft 7: taplo knows no later one, tombi knows it too."""

NAME_PATTERN: Final = r"^[^\W\d]\w*$"
"""What fields, parameters and rules may be called: letters, Chinese ones too, digits and underscores."""

TITLE: Final = N_("A policy of rulecore")
NAMED_SECTIONS: Final = ("fields", "parameters", "rules")
COMPLETE: Final = "complete policy"


def policy_schema(scorers: Iterable[type[Scorer]], language: Language | None = None) -> Schema:
    """Return the JSON Schema of policies whose rules use these scorers, described in ``language``.

    It says what stands where and of which type. What needs the whole policy (that names name something, that
    bands leave no gap) only ``rulecore check`` says.
    """
    types = TypeSchemas(
        language=language,
        describe=description_of,
        short_forms={OutputColumn: {"type": "string"}},
        references={RuleDeclaration: reference(RULE)},
    )
    top = _as_written(types.table(Policy))
    complete = _complete(top)
    sections = {**typing.cast("dict[str, Schema]", top["properties"]), "guardrails": _guardrails(types)}
    for name in NAMED_SECTIONS:
        sections[name] = _named(sections[name])
    sections["tables"] = _tables(sections["tables"])
    # A policy has its own name and version, whatever it extends.
    loose = {
        key: section if key == "policy" else without_required(section) for key, section in sections.items()
    }
    return {
        "$schema": DIALECT,
        "title": types.translated(TITLE),
        **top,
        "properties": dict(sorted(loose.items())),
        "required": ["policy"],
        "if": _leaves_keys_to_others(),
        "then": {"additionalProperties": True},
        "else": reference(COMPLETE),
        "definitions": {COMPLETE: complete, **definitions_of_rules(types, scorers)},
    }


def _as_written(top: Schema) -> Schema:
    """Return the schema of a policy's sections as they are written: a parameter's label stands beside its value."""
    sections = dict(typing.cast("dict[str, Schema]", top["properties"]))
    del sections["parameter_labels"]
    parameters = sections["parameters"]
    value = typing.cast("Schema", parameters["additionalProperties"])
    labelled: Schema = {
        "type": "object",
        "properties": {VALUE: value, LABEL: {"type": "string"}},
        "required": [VALUE, LABEL],
        "additionalProperties": False,
    }
    sections["parameters"] = {**parameters, "additionalProperties": {"anyOf": [value, labelled]}}
    return {**top, "properties": sections}


def _named(section: Schema) -> Schema:
    """Return the schema of a section whose keys are names that expressions can use."""
    return {**section, "propertyNames": {"pattern": NAME_PATTERN}}


def _tables(section: Schema) -> Schema:
    """Return the schema of ``[tables]``: names of tables, and in each names of its fields and rules."""
    table = typing.cast("Schema", section["additionalProperties"])
    keys = typing.cast("dict[str, Schema]", table["properties"])
    named = {key: _named(schema) if key in NAMED_SECTIONS else schema for key, schema in keys.items()}
    return _named({**section, "additionalProperties": {**table, "properties": named}})


def _complete(top: Schema) -> Schema:
    needed = only_required(top)
    sections = typing.cast("dict[str, Schema]", needed["properties"])
    rules: Schema = {"additionalProperties": reference(COMPLETE_RULE)}
    tables = sections["tables"]
    table = typing.cast("Schema", tables["additionalProperties"])
    keys = typing.cast("dict[str, Schema]", table.get("properties", {}))
    complete: Schema = {**tables, "additionalProperties": {**table, "properties": {**keys, "rules": rules}}}
    return {**needed, "properties": {**sections, "rules": rules, "tables": complete}}


def _leaves_keys_to_others() -> Schema:
    """Return the condition that a policy extends another one or is abstract."""
    ways: list[Schema] = [
        {"required": [key], "additionalProperties": True} for key in ("extends", "abstract")
    ]
    header: Schema = {"anyOf": ways, "additionalProperties": True}
    return {"properties": {"policy": header}, "required": ["policy"], "additionalProperties": True}


def _guardrails(types: TypeSchemas) -> Schema:
    """Return the schema of ``[guardrails]``: limits by key, and those of rules as such by ``rules``."""
    return {
        "type": "object",
        "description": types.translated(SECTION_KEYS["guardrails"]),
        "properties": {"rules": types.table(RulesGuardrail)},
        "additionalProperties": types.table(Guardrail),
    }
