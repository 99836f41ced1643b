"""A compiled policy as plain values, for ``rulecore show``: the same for the page and for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from rulecore.declarations import DatedValue, FieldDeclaration
from rulecore.engines.schedule import within_record
from rulecore.expr import nodes
from rulecore.expr.supplied import PARENT_MARK, ParentValue, TableCall
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type, kind
from rulecore.expr.words import formula
from rulecore.language import current_language
from rulecore.numbers import format_number
from rulecore.plan.labels import level_labels
from rulecore.planned import CohortStep, Plan, PlannedColumn, PlannedField, PlannedRule, PlannedTable

Values = dict[str, object]


def policy_document(plan: Plan) -> Values:
    """Return a policy as it is understood."""
    header, record = plan.policy.policy, plan.policy.record
    return {
        "name": header.name,
        "title": header.title,
        "version": header.version,
        "file": plan.file,
        "fingerprint": plan.fingerprint,
        "reference": header.reference,
        "applies_to": {
            name: [plain(value) for value in values] for name, values in header.applies_to.items()
        },
        "effective": {"from": plain(header.effective.from_), "until": plain(header.effective.until)},
        "requires": list(header.requires),
        "record": {
            "entity": record.entity,
            "period": record.period,
            "refuse": [
                {"when": refusal.when, "reason": refusal.reason, "reference": refusal.reference}
                for refusal in record.refuse
            ],
        },
        "fields": [field_document(field) for field in plan.fields],
        "parameters": {name: plain(value) for name, value in plan.policy.parameters.items()},
        "rules": [
            rule_document(plan, step.name)
            for step in plan.steps
            if isinstance(step, PlannedRule) and not step.hidden
        ],
        "tables": [table_document(plan, table) for table in plan.tables],
        **_adjustments(plan),
        "output": [column_document(column) for column in plan.columns],
    }


def _adjustments(plan: Plan) -> Values:
    """Return what a committee may decide, where the policy allows anything."""
    declared = plan.policy.adjustments
    if not declared:
        return {}
    found = [
        {
            "name": name,
            "label": one.label or name,
            "kind": one.kind,
            "rules": list(one.rules),
            "table": one.table,
            "vetoes": list(one.vetoes),
            "becomes": plain(one.becomes),
            "min": plain(one.min),
            "max": plain(one.max),
            "by_at_most": plain(one.by_at_most),
            "may_be": [plain(value) for value in one.may_be],
            "decided_by": list(one.decided_by),
            "signatures": one.signatures,
            "reference": one.reference,
        }
        for name, one in declared.items()
    ]
    return {"adjustments": found}


def table_document(plan: Plan, table: PlannedTable) -> Values:
    """Return a detail table: where its rows come from, what names their record, how many there may be."""
    declared = table.declaration
    return {
        "name": table.name,
        "label": table.label,
        "source": declared.source,
        "sheet": declared.sheet,
        "parent": declared.parent,
        "row": declared.row,
        "complete": declared.complete,
        "key": dict(zip(table.identity, table.headers, strict=True)),
        "at_least": declared.at_least,
        "at_most": declared.at_most,
        "reference": declared.reference,
        "fields": [field_document(field) for field in table.plan.fields],
        "rules": [
            rule_document(plan, step.name, table)
            for step in table.plan.steps
            if isinstance(step, PlannedRule) and not step.hidden
        ],
        "output": [column_document(column) for column in table.plan.columns],
        "place": str(table.place),
    }


def field_document(field: PlannedField) -> Values:
    """Return a field: its column, its type and what a blank cell means."""
    declared = field.declaration
    not_applicable = declared.not_applicable
    return {
        "name": field.name,
        "column": field.header,
        "label": field.label,
        "aliases": list(declared.aliases),
        "type": type_document(field.type),
        "missing": plain(declared.missing),
        **_source(declared),
        "not_applicable": None if not_applicable is None else list(not_applicable),
        "reference": declared.reference,
    }


def _source(declared: FieldDeclaration) -> Values:
    """Return where a field comes from, if that is another policy's results."""
    source = declared.from_
    if source is None:
        return {}
    return {"from": {"policy": source.policy, "rule": source.rule, "by": dict(source.by)}}


def rule_document(plan: Plan, name: str, table: PlannedTable | None = None) -> Values:
    """Return a rule of the records or of a table: its formula in words, its type, what it needs, where it stands."""
    level = plan if table is None else table.plan
    rule = level.rule(name)
    assert rule is not None  # noqa: S101 - asked for by a name of the policy's rules
    declared = level.policy.rules[name]
    compared = [step for step in level.steps if isinstance(step, CohortStep) and step.rule == name]
    return {
        "name": name,
        "label": rule.label,
        "reference": rule.reference,
        "note": rule.note,
        "scorer": rule.scorer,
        "origin": str(rule.origin),
        "formula": formula(
            rule.node, current_language(), labels(plan, table.name if table is not None else "")
        ),
        "type": type_document(rule.type),
        "rounding": declared.rounding.value if declared.decimals is not None or declared.step else None,
        "decimals": declared.decimals,
        "step": plain(declared.step),
        "needs": needed_names(rule.node),
        "compares_records": bool(compared),
        "compares_within_record": bool(compared) and all(within_record(step) for step in compared),
        "issues": list(rule.issues),
        "place": str(rule.place),
    }


def needed_names(node: nodes.Node) -> list[str]:
    """Return the fields, rules and parameters an expression reads, in the order written; of rows ``table.name``."""
    return list(dict.fromkeys(name.lstrip(PARENT_MARK) for name in _names(node)))


def _names(node: nodes.Node) -> list[str]:
    found: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, nodes.FieldRef | nodes.RuleRef | nodes.ParameterRef):
            found[part.name] = None
        elif isinstance(part, ParentValue):
            found[f"{PARENT_MARK}{part.name}"] = None
        elif isinstance(part, TableCall):
            over = [inner for inner in (part.argument, part.where, *part.order) if inner is not None]
            inside = [name for inner in over for name in _names(inner.node)] or [""]
            found |= dict.fromkeys(_from_above(part.table, name) for name in inside)
        else:
            waiting += reversed(list(part.children()))
    return list(found)


def _from_above(table: str, name: str) -> str:
    if name.startswith(PARENT_MARK):
        return name[len(PARENT_MARK) :]
    return f"{table}.{name}" if name and "." not in name else name or table


def labels(plan: Plan, table: str = "") -> Mapping[str, str]:
    """Return the words that formulas of the records (or of a table's rows) show in place of names."""
    return level_labels(plan, _own_labels, current_language(), table)


def _own_labels(plan: Plan) -> dict[str, str]:
    return {field.name: field.label for field in plan.fields} | {
        name: rule.label for name, rule in plan.policy.rules.items() if rule.label
    }


def column_document(column: PlannedColumn) -> Values:
    """Return an output column."""
    return {
        "of": column.of,
        "header": column.header,
        "decimals": column.scale,
        "not_applicable": column.not_applicable,
    }


def type_document(type_: Type) -> Values:
    """Return a type: its kind, whether it may be not applicable, and what is known of its values."""
    found: Values = {"kind": kind(type_), "nullable": type_.nullable}
    match type_:
        case NumberType():
            found |= {
                "decimals": type_.scale,
                "min": plain(type_.low),
                "max": plain(type_.high),
                "exact": type_.exact,
            }
        case TextType(values=values) if values is not None:
            found["values"] = sorted(values)
        case DateType():
            found |= {"min": plain(type_.low), "max": plain(type_.high)}
        case FlagType(always=always) if always is not None:
            found["always"] = always
    return found


def plain(value: object) -> object:
    """Return a value as JSON can hold it: numbers with a point as text, so that no digit is lost."""
    match value:
        case None | bool() | int() | str():
            return value
        case Fraction():
            return format_number(value)
        case date():
            return value.isoformat()
        case tuple():
            return [plain(item) for item in value]
        case DatedValue():
            return {"from": plain(value.from_), "value": plain(value.value)}
        case _:
            return str(value)
