"""Ledgers as plain values for programs: ``"ledger": 1``, numbers exact as text, never floats.

The form is described by ``docs/ledger.schema.json``. :class:`Fragments` gives the same as JSON text, quickly, for
those who write a hundred thousand of them: what is the same for every record is written once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from rulecore.errors import Fault
from rulecore.explain.document import Plain, plain_value
from rulecore.explain.numbers import exact_text
from rulecore.explain.values import ExplainedPolicy
from rulecore.language import Language
from rulecore.ledger.values import Entry, Ledgers, Line, Reason, RuleLedger
from rulecore.numbers import decimal_scale, format_scaled
from rulecore.source import Place

LEDGER_VERSION: Final = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""


def ledgers_document(ledgers: Ledgers, language: Language) -> Plain:
    """Return a record's ledgers as plain values, ready to be written as JSON; words are in ``language``.

    A number is exact decimal text (``"88.985"``) or a quotient (``"1140/13"``). Not applicable is null, a flag
    true or false, a date ISO text. The amounts of a rule's lines add up to its value, exactly.
    """
    return {
        "ledger": LEDGER_VERSION,
        "language": language,
        "entity": ledgers.entity,
        "period": ledgers.period,
        "status": "quarantined" if ledgers.refused else "scored",
        "policy": None if ledgers.policy is None else policy_document(ledgers.policy),
        "source": None if ledgers.source is None else source_document(ledgers.source),
        "fields": [
            {
                "name": item.name,
                "label": item.label.of(language),
                "column": item.header,
                "value": plain_value(item.value),
            }
            for item in ledgers.fields
        ],
        "rules": [_rule(rule, language) for rule in ledgers.rules],
        "quarantine": [fault_document(fault, language) for fault in ledgers.refused],
    }


def policy_document(policy: ExplainedPolicy) -> Plain:
    """Return a policy as ledgers name it."""
    return {
        "name": policy.name,
        "title": policy.title,
        "version": policy.version,
        "file": policy.file,
        "fingerprint": policy.fingerprint,
        "reference": policy.reference,
    }


def source_document(place: Place) -> Plain:
    """Return the row of an input: its file, its sheet (empty for none) and its number."""
    return {"file": place.file, "sheet": place.sheet, "row": place.line}


def declared_document(place: Place | None) -> Plain | None:
    """Return where the policy says something: its file and line."""
    return None if place is None else {"file": place.file, "line": place.line}


def fault_document(fault: Fault, language: Language) -> Plain:
    """Return why a record was refused: code, message, and the cell."""
    place = fault.place
    return {
        "code": fault.code.id,
        "message": fault.message(language),
        "source": None if place is None else source_document(place) | {"column": place.key or ""},
    }


def line_document(line: Line, language: Language) -> Plain:
    """Return what is the same of a line for every record."""
    return {
        "kind": line.kind,
        "label": line.label.of(language),
        "formula": line.formula.of(language),
        "rule": line.rule or None,
        "inputs": list(line.inputs),
        "reference": line.reference,
        "declared": declared_document(line.declared),
    }


def rule_head(ledger: RuleLedger, language: Language) -> Plain:
    """Return what is the same of a rule's ledger for every record."""
    return {
        "name": ledger.name,
        "label": ledger.label.of(language),
        "reference": ledger.reference,
        "declared": declared_document(ledger.declared),
        "formula": ledger.formula.of(language),
    }


def _rule(ledger: RuleLedger, language: Language) -> Plain:
    return {
        **rule_head(ledger, language),
        "value": _number(ledger.value),
        "shown": ledger.shown,
        "lines": [_entry(entry, language) for entry in ledger.entries],
        "reasons": [_reason(reason, language) for reason in ledger.reasons],
        "missing": list(ledger.missing),
    }


def _entry(entry: Entry, language: Language) -> Plain:
    return {
        **line_document(entry.line, language),
        "amount": exact_text(entry.amount),
        "value": plain_value(entry.value),
        "factor": _number(entry.factor),
        "marks": _number(entry.marks),
    }


def _reason(reason: Reason, language: Language) -> Plain:
    line = reason.entry.line
    return {
        "rule": reason.rule,
        "kind": line.kind,
        "label": line.label.of(language),
        "amount": exact_text(reason.amount),
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)


class Fragments:
    """The parts of ledgers as JSON text; what does not change from record to record is kept."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._lines: dict[int, tuple[Line, str]] = {}
        self._reasons: dict[int, tuple[Line, str]] = {}
        self._scales: dict[int, tuple[int, int]] = {}

    def number(self, value: Fraction | None) -> str:
        """Return a number as JSON text: its exact text in quotes."""
        if value is None:
            return "null"
        numerator, denominator = value.numerator, value.denominator
        if denominator == 1:
            return f'"{numerator}"'
        known = self._scales.get(denominator)
        if known is None:
            scale = decimal_scale(Fraction(1, denominator))
            known = (scale, 10**scale // denominator) if scale is not None else (0, 0)
            if len(self._scales) < _MOST_SCALES:
                self._scales[denominator] = known
        scale, multiplier = known
        if not multiplier:
            return f'"{numerator}/{denominator}"'
        return f'"{format_scaled(numerator * multiplier, scale)}"'

    def entry(self, entry: Entry) -> str:
        """Return a line of a ledger."""
        line = entry.line
        known = self._lines.get(id(line))
        if known is None:
            # The line is kept, so that its id stays its own.
            known = self._lines[id(line)] = (line, _open(line_document(line, self._language)))
        number = self.number
        value = entry.value
        shown = number(value) if value is None or isinstance(value, Fraction) else compact(plain_value(value))
        return (
            f'{known[1]}"amount":{number(entry.amount)},"value":{shown},'
            f'"factor":{number(entry.factor)},"marks":{number(entry.marks)}}}'
        )

    def reason(self, reason: Reason) -> str:
        """Return a reason."""
        line = reason.entry.line
        known = self._reasons.get(id(line))
        if known is None:
            head = {"rule": reason.rule, "kind": line.kind, "label": line.label.of(self._language)}
            known = self._reasons[id(line)] = (line, _open(head))
        return f'{known[1]}"amount":{self.number(reason.amount)}}}'


_MOST_SCALES: Final = 100_000
"""How many denominators are remembered with the decimals they need."""


def compact(value: object) -> str:
    """Return a value as JSON text without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _open(document: Mapping[str, object]) -> str:
    """Return an object's JSON text, left open for more keys."""
    return compact(document)[:-1] + ","


opened: Final[Callable[[Mapping[str, object]], str]] = _open
