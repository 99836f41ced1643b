"""Ledgers as plain values for programs: ``"ledger": 1``, numbers exact as text, never floats.

The form is described by ``docs/ledger.schema.json``. :class:`Fragments` gives the same as JSON text, quickly, for
those who write a hundred thousand of them: what is the same for every record is written once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from rulecore.errors import Fault
from rulecore.explain.document import Plain, plain_value
from rulecore.explain.numbers import exact_text, explained
from rulecore.explain.values import ExplainedField, ExplainedPolicy
from rulecore.language import Language
from rulecore.ledger.values import Entry, Ledgers, Line, Reason, RuleLedger, TableLedgers
from rulecore.numbers import decimal_scale
from rulecore.reals import Number, Real
from rulecore.source import Place

LEDGER_VERSION: Final = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""


def ledgers_document(ledgers: Ledgers, language: Language) -> Plain:
    """Return a record's ledgers as plain values, ready to be written as JSON; words are in ``language``.

    A number is exact decimal text (``"88.985"``) or a quotient (``"1140/13"``); an irrational one is cut off and ends
    in ``…``. Not applicable is null, a flag true or false, a date ISO text. The amounts of a rule's lines add up to its
    value, exactly.
    """
    return {
        "ledger": LEDGER_VERSION,
        "language": language,
        "entity": ledgers.entity,
        "period": ledgers.period,
        "status": "quarantined" if ledgers.refused else "scored",
        "policy": None if ledgers.policy is None else policy_document(ledgers.policy),
        "source": None if ledgers.source is None else source_document(ledgers.source),
        "fields": [_field(item, language) for item in ledgers.fields],
        "rules": [_rule(rule, language) for rule in ledgers.rules],
        "tables": [_table(table, language) for table in ledgers.tables],
        "quarantine": [fault_document(fault, language) for fault in ledgers.refused],
    }


def _field(item: ExplainedField, language: Language) -> Plain:
    return {
        "name": item.name,
        "label": item.label.of(language),
        "column": item.header,
        "value": plain_value(item.value),
    }


def _table(table: TableLedgers, language: Language) -> Plain:
    return {
        "name": table.name,
        "label": table.label,
        "rows": [
            {
                "name": row.name,
                "number": row.number,
                "source": None if row.source is None else source_document(row.source),
                "fields": [_field(item, language) for item in row.fields],
                "rules": [_rule(rule, language) for rule in row.rules],
                "tables": [_table(below, language) for below in row.tables],
            }
            for row in table.rows
        ],
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
        **({"table": line.table} if line.table else {}),
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
        **({} if entry.row is None else {"row": entry.row}),
        "amount": _number(entry.amount),
        "value": plain_value(explained(entry.value)),
        "factor": _number(entry.factor),
        "marks": _number(entry.marks),
    }


def _reason(reason: Reason, language: Language) -> Plain:
    line = reason.entry.line
    return {
        "rule": reason.rule,
        "kind": line.kind,
        "label": line.label.of(language),
        "amount": _number(reason.amount),
    }


def _number(value: Number | None) -> str | None:
    if isinstance(value, Real):
        shown = plain_value(explained(value))
        assert isinstance(shown, str)  # noqa: S101 - a number is text
        return shown
    return None if value is None else exact_text(value)


class Fragments:
    """The parts of ledgers as JSON text; what does not change from record to record is kept."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._lines: dict[int, tuple[Line, str, Fraction | None, Number | None, str]] = {}
        self._reasons: dict[int, tuple[Line, str]] = {}
        self._texts: dict[int, dict[int, str] | None] = {}
        self._kept = 0

    def number(self, value: Number | None) -> str:
        """Return a number as JSON text: its exact text in quotes."""
        try:
            denominator: int = value._denominator  # type: ignore[union-attr] # quicker than asking what it is
            numerator: int = value._numerator  # type: ignore[union-attr]
        except AttributeError:
            return compact(_number(value))
        try:
            texts = self._texts[denominator]
            if texts is None:
                # Few records share a quotient without an end.
                return f'"{numerator}/{denominator}"'
            return texts[numerator]
        except KeyError:
            return self._new(Fraction(numerator, denominator))

    def _new(self, value: Fraction) -> str:
        """Return the text of a number that was not met before, and remember it."""
        texts = self._texts.get(value.denominator)
        if texts is None:
            texts = {} if decimal_scale(value) is not None else None
            if self._kept < MOST_TEXTS:
                self._texts[value.denominator] = texts
        text = f'"{exact_text(value)}"'
        if texts is not None and self._kept < MOST_TEXTS:
            texts[value.numerator] = text
        self._kept += 1
        return text

    def entry(self, entry: Entry) -> str:
        """Return a line of a ledger."""
        line, amount, value, factor, marks, row = entry
        known = self._lines.get(id(line))
        if known is None or known[2] is not factor or known[3] is not marks:
            # The line is kept, so that its id stays its own; most have the same factor for every record.
            head = opened(line_document(line, self._language)) if known is None else known[1]
            tail = f'"factor":{self.number(factor)},"marks":{self.number(marks)}}}'
            known = self._lines[id(line)] = (line, head, factor, marks, tail)
        shown = self.number(amount)
        if value is amount:
            worth = shown
        elif type(value) in _WORDS:
            worth = compact(plain_value(explained(value)))
        else:
            worth = self.number(value)  # type: ignore[arg-type] # neither text nor flag nor date
        place = "" if row is None else f'"row":{row},'
        return f'{known[1]}{place}"amount":{shown},"value":{worth},{known[4]}'

    def reason(self, reason: Reason) -> str:
        """Return a reason."""
        line = reason.entry.line
        known = self._reasons.get(id(line))
        if known is None:
            head = {"rule": reason.rule, "kind": line.kind, "label": line.label.of(self._language)}
            known = self._reasons[id(line)] = (line, opened(head))
        return f'{known[1]}"amount":{self.number(reason.amount)}}}'


_WORDS: Final = (str, bool, date)
MOST_TEXTS: Final = 200_000
"""How many numbers are remembered with their texts: scores, weights and full marks are the same again and again."""


def compact(value: object) -> str:
    """Return a value as JSON text without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def opened(document: Mapping[str, object]) -> str:
    """Return an object's JSON text, left open for more keys."""
    return compact(document)[:-1] + ","
