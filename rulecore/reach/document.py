"""What it would take as plain values for programs: ``"reach": 1``, numbers exact as text, never floats."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rulecore.explain.document import Plain, plain_value
from rulecore.explain.numbers import exact_text
from rulecore.explain.values import Rival, Standing
from rulecore.language import Language
from rulecore.reach.values import Change, InputAnswer, Reach

REACH_VERSION: Final = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""


def reach_document(found: Reach, language: Language) -> Plain:
    """Return what it would take as plain values, ready to be written as JSON; words are in ``language``."""
    return {
        "reach": REACH_VERSION,
        "language": language,
        "entity": found.entity,
        "period": found.period,
        "policy": {
            "name": found.policy.name,
            "version": found.policy.version,
            "file": found.policy.file,
            "fingerprint": found.policy.fingerprint,
        },
        "source": None
        if found.source is None
        else {"file": found.source.file, "sheet": found.source.sheet, "row": found.source.line},
        "rule": found.rule,
        "label": found.label.of(language),
        "current": plain_value(found.current),
        "target": found.target,
        "reached_already": found.reached_already,
        "inputs": [_answer(answer, language) for answer in found.answers],
        "edges": [_edge(edge, language) for edge in found.edges],
    }


def _answer(answer: InputAnswer, language: Language) -> Plain:
    return {
        "field": answer.field,
        "label": answer.label.of(language),
        "column": answer.header,
        "table": answer.table,
        "row": answer.row,
        "row_number": answer.row_number or None,
        "source": None
        if answer.source is None
        else {"file": answer.source.file, "sheet": answer.source.sheet, "row": answer.source.line},
        "status": answer.status,
        "step": _number(answer.step),
        "coarse": answer.coarse,
        "searched_steps": answer.searched,
        "change": None if answer.change is None else _change(answer.change, language),
    }


def _change(change: Change, language: Language) -> Plain:
    return {
        "before": plain_value(change.before),
        "after": plain_value(change.after),
        "difference": _number(change.difference),
        "steps": change.steps,
        "outcome": plain_value(change.outcome),
        "displaced": [
            {"entity": other.entity, "before": plain_value(other.before), "after": plain_value(other.after)}
            for other in change.displaced
        ],
        "edges": [_edge(edge, language) for edge in change.edges],
    }


def _edge(edge: Standing, language: Language) -> Plain:
    return {
        "of": edge.formula.of(language),
        "places": edge.edge,
        "rank": plain_value(edge.value),
        "among": edge.among,
        "keys": [{"label": words.of(language), "value": plain_value(value)} for words, value in edge.keys],
        "last_in": [_rival(rival) for rival in edge.last_in],
        "first_out": [_rival(rival) for rival in edge.first_out],
    }


def _rival(rival: Rival) -> Plain:
    return {"entity": rival.entity, "rank": rival.rank, "keys": [plain_value(key) for key in rival.keys]}


def _number(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
