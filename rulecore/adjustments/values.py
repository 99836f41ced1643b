"""What a decision sets: its cell read as the rule's kind of value, and held to the bounds that the policy states."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rulecore.adjustments.decision import Decision
from rulecore.adjustments.reading import cell_text
from rulecore.codes import adjustments as codes
from rulecore.contracts import Value
from rulecore.declarations import AdjustmentDeclaration, FieldDeclaration, RuleDeclaration
from rulecore.errors import Fault
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import Phrase, phrase
from rulecore.plan.decisions import exact
from rulecore.planned import PlannedField
from rulecore.policy.words import listed
from rulecore.records.cells import read_cell
from rulecore.records.single import exact as exact_cell
from rulecore.records.storage import field_type
from rulecore.source import Place

MOST_PLACES = 1_000_000


class Refused(Exception):  # noqa: N818 - a signal within this package
    """Why a decision cannot set what it sets."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


def decided_value(
    decision: Decision, declared: AdjustmentDeclaration, type_: Type, rule: RuleDeclaration
) -> tuple[Value, int]:
    """Return what a decision puts into its column, and which veto of the section it is about (0 elsewhere).

    ``type_`` is what may be decided, ``rule`` the rule as it is declared. Raises :class:`Refused`.
    """
    match declared.kind:
        case "override":
            return _override(decision, declared, type_, rule), 0
        case "tie":
            return _place(decision), 0
        case "recusal":
            if decision.value is not None:
                raise Refused(phrase(N_("taking out of a comparison sets no value: leave it blank")))
            return True, 0
        case "exemption":
            return True, _waived(decision, declared)


def bound_fault(decision: Decision, reason: Phrase) -> Fault:
    """Return the fault of a decision that sets what it may not."""
    values = {
        "number": decision.number,
        "value": cell_text(decision.value) or "—",
        "name": decision.adjustment,
        "reason": reason,
    }
    return Fault(code=codes.OUT_OF_BOUNDS, values=values, place=decision.at("value"))


def _waived(decision: Decision, declared: AdjustmentDeclaration) -> int:
    """Return which of the vetoes a decision waives; a section with one veto, or none, may leave the cell blank."""
    text = cell_text(decision.value)
    if not declared.vetoes:
        if text:
            becomes = exact(declared.becomes)
            if _read(decision.value, _like(becomes)) != becomes:
                shown = value_text(becomes)
                raise Refused(phrase(N_("the exemption makes it {value}: leave it blank"), value=shown))
        return 0
    if text in declared.vetoes:
        return declared.vetoes.index(text)
    if text or len(declared.vetoes) > 1:
        raise Refused(phrase(N_("it must name one of {allowed}"), allowed=listed(declared.vetoes)))
    return 0


def _place(decision: Decision) -> Fraction:
    found = _read(decision.value, FieldDeclaration(type="integer", min=1, max=MOST_PLACES))
    if not isinstance(found, Fraction):
        raise Refused(phrase(N_("a place among tied records is a whole number from 1")))
    return found


def _override(
    decision: Decision, declared: AdjustmentDeclaration, type_: Type, rule: RuleDeclaration
) -> Value:
    if decision.value is None:
        raise Refused(phrase(N_("the value is missing")))
    found = _read(decision.value, _field_of(type_))
    if found is None:
        raise Refused(_not_readable(type_))
    reason = _outside(found, declared, type_, rule)
    if reason is not None:
        raise Refused(reason)
    return found


def _outside(
    value: Value, declared: AdjustmentDeclaration, type_: Type, rule: RuleDeclaration
) -> Phrase | None:
    """Return why a value is outside what may be decided, or None."""
    choices = [exact(choice) for choice in declared.may_be]
    if isinstance(type_, TextType) and not choices:
        choices = sorted(type_.values or ())
    if choices and value not in choices:
        return phrase(N_("it may only be {allowed}"), allowed=listed(map(value_text, choices)))
    if isinstance(type_, NumberType | DateType):
        if type_.low is not None and value < type_.low:  # type: ignore[operator] # of the type's own kind
            return phrase(N_("it may not be below {bound}"), bound=value_text(type_.low))
        if type_.high is not None and value > type_.high:  # type: ignore[operator]
            return phrase(N_("it may not be above {bound}"), bound=value_text(type_.high))
    if isinstance(value, Fraction) and rule.step is not None and value / Fraction(rule.step) % 1:
        return phrase(N_("it is no whole multiple of {step}, as the rule's values are"), step=str(rule.step))
    return None


def too_far(value: Value, computed: Value, declared: AdjustmentDeclaration) -> Phrase | None:
    """Return why a value is too far from the computed one, or None."""
    if declared.by_at_most is None or not isinstance(value, Fraction):
        return None
    if not isinstance(computed, Fraction):
        return phrase(N_("nothing was computed that it could be compared with"))
    most = Fraction(declared.by_at_most)
    if abs(value - computed) <= most:
        return None
    return phrase(
        N_("it may differ from the computed {computed} by at most {most}"),
        computed=value_text(computed),
        most=value_text(most),
    )


def _field_of(type_: Type) -> FieldDeclaration:
    """Return how a value of a type is read from a cell, bounds aside."""
    match type_:
        case NumberType(scale=scale):
            return FieldDeclaration(type="decimal", decimals=scale or 0)
        case FlagType():
            return FieldDeclaration(type="flag")
        case DateType():
            return FieldDeclaration(type="date")
    return FieldDeclaration(type="text")


def _like(value: Value) -> FieldDeclaration:
    match value:
        case bool():
            return FieldDeclaration(type="flag")
        case Fraction():
            return FieldDeclaration(type="decimal", decimals=12)
        case date():
            return FieldDeclaration(type="date")
    return FieldDeclaration(type="text")


def _not_readable(type_: Type) -> Phrase:
    match type_:
        case NumberType(scale=scale):
            return phrase(N_("it is no number with at most {decimals} decimals"), decimals=str(scale or 0))
        case FlagType():
            return phrase(N_("it is neither yes nor no"))
        case DateType():
            return phrase(N_("it is no day"))
    return phrase(N_("it cannot be read"))


def _read(cell: object, declared: FieldDeclaration) -> Value:
    """Return the exact value of a cell, None if it is none."""
    if declared.type == "text":
        return cell_text(cell) or None
    planned = PlannedField(
        name="value",
        header="value",
        label="value",
        type=field_type(declared),
        declaration=declared,
        place=_PLACE,
    )
    found, fault = read_cell(cell, planned)
    return None if fault is not None else exact_cell(found, planned)


_PLACE = Place(file="")


def value_text(value: Value, scale: int | None = None) -> str:
    """Return an exact value as text; not applicable is a dash."""
    match value:
        case None:
            return "—"
        case bool():
            return "true" if value else "false"
        case Fraction():
            return format_number(value, scale)
    return str(value)
