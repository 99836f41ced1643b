"""The schema of a rule: the keys of every rule, and by the scorer it names those of that scorer.

Conditions and no choice (``oneOf``) of schemas: so a fault stands at the wrong key, not at the whole rule.
But editors complete and explain only keys that stand outside of conditions, so all keys stand there too.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Final

from rulecore.contracts import Scorer
from rulecore.declarations import RuleDeclaration
from rulecore.policy.sections import RULE_KEYS
from rulecore.schema.completeness import only_required, without_required
from rulecore.schema.keys import description_of
from rulecore.schema.types import Schema, TypeSchemas, any_of, required_keys

RULE: Final = "rule"
COMPLETE_RULE: Final = "complete rule"

_COMMON_KEYS: Final = tuple(sorted(key for key in RULE_KEYS if key != "scorer"))


def reference(name: str) -> Schema:
    """Return a reference to one of the schema's definitions."""
    return {"$ref": f"#/definitions/{name.replace(' ', '%20')}"}


def definitions_of_rules(types: TypeSchemas, scorers: Iterable[type[Scorer]]) -> dict[str, Schema]:
    """Return the definitions of a rule, of the keys all rules have, and of the rules of each scorer."""
    by_name = {scorer.name: scorer for scorer in sorted(scorers, key=lambda scorer: scorer.name)}
    rules = {name: _rule_of(types, scorer) for name, scorer in by_name.items()}
    common = types.properties(RuleDeclaration, without=("scorer", "settings"))
    return {
        COMPLETE_RULE: _complete_rule(rules),
        RULE: _rule(types, by_name, rules),
        **{f"{RULE}.{key}": schema for key, schema in common.items()},
        **{f"scorer.{name}": without_required(rule) for name, rule in rules.items()},
    }


def _rule(types: TypeSchemas, scorers: Mapping[str, type[Scorer]], rules: Mapping[str, Schema]) -> Schema:
    """Return the schema of any rule; one that names no scorer may have the keys of all."""
    scorer: Schema = {
        "description": types.translated(description_of(RuleDeclaration, "scorer")),
        "enum": list(scorers),
        "x-taplo": {"docs": {"enumValues": [rule["description"] for rule in rules.values()]}},
    }
    properties = {**_every_parameter(rules), **_common(), "scorer": scorer}
    unnamed: Schema = {
        "if": {"required": ["scorer"], "additionalProperties": True},
        "then": {"additionalProperties": True},
        "else": {"propertyNames": {"enum": sorted(properties)}, "additionalProperties": True},
    }
    return {
        "type": "object",
        "description": types.sentence(RuleDeclaration),
        "properties": properties,
        "additionalProperties": True,
        "allOf": [
            unnamed,
            *({"if": _names(name), "then": reference(f"scorer.{name}")} for name in scorers),
        ],
    }


def _complete_rule(rules: Mapping[str, Schema]) -> Schema:
    """Return what a rule must have that inherits nothing: a scorer, and what the scorer needs."""
    needed = {name: only_required(rule) for name, rule in rules.items()}
    return {
        "required": required_keys(RuleDeclaration),
        "additionalProperties": True,
        "allOf": [{"if": _names(name), "then": needs} for name, needs in needed.items() if needs],
    }


def _every_parameter(rules: Mapping[str, Schema]) -> Schema:
    """Return what each parameter may be to any of the scorers that have it, and what it means to each."""
    found: dict[str, list[tuple[str, Schema]]] = {}
    for name, rule in rules.items():
        for key, schema in _properties(rule).items():
            if key not in RULE_KEYS:
                found.setdefault(key, []).append((name, without_required(schema)))
    return {key: _together(meanings) for key, meanings in sorted(found.items())}


def _together(meanings: list[tuple[str, Schema]]) -> Schema:
    said = [f"{name}: {schema.get('description', '')}".rstrip(" :") for name, schema in meanings]
    shapes = [_without_annotations(schema) for _name, schema in meanings]
    shape = {} if {} in shapes else any_of(tuple(shapes))
    return {**shape, "description": "\n\n".join(said)}


def _without_annotations(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key not in ("description", "default")}


def _rule_of(types: TypeSchemas, scorer: type[Scorer]) -> Schema:
    own = types.properties(scorer, without=RULE_KEYS)
    properties: Schema = {**own, **_common(), "scorer": {"const": scorer.name}}
    return {
        "type": "object",
        "description": types.sentence(scorer),
        "properties": dict(sorted(properties.items())),
        "required": required_keys(scorer),
        "additionalProperties": False,
    }


def _common() -> Schema:
    return {key: reference(f"{RULE}.{key}") for key in _COMMON_KEYS}


def _names(scorer: str) -> Schema:
    properties: Schema = {"scorer": {"const": scorer}}
    return {"properties": properties, "required": ["scorer"], "additionalProperties": True}


def _properties(schema: Schema) -> dict[str, Schema]:
    return typing.cast("dict[str, Schema]", schema["properties"])
