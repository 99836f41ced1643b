"""An explanation as plain values for programs: ``"explanation": 1``, numbers exact as text, never floats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final

from rulecore.errors import Fault
from rulecore.explain.numbers import exact_text
from rulecore.explain.values import (
    Aggregate,
    ExplainedAdjustment,
    ExplainedEarlier,
    ExplainedField,
    ExplainedPolicy,
    ExplainedRounding,
    ExplainedRule,
    ExplainedTable,
    ExplainedValue,
    Explanation,
    Inexact,
    Judgement,
    Rival,
    Standing,
    Words,
)
from rulecore.language import Language
from rulecore.planned import Origin
from rulecore.source import Place

EXPLANATION_VERSION: Final = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""

Plain = dict[str, object]


def explanation_document(explanation: Explanation, language: Language) -> Plain:
    """Return an explanation as plain values, ready to be written as JSON; formulas are in ``language``.

    A number is exact decimal text (``"88.985"``) or a quotient (``"1140/13"``); an irrational one is cut off
    and ends in ``…``. Not applicable is null, a flag true or false, a date ISO text.
    """
    return {
        "explanation": EXPLANATION_VERSION,
        "language": language,
        "entity": explanation.entity,
        "period": explanation.period,
        "status": "quarantined" if explanation.refused else "scored",
        "policy": None if explanation.policy is None else _policy(explanation.policy),
        "source": _place(explanation.source),
        "engine": explanation.engine,
        "quarantine": [_fault(fault, language) for fault in explanation.refused],
        "fields": [_field(item, language) for item in explanation.fields],
        **(
            {"earlier": [_earlier(item, language) for item in explanation.earlier]}
            if explanation.earlier
            else {}
        ),
        "rules": [_rule(rule, language) for rule in explanation.rules],
        "tables": [_table(table, language) for table in explanation.tables],
    }


def _earlier(item: ExplainedEarlier, language: Language) -> Plain:
    return {
        "periods": item.periods,
        "period": item.period,
        "standing": item.standing,
        "source": item.source,
        "values": [
            {"name": name, "label": label.of(language), "value": plain_value(value)}
            for name, label, value in item.values
        ],
    }


def _field(item: ExplainedField, language: Language) -> Plain:
    return {
        "name": item.name,
        "label": item.label.of(language),
        "header": item.header,
        "value": plain_value(item.value),
        "reference": item.reference,
        "declared": _place(item.place),
    }


def _table(table: ExplainedTable, language: Language) -> Plain:
    return {
        "name": table.name,
        "label": table.label,
        "rows": [
            {
                "name": row.name,
                "number": row.number,
                "source": _place(row.source),
                "fields": [_field(item, language) for item in row.fields],
                "rules": [_rule(rule, language) for rule in row.rules],
                "tables": [_table(below, language) for below in row.tables],
            }
            for row in table.rows
        ],
    }


def _aggregate(aggregate: Aggregate, language: Language) -> Plain:
    return {
        "formula": aggregate.formula.of(language),
        "function": aggregate.function,
        "table": aggregate.table,
        "label": aggregate.label,
        "value": plain_value(aggregate.value),
        "rows": [
            {
                "name": row.name,
                "number": row.number,
                "source": _place(row.source),
                "value": plain_value(row.value),
                "substituted": row.substituted.of(language),
                "state": row.state,
                "condition": row.condition.of(language),
            }
            for row in aggregate.rows
        ],
    }


def plain_value(value: ExplainedValue) -> str | bool | None:
    """Return a value as JSON holds it: numbers as exact text."""
    match value:
        case None | bool() | str():
            return value
        case Fraction():
            return exact_text(value)
        case Inexact():
            return value.digits
        case date():
            return value.isoformat()


def _policy(policy: ExplainedPolicy) -> Plain:
    return {
        "name": policy.name,
        "title": policy.title,
        "version": policy.version,
        "file": policy.file,
        "fingerprint": policy.fingerprint,
        "reference": policy.reference,
        "plugins": [_origin(origin) for origin in policy.origins],
    }


def _rule(rule: ExplainedRule, language: Language) -> Plain:
    return {
        "name": rule.name,
        "label": rule.label.of(language),
        "value": plain_value(rule.value),
        "shown": rule.shown,
        "shown_rounding": None if rule.shown_rounding is None else _rounding(rule.shown_rounding, language),
        "reference": rule.reference,
        "note": rule.note,
        "declared": _place(rule.place),
        "scorer": rule.scorer,
        "origin": _origin(rule.origin),
        "formula": rule.formula.of(language),
        "substituted": rule.substituted.of(language),
        "taken": rule.reduced.of(language),
        "unrounded": plain_value(rule.unrounded),
        "steps": [
            {
                "label": step.label.of(language),
                "formula": step.formula.of(language),
                "substituted": step.substituted.of(language),
                "value": plain_value(step.value),
            }
            for step in rule.steps
        ],
        "roundings": [_rounding(rounding, language) for rounding in rule.roundings],
        "judgements": [_judgement(judgement, language) for judgement in rule.judgements],
        "standings": [_standing(standing, language) for standing in rule.standings],
        "aggregates": [_aggregate(aggregate, language) for aggregate in rule.aggregates],
        "parameters": [
            {
                "name": parameter.name,
                "label": parameter.label.of(language),
                "values": [plain_value(value) for value in parameter.values],
                "declared": _place(parameter.place),
            }
            for parameter in rule.parameters
        ],
        "issues": [_fault(issue, language) for issue in rule.issues],
        **({"adjustments": [_adjustment(item) for item in rule.adjustments]} if rule.adjustments else {}),
    }


def _adjustment(item: ExplainedAdjustment) -> Plain:
    return {
        "number": item.number,
        "label": item.label,
        "computed": plain_value(item.computed),
        "adjusted": plain_value(item.adjusted),
        "decided_by": item.decided_by,
        "decided_on": item.decided_on.isoformat() if item.decided_on is not None else None,
        "reason": item.reason,
        "reference": item.reference,
        "article": item.article,
        "signatures": [*item.signatures],
        "declared": _place(item.place),
    }


def _rounding(rounding: ExplainedRounding, language: Language) -> Plain:
    return {
        "of": rounding.of.of(language),
        "formula": rounding.formula.of(language),
        "before": plain_value(rounding.before),
        "after": plain_value(rounding.after),
        "mode": rounding.mode.of(language),
        "outermost": rounding.outermost,
    }


def _judgement(judgement: Judgement, language: Language) -> Plain:
    return {
        "of": judgement.of.of(language),
        "value": plain_value(judgement.value),
        "alternatives": [
            {
                "condition": alternative.condition.of(language),
                "substituted": alternative.substituted.of(language),
                "gives": alternative.gives.of(language),
                "label": alternative.label.of(language),
                "decision": alternative.decision,
            }
            for alternative in judgement.alternatives
        ],
    }


def _standing(standing: Standing, language: Language) -> Plain:
    return {
        "of": standing.formula.of(language),
        "value": plain_value(standing.value),
        "among": standing.among,
        "takes_part": standing.takes_part,
        "keys": _pairs(standing.keys, language),
        "group": _pairs(standing.group, language),
        "before": _rivals(standing.before),
        "after": _rivals(standing.after),
        "tied": _rivals(standing.tied),
        "tied_count": standing.tied_count,
        "edge": standing.edge,
        "last_in": _rivals(standing.last_in),
        "first_out": _rivals(standing.first_out),
    }


def _pairs(pairs: Iterable[tuple[Words, ExplainedValue]], language: Language) -> list[Plain]:
    return [{"label": words.of(language), "value": plain_value(value)} for words, value in pairs]


def _rivals(rivals: Iterable[Rival]) -> list[Plain]:
    return [
        {"entity": rival.entity, "rank": rival.rank, "keys": [plain_value(key) for key in rival.keys]}
        for rival in rivals
    ]


def _fault(fault: Fault, language: Language) -> Plain:
    return {
        "code": fault.code.id,
        "severity": fault.code.severity,
        "message": fault.message(language),
        "advice": fault.advice(language),
        "place": _place(fault.place),
    }


def _place(place: Place | None) -> Plain | None:
    if place is None:
        return None
    found: Plain = {"file": place.file}
    found |= {"sheet": place.sheet} if place.sheet else {}
    found |= {"line": place.line} if place.line is not None else {}
    found |= {"key": place.key} if place.key else {}
    return found


def _origin(origin: Origin) -> Plain:
    return {"distribution": origin.distribution, "version": origin.version, "sha256": origin.sha256}
