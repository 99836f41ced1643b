"""From TOML values to attrs classes, strictly: nothing is coerced, and every fault is found and has its place.

cattrs dispatches and collects; the hooks here decide. Values travel with their key paths (``rulecore.policy.located``).
Further types are taught by registering hooks on a converter: a hook is called with the located value and raises
:class:`Refused`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar, Union, cast, get_args, get_origin

import attrs
import cattrs
from attrs import field, frozen
from cattrs.gen import make_dict_structure_fn, override

from rulecore.codes import policy as codes
from rulecore.errors import Code, Fault, InternalError
from rulecore.language import N_
from rulecore.policy.document import Document
from rulecore.policy.located import Array, Located, Scalar, Table, located, plain
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import Alternatives, Phrase, found, listed, shown
from rulecore.source import KeyPath, format_key

Value = TypeVar("Value")
Hook = Callable[[Any, Any], Any]


@frozen(kw_only=True)
class Complaint:
    """One fault of a value: its code and where it is; ``span`` narrows it to characters inside the text at ``key``."""

    code: Code
    key: KeyPath
    values: Mapping[str, object] = field(factory=dict)
    hint: str | None = None
    span: tuple[int, int] | None = None
    at_key: bool = False


class Refused(Exception):  # noqa: N818 - it carries complaints and never leaves this machinery
    """A value that does not fit, with every complaint about it."""

    def __init__(self, *complaints: Complaint) -> None:
        self.complaints = complaints
        super().__init__(f"{len(complaints)} complaint(s)")


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
    """Return ``data``, which stands at ``key`` in ``document``, as a value of ``cls``, with every fault found.

    ``also_known`` are keys that stand in the same table but are taken out before; they are named in suggestions.
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
        values, hint = _with_suggestion(values, str(values["key"]), known)
    return Fault(code=complaint.code, values=values, place=place, hint=hint)


def _with_suggestion(
    values: Mapping[str, object], written: str, known: list[str]
) -> tuple[Mapping[str, object], str | None]:
    near = suggestion(written, known)
    values = {**values, "known": listed(known), "suggestion": near or ""}
    return values, DID_YOU_MEAN if near is not None else None


DID_YOU_MEAN = N_("did you mean {suggestion}? Known: {known}")


def strict_converter() -> cattrs.Converter:
    """Return a converter with the strict hooks for classes, tables, arrays, words and single values."""
    converter = cattrs.Converter(detailed_validation=True, forbid_extra_keys=True)
    # cattrs asks by class first (so a StrEnum would be a str), then the predicates, the last registered one first.
    for type_ in (str, bool, int, Decimal, date):
        converter.register_structure_hook(type_, _scalar_hook(type_))
    converter.register_structure_hook(StrEnum, lambda value, type_: _word_hook(type_)(value, type_))
    converter.register_structure_hook_func(lambda type_: type_ is object, lambda value, _: plain(value))
    converter.register_structure_hook_factory(_is_tuple, lambda type_: _array_hook(type_, converter))
    converter.register_structure_hook_factory(_is_mapping, lambda type_: _table_hook(type_, converter))
    converter.register_structure_hook_factory(attrs.has, lambda cls: class_hook(cls, converter))
    converter.register_structure_hook_factory(_is_word, lambda type_: _word_hook(type_))
    converter.register_structure_hook_factory(_is_union, lambda type_: _union_hook(type_, converter))
    return converter


# --- single values ----------------------------------------------------------------------------------------------------


def fits(value: object, type_: object) -> bool:
    """Return whether a single TOML value is of a type, with nothing coerced: a flag is no number, a date has no time."""
    if type_ is bool:
        return isinstance(value, bool)
    if type_ is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ is Decimal:
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if type_ is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, type_) if isinstance(type_, type) else False


def _scalar_hook(type_: type) -> Hook:
    def structure_scalar(value: Located, _: object) -> object:
        if isinstance(value, Scalar) and fits(value.value, type_):
            return value.value
        raise wrong_type(value, type_)

    return structure_scalar


def wrong_type(value: Located, *expected: object) -> Refused:
    """Return the refusal of a value whose kind fits none of the expected types."""
    written = plain(value)
    values = {
        "key": last_key(value.key),
        "expected": _alternatives(expected),
    }
    return Refused(
        Complaint(
            code=codes.WRONG_TYPE,
            key=value.key,
            values={**values, "found": found(written), "value": shown(written)},
            hint=_type_advice(written, expected),
        )
    )


def last_key(key: KeyPath) -> str:
    """Return the last name of a key path with the indices after it: ``of[1]``."""
    start = len(key) - 1
    while start > 0 and isinstance(key[start], int):
        start -= 1
    return format_key(key[max(start, 0) :])


def _type_advice(written: object, expected: tuple[object, ...]) -> str | None:
    """Return advice for the usual slips: quotes too many or too few, and single values where an array belongs."""
    if isinstance(written, str) and _reads_as(written, expected):
        return N_("write it without quotes")
    if isinstance(written, int | Decimal | date) and str in expected:
        return N_('write it in quotes: "{value}"')
    if not isinstance(written, Mapping | list) and any(_is_tuple(one) for one in expected):
        return N_("write it in brackets: [{value}]")
    if isinstance(written, datetime) and date in expected:
        return N_("write the day only, such as 2024-01-31")
    return None


def _reads_as(text: str, expected: tuple[object, ...]) -> bool:
    number, day = {int, Decimal} & set(expected), date in expected
    if bool in expected and text in ("true", "false"):
        return True
    try:
        if number:
            return Decimal(text).is_finite()
        return day and date.fromisoformat(text) is not None
    except (ArithmeticError, ValueError):
        return False


_WORDS: Mapping[object, str] = {
    str: N_("a text in quotes"),
    bool: N_("true or false"),
    int: N_("a whole number"),
    Decimal: N_("a number"),
    date: N_("a date (2024-01-31, no quotes)"),
}
_EXTRA_WORDS: dict[object, str] = {}
_EXTRA_KINDS: dict[object, tuple[type, ...]] = {}


def describe(type_: object, words: str, *, kinds: tuple[type, ...] = (Scalar,)) -> None:
    """State how messages name a type that a further hook structures, and which values it takes; call it at import.

    ``kinds`` are those of :mod:`rulecore.policy.located`, so that a union knows which of its members to try.
    """
    _EXTRA_WORDS[type_] = words
    _EXTRA_KINDS[type_] = kinds


def expected_words(type_: object) -> object:
    """Return what a type asks for, in words: ``a number``, ``an array``, ``one of …``."""
    if type_ in _EXTRA_WORDS or type_ in _WORDS:
        return Phrase(_EXTRA_WORDS.get(type_) or _WORDS[type_])
    if _is_word(type_):
        return "/".join(shown(word) for word in words_of(type_))
    if _is_union(type_):
        return _alternatives(_members(type_))
    return Phrase(N_("an array [ … ]") if _is_tuple(type_) else N_("a table"))


def _alternatives(types_: tuple[object, ...]) -> Alternatives:
    told = [one for one in types_ if not (one is int and Decimal in types_)]
    return Alternatives(tuple(expected_words(one) for one in told))


# --- words ------------------------------------------------------------------------------------------------------------


def _is_word(type_: object) -> bool:
    return get_origin(type_) is Literal or (isinstance(type_, type) and issubclass(type_, StrEnum))


def words_of(type_: object) -> tuple[str, ...]:
    """Return the words that a ``Literal`` or ``StrEnum`` type allows."""
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return tuple(str(member) for member in type_)
    return tuple(word for word in get_args(type_) if isinstance(word, str))


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


def unknown_word(value: Scalar, known: list[str]) -> Refused:
    """Return the refusal of a text that is none of the allowed words."""
    values: Mapping[str, object] = {"key": last_key(value.key), "found": shown(value.value)}
    values, hint = _with_suggestion(values, str(value.value), known)
    return Refused(Complaint(code=codes.UNKNOWN_WORD, key=value.key, values=values, hint=hint))


# --- unions -----------------------------------------------------------------------------------------------------------


def _is_union(type_: object) -> bool:
    return get_origin(type_) in (Union, types.UnionType)


def _members(type_: object) -> tuple[object, ...]:
    return tuple(member for member in get_args(type_) if member is not type(None))


def _union_hook(type_: object, converter: cattrs.Converter) -> Hook:
    """Structure a union: the members that fit the value are tried in order, words first."""
    members = _members(type_)
    words = tuple(member for member in members if _is_word(member))

    def structure_union(value: Located, _: object) -> object:
        # Words first: where an expression may stand too, a word would else be read as a name.
        candidates = sorted((one for one in members if _may_be(value, one)), key=lambda one: one not in words)
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


def _may_be(value: Located, type_: object) -> bool:
    """Return whether a value's kind is one that a type accepts, before its content is looked at."""
    if type_ in _EXTRA_KINDS:
        return isinstance(value, _EXTRA_KINDS[type_])
    match value:
        case Table():
            return _is_mapping(type_) or attrs.has(cast("type", type_))
        case Array():
            return _is_tuple(type_)
        case Scalar():
            return isinstance(value.value, str) if _is_word(type_) else fits(value.value, type_)


# --- arrays, tables and classes -----------------------------------------------------------------------------------------


def _is_tuple(type_: object) -> bool:
    return get_origin(type_) is tuple


def _is_mapping(type_: object) -> bool:
    origin = get_origin(type_)
    return isinstance(origin, type) and issubclass(origin, Mapping)


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
    """Return the strict hook of an attrs class: unknown and missing keys are faults beside those of the values."""
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
    """Yield the complaints inside a cattrs error: those of values, then unknown keys, missing keys, validators' words."""
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
