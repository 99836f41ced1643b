"""Names: what fields, rules and parameters may be called, and that names in the policy name something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rulecore.codes import policy as codes
from rulecore.errors import Code, Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.document import Document
from rulecore.policy.refusals import DID_YOU_MEAN
from rulecore.policy.sections import Sections
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed, shown
from rulecore.source import KeyPath, format_key

RESERVED_WORDS: Final = frozenset(
    {
        "and",
        "or",
        "not",
        "in",
        "if",
        "then",
        "else",
        "true",
        "false",
        "not_applicable",
        "且",
        "或",
        "非",
        "属于",
        "不属于",
        "如果",
        "则",
        "否则",
        "否则如果",
        "真",
        "假",
        "不适用",
    }
)
"""The keywords of the expression language; a test holds this list to its own."""

_KINDS: Final[Mapping[str, str]] = {
    "fields": N_("field"),
    "parameters": N_("parameter"),
    "tables": N_("table"),
    "rules": N_("rule"),
}


def check_names(sections: Sections) -> Iterator[Fault]:
    """Yield a fault for every name that is no identifier, is a keyword, or is given twice."""
    document = sections.document
    first: dict[str, str] = {}
    for section, kind in _KINDS.items():
        table = document.data.get(section)
        for name in table if isinstance(table, Mapping) else ():
            values = {"name": name, "what": phrase(kind)}
            place = document.place((section, name), value=False)
            if not name.isidentifier():
                yield Fault(code=codes.NOT_A_NAME, values={**values, "name": shown(name)}, place=place)
            elif name in RESERVED_WORDS:
                yield Fault(code=codes.RESERVED_NAME, values=values, place=place)
            if name in first:
                related = ((N_("first used here"), document.place((first[name], name), value=False)),)
                values = {**values, "other": phrase(_KINDS[first[name]])}
                yield Fault(code=codes.NAME_TWICE, values=values, place=place, related=related)
            first.setdefault(name, section)


def check_record(sections: Sections) -> Iterator[Fault]:
    """Yield a fault where ``[record]`` names no field, or one that may be missing."""
    record = sections.record
    if record is None:
        return
    named: list[tuple[KeyPath, str]] = [
        (("record", "entity"), record.entity),
        (("record", "period"), record.period),
    ]
    named += [(("record", "key", index), name) for index, name in enumerate(record.key)]
    for path, name in named:
        if name or path != ("record", "period"):
            yield from unknown_name(sections.document, path, name, sections.field_names, codes.UNKNOWN_FIELD)
        declaration = sections.fields.get(name)
        if declaration is not None and (declaration.missing != "refuse" or declaration.not_applicable):
            values = {"name": name, "key": format_key(path)}
            yield Fault(code=codes.ENTITY_MAY_BE_MISSING, values=values, place=sections.document.place(path))


def unknown_name(
    document: Document, path: KeyPath, name: str, known: Iterable[str], code: Code, *, at_key: bool = False
) -> Iterator[Fault]:
    """Yield a fault with ``code`` if ``name``, written at ``path``, is not among the known names."""
    names = tuple(known)
    if name in names:
        return
    near = suggestion(name, names)
    values = {"key": format_key(path), "name": shown(name), "known": listed(names), "suggestion": near or ""}
    hint = DID_YOU_MEAN if near is not None else None
    yield Fault(code=code, values=values, place=document.place(path, value=not at_key), hint=hint)
