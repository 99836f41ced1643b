"""From TOML values to attrs classes, strictly: nothing is coerced, every fault is found and has its place.

cattrs dispatches and collects; the hooks here decide. Values travel with their key paths
(``rulecore.policy.located``). Further types are taught by registering hooks on a converter: a hook is
called with the located value and raises :class:`rulecore.policy.refusals.Refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast, get_args

import attrs
import cattrs
from attrs import frozen
from cattrs.gen import make_dict_structure_fn, override

from rulecore.codes import policy as codes
from rulecore.errors import Fault, InternalError
from rulecore.policy.document import Document
from rulecore.policy.located import Array, Located, Scalar, Table, located, plain
from rulecore.policy.refusals import (
    Complaint,
    Refused,
    expected_words,
    fits,
    is_mapping,
    is_tuple,
    is_union,
    is_word,
    may_be,
    members_of,
    unknown_word,
    with_suggestion,
    words_of,
    wrong_type,
)
from rulecore.source import KeyPath, format_key

Value = TypeVar("Value")
Hook = Callable[[Any, Any], Any]


@frozen(kw_only=True)
class Structured(Generic[Value]):
    """The structured value, or None and the reasons why there is none."""

    value: Value | None
    faults: tuple[Fault, ...] = ()


def structure(
    data: object,
    cls: type[Value],
    *,
    document: Document,
    key: KeyPath,
    converter: cattrs.Converter | None = None,
    also_known: Iterable[str] = (),
) -> Structured[Value]:
    """Return ``data``, which stands at ``key`` in ``document``, as a value of ``cls``, or its faults.

    ``also_known`` are keys that stand in the same table but are taken out before; they are named in
    suggestions.
    """
    try:
        value = (converter or strict_converter()).structure(located(data, key), cls)
    except Refused as refused:
        top = tuple(also_known)
        faults = [fault_of(one, document, top if one.key[:-1] == key else ()) for one in refused.complaints]
        return Structured(value=None, faults=tuple(faults))
    return Structured(value=value)


def fault_of(complaint: Complaint, document: Document, also_known: tuple[str, ...] = ()) -> Fault:
    """Return a complaint as a fault with its place in the document."""
    start, end = complaint.span or (None, None)
    place = document.place(complaint.key, value=not complaint.at_key, start=start, end=end)
    values, hint = complaint.values, complaint.hint
    if complaint.code is codes.UNKNOWN_KEY:
        known = [*cast("tuple[str, ...]", values["keys"]), *also_known]
        values, hint = with_suggestion(values, str(values["key"]), known)
    return Fault(code=complaint.code, values=values, place=place, hint=hint)


def strict_converter() -> cattrs.Converter:
    """Return a converter with the strict hooks for classes, tables, arrays, words and single values."""
    converter = cattrs.Converter(detailed_validation=True, forbid_extra_keys=True)
    # cattrs asks by class first (a StrEnum would be a str), then the predicates, the last registered first.
    for type_ in (str, bool, int, Decimal, date):
        converter.register_structure_hook(type_, _scalar_hook(type_))
    converter.register_structure_hook(StrEnum, lambda value, type_: _word_hook(type_)(value, type_))
    converter.register_structure_hook_func(lambda type_: type_ is object, lambda value, _: plain(value))
    converter.register_structure_hook_factory(is_tuple, lambda type_: _array_hook(type_, converter))
    converter.register_structure_hook_factory(is_mapping, lambda type_: _table_hook(type_, converter))
    converter.register_structure_hook_factory(attrs.has, lambda cls: class_hook(cls, converter))
    converter.register_structure_hook_factory(is_word, lambda type_: _word_hook(type_))
    converter.register_structure_hook_factory(is_union, lambda type_: _union_hook(type_, converter))
    return converter


# --- single values --------------------------------------------------------------------------------


def _scalar_hook(type_: type) -> Hook:
    def structure_scalar(value: Located, _: object) -> object:
        if isinstance(value, Scalar) and fits(value.value, type_):
            return value.value
        raise wrong_type(value, type_)

    return structure_scalar


# --- words ----------------------------------------------------------------------------------------


def _word_hook(*types_: object) -> Hook:
    def structure_word(value: Located, _: object) -> object:
        if not isinstance(value, Scalar) or not isinstance(value.value, str):
            raise wrong_type(value, *types_)
        for type_ in types_:
            if value.value in words_of(type_):
                return type_(value.value) if isinstance(type_, type) else value.value
        known = [word for type_ in types_ for word in words_of(type_)]
        raise unknown_word(value, known)

    return structure_word


# --- unions ---------------------------------------------------------------------------------------


def _union_hook(type_: object, converter: cattrs.Converter) -> Hook:
    """Structure a union: the members that fit the value are tried in order, words first."""
    members = members_of(type_)
    words = tuple(member for member in members if is_word(member))

    def structure_union(value: Located, _: object) -> object:
        # Words first: where an expression may stand too, a word would else be read as a name.
        candidates = sorted((one for one in members if may_be(value, one)), key=lambda one: one not in words)
        if not candidates:
            raise wrong_type(value, *members)
        refusals = []
        for candidate in candidates:
            try:
                if candidate in words:
                    return _word_hook(*words)(value, None)
                return converter.structure(value, cast("type[object]", candidate))
            except Refused as refused:
                refusals.append(refused)
        raise refusals[0]

    return structure_union


# --- arrays, tables and classes -------------------------------------------------------------------


def _array_hook(type_: object, converter: cattrs.Converter) -> Hook:
    element = get_args(type_)[0]

    def structure_array(value: Located, _: object) -> tuple[object, ...]:
        if not isinstance(value, Array):
            raise wrong_type(value, type_)
        return tuple(_each(((item, element) for item in value), converter))

    return structure_array


def _table_hook(type_: object, converter: cattrs.Converter) -> Hook:
    element = get_args(type_)[1]

    def structure_table(value: Located, _: object) -> dict[str, object]:
        if not isinstance(value, Table):
            raise wrong_type(value, type_)
        return dict(zip(value, _each(((item, element) for item in value.values()), converter), strict=True))

    return structure_table


def _each(items: Iterable[tuple[Located, Any]], converter: cattrs.Converter) -> list[object]:
    """Structure every item and only then refuse, so that all faults are found."""
    done: list[object] = []
    complaints: list[Complaint] = []
    for item, type_ in items:
        try:
            done.append(converter.structure(item, type_))
        except Refused as refused:
            complaints += refused.complaints
    if complaints:
        raise Refused(*complaints)
    return done


def toml_key(attribute: attrs.Attribute[Any]) -> str:
    """Return the TOML key of an attribute: its name without a trailing underscore (``is_`` is ``is``)."""
    return attribute.name.removesuffix("_")


def known_keys(cls: type) -> tuple[str, ...]:
    """Return the TOML keys of an attrs class, in the order of its attributes."""
    return tuple(toml_key(attribute) for attribute in attrs.fields(cls) if attribute.init)


def class_hook(cls: type, converter: cattrs.Converter) -> Hook:
    """Return the strict hook of an attrs class, for which unknown and missing keys are faults."""
    try:
        attrs.resolve_types(cls)
    except NameError as error:
        raise InternalError(f"an attribute type of {cls.__qualname__} cannot be resolved: {error}") from error
    names = {attribute.name: override(rename=toml_key(attribute)) for attribute in attrs.fields(cls)}
    generated: Hook = make_dict_structure_fn(cls, converter, **names)  # type: ignore[arg-type]

    def structure_class(value: Located, _: object) -> object:
        if not isinstance(value, Table):
            raise wrong_type(value, cls)
        try:
            return generated(value, cls)
        except cattrs.ClassValidationError as error:
            raise Refused(*_complaints(error, value, cls)) from None

    return structure_class


def _complaints(error: cattrs.BaseValidationError, table: Table, cls: type) -> Iterator[Complaint]:
    """Yield the complaints in a cattrs error: of values, unknown keys, validators, then missing keys."""
    missing = [one for one in attrs.fields(cls) if _is_required(one) and toml_key(one) not in table]
    for inner in error.exceptions:
        if isinstance(inner, Refused):
            yield from inner.complaints
        elif isinstance(inner, cattrs.ForbiddenExtraKeysError):
            yield from (_unknown(table, name, cls) for name in table if name in inner.extra_fields)
        elif not (isinstance(inner, KeyError) and missing):
            reason: dict[str, object] = {"table": format_key(table.key), "reason": str(inner)}
            yield Complaint(code=codes.SETTINGS_REFUSED, key=table.key, values=reason)
    for attribute in missing:
        values: dict[str, object] = {
            "table": format_key(table.key),
            "key": toml_key(attribute),
            "expected": expected_words(attribute.type),
        }
        yield Complaint(code=codes.MISSING_KEY, key=table.key, values=values, at_key=True)


def _is_required(attribute: attrs.Attribute[Any]) -> bool:
    return attribute.init and attribute.default is attrs.NOTHING


def _unknown(table: Table, name: str, cls: type) -> Complaint:
    values = {"key": name, "table": format_key(table.key), "keys": known_keys(cls)}
    return Complaint(code=codes.UNKNOWN_KEY, key=(*table.key, name), values=values, at_key=True)
