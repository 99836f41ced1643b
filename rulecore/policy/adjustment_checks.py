"""What is wrong with ``[adjustments]`` beyond the types of its keys: names, unknown rules, keys of other kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from rulecore.codes import adjustments as codes
from rulecore.codes import policy as policy_codes
from rulecore.declarations import AdjustmentDeclaration, rule_key
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.document import Document
from rulecore.policy.field_checks import MAX_DECIMALS
from rulecore.policy.guardrails import Guardrail, SetGuardrail
from rulecore.policy.keys import ANY
from rulecore.policy.names import RESERVED_WORDS
from rulecore.policy.refusals import DID_YOU_MEAN
from rulecore.policy.sections import Sections
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed, shown
from rulecore.source import KeyPath

MOST_SIGNATURES: Final = 2

_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "exemption": frozenset(("vetoes", "becomes")),
    "override": frozenset(("min", "max", "by_at_most", "may_be", "decimals")),
    "recusal": frozenset(("table", "becomes")),
    "tie": frozenset(),
}
"""The keys that only some kinds of adjustment have, by kind."""


def check_adjustments(sections: Sections) -> Iterator[Fault]:
    """Yield what is wrong with each adjustment as it is written."""
    for name, adjustment in sections.adjustments.items():
        key: KeyPath = ("adjustments", name)
        place = sections.document.place(key, value=False)
        if not name.isidentifier():
            values = {"name": shown(name), "what": phrase(N_("adjustment of a committee"))}
            yield Fault(code=policy_codes.NOT_A_NAME, values=values, place=place)
        elif name in RESERVED_WORDS:
            values = {"name": name, "what": phrase(N_("adjustment of a committee"))}
            yield Fault(code=policy_codes.RESERVED_NAME, values=values, place=place)
        for at, reason in _reasons(sections, name, adjustment):
            found = sections.document.place((*key, at) if at else key, value=bool(at))
            yield Fault(code=codes.DECLARED_WRONGLY, values={"name": name, "reason": reason}, place=found)
        yield from _unknown_rules(sections, name, adjustment)


def _reasons(
    sections: Sections, name: str, adjustment: AdjustmentDeclaration
) -> Iterator[tuple[str, Phrase]]:
    """Yield the key at fault, or "" for the whole, and the reason."""
    kind = adjustment.kind
    for key in sorted(frozenset().union(*_KEYS.values()) - _KEYS[kind]):
        if sections.document.value_at(("adjustments", name, key)) is not None:
            yield key, phrase(N_('{key} means nothing where kind = "{kind}"'), key=key, kind=kind)
    if not adjustment.rules:
        yield "rule", phrase(N_("it names no rule"))
    elif len(adjustment.rules) > 1 and kind != "recusal":
        yield "rule", phrase(N_("only a recusal may name several rules"))
    if kind == "exemption" and bool(adjustment.vetoes) == (adjustment.becomes is not None):
        yield "", phrase(N_("an exemption says either which vetoes it waives, or what the value becomes"))
    if kind == "recusal" and adjustment.table:
        if adjustment.table not in sections.tables:
            known = listed(sections.tables) or "—"
            yield "table", phrase(N_("there is no such table; there are: {known}"), known=known)
        elif not sections.tables[adjustment.table].row:
            yield "table", phrase(N_("the table has no row, the field that tells its rows apart"))
        if adjustment.becomes is not None:
            yield "becomes", phrase(N_("what becomes of a row that is taken out is not a value"))
    if not 0 <= adjustment.signatures <= MOST_SIGNATURES:
        yield "signatures", phrase(N_("signatures is 0, 1 or 2"))
    if adjustment.decimals is not None and not 0 <= adjustment.decimals <= MAX_DECIMALS:
        yield "decimals", phrase(N_("decimals is a whole number from 0 to {most}"), most=str(MAX_DECIMALS))
    yield from _bounds(adjustment)


def _bounds(adjustment: AdjustmentDeclaration) -> Iterator[tuple[str, Phrase]]:
    if adjustment.may_be and (adjustment.min is not None or adjustment.max is not None):
        yield "may_be", phrase(N_("it has both may_be and min or max"))
    match adjustment.min, adjustment.max:
        case (int() | Decimal() as low, int() | Decimal() as high) if low > high:
            yield "min", phrase(N_("min is above max"))
        case (date() as first, date() as last) if first > last:
            yield "min", phrase(N_("min is above max"))
        case (date(), int() | Decimal()) | (int() | Decimal(), date()):
            yield "min", phrase(N_("min and max are not of one kind"))
    if adjustment.by_at_most is not None and adjustment.by_at_most <= 0:
        yield "by_at_most", phrase(N_("by_at_most is more than 0"))


def _unknown_rules(sections: Sections, name: str, adjustment: AdjustmentDeclaration) -> Iterator[Fault]:
    """Yield a fault for each rule that is not there, at any level."""
    known = [*sections.rule_names]
    for table, declared in sections.tables.items():
        known += [f"{table}.{rule}" for rule in declared.rules]
    for index, rule in enumerate(adjustment.rules):
        at: KeyPath = ("rule",) if isinstance(adjustment.rule, str) else ("rule", index)
        place = sections.document.place(("adjustments", name, *at))
        table = rule.partition(".")[0] if "." in rule else ""
        if rule not in known:
            near = suggestion(rule, known)
            values = {"name": name, "rule": shown(rule), "known": listed(known), "suggestion": near or ""}
            hint = DID_YOU_MEAN if near is not None else None
            yield Fault(code=codes.UNKNOWN_RULE, values=values, place=place, hint=hint)
        elif table and not sections.tables[table].row:
            reason = phrase(N_("the table has no row, the field that tells its rows apart"))
            yield Fault(
                code=codes.UNFIT_RULE, values={"name": name, "rule": rule, "reason": reason}, place=place
            )


def check_locked(
    chain: Sequence[Document], sections: Sections, guardrails: Iterable[SetGuardrail]
) -> Iterator[Fault]:
    """Yield a fault for each adjustment by which a policy would open a rule that a base of it locks.

    ``chain`` are the policy's own document and its bases. What the base that locks the rule lets a committee decide
    stands in that base itself.
    """
    for guardrail in guardrails:
        limits = guardrail.limits
        if not isinstance(limits, Guardrail) or not limits.locked:
            continue
        for name, adjustment in sections.adjustments.items():
            key: KeyPath = ("adjustments", name)
            own = [document for document in chain[: guardrail.layer] if document.value_at(key) is not None]
            if own and any(_locks(guardrail.pattern, rule) for rule in adjustment.rules):
                values = {"name": name, "key": guardrail.key, "base": guardrail.document.name}
                related = ((N_("it is locked here"), guardrail.place("locked")),)
                place = own[0].place(key, value=False)
                yield Fault(code=codes.LOCKED_RULE, values=values, place=place, related=related)


def _locks(pattern: KeyPath, rule: str) -> bool:
    """Whether a locked key is a rule, or what makes the value of that very rule."""
    table, name = rule_key(rule)
    path: KeyPath = ("tables", table, "rules") if table else ("rules",)
    if pattern[: len(path)] != path or len(pattern) == len(path):
        return pattern == path
    part = pattern[len(path)]
    return part == name if len(pattern) > len(path) + 1 else part in (name, ANY)
