"""A comparison as plain values for programs: ``"difference": 1``, numbers exact as text, never floats."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rulecore.compare.lines import cause_text
from rulecore.compare.values import (
    Cause,
    Difference,
    Effect,
    EffectSum,
    Mixed,
    Money,
    Moved,
    PolicyLine,
    RecordDifference,
    RowDifference,
    Unpaired,
)
from rulecore.explain.document import Plain, plain_value
from rulecore.explain.numbers import exact_text
from rulecore.language import Language
from rulecore.source import Place

DIFFERENCE_VERSION: Final = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""


def difference_document(found: Difference, language: Language) -> Plain:
    """Return a comparison as plain values, ready to be written as JSON; words are in ``language``."""
    return {
        "difference": DIFFERENCE_VERSION,
        "language": language,
        "old": found.old,
        "new": found.new,
        "compared": found.compared,
        "differ": len(found.records),
        "policy_lines": [_line(line) for line in found.lines],
        "only_old": [_unpaired(item) for item in found.only_old],
        "only_new": [_unpaired(item) for item in found.only_new],
        "records": [_record(record, language) for record in found.records],
        "transitions": [
            {
                "rule": table.rule.name,
                "label": table.rule.label,
                "values": [plain_value(value) for value in table.values],
                "counts": [list(counts) for counts in table.counts],
            }
            for table in found.transitions
        ],
        "money": [_money(item) for item in found.money],
        "effects": [_effect_sum(item) for item in found.effects],
    }


def _record(record: RecordDifference, language: Language) -> Plain:
    return {
        "entity": record.entity,
        "period": record.period,
        "policy": record.policy,
        "ripple": record.ripple,
        "moved": [_moved(moved) for moved in record.moved],
        "causes": [_cause(cause, language) for cause in record.causes],
        "effects": [_effect(effect) for effect in record.effects],
        "four_values": [_mixed(mixed) for mixed in record.mixed],
        "rows": [_row(row, language) for row in record.rows],
    }


def _moved(moved: Moved) -> Plain:
    return {
        "rule": moved.rule.name,
        "label": moved.rule.label,
        "before": plain_value(moved.before),
        "after": plain_value(moved.after),
        "difference": None if moved.difference is None else exact_text(moved.difference),
        "because": list(moved.because),
    }


def _row(row: RowDifference, language: Language) -> Plain:
    return {
        "table": row.table,
        "label": row.label,
        "row": row.row,
        "before": row.before,
        "after": row.after,
        "moved": [_moved(moved) for moved in row.moved],
        "causes": [_cause(cause, language) for cause in row.causes],
    }


def _cause(cause: Cause, language: Language) -> Plain:
    return {
        "kind": cause.kind,
        "name": cause.name,
        "label": cause.label,
        "before": plain_value(cause.before),
        "after": plain_value(cause.after),
        "others": cause.others,
        "reference": cause.reference,
        "policy_lines": [_line(line) for line in cause.lines],
        "text": cause_text(cause, language),
    }


def _line(line: PolicyLine) -> Plain:
    return {
        "key": line.key,
        "before": line.before,
        "after": line.after,
        "before_place": _place(line.before_place),
        "after_place": _place(line.after_place),
    }


def _place(place: Place | None) -> Plain | None:
    return None if place is None else {"file": place.file, "line": place.line}


def _unpaired(item: Unpaired) -> Plain:
    return {"entity": item.entity, "period": item.period, "refused": item.refused}


def _money(item: Money) -> Plain:
    amounts = {"before": item.before, "after": item.after, "gained": item.gained, "lost": item.lost}
    counts = {"risen": item.risen, "fallen": item.fallen, "one_sided": item.one_sided}
    return {"rule": item.rule.name, "label": item.rule.label, **_exact(amounts), **counts}


def _effect(item: Effect) -> Plain:
    parts = {"policy": item.policy, "performance": item.performance, "order": item.order}
    return {"rule": item.rule.name, "difference": exact_text(item.total), **_exact(parts)}


def _effect_sum(item: EffectSum) -> Plain:
    parts = {"policy": item.policy, "performance": item.performance, "order": item.order}
    total = exact_text(item.policy + item.performance)
    counts = {"records": item.records, "without": item.without}
    return {"rule": item.rule.name, "difference": total, **_exact(parts), **counts}


def _mixed(item: Mixed) -> Plain:
    return {
        "rule": item.rule.name,
        "old_policy_old_records": plain_value(item.old_old),
        "new_policy_old_records": plain_value(item.new_old),
        "old_policy_new_records": plain_value(item.old_new),
        "new_policy_new_records": plain_value(item.new_new),
    }


def _exact(numbers: dict[str, Fraction]) -> dict[str, str]:
    return {name: exact_text(number) for name, number in numbers.items()}
