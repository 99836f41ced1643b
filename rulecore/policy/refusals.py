"""What a type asks of a TOML value, and the refusal of one that does not fit, with the advice that helps."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Union, cast, get_args, get_origin

import attrs
from attrs import field, frozen

from rulecore.codes import policy as codes
from rulecore.errors import Code
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.located import Array, Located, Scalar, Table, plain
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import found, listed, shown
from rulecore.source import KeyPath, format_key

DID_YOU_MEAN = N_("did you mean {suggestion}? Known: {known}")


@frozen(kw_only=True)
class Complaint:
    """One fault of a value, by its key; ``span`` narrows it to characters inside the text there."""

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


# --- kinds of type --------------------------------------------------------------------------------


def is_word(type_: object) -> bool:
    """Return whether a type is a choice of words: a ``Literal`` or a ``StrEnum``."""
    return get_origin(type_) is Literal or (isinstance(type_, type) and issubclass(type_, StrEnum))


def words_of(type_: object) -> tuple[str, ...]:
    """Return the words that a ``Literal`` or ``StrEnum`` type allows."""
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return tuple(str(member) for member in type_)
    return tuple(word for word in get_args(type_) if isinstance(word, str))


def is_union(type_: object) -> bool:
    """Return whether a type is a union."""
    return get_origin(type_) in (Union, types.UnionType)


def members_of(type_: object) -> tuple[object, ...]:
    """Return the members of a union but None, which TOML cannot write."""
    return tuple(member for member in get_args(type_) if member is not type(None))


def is_tuple(type_: object) -> bool:
    """Return whether a type is an array."""
    return get_origin(type_) is tuple


def is_mapping(type_: object) -> bool:
    """Return whether a type is a table with free keys."""
    origin = get_origin(type_)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def fits(value: object, type_: object) -> bool:
    """Return whether a single TOML value is of a type; a flag is no number, and a date has no time."""
    if type_ is bool:
        return isinstance(value, bool)
    if type_ is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ is Decimal:
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if type_ is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, type_) if isinstance(type_, type) else False


def may_be(value: Located, type_: object) -> bool:
    """Return whether a value's kind is one that a type accepts, before its content is looked at."""
    if type_ in _EXTRA_KINDS:
        return isinstance(value, _EXTRA_KINDS[type_])
    match value:
        case Table():
            return is_mapping(type_) or attrs.has(cast("type", type_))
        case Array():
            return is_tuple(type_)
        case Scalar():
            return isinstance(value.value, str) if is_word(type_) else fits(value.value, type_)


# --- refusals -------------------------------------------------------------------------------------


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
    """Return advice for the usual slips: quotes too many or too few, single values for arrays."""
    if isinstance(written, str) and _reads_as(written, expected):
        return N_("write it without quotes")
    if isinstance(written, int | Decimal | date) and str in expected:
        return N_('write it in quotes: "{value}"')
    if not isinstance(written, Mapping | list) and any(is_tuple(one) for one in expected):
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
    """State how messages name a type that a further hook structures, and which values it takes.

    ``kinds`` are those of :mod:`rulecore.policy.located`, so that a union knows which members to try.
    Called at import.
    """
    _EXTRA_WORDS[type_] = words
    _EXTRA_KINDS[type_] = kinds


def expected_words(type_: object) -> str | Phrase:
    """Return what a type asks for, in words: ``a number``, ``an array``, ``one of …``."""
    if type_ in _EXTRA_WORDS or type_ in _WORDS:
        return phrase(_EXTRA_WORDS.get(type_) or _WORDS[type_])
    if is_word(type_):
        return "/".join(shown(word) for word in words_of(type_))
    if is_union(type_):
        return _alternatives(members_of(type_))
    return phrase(N_("an array [ … ]") if is_tuple(type_) else N_("a table"))


def _alternatives(types_: tuple[object, ...]) -> Phrase:
    told = [one for one in types_ if not (one is int and Decimal in types_)]
    return phrase(*(expected_words(one) for one in told))


def unknown_word(value: Scalar, known: list[str]) -> Refused:
    """Return the refusal of a text that is none of the allowed words."""
    values: Mapping[str, object] = {"key": last_key(value.key), "found": shown(value.value)}
    values, hint = with_suggestion(values, str(value.value), known)
    return Refused(Complaint(code=codes.UNKNOWN_WORD, key=value.key, values=values, hint=hint))


def with_suggestion(
    values: Mapping[str, object], written: str, known: list[str]
) -> tuple[Mapping[str, object], str | None]:
    """Return the values with a near miss and the known words, and the advice if there is a near miss."""
    near = suggestion(written, known)
    values = {**values, "known": listed(known), "suggestion": near or ""}
    return values, DID_YOU_MEAN if near is not None else None
