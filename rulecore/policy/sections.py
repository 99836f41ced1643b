"""The parts of a policy document, each structured alone, so that a fault in one hides none in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TypeVar, cast

import cattrs
from attrs import define, field

from rulecore.codes import policy as codes
from rulecore.declarations import (
    AdjustmentDeclaration,
    DatedValue,
    FieldDeclaration,
    OutputColumn,
    OutputDeclaration,
    ParameterValue,
    PolicyHeader,
    RecordDeclaration,
    RuleDeclaration,
    Scalar,
    TableDeclaration,
)
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.policy.document import Document
from rulecore.policy.located import Array, Located, Table
from rulecore.policy.located import Scalar as LocatedScalar
from rulecore.policy.refusals import DID_YOU_MEAN, describe, wrong_type
from rulecore.policy.structure import (
    class_hook,
    known_keys,
    strict_converter,
    structure,
)
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed
from rulecore.source import KeyPath

Value = TypeVar("Value")
PlainValue = Scalar | tuple[Scalar, ...]

SECTIONS = (
    "policy",
    "record",
    "fields",
    "tables",
    "parameters",
    "rules",
    "adjustments",
    "output",
    "guardrails",
)
LATER: tuple[KeyPath, ...] = (("cases",),)
"""Keys of the policy format that this version knows of but does not do."""

RULE_KEYS = tuple(key for key in known_keys(RuleDeclaration) if key != "settings")
"""The keys every rule has, whatever its scorer."""

HEADER_KEYS = known_keys(PolicyHeader)

describe(OutputColumn, N_('a name in quotes, or a table { of = "name", … }'), kinds=(LocatedScalar, Table))


@define(kw_only=True)
class Sections:
    """What of a policy could be structured so far, and what is wrong with the rest.

    ``field_names``, ``rule_names`` and ``parameter_names`` hold every declared name, structured or not.
    """

    document: Document
    header: PolicyHeader | None = None
    record: RecordDeclaration | None = None
    fields: dict[str, FieldDeclaration] = field(factory=dict)
    tables: dict[str, TableDeclaration] = field(factory=dict)
    parameters: dict[str, ParameterValue] = field(factory=dict)
    rules: dict[str, RuleDeclaration] = field(factory=dict)
    adjustments: dict[str, AdjustmentDeclaration] = field(factory=dict)
    output: OutputDeclaration | None = None
    faults: list[Fault] = field(factory=list)

    @property
    def field_names(self) -> tuple[str, ...]:
        """Every declared field's name."""
        return self._names("fields")

    @property
    def rule_names(self) -> tuple[str, ...]:
        """Every declared rule's name."""
        return self._names("rules")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Every declared parameter's name."""
        return self._names("parameters")

    def _names(self, section: str) -> tuple[str, ...]:
        table = self.document.data.get(section)
        return tuple(table) if isinstance(table, Mapping) else ()


def read_sections(document: Document) -> Sections:
    """Return the structured parts of a policy document, with every fault of a key, a type or a word."""
    sections = Sections(document=document)
    sections.faults += _unknown_sections(document)
    sections.header = _one(sections, "policy", PolicyHeader)
    sections.record = _one(sections, "record", RecordDeclaration)
    sections.fields = _each(sections, "fields", FieldDeclaration)
    sections.tables = _each(sections, "tables", TableDeclaration, required=False)
    sections.parameters = _parameters(sections)
    sections.rules = _each(sections, "rules", RuleDeclaration)
    sections.adjustments = _each(sections, "adjustments", AdjustmentDeclaration, required=False)
    sections.output = _one(sections, "output", OutputDeclaration)
    return sections


def _parameters(sections: Sections) -> dict[str, ParameterValue]:
    """Return the parameters; an array with a table in it is a list of dated values."""
    # A union is no class to Python's type system, but it is a type to structure.
    plain = cast("type[ParameterValue]", PlainValue)
    dated = cast("type[ParameterValue]", tuple[DatedValue, ...])

    def type_of(value: object) -> type[ParameterValue]:
        has_table = isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
        return dated if has_table else plain

    return _each(sections, "parameters", type_of, required=False)


def _one(sections: Sections, name: str, cls: type[Value]) -> Value | None:
    document = sections.document
    if name not in document.data:
        sections.faults.append(_missing_section(document, name))
        return None
    data = document.data[name]
    return _structured(sections, data, cls, (name,))


def _each(
    sections: Sections,
    name: str,
    cls: type[Value] | Callable[[object], type[Value]],
    *,
    required: bool = True,
) -> dict[str, Value]:
    document = sections.document
    if name not in document.data:
        if required:
            sections.faults.append(_missing_section(document, name))
        return {}
    table = document.data[name]
    if not isinstance(table, Mapping):
        _structured(sections, table, dict[str, object], (name,))
        return {}
    types = {key: cls if isinstance(cls, type) else cls(value) for key, value in table.items()}
    found: dict[str, Value | None] = {
        key: _structured(sections, value, types[key], (name, key)) for key, value in table.items()
    }
    return {key: value for key, value in found.items() if value is not None}


def _structured(sections: Sections, data: object, cls: type[Value], key: KeyPath) -> Value | None:
    result = structure(data, cls, document=sections.document, key=key, converter=policy_converter())
    sections.faults += result.faults
    return result.value


def _missing_section(document: Document, name: str) -> Fault:
    header = {"fields": "fields.NAME", "rules": "rules.NAME"}.get(name, name)
    values = {"name": header}
    return Fault(code=codes.MISSING_SECTION, values=values, place=document.place((name,)))


def _unknown_sections(document: Document) -> Iterator[Fault]:
    for path in LATER:
        table: object = document.data
        for key in path[:-1]:
            table = table.get(key) if isinstance(table, Mapping) else None
        if isinstance(table, Mapping) and path[-1] in table:
            place = document.place(path, value=False)
            yield Fault(code=codes.NOT_SUPPORTED, values={"key": path[-1]}, place=place)
    for name in document.data:
        if name in SECTIONS or (name,) in LATER:
            continue
        near = suggestion(name, SECTIONS)
        values = {"name": name, "known": listed(SECTIONS), "suggestion": near or ""}
        hint = DID_YOU_MEAN if near is not None else None
        if name in HEADER_KEYS:
            hint = N_("{name} belongs in [policy]: write it below that header")
        place = document.place((name,), value=False)
        yield Fault(code=codes.UNKNOWN_SECTION, values=values, place=place, hint=hint)


# --- the converter --------------------------------------------------------------------------------


@cache
def policy_converter() -> cattrs.Converter:
    """Return the strict converter with the hooks of the policy format's own short forms."""
    converter = strict_converter()
    rule = class_hook(RuleDeclaration, converter)
    column = class_hook(OutputColumn, converter)

    def structure_rule(value: Located, _: object) -> object:
        """Keys that are not every rule's are its scorer's; they are structured when the scorer is known."""
        if not isinstance(value, Table):
            raise wrong_type(value, RuleDeclaration)
        common = {key: inner for key, inner in value.items() if key in RULE_KEYS}
        settings = {key: inner for key, inner in value.items() if key not in RULE_KEYS}
        return rule(Table({**common, "settings": Table(settings, value.key)}, value.key), None)

    def structure_column(value: Located, _: object) -> object:
        match value:
            case Table():
                return column(value, None)
            case Array():
                raise wrong_type(value, OutputColumn)
        if not isinstance(value.value, str):
            raise wrong_type(value, OutputColumn)
        return OutputColumn(of=value.value)

    converter.register_structure_hook(RuleDeclaration, structure_rule)
    converter.register_structure_hook(OutputColumn, structure_column)
    return converter
