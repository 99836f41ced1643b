"""Decisions in the steps of a plan: each a column that records are given, and the rule that takes its value from it.

The computed value stays a hidden rule, ``NAME@computed``, so that it is kept beside the adjusted one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rulecore.codes import adjustments as codes
from rulecore.declarations import AdjustmentDeclaration
from rulecore.errors import Fault
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.nodes import Branch, Coalesce, Conditional, IsApplicable, Literal, Node, RuleRef
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import DateType, FlagType, NothingType, NumberType, TextType, Type, as_nullable, kind
from rulecore.language import N_
from rulecore.numbers import decimal_scale
from rulecore.phrase import Phrase, phrase
from rulecore.planned import SuppliedValue
from rulecore.records.storage import storage

if TYPE_CHECKING:
    from rulecore.plan.assemble import Assembly, Draft

COMPUTED: Final = "computed"
"""What the name of a rule's hidden computed value ends in."""


Exact = Fraction | str | bool | date
"""An exact value."""

_OTHER_KIND: Final = phrase(N_("its value is of another kind"))


class Unfit(Exception):  # noqa: N818 - a signal between the steps of compiling
    """Why a rule cannot be adjusted as the policy says, and the key of the adjustment at fault."""

    def __init__(self, reason: Phrase, key: str = "rule") -> None:
        super().__init__(reason)
        self.reason = reason
        self.key = key


def supply_decision(assembly: Assembly, node: AdjustedValue, rule: str) -> SuppliedRef:
    """Return a reference to the column of a decision, once it is among the values that the level is given."""
    if node.column not in assembly.types:
        type_ = as_nullable(node.type)
        assembly.types[node.column] = type_
        assembly.supplied.append(SuppliedValue(name=node.column, node=node, type=type_, rule=rule))
    return SuppliedRef(node.column, node, span=node.span)


def with_decisions(assembly: Assembly, draft: Draft, computed: str, type_: Type) -> tuple[Node, Type]:
    """Return what stands for a rule whose value may be decided otherwise: the decision if there is one, else computed.

    ``computed`` is the hidden rule of type ``type_`` that holds the computed value. What does not fit is a fault.
    """
    node: Node = RuleRef(computed)
    for section, declared in reversed(draft.decisions):
        try:
            decided = AdjustedValue(section, declared.label or section, decided_type(declared, type_))
        except Unfit as unfit:
            values = {"name": section, "rule": draft.name, "reason": unfit.reason}
            place = assembly.levels[""].document.place(("adjustments", section, unfit.key))
            assembly.faults.append(Fault(code=codes.UNFIT_RULE, values=values, place=place))
            continue
        if declared.kind == "exemption":
            flag = AdjustedValue(section, decided.label, FlagType())
            reference = supply_decision(assembly, flag, draft.name)
            becomes = Literal(exact(declared.becomes))
            node = Conditional((Branch(IsApplicable(reference), becomes, decided.label),), node)
        else:
            node = Coalesce((supply_decision(assembly, decided, draft.name), node))
    return node, assembly.inference.type_of(node)


def with_fitting_recusals(assembly: Assembly, draft: Draft, node: Node) -> Node:
    """Return a rule's expression; without recusals if what becomes of those taken out is no value of its kind.

    That is a fault, told at the adjustment.
    """
    compared = node
    for _recusal in draft.recusals:
        assert isinstance(compared, Conditional)  # noqa: S101 - as the drafts of adjusted rules are made
        compared = compared.otherwise
    own = kind(assembly.inference.type_of(compared)) if draft.recusals else ""
    wrong = [
        section
        for section, declared in draft.recusals
        if declared.becomes is not None and kind_of(declared.becomes) != own
    ]
    for section in wrong:
        values = {"name": section, "rule": draft.name, "reason": _OTHER_KIND}
        place = assembly.levels[""].document.place(("adjustments", section, "becomes"))
        assembly.faults.append(Fault(code=codes.UNFIT_RULE, values=values, place=place))
    return compared if wrong else node


def exact(value: object) -> Exact:
    """Return a value of the policy as an exact one."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    return value  # type: ignore[return-value] # the other kinds of TOML values are exact as they are


def decided_type(declared: AdjustmentDeclaration, type_: Type) -> Type:
    """Return the type of the values that may be decided in the place of computed ones of a type.

    Raises :class:`Unfit`.
    """
    stated = [declared.becomes] if declared.becomes is not None else [*declared.may_be]
    key = "becomes" if declared.becomes is not None else "may_be"
    limits = [limit for limit in (declared.min, declared.max) if limit is not None]
    found = {kind_of(value) for value in (*stated, *limits)}
    if isinstance(type_, NothingType):
        raise Unfit(phrase(N_("its value is always not applicable")))
    if found - {kind(type_)}:
        raise Unfit(_OTHER_KIND, key if stated else _limit_key(declared))
    match type_:
        case NumberType():
            return _number(declared, type_, [exact(value) for value in stated])
        case TextType():
            return _text(declared, type_, [str(value) for value in stated])
        case _ if declared.by_at_most is not None or declared.decimals is not None:
            key = "by_at_most" if declared.by_at_most is not None else "decimals"
            raise Unfit(_OTHER_KIND, key)
        case DateType():
            return _date(declared, type_)
    return FlagType()


def kind_of(value: object) -> str:
    """Return the plain word for a TOML value's kind, as :func:`rulecore.expr.types.kind` has it."""
    match value:
        case bool():
            return "flag"
        case str():
            return "text"
        case int() | Decimal() | Fraction():
            return "number"
    return "date"


def _limit_key(declared: AdjustmentDeclaration) -> str:
    return "min" if declared.min is not None else "max"


def _text(declared: AdjustmentDeclaration, type_: TextType, stated: list[str]) -> Type:
    if declared.by_at_most is not None or declared.decimals is not None:
        key = "by_at_most" if declared.by_at_most is not None else "decimals"
        raise Unfit(_OTHER_KIND, key)
    if stated:
        return TextType(values=frozenset(stated))
    if type_.values is None:
        raise Unfit(phrase(N_("its texts are not known: say in may_be which may be decided")))
    return TextType(values=type_.values)


def _date(declared: AdjustmentDeclaration, type_: DateType) -> Type:
    days = [value for value in declared.may_be if isinstance(value, date)]
    low = declared.min if isinstance(declared.min, date) else min(days) if days else type_.low
    high = declared.max if isinstance(declared.max, date) else max(days) if days else type_.high
    return DateType(low=low, high=high)


def _number(declared: AdjustmentDeclaration, type_: NumberType, stated: Sequence[Exact]) -> NumberType:
    """Return the numbers that may be decided: those stated, else those between bounds, else what the rule can be."""
    if not type_.exact:
        raise Unfit(phrase(N_("its value is not exact: round it first")))
    scale = declared.decimals if declared.decimals is not None else type_.scale
    if scale is None and not stated:
        raise Unfit(phrase(N_("it is not rounded: say in decimals how many a decision may have")))
    if type_.scale is not None and scale is not None and scale > type_.scale:
        raise Unfit(
            phrase(N_("the rule itself has only {decimals} decimals"), decimals=str(type_.scale)), "decimals"
        )
    numbers = [value for value in stated if isinstance(value, Fraction)]
    if numbers:
        scales = [decimal_scale(value) or 0 for value in numbers]
        if type_.scale is not None and max(scales) > type_.scale:
            reason = phrase(N_("the rule itself has only {decimals} decimals"), decimals=str(type_.scale))
            raise Unfit(reason, "becomes" if declared.becomes is not None else "may_be")
        return NumberType(scale=max(scales), low=min(numbers), high=max(numbers))
    low = exact(declared.min) if declared.min is not None else type_.low
    high = exact(declared.max) if declared.max is not None else type_.high
    if not isinstance(low, Fraction) or not isinstance(high, Fraction):
        raise Unfit(phrase(N_("it has no bounds of its own: say min and max")))
    if low > high:
        raise Unfit(phrase(N_("no value lies between its bounds")), _limit_key(declared))
    found = NumberType(scale=scale, low=low, high=high)
    if storage(found) is None:
        raise Unfit(phrase(N_("its values are too large to be kept: say min and max")))
    return found
