"""Earlier values in a plan: each becomes a column supplied from the history, and a hidden rule that reads it.

The hidden rule raises the issue where nobody can say what the earlier value was: it is not applicable then, and never a
guess. The columns are ``previous:NAME:N`` (the value) and ``earlier:N`` (one of
:data:`rulecore.expr.earlier.STANDINGS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.codes import history as codes
from rulecore.errors import Code, Fault
from rulecore.expr.earlier import (
    FOUND,
    MERGED,
    REFUSED,
    STANDINGS,
    UNKNOWN,
    EarlierStanding,
    EarlierValue,
    Previous,
    PreviousRecord,
    PreviousState,
)
from rulecore.expr.errors import ExpressionFault
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Conditional,
    IsApplicable,
    Literal,
    Node,
    Not,
    NotApplicable,
    Undecided,
)
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import DateType, FlagType, NothingType, NumberType, TextType, Type, as_nullable
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import phrase
from rulecore.planned import Plan, PlannedColumn, SuppliedValue
from rulecore.records.storage import storage

if TYPE_CHECKING:
    from rulecore.plan.assemble import Assembly, Draft

ISSUES: Final = ((MERGED, "merged_entity"), (REFUSED, "refused_before"), (UNKNOWN, "needs_history"))
"""What raises an issue, with its reason."""

EARLIER_PLACES: Final = "#earlier:"
"""How the columns begin that say where earlier records stand, for explanations."""

MOST_PASSES: Final = 8
"""How often rules are typed until their ranges, which may depend on their own earlier values, stay as they are."""


@frozen(kw_only=True)
class EarlierUse:
    """A place where a rule asks for an earlier period: the rule, and the node it was written as."""

    rule: str
    node: Previous | PreviousRecord


def value_column(name: str, periods: int) -> str:
    """Return the name of the column that holds the earlier values of a rule or field."""
    return f"previous:{name}:{periods}"


def standing_column(periods: int) -> str:
    """Return the name of the column that says whether there is a record that many periods before."""
    return f"earlier:{periods}"


def place_column(periods: int) -> str:
    """Return the name of the column that says where that record stands; explanations read it."""
    return f"{EARLIER_PLACES}{periods}"


def supply_from_history(
    assembly: Assembly, node: Previous | PreviousRecord, draft: Draft, name: str
) -> SuppliedRef:
    """Return a reference to a new hidden rule ``name`` that gives an earlier value or says whether there is one."""
    assembly.earlier.append(EarlierUse(rule=draft.name, node=node))
    column = standing_column(node.periods)
    standing = SuppliedRef(column, EarlierStanding(node.periods))
    _supply(assembly, column, standing.node, TextType(values=STANDINGS), draft)
    guards = tuple(
        Branch(Compare("==", standing, Literal(word)), Undecided(reason)) for word, reason in ISSUES
    )
    if isinstance(node, PreviousRecord):
        otherwise: Node = Compare("==", standing, Literal(FOUND))
    else:
        column = value_column(node.name, node.periods)
        type_ = as_nullable(_stated(node) or _known(assembly, node))
        if column in assembly.types and node.low is None and node.high is None:
            type_ = assembly.types[column]
        given = EarlierValue(node.name, node.periods)
        _supply(assembly, column, given, type_, draft)
        otherwise = SuppliedRef(column, given)
    guarded = Conditional(guards, otherwise)
    assembly.append(name, draft, guarded, assembly.inference.type_of(guarded), hidden=True)
    return SuppliedRef(name, node, span=node.span)


def state_before(node: PreviousState) -> Node:
    """Return the state of the period before as what it is made of."""
    earlier = Previous(node.name)
    known: Node = earlier
    if node.own:
        known = Conditional((Branch(IsApplicable(earlier), earlier),), Undecided("unknown_state"))
    missing: Node = Undecided("history_gap") if node.own else NotApplicable()
    if node.gap_begins_anew:
        missing = Literal(node.initial)
    begins = Branch(Not(PreviousRecord(0)), Literal(node.initial))
    return Conditional((begins, Branch(PreviousRecord(1), known)), missing)


def _supply(assembly: Assembly, column: str, node: Node, type_: Type, draft: Draft) -> None:
    if column not in assembly.types:
        assembly.types[column] = type_
        assembly.supplied.append(SuppliedValue(name=column, node=node, type=type_, rule=draft.name))


def _stated(node: Previous) -> Type | None:
    """Return the type that a call states by its bounds."""
    if node.low is None or node.high is None:
        return None
    return NumberType(scale=node.decimals or 0, low=node.low, high=node.high)


def _known(assembly: Assembly, node: Previous) -> Type:
    """Return the type of what is shown in results: that of the field, or what is known so far of the rule."""
    if node.is_field:
        return assembly.types[node.name]
    known = assembly.assumed.get(node.name, NothingType())
    if isinstance(known, FlagType):
        return FlagType()
    if isinstance(known, NumberType) and storage(known) is None:
        # A guess to go on with; what is wrong is told by earlier_faults().
        return NumberType(scale=known.scale or 0, low=Fraction(-(10**12)), high=Fraction(10**12))
    return known


def earlier_types(assembly: Assembly) -> dict[str, Type]:
    """Return what is known after a pass of the types of the rules whose earlier values are read."""
    names = {use.node.name for use in assembly.earlier if isinstance(use.node, Previous)}
    return {name: assembly.types[name] for name in sorted(names) if name in assembly.types}


def earlier_faults(assembly: Assembly, unsettled: Mapping[str, object]) -> Iterator[Fault]:
    """Yield what is wrong with how a level asks for earlier periods; ``unsettled`` are rules without a range."""
    seen: set[tuple[object, ...]] = set()
    for use in assembly.earlier:
        for problem in _problems(assembly, use, unsettled):
            fault = assembly.located_at(problem, ("rules", use.rule) if "@" not in use.rule else ("record",))
            key = (fault.code.id, str(fault.place), fault.message("en"))
            if key not in seen:
                seen.add(key)
                yield fault


def _problems(
    assembly: Assembly, use: EarlierUse, unsettled: Mapping[str, object]
) -> Iterator[ExpressionFault]:
    node = use.node
    function = "previous" if isinstance(node, Previous) else "has_previous"

    def problem(code: Code, **values: object) -> ExpressionFault:
        return ExpressionFault(code=code, values={"function": function, **values}, span=node.span)

    if assembly.above is not None:
        yield problem(codes.PREVIOUS_IN_TABLE)
        return
    reason = _period_reason(assembly)
    if reason:
        yield problem(codes.NEEDS_PERIOD, reason=phrase(reason))
    if not isinstance(node, Previous) or node.name in assembly.wrong:
        return
    if not node.is_field and node.name not in assembly.types:
        return
    column = shown_whole(assembly.columns, node.name)
    if column is None:
        yield problem(codes.PREVIOUS_NOT_SHOWN, name=node.name)
        return
    type_ = assembly.types[node.name]
    stated = _stated(node)
    if stated is not None and not within(type_, stated):
        found, wanted = type_words(type_), type_words(stated)
        yield problem(codes.PREVIOUS_OUTSIDE, name=node.name, found=found, stated=wanted)
    if stated is None and (node.name in unsettled or storage(type_) is None):
        yield problem(codes.PREVIOUS_GROWS, name=node.name)
    if (
        isinstance(type_, TextType)
        and type_.nullable
        and type_.values is not None
        and column.not_applicable in type_.values
    ):
        yield problem(codes.PREVIOUS_BLANK, name=node.name, text=column.not_applicable)


def _period_reason(assembly: Assembly) -> str:
    record = assembly.policy.record
    declared = assembly.policy.fields.get(record.period)
    if declared is None:
        return N_("the policy has no periods")
    if declared.type == "date" and not record.period_length:
        return N_("its period is a date")
    if declared.type in ("decimal", "flag"):
        return N_("its period is no text, whole number or date")
    return ""


def shown_whole(
    columns: Iterator[PlannedColumn] | list[PlannedColumn] | tuple[PlannedColumn, ...], name: str
) -> PlannedColumn | None:
    """Return the first output column that shows a rule or field with all its decimals, or None."""
    return next((column for column in columns if column.of == name and column.step == name), None)


def within(type_: Type, stated: Type) -> bool:
    """Whether every value of a type is also one of another."""
    if isinstance(type_, NothingType):
        return True
    if not isinstance(type_, NumberType) or not isinstance(stated, NumberType):
        return False
    if type_.scale is None or stated.scale is None or type_.scale > stated.scale:
        return False
    if type_.low is None or type_.high is None or stated.low is None or stated.high is None:
        return False
    return stated.low <= type_.low and type_.high <= stated.high


def type_words(type_: Type) -> str:
    """Return a type as a message names it: ``0 … 100 (2)``, with the decimals in brackets."""
    match type_:
        case NumberType(low=low, high=high, scale=scale):
            ends = [format_number(end) if end is not None else "…" for end in (low, high)]
            return f"{ends[0]} … {ends[1]} ({'…' if scale is None else scale})"
        case TextType():
            return "text"
        case DateType():
            return "date"
        case FlagType():
            return "true/false"
    return "—"


def reads_earlier(plan: Plan) -> bool:
    """Whether a plan reads earlier periods."""
    return any(isinstance(value.node, EarlierStanding) for value in plan.supplied)
