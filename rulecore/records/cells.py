"""One cell to one typed value: the reference that says what every column of an input means.

:func:`read_cell` takes a cell as a reader found it and a field as declared, and returns the value or a
fault, never both and never an exception. Numbers come back as integers scaled by the field's power of ten
(see :func:`rulecore.records.storage.storage`), and None is *not applicable*. docs/reading.md lists the
accepted forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Literal
from unicodedata import normalize

from attrs import evolve, frozen

from rulecore.codes.records import (
    BLANK,
    CONTROL_CHARACTER,
    NOT_A_FLAG,
    NOT_AMONG_VALUES,
    TOKEN_NOT_ALLOWED,
    UNFIT_DEFAULT,
    WRONG_KIND,
)
from rulecore.declarations import FieldDeclaration, Scalar
from rulecore.errors import Code
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.planned import PlannedField
from rulecore.records.characters import fold_word, forbidden_character, shown, trim
from rulecore.records.dates import DateRules, date_rules, read_date, within_dates
from rulecore.records.digits import NumberRules, number_rules, read_number, scale_exactly
from rulecore.records.outcome import CellFault, CellRead

LONGEST_TOKEN: Final = 40
"""Longer texts are not compared with tokens; a policy's own tokens are longer only by mistake."""

LONGEST_INTEGER_BITS: Final = 600
"""Larger Python integers are out of every range."""

USUAL_TOKENS: Final = ("不适用", "—", "–", "－", "-", "/", "N/A")
"""The texts that mean not applicable where a field allows it and names none of its own."""


@frozen(kw_only=True)
class CellRules:
    """How the cells of one field are read: texts folded, bounds computed."""

    column: str
    kind: Literal["number", "text", "flag", "date"]
    number: NumberRules | None = None
    dates: DateRules | None = None
    blank: CellRead
    tokens: frozenset[str]
    refused_tokens: frozenset[str]
    flags: Mapping[str, bool]
    allowed: frozenset[str]
    declaration: FieldDeclaration


def read_cell(cell: object, field: PlannedField) -> CellRead:
    """Return the typed value of a cell of ``field``, or the fault for which it is refused."""
    return read_by(cell, cell_rules(field))


def read_by(cell: object, rules: CellRules) -> CellRead:
    """Return the typed value of a cell by rules prepared once for its field."""
    match cell:
        case None:
            return rules.blank
        case str():
            return read_text(cell, rules)
        case bool():
            return (cell, None) if rules.kind == "flag" else _wrong_kind(cell, N_("flag"), rules)
        case int() | float() | Decimal():
            return read_text(_number_text(cell, rules), rules)
        case datetime():
            midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
            return read_text(cell.date().isoformat() if midnight else cell.isoformat(sep=" "), rules)
        case date():
            return read_text(cell.isoformat(), rules)
        case _ if type(cell).__module__ == "numpy" and hasattr(cell, "item"):
            plain: object = cell.item()
            return (
                read_by(plain, rules)
                if type(plain) is not type(cell)
                else _wrong_kind(cell, type(cell).__name__, rules)
            )
        case _:
            return _wrong_kind(cell, type(cell).__name__, rules)


def read_text(cell: str, rules: CellRules) -> CellRead:
    """Return the typed value of a cell that is text."""
    text = trim(cell)
    if not text:
        return rules.blank
    if len(text) <= LONGEST_TOKEN and text not in rules.allowed:
        word = fold_word(text)
        if word in rules.tokens:
            return None, None
        if word in rules.refused_tokens:
            return None, _fault(TOKEN_NOT_ALLOWED, text, rules)
    if rules.number is not None:
        return read_number(text, rules.number)
    if rules.dates is not None:
        return read_date(text, rules.dates)
    return _flag(text, rules) if rules.kind == "flag" else _text(text, rules)


def cell_rules(field: PlannedField) -> CellRules:
    """Return how cells of ``field`` are read."""
    return _cell_rules(field, type(field.declaration.missing).__name__)


@lru_cache(maxsize=4096)
def _cell_rules(field: PlannedField, _missing: str) -> CellRules:
    # The default's type is part of the key: fields with missing = 0 and missing = false are equal to Python.
    declaration = field.declaration
    column = field.header or field.name
    tokens, refused = _tokens(declaration)
    numeric = declaration.type in ("decimal", "integer")
    kind: Literal["number", "text", "flag", "date"] = "number"
    if declaration.type in ("text", "flag", "date"):
        kind = declaration.type
    rules = CellRules(
        column=column,
        kind=kind,
        number=number_rules(field) if numeric else None,
        dates=date_rules(field) if kind == "date" else None,
        blank=(None, None),
        tokens=tokens,
        refused_tokens=refused,
        flags={fold_word(word): False for word in declaration.false}
        | {fold_word(word): True for word in declaration.true},
        allowed=frozenset(normalize("NFC", trim(value)) for value in declaration.values),
        declaration=declaration,
    )
    return _with_blank(rules)


def read_declared(value: Scalar, rules: CellRules) -> CellRead:
    """Return the typed form of a value that a policy states for a field: a default, or one of ``applies_to``.

    Such a value is the field's own, not a cell: 0.95 is 0.95 in a field with ``percent = true`` too, and
    blanks or tokens have no meaning of their own.
    """
    match value, rules.kind:
        case bool(), "flag":
            return value, None
        case bool(), _:
            return _wrong_kind(value, N_("flag"), rules)
        case ((int() | Decimal()), "number") if rules.number is not None:
            return scale_exactly(str(value), rules.number)
        case datetime(), _:
            return _wrong_kind(value, type(value).__name__, rules)
        case date(), "date" if rules.dates is not None:
            return within_dates(value, str(value), rules.dates)
        case str(), "text":
            text = trim(value)
            return _text(text, rules) if text else ("", None)
        case _:
            return _wrong_kind(value, type(value).__name__, rules)


def _with_blank(rules: CellRules) -> CellRules:
    missing = rules.declaration.missing
    if missing == "refuse":
        return evolve(rules, blank=(None, CellFault(code=BLANK, values={"column": rules.column})))
    if missing == "not_applicable":
        return rules
    value, fault = ("", None) if missing == "" and rules.kind == "text" else read_declared(missing, rules)
    if fault is not None:
        values = {"column": rules.column, "default": shown(str(missing))}
        return evolve(rules, blank=(None, CellFault(code=UNFIT_DEFAULT, values=values)))
    return evolve(rules, blank=(value, None))


def _tokens(declaration: FieldDeclaration) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded texts that mean not applicable, and those that would but are not allowed."""
    usual = frozenset(fold_word(token) for token in USUAL_TOKENS)
    flag_words = {fold_word(word) for word in (*declaration.true, *declaration.false)}
    taken = frozenset(flag_words) if declaration.type == "flag" else frozenset[str]()
    if declaration.not_applicable is None:
        allowed = usual if declaration.missing == "not_applicable" else frozenset[str]()
        return allowed, usual - allowed - taken
    own = frozenset(fold_word(token) for token in declaration.not_applicable)
    # A field that names its own tokens has decided what the usual ones are: in a text field, ordinary text.
    return own, frozenset[str]() if declaration.type == "text" else usual - own - taken


def _number_text(cell: int | float | Decimal, rules: CellRules) -> str:
    if isinstance(cell, float):
        text = float.__repr__(cell)  # NumPy's own repr names its type
        # A code column that passed through a spreadsheet or pandas: 1001.0 is the text 1001.
        return text.removesuffix(".0") if rules.kind == "text" else text
    if isinstance(cell, int):
        # Python refuses to write integers of more than 4300 digits; such a number is out of every range.
        return (
            str(cell) if cell.bit_length() < LONGEST_INTEGER_BITS else ("-" if cell < 0 else "") + "9" * 199
        )
    if rules.kind == "text" and cell.is_finite() and -50 < cell.adjusted() < 50:
        return format(cell, "f")
    return str(cell)


def _flag(text: str, rules: CellRules) -> CellRead:
    value = rules.flags.get(fold_word(text))
    if value is not None:
        return value, None
    true, false = ("/".join(words) for words in (rules.declaration.true, rules.declaration.false))
    values = {"column": rules.column, "value": shown(text), "true": true, "false": false}
    return None, CellFault(code=NOT_A_FLAG, values=values)


def _text(text: str, rules: CellRules) -> CellRead:
    forbidden = forbidden_character(text)
    if forbidden is not None:
        values = {"column": rules.column, "value": shown(text), "character": f"U+{ord(forbidden):04X}"}
        return None, CellFault(code=CONTROL_CHARACTER, values=values)
    text = normalize("NFC", text)
    if not rules.allowed or text in rules.allowed:
        return text, None
    allowed = rules.declaration.values
    near = get_close_matches(text[:LONGEST_TOKEN], allowed, n=1, cutoff=0.5)
    values = {
        "column": rules.column,
        "value": shown(text),
        "allowed": ", ".join(allowed),
        "near": "".join(near),
    }
    return None, CellFault(
        code=NOT_AMONG_VALUES, values=values, hint=N_("did you mean {near}?") if near else None
    )


def _fault(code: Code, text: str, rules: CellRules) -> CellFault:
    return CellFault(code=code, values={"column": rules.column, "value": shown(text)})


def _wrong_kind(value: object, found: str, rules: CellRules) -> CellRead:
    kinds = {"found": phrase(found), "expected": phrase(rules.kind)}
    return None, CellFault(code=WRONG_KIND, values={"column": rules.column, "value": shown(value), **kinds})
