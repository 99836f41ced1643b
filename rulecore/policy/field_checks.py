"""What is wrong with field declarations beyond the types of their keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from rulecore.codes import policy as codes
from rulecore.declarations import FieldDeclaration
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.refusals import fits
from rulecore.policy.sections import Sections
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed, shown

MAX_DECIMALS: Final = 12
MISSING_WORDS: Final = ("refuse", "not_applicable")
_KEY_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "decimals": ("decimal",),
    "excess_digits": ("decimal",),
    "percent": ("decimal",),
    "min": ("decimal", "integer", "date"),
    "max": ("decimal", "integer", "date"),
    "true": ("flag",),
    "false": ("flag",),
    "values": ("text",),
}
"""The keys that only fields of some types have."""

_PYTHON_TYPES: Final[Mapping[str, type]] = {
    "decimal": Decimal,
    "integer": int,
    "text": str,
    "flag": bool,
    "date": date,
}


def check_fields(sections: Sections) -> Iterator[Fault]:
    """Yield what is wrong with each field, and columns that two fields are read from."""
    for name, declaration in sections.fields.items():
        yield from _keys_of_other_types(sections, name, declaration)
        yield from decimals_fault(sections, ("fields", name), declaration.decimals)
        yield from _limits(sections, name, declaration)
        yield from _default(sections, name, declaration)
    yield from _shared_columns(sections)


def decimals_fault(sections: Sections, path: tuple[str | int, ...], decimals: int | None) -> Iterator[Fault]:
    """Yield a fault if ``decimals`` of the table at ``path`` is negative or more than is held exactly."""
    if decimals is not None and not 0 <= decimals <= MAX_DECIMALS:
        values = {"found": decimals, "limit": MAX_DECIMALS}
        place = sections.document.place((*path, "decimals"))
        yield Fault(code=codes.DECIMALS_OUT_OF_RANGE, values=values, place=place)


def value_fits(value: object, declaration: FieldDeclaration) -> bool:
    """Return whether a TOML value is of the field's type."""
    return fits(value, _PYTHON_TYPES[declaration.type])


def column_forms(name: str, declaration: FieldDeclaration) -> tuple[str, ...]:
    """Return the headers a field is read from: its column (or its name) and its aliases."""
    return (declaration.column or name, *declaration.aliases)


def fold_header(header: str) -> str:
    """Return a header as inputs are matched by it: trimmed, full-width forms as half-width ones."""
    return unicodedata.normalize("NFKC", header).strip()


def _keys_of_other_types(sections: Sections, name: str, declaration: FieldDeclaration) -> Iterator[Fault]:
    for key in _written(sections, name):
        types = _KEY_TYPES.get(key)
        if types is not None and declaration.type not in types:
            values = {"key": key, "type": declaration.type, "types": listed(types)}
            place = sections.document.place(("fields", name, key), value=False)
            yield Fault(code=codes.KEY_NOT_FOR_TYPE, values=values, place=place)


def _written(sections: Sections, name: str) -> Mapping[str, object]:
    fields = sections.document.data["fields"]
    table = fields[name] if isinstance(fields, Mapping) else {}
    return table if isinstance(table, Mapping) else {}


def _limits(sections: Sections, name: str, declaration: FieldDeclaration) -> Iterator[Fault]:
    document, bounds = sections.document, {"min": declaration.min, "max": declaration.max}
    if declaration.type not in _KEY_TYPES["min"]:
        return
    usable = {key: bound for key, bound in bounds.items() if bound is not None}
    for key, bound in tuple(usable.items()):
        if not value_fits(bound, declaration):
            del usable[key]
            values = {"name": name, "found": shown(bound), "type": declaration.type}
            place = document.place(("fields", name, key))
            yield Fault(code=codes.VALUE_NOT_FOR_FIELD, values=values, place=place)
    if len(usable) == 2 and _is_above(usable["min"], usable["max"]):
        values = {"name": name, "low": shown(usable["min"]), "high": shown(usable["max"])}
        related = ((N_("max is here"), document.place(("fields", name, "max"))),)
        place = document.place(("fields", name, "min"))
        yield Fault(code=codes.LIMITS_REVERSED, values=values, place=place, related=related)


def _is_above(low: object, high: object) -> bool:
    match low, high:
        case (int() | Decimal(), int() | Decimal()):
            return low > high
        case (date(), date()):
            return low > high
    return False


def _default(sections: Sections, name: str, declaration: FieldDeclaration) -> Iterator[Fault]:
    default = declaration.missing
    if default in MISSING_WORDS:
        return
    reason = _default_reason(default, declaration)
    if reason is None:
        return
    near = suggestion(default, MISSING_WORDS) if isinstance(default, str) else None
    values = {"name": name, "found": shown(default), "reason": reason, "suggestion": near or ""}
    hint = N_('did you mean "{suggestion}"?') if near is not None else None
    place = sections.document.place(("fields", name, "missing"))
    yield Fault(code=codes.BAD_DEFAULT, values=values, place=place, hint=hint)


def _default_reason(default: object, declaration: FieldDeclaration) -> Phrase | None:
    """Return why a default is no value of its field, or None if it is one."""
    if not value_fits(default, declaration):
        return phrase(N_("it is not of the field's type"))
    if isinstance(default, Decimal) and -int(default.normalize().as_tuple().exponent) > declaration.decimals:
        return phrase(N_("it has more digits than decimals allows"))
    low, high = declaration.min, declaration.max
    if (low is not None and _is_above(low, default)) or (high is not None and _is_above(default, high)):
        return phrase(N_("it lies outside min and max"))
    if declaration.values and default not in declaration.values:
        return phrase(N_("it is not among values"))
    return None


def _shared_columns(sections: Sections) -> Iterator[Fault]:
    """Yield a fault for every column that two fields are read from, whatever way each names it."""
    document = sections.document
    first: dict[str, tuple[str, tuple[str | int, ...]]] = {}
    for name, declaration in sections.fields.items():
        for index, header in enumerate(column_forms(name, declaration)):
            alias = ("fields", name, "aliases", index - 1)
            path: tuple[str | int, ...] = alias if index else ("fields", name, "column")
            owner, owner_path = first.setdefault(fold_header(header), (name, path))
            if owner != name:
                values = {"name": owner, "other": name, "header": shown(header)}
                related = ((N_("first used here"), document.place(owner_path)),)
                yield Fault(
                    code=codes.HEADER_TWICE, values=values, place=document.place(path), related=related
                )
