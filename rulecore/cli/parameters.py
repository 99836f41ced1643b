"""The parameters of a scorer as a policy's author sees them: keys, what each may hold, defaults."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date

import attrs

from rulecore.contracts import Constant, Scorer
from rulecore.expr.nodes import Literal, Node, SortKey
from rulecore.language import N_


@attrs.frozen(kw_only=True)
class ShownParameter:
    """One parameter: its TOML key, the plain words for its type, its default as TOML would write it."""

    name: str
    type: str
    required: bool
    default: str
    description: str


PLAIN_TYPES: Mapping[object, str] = {
    Node: N_("expression"),
    Constant: N_("number or parameter"),
    Literal: N_("constant"),
    SortKey: N_("name or sort key"),
    str: N_("text"),
    bool: N_("true or false"),
    int: N_("whole number"),
    date: N_("date"),
}


def parameters_of(scorer: type[Scorer]) -> tuple[ShownParameter, ...]:
    """Return the parameters of a scorer class in the order declared."""
    hints = _hints(scorer)
    return tuple(
        ShownParameter(
            name=attribute.name.removesuffix("_"),
            type=_words(hints.get(attribute.name, attribute.type)),
            required=attribute.default is attrs.NOTHING,
            default=_default(attribute.default),
            description=str(attribute.metadata.get("description", "")),
        )
        for attribute in attrs.fields(scorer)
    )


def _hints(scorer: type[Scorer]) -> dict[str, object]:
    try:
        return typing.get_type_hints(scorer)
    except NameError:
        # A type that is imported for type checkers only: its name as written will do for a page.
        return {}


def _words(type_: object) -> str:
    if type_ in PLAIN_TYPES:
        return PLAIN_TYPES[type_]
    if isinstance(type_, str):
        return type_
    arguments = typing.get_args(type_)
    match typing.get_origin(type_):
        case types.UnionType | typing.Union:
            return " | ".join(_words(part) for part in arguments if part is not types.NoneType)
        case typing.Literal:
            return " | ".join(f'"{word}"' for word in arguments)
        case builder if builder is tuple:
            return f"[{_words(arguments[0])}, …]"
        case builder if isinstance(builder, type) and issubclass(builder, Mapping):
            return f"{{name = {_words(arguments[1])}, …}}"
    if isinstance(type_, type) and issubclass(type_, str) and hasattr(type_, "__members__"):
        return " | ".join(f'"{word.value}"' for word in typing.cast("typing.Any", type_))
    if isinstance(type_, type) and attrs.has(type_):
        hints = typing.get_type_hints(type_)
        keys = (attribute.name for attribute in attrs.fields(type_))
        return "{" + ", ".join(f"{key.removesuffix('_')} = {_words(hints[key])}" for key in keys) + "}"
    return getattr(type_, "__name__", str(type_))


def _default(value: object) -> str:
    if value is attrs.NOTHING:
        return ""
    if isinstance(value, attrs.Factory):  # type: ignore[arg-type]
        factory = typing.cast("Callable[[], object]", getattr(value, "factory", tuple))
        return _default(factory())
    if value is None:
        return N_("none")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_default(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_default(item)}" for key, item in value.items()) + "}"
    return str(value)
