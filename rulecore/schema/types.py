"""Types as JSON Schema: what TOML may hold for the type of an attribute."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import attrs
from attrs import frozen

from rulecore.contracts import Constant
from rulecore.expr.nodes import Literal, Node, SortKey
from rulecore.language import Language, translate
from rulecore.plan.scorer_parameters import SortKeyTable
from rulecore.policy.refusals import is_mapping, is_tuple, is_union, is_word, members_of, words_of
from rulecore.policy.structure import toml_key
from rulecore.schema.defaults import NO_DEFAULT, default_of

Schema = dict[str, object]
"""A JSON Schema, or a part of one."""

Describe = Callable[[type, str], str]
"""What says in English what a key of a class means, for keys whose attribute does not say it itself."""

DATE: Final[Schema] = {"type": "string", "format": "date"}

ANYTHING: Final[tuple[Schema, ...]] = (
    {"type": ["string", "number", "boolean"]},
    DATE,
    {"type": "array"},
    {"type": "object", "additionalProperties": True},
)
"""Whatever TOML can hold; tables say that any key goes, which editors want to be told."""

# Each with a date beside it, not among the types: TOML's dates are texts only to JSON.
_SINGLE: Final[Mapping[object, tuple[str, ...]]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer",),
    Decimal: ("number",),
    Constant: ("string", "number"),
    Node: ("string", "number", "boolean"),
    Literal: ("string", "number", "boolean"),
}
_WITH_DATE: Final = (Node, Literal)


def _nothing_known(_cls: type, _key: str) -> str:
    return ""


@frozen(kw_only=True)
class TypeSchemas:
    """Makes schemas of types, in one language.

    ``short_forms`` are further ways to write a class, ``references`` are classes described elsewhere.
    """

    language: Language | None = None
    describe: Describe = _nothing_known
    short_forms: Mapping[object, Schema] = attrs.field(factory=dict)
    references: Mapping[object, Schema] = attrs.field(factory=dict)

    def of(self, type_: object) -> Schema:
        """Return the schema of a type; one of no known kind takes anything."""
        if type_ in self.references:
            return dict(self.references[type_])
        if type_ is SortKey:
            return any_of(({"type": "string"}, self.table(SortKeyTable)))
        if type_ is object:
            return any_of(ANYTHING)
        if type_ in _SINGLE:
            single: Schema = {"type": _one_or_list(_SINGLE[type_])}
            return any_of((single, DATE)) if type_ in _WITH_DATE else single
        if type_ is date:
            return dict(DATE)
        if is_word(type_):
            return {"enum": list(words_of(type_))}
        if is_union(type_):
            return any_of(tuple(self.of(member) for member in members_of(type_)))
        if is_tuple(type_):
            return {"type": "array", "items": self.of(typing.get_args(type_)[0])}
        if is_mapping(type_):
            return {"type": "object", "additionalProperties": self.of(typing.get_args(type_)[1])}
        if isinstance(type_, type) and attrs.has(type_):
            table = self.table(type_)
            return any_of((self.short_forms[type_], table)) if type_ in self.short_forms else table
        return {}

    def table(self, cls: type) -> Schema:
        """Return the schema of a table that holds the keys of an attrs class and no others."""
        schema: Schema = {"type": "object"}
        described = self.sentence(cls)
        if described:
            schema["description"] = described
        schema["properties"] = self.properties(cls)
        required = required_keys(cls)
        if required:
            schema["required"] = required
        return {**schema, "additionalProperties": False}

    def properties(self, cls: type, without: Iterable[str] = ()) -> dict[str, Schema]:
        """Return the schema of every key of a class, in alphabetical order."""
        left_out = frozenset(without)
        types = types_of(cls)
        found = {
            toml_key(attribute): self._property(cls, attribute, types.get(attribute.name))
            for attribute in attrs.fields(cls)
            if attribute.init and toml_key(attribute) not in left_out
        }
        return dict(sorted(found.items()))

    def sentence(self, cls: type) -> str:
        """Return what a class stands for, in one sentence."""
        return self.translated(self.describe(cls, "") or sentence_of(cls)).replace("``", "")

    def translated(self, text: str) -> str:
        """Return a text in the language of these schemas."""
        return translate(text, self.language)

    def _property(self, cls: type, attribute: attrs.Attribute[object], type_: object) -> Schema:
        schema = self.of(type_)
        written = attribute.metadata.get("description") or self.describe(cls, toml_key(attribute))
        described = self.translated(str(written))
        if described:
            # A table's own description says less than that of the key it is written under.
            schema = {**schema, "description": described}
        default = default_of(attribute)
        return schema if default is NO_DEFAULT else {**schema, "default": default}


def any_of(schemas: tuple[Schema, ...]) -> Schema:
    """Return the schema of a choice; what are types or words only is put together."""
    flat = [part for schema in schemas for part in _choices(schema)]
    types = [name for part in flat if set(part) == {"type"} for name in _listed(part["type"])]
    words = [word for part in flat if set(part) == {"enum"} for word in _listed(part["enum"])]
    others = [part for part in flat if set(part) not in ({"type"}, {"enum"})]
    if "number" in types:
        types = [name for name in types if name != "integer"]
    choices: list[Schema] = [{"enum": words}] if words else []
    choices += [{"type": _one_or_list(tuple(dict.fromkeys(types)))}] if types else []
    choices += [schema for index, schema in enumerate(others) if schema not in others[:index]]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def types_of(cls: type) -> Mapping[str, object]:
    """Return the types of a class's attributes by name, without those that cannot be resolved."""
    try:
        return typing.get_type_hints(cls)
    except NameError:
        # A plugin imports a type for type checkers only. The compiler says so when the scorer is used.
        return {}


def required_keys(cls: type) -> list[str]:
    """Return the keys of a class that must be written, in alphabetical order."""
    needed = [one for one in attrs.fields(cls) if one.init and one.default is attrs.NOTHING]
    return sorted(toml_key(attribute) for attribute in needed)


def sentence_of(thing: object) -> str:
    """Return the first sentence of a docstring, on one line; empty for one that attrs wrote."""
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    paragraph = " ".join(text.partition("\n\n")[0].split())
    return re.split(r"(?<=[.。])\s", paragraph, maxsplit=1)[0]


def _choices(schema: Schema) -> list[Schema]:
    return typing.cast("list[Schema]", schema["anyOf"]) if set(schema) == {"anyOf"} else [schema]


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else typing.cast("list[str]", value)


def _one_or_list(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)
