"""Detail tables: each looked at as a policy of its own, and what is wrong with how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rulecore.codes import policy as policy_codes
from rulecore.codes import tables as codes
from rulecore.declarations import OutputDeclaration, Policy, RecordDeclaration, TableDeclaration
from rulecore.errors import Code, Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.field_checks import check_fields
from rulecore.policy.names import RESERVED_WORDS, unknown_name
from rulecore.policy.part import part_of
from rulecore.policy.policy_checks import check_rules
from rulecore.policy.sections import Sections
from rulecore.policy.words import listed, shown
from rulecore.source import KeyPath

MOST_ROWS: Final = 1_000_000
"""The most rows that a record may be allowed to have in a table."""

_SECTIONS: Final[Mapping[str, str]] = {
    "fields": N_("field"),
    "parameters": N_("parameter"),
    "tables": N_("table"),
    "rules": N_("rule"),
}


def table_sections(sections: Sections, name: str) -> Sections:
    """Return one table's fields and rules as the sections of a policy of its own."""
    table = sections.tables[name]
    return Sections(
        document=part_of(sections.document, ("tables", name)),
        fields=dict(table.fields),
        rules=dict(table.rules),
        parameters=sections.parameters,
    )


def table_policy(policy: Policy, name: str) -> Policy:
    """Return a table as a policy of its own: its fields and rules, the whole policy's parameters."""
    table = policy.tables[name]
    return Policy(
        policy=policy.policy,
        record=RecordDeclaration(entity=table.row),
        fields=table.fields,
        parameters=policy.parameters,
        parameter_labels=policy.parameter_labels,
        rules=table.rules,
        output=OutputDeclaration(columns=table.output.columns if table.output is not None else ()),
    )


def ancestors(tables: Iterable[tuple[str, TableDeclaration]], name: str) -> list[str]:
    """Return the tables that a table's rows belong to, the nearest first; it ends where a circle closes."""
    known = dict(tables)
    found: list[str] = []
    parent = known[name].parent
    while parent in known and parent not in found and parent != name:
        found.append(parent)
        parent = known[parent].parent
    return found


def check_tables(sections: Sections) -> Iterator[Fault]:
    """Yield what is wrong with the detail tables: their fields and rules, parents, keys and limits."""
    for name, table in sections.tables.items():
        inner = table_sections(sections, name)
        yield from check_fields(inner)
        yield from check_rules(inner)
        yield from _names(sections, name, table)
        yield from _parent(sections, name, table)
        yield from _row(sections, name, table)
        yield from _key(sections, name, table)
        yield from _limits(sections, name, table)
        yield from _output(inner, table)


def _fault(sections: Sections, table: str, path: KeyPath, code: Code, values: Mapping[str, object]) -> Fault:
    """Return the fault of a key of a table at its place."""
    place = sections.document.place(("tables", table, *path))
    return Fault(code=code, values={"table": table, **values}, place=place)


def _names(sections: Sections, name: str, table: TableDeclaration) -> Iterator[Fault]:
    """Yield a fault for a name that is no identifier, a keyword, or given twice in the table or its parents."""
    above = {*sections.field_names, *sections.rule_names, *sections.parameter_names, *sections.tables}
    for parent in ancestors(sections.tables.items(), name):
        above |= {*sections.tables[parent].fields, *sections.tables[parent].rules}
    for section, kind in (("fields", N_("field")), ("rules", N_("rule"))):
        for inner in table.fields if section == "fields" else table.rules:
            place = sections.document.place(("tables", name, section, inner), value=False)
            values = {"name": inner, "what": phrase(kind)}
            if not inner.isidentifier():
                yield Fault(
                    code=policy_codes.NOT_A_NAME, values={**values, "name": shown(inner)}, place=place
                )
            elif inner in RESERVED_WORDS:
                yield Fault(code=policy_codes.RESERVED_NAME, values=values, place=place)
            elif inner in above or (section == "rules" and inner in table.fields):
                kind_of_other, path = _first_use(sections, name, inner)
                related = ((N_("first used here"), sections.document.place(path, value=False)),)
                values = {**values, "other": phrase(kind_of_other)}
                yield Fault(code=policy_codes.NAME_TWICE, values=values, place=place, related=related)


def _first_use(sections: Sections, table: str, name: str) -> tuple[str, KeyPath]:
    """Return what else is called like a table's field or rule, and where: in the policy, a table above, or itself."""
    levels: list[KeyPath] = [()]
    levels += [("tables", parent) for parent in reversed(ancestors(sections.tables.items(), table))]
    levels.append(("tables", table))
    for level in levels:
        for section, kind in _SECTIONS.items():
            path = (*level, section, name)
            if sections.document.value_at(path) is not None:
                return kind, path
    return N_("field"), ("tables", table)


def _parent(sections: Sections, name: str, table: TableDeclaration) -> Iterator[Fault]:
    in_file = [other for other, its in sections.tables.items() if its.source == "records"]
    beside = [other for other in in_file if sections.tables[other].parent == table.parent]
    if name in beside[1:]:
        reason = phrase(
            N_("the rows of the records' own file are already those of {parent}"), parent=beside[0]
        )
        yield _fault(sections, name, ("source",), codes.TABLE_SOURCE, {"reason": reason})
    if not table.parent:
        return
    chain = ancestors(sections.tables.items(), name)
    last = sections.tables[chain[-1]].parent if chain else table.parent
    if table.parent not in sections.tables or table.parent == name or last:
        others = [other for other in sections.tables if other != name]
        values = {"name": shown(table.parent), "known": listed(others) or "—"}
        yield _fault(sections, name, ("parent",), codes.UNKNOWN_PARENT, values)
        return
    parent = sections.tables[table.parent]
    if not parent.row:
        reason = phrase(
            N_("its parent {parent} has no row, the field that tells its rows apart"), parent=table.parent
        )
        yield _fault(sections, name, ("parent",), codes.TABLE_SOURCE, {"reason": reason})
    if table.source == "table" and parent.source == "records":
        return
    if table.source == "records" and parent.source != "records":
        reason = phrase(N_("its parent {parent} has a source of its own"), parent=table.parent)
        yield _fault(sections, name, ("source",), codes.TABLE_SOURCE, {"reason": reason})


def _row(sections: Sections, name: str, table: TableDeclaration) -> Iterator[Fault]:
    if table.row and table.row not in table.fields:
        reason = phrase(N_("the table has no field {name}"), name=shown(table.row))
        yield _fault(sections, name, ("row",), codes.ROW_FIELD, {"key": "row", "reason": reason})
        return
    declared = table.fields.get(table.row)
    if declared is not None and (declared.missing != "refuse" or declared.not_applicable):
        values = {"name": table.row, "key": f"tables.{name}.row"}
        place = sections.document.place(("tables", name, "row"))
        yield Fault(code=policy_codes.ENTITY_MAY_BE_MISSING, values=values, place=place)
    if table.complete and (declared is None or not declared.values):
        reason = phrase(N_("there is no row field with values that could be complete"))
        yield _fault(sections, name, ("complete",), codes.ROW_FIELD, {"key": "complete", "reason": reason})


def _key(sections: Sections, name: str, table: TableDeclaration) -> Iterator[Fault]:
    if sections.record is None:
        return
    known = {*sections.record.identity}
    for parent in ancestors(sections.tables.items(), name):
        known |= {sections.tables[parent].row} - {""}
    for key in table.key:
        if key not in known or table.source == "records":
            values = {
                "name": shown(key),
                "known": listed(sorted(known) if table.source == "table" else ()) or "—",
            }
            yield _fault(sections, name, ("key", key), codes.TABLE_KEY, values)
    if table.source == "records" and table.sheet:
        reason = phrase(N_("they stand in the records' own file, which is no other sheet"))
        yield _fault(sections, name, ("sheet",), codes.TABLE_SOURCE, {"reason": reason})


def _limits(sections: Sections, name: str, table: TableDeclaration) -> Iterator[Fault]:
    if not 0 <= table.at_least <= table.at_most or not 1 <= table.at_most <= MOST_ROWS:
        key = (
            "at_least" if sections.document.value_at(("tables", name, "at_least")) is not None else "at_most"
        )
        values: dict[str, object] = {"low": table.at_least, "high": table.at_most, "limit": MOST_ROWS}
        place = sections.document.place(("tables", name, key))
        yield Fault(code=codes.ROW_LIMITS, values={"table": name, **values}, place=place)


def _output(inner: Sections, table: TableDeclaration) -> Iterator[Fault]:
    known = (*table.fields, *table.rules)
    for index, column in enumerate(table.output.columns if table.output is not None else ()):
        yield from unknown_name(
            inner.document, ("output", "columns", index), column.of, known, policy_codes.UNKNOWN_OUTPUT
        )
