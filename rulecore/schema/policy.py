"""The schema of a whole policy: its sections, and the keys of each rule by the scorer it names."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from typing import Final

from rulecore.contracts import Scorer
from rulecore.declarations import OutputColumn, Policy, RuleDeclaration
from rulecore.language import N_, Language
from rulecore.policy.sections import RULE_KEYS
from rulecore.schema.keys import description_of
from rulecore.schema.types import Schema, TypeSchemas, required_keys, sentence_of

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""Draft 7: taplo knows no later one, tombi knows it too."""

NAME_PATTERN: Final = r"^[^\W\d]\w*$"
"""What fields, parameters and rules may be called: letters, Chinese ones too, digits and underscores."""

TITLE: Final = N_("A policy of rulecore")
NAMED_SECTIONS: Final = ("fields", "parameters", "rules")
_RULE: Final = "rule"


def policy_schema(scorers: Iterable[type[Scorer]], language: Language | None = None) -> Schema:
    """Return the JSON Schema of policies whose rules use these scorers, described in ``language``.

    It says what stands where and of which type. What needs the whole policy (that names name something, that
    bands leave no gap) only ``rulecore check`` says.
    """
    types = TypeSchemas(
        language=language,
        describe=description_of,
        short_forms={OutputColumn: {"type": "string"}},
        references={RuleDeclaration: _reference(_RULE)},
    )
    top = types.table(Policy)
    sections = typing.cast("dict[str, Schema]", top["properties"])
    for name in NAMED_SECTIONS:
        sections[name]["propertyNames"] = {"pattern": NAME_PATTERN}
    return {
        "$schema": DIALECT,
        "title": types.translated(TITLE),
        **top,
        "definitions": _definitions(types, scorers),
    }


def _definitions(types: TypeSchemas, scorers: Iterable[type[Scorer]]) -> dict[str, Schema]:
    by_name = {scorer.name: scorer for scorer in sorted(scorers, key=lambda scorer: scorer.name)}
    common = types.properties(RuleDeclaration, without=("scorer", "settings"))
    found = {_RULE: _rule(types, by_name)}
    found |= {f"{_RULE}.{key}": schema for key, schema in common.items()}
    found |= {f"scorer.{name}": _rule_of(types, scorer) for name, scorer in by_name.items()}
    return found


def _rule(types: TypeSchemas, scorers: dict[str, type[Scorer]]) -> Schema:
    """Return the schema of any rule: conditions, no choice, so that a fault stands at the wrong key."""
    summaries = [types.translated(sentence_of(scorer)) for scorer in scorers.values()]
    scorer: Schema = {
        "description": types.translated(description_of(RuleDeclaration, "scorer")),
        "enum": list(scorers),
        "x-taplo": {"docs": {"enumValues": summaries}},
    }
    return {
        "type": "object",
        "description": types.translated(sentence_of(RuleDeclaration)),
        "properties": {"scorer": scorer},
        "required": required_keys(RuleDeclaration),
        # tombi takes keys that a part of a schema does not name for wrong, unless the part allows them.
        "additionalProperties": True,
        "allOf": [{"if": _names(name), "then": _reference(f"scorer.{name}")} for name in scorers],
    }


def _names(scorer: str) -> Schema:
    properties: Schema = {"scorer": {"const": scorer}}
    return {"properties": properties, "required": ["scorer"], "additionalProperties": True}


def _rule_of(types: TypeSchemas, scorer: type[Scorer]) -> Schema:
    """Return the schema of a rule of one scorer: the keys of every rule, and the scorer's parameters."""
    common = {key: _reference(f"{_RULE}.{key}") for key in RULE_KEYS if key != "scorer"}
    own = types.properties(scorer, without=RULE_KEYS)
    properties: dict[str, Schema] = {**own, **common, "scorer": {"const": scorer.name}}
    return {
        "type": "object",
        "description": types.translated(sentence_of(scorer)),
        "properties": dict(sorted(properties.items())),
        "required": required_keys(scorer),
        "additionalProperties": False,
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
