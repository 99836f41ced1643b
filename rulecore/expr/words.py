"""From tree to words: the formula that explanations and pages show, in Chinese or English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, TypeVar

from attrs import evolve, field, frozen

from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.earlier import (
    EarlierStanding,
    EarlierValue,
    Previous,
    PreviousRecord,
    PreviousState,
)
from rulecore.expr.levels import (
    ATOM,
    CHOICE,
    COMPARISON,
    CONJUNCTION,
    DISJUNCTION,
    NEGATION,
    PRODUCT,
    SIGN,
    SUM,
)
from rulecore.expr.nodes import Node
from rulecore.expr.phrases import OPTIONS, PHRASES, ROUNDINGS
from rulecore.expr.supplied import PARENT_MARK, ParentValue, RowPart, SuppliedRef, TableCall
from rulecore.expr.unparse import decimal_places, unparse
from rulecore.language import Language
from rulecore.numbers import Rounding, decimal_scale, format_number

__all__ = ["formula", "unparse"]

Worded = tuple[str, int]
"""A text and how tightly it binds."""


def formula(node: Node, language: Language = "zh", labels: Mapping[str, str] | None = None) -> str:
    """Return a tree as a readable formula in words, with as few brackets as it needs.

    ``labels`` are shown in place of the names of fields, rules, parameters and cohort functions; a name
    without one is shown as it is. The rows of a table ``votes`` are called by its label, their field ``points`` by that
    of ``votes.points``; in a formula of the table itself the record's ``total`` by that of ``^total``.
    """
    return _Speaker(language=language, labels=labels or {}).word(node)[0]


@frozen(kw_only=True)
class _Speaker:
    language: Language
    labels: Mapping[str, str] = field(factory=dict)
    tables: tuple[str, ...] = ()
    """The tables over whose rows the expression in hand is, the innermost last."""

    def word(self, node: Node) -> Worded:
        wording = _WORDINGS.get(type(node))
        if wording is None:
            raise InternalError(f"there are no words for {type(node).__name__}")
        return wording(self, node)

    def at(self, node: Node, level: int = CHOICE) -> str:
        text, own = self.word(node)
        return text if own >= level else f"({text})"

    def list(self, items: Iterable[Node]) -> str:
        return self.say("list").join(self.at(item) for item in items)

    def name(self, name: str) -> Worded:
        own = self.labels.get(f"{self.tables[-1]}.{name}") if self.tables else None
        return own or self.labels.get(name) or name, ATOM

    def among(self, table: str) -> _Speaker:
        """Return the speaker of expressions over the rows of a table."""
        return evolve(self, tables=(*self.tables, table))

    def say(self, phrase: str, *operands: str, **values: object) -> str:
        return PHRASES[self.language][phrase].format(*operands, **values)

    def option(self, function: str, name: str, value: Fraction | str | bool) -> str:
        """Return an option of a cohort function in words; one that ``labels`` has no words for says nothing."""
        plain = f"{name} = {self.constant(value)[0]}"
        known = self.labels.get(f"{function}({name} = {value})")
        if known is not None or not isinstance(value, str):
            return plain if known is None else known
        words = [OPTIONS[self.language].get((name, word.strip())) for word in value.split(",")]
        return self.say("list").join(word for word in words if word) if all(words) else plain

    def constant(self, value: Fraction | str | bool | date) -> Worded:
        if isinstance(value, bool):
            return self.say("true" if value else "false"), ATOM
        if isinstance(value, str):
            return self.say("text", text=value), ATOM
        if isinstance(value, date):
            return value.isoformat(), ATOM
        text = format_number(value).replace("-", "−")
        if decimal_scale(value) is None:
            return text, PRODUCT
        return text, SIGN if value < 0 else ATOM


N = TypeVar("N", bound=Node)
Wording = Callable[[_Speaker, Node], Worded]

_WORDINGS: Final[dict[type[Node], Wording]] = {}


def _words_for(kind: type[N]) -> Callable[[Callable[[_Speaker, N], Worded]], None]:
    def register(wording: Callable[[_Speaker, N], Worded]) -> None:
        def checked(speaker: _Speaker, node: Node) -> Worded:
            if not isinstance(node, kind):
                raise InternalError(f"words for {kind.__name__} asked for {type(node).__name__}")
            return wording(speaker, node)

        _WORDINGS[kind] = checked

    return register


# --- leaves


@_words_for(nodes.Literal)
def _literal(speaker: _Speaker, node: nodes.Literal) -> Worded:
    return speaker.constant(node.value)


@_words_for(nodes.NotApplicable)
def _not_applicable(speaker: _Speaker, node: nodes.NotApplicable) -> Worded:
    return speaker.say("not_applicable"), ATOM


@_words_for(nodes.Undecided)
def _undecided(speaker: _Speaker, node: nodes.Undecided) -> Worded:
    return speaker.say("undecided", reason=node.reason), ATOM


@_words_for(nodes.Name)
def _name(speaker: _Speaker, node: nodes.Name) -> Worded:
    return speaker.name(node.name)


@_words_for(nodes.FieldRef)
def _field(speaker: _Speaker, node: nodes.FieldRef) -> Worded:
    return speaker.name(node.name)


@_words_for(nodes.RuleRef)
def _rule(speaker: _Speaker, node: nodes.RuleRef) -> Worded:
    return speaker.name(node.name)


@_words_for(nodes.ParameterRef)
def _parameter(speaker: _Speaker, node: nodes.ParameterRef) -> Worded:
    return speaker.name(node.name)


@_words_for(nodes.ListLiteral)
def _list(speaker: _Speaker, node: nodes.ListLiteral) -> Worded:
    return speaker.name(node.name) if node.name else (f"({speaker.list(node.items)})", ATOM)


@_words_for(nodes.Call)
def _call(speaker: _Speaker, node: nodes.Call) -> Worded:
    named = [f"{name} = {speaker.at(value)}" for name, value in node.named]
    arguments = [*map(speaker.at, node.arguments), *named]
    return f"{speaker.name(node.name)[0]}({speaker.say('list').join(arguments)})", ATOM


# --- arithmetic


def _operator(sign: str, level: int) -> Callable[[_Speaker, Node], Worded]:
    def wording(speaker: _Speaker, node: Node) -> Worded:
        left, right = node.children()
        # Two signs in a row are legible to a parser only: a − (−1).
        after = speaker.at(right, level + 1)
        return f"{speaker.at(left, level)} {sign} {f'({after})' if after.startswith('−') else after}", level

    return wording


_WORDINGS[nodes.Add] = _operator("+", SUM)
_WORDINGS[nodes.Subtract] = _operator("−", SUM)
_WORDINGS[nodes.Multiply] = _operator("×", PRODUCT)
_WORDINGS[nodes.Divide] = _operator("÷", PRODUCT)


@_words_for(nodes.Negate)
def _negate(speaker: _Speaker, node: nodes.Negate) -> Worded:
    return f"−{speaker.at(node.operand, ATOM)}", SIGN


@_words_for(nodes.Absolute)
def _absolute(speaker: _Speaker, node: nodes.Absolute) -> Worded:
    return f"|{speaker.at(node.operand)}|", ATOM


def _listing(speaker: _Speaker, node: Node) -> Worded:
    return speaker.say(type(node).__name__, speaker.list(node.children())), ATOM


for _kind in (
    nodes.Maximum,
    nodes.Total,
    nodes.Mean,
    nodes.Count,
    nodes.Coalesce,
    nodes.NaturalLogarithm,
    nodes.Exponential,
    nodes.NormalProbability,
    nodes.DaysBetween,
):
    _WORDINGS[_kind] = _listing


@_words_for(nodes.Minimum)
def _minimum(speaker: _Speaker, node: nodes.Minimum) -> Worded:
    match node.operands:
        case (nodes.Maximum(operands=(value, low)), high) if _is_constant(low) and _is_constant(high):
            limits = {"low": speaker.at(low), "high": speaker.at(high)}
            return speaker.say("clip", speaker.at(value), **limits), ATOM
        case _:
            return _listing(speaker, node)


def _is_constant(node: Node) -> bool:
    return isinstance(node, nodes.Literal | nodes.ParameterRef)


@_words_for(nodes.TrimmedMean)
def _trimmed_mean(speaker: _Speaker, node: nodes.TrimmedMean) -> Worded:
    return speaker.say("TrimmedMean", speaker.list(node.operands), low=node.low, high=node.high), ATOM


@_words_for(nodes.Round)
def _round(speaker: _Speaker, node: nodes.Round) -> Worded:
    rounding, unit = rounding_words(node.unit, node.rounding, speaker.language)
    return speaker.say("round", speaker.at(node.operand), rounding=rounding, unit=unit), ATOM


def rounding_words(unit: Fraction, rounding: Rounding, language: Language) -> tuple[str, str]:
    """Return a way of rounding and what is rounded to, in words: 四舍五入, 2位."""
    phrases, decimals = PHRASES[language], decimal_places(unit)
    if decimals == 0:
        place = phrases["integer"]
    elif decimals is not None and decimals > 0:
        place = phrases["decimals"].format(decimals=decimals)
    else:
        place = phrases["step"].format(step=format_number(unit))
    return ROUNDINGS[language][rounding], place


@_words_for(nodes.Power)
def _power(speaker: _Speaker, node: nodes.Power) -> Worded:
    if node.exponent == Fraction(1, 2):
        return f"√({speaker.at(node.base)})", ATOM
    exponent, level = speaker.constant(node.exponent)
    return f"{speaker.at(node.base, ATOM)}^{exponent if level == ATOM else f'({exponent})'}", SIGN


# --- logic


@_words_for(nodes.Compare)
def _compare(speaker: _Speaker, node: nodes.Compare) -> Worded:
    sign = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}.get(node.operator, node.operator)
    return f"{speaker.at(node.left, SUM)} {sign} {speaker.at(node.right, SUM)}", COMPARISON


@_words_for(nodes.IsIn)
def _is_in(speaker: _Speaker, node: nodes.IsIn) -> Worded:
    return speaker.say("in", speaker.at(node.operand, SUM), speaker.at(node.choices)), COMPARISON


@_words_for(nodes.And)
def _and(speaker: _Speaker, node: nodes.And) -> Worded:
    operands = (speaker.at(operand, NEGATION) for operand in node.operands)
    return speaker.say("and").join(operands), CONJUNCTION


@_words_for(nodes.Or)
def _or(speaker: _Speaker, node: nodes.Or) -> Worded:
    operands = (speaker.at(operand, CONJUNCTION) for operand in node.operands)
    return speaker.say("or").join(operands), DISJUNCTION


@_words_for(nodes.Not)
def _not(speaker: _Speaker, node: nodes.Not) -> Worded:
    match node.operand:
        case nodes.IsIn(operand=operand, choices=choices):
            return speaker.say("not in", speaker.at(operand, SUM), speaker.at(choices)), COMPARISON
        case nodes.IsApplicable(operand=SuppliedRef(node=AdjustedValue(label=label))):
            return speaker.say("not decided", label=label), ATOM
        case nodes.IsApplicable(operand=operand):
            return speaker.say("is_not_applicable", speaker.at(operand, SUM)), COMPARISON
        case PreviousRecord(periods=0) | SuppliedRef(node=PreviousRecord(periods=0)):
            return speaker.say("is first"), ATOM
        case _:
            return speaker.say("not", speaker.at(node.operand, NEGATION)), NEGATION


@_words_for(nodes.IsApplicable)
def _is_applicable(speaker: _Speaker, node: nodes.IsApplicable) -> Worded:
    if isinstance(node.operand, SuppliedRef) and isinstance(node.operand.node, AdjustedValue):
        return speaker.say("decided", label=node.operand.node.label), ATOM
    return speaker.say("is_applicable", speaker.at(node.operand, SUM)), COMPARISON


@_words_for(nodes.Branch)
def _branch(speaker: _Speaker, node: nodes.Branch) -> Worded:
    condition, value = speaker.at(node.condition, DISJUNCTION), speaker.at(node.value, DISJUNCTION)
    return speaker.say("if", condition=condition, value=value), CHOICE


@_words_for(nodes.Conditional)
def _conditional(speaker: _Speaker, node: nodes.Conditional) -> Worded:
    branches = speaker.say("next").join(speaker.at(branch) for branch in node.branches)
    return branches + speaker.say("else", speaker.at(node.otherwise, DISJUNCTION)), CHOICE


# --- texts and dates


@_words_for(nodes.Concatenate)
def _concatenate(speaker: _Speaker, node: nodes.Concatenate) -> Worded:
    phrase = "separated" if node.separator else "Concatenate"
    return speaker.say(phrase, speaker.list(node.operands), separator=node.separator), ATOM


@_words_for(nodes.FormatNumber)
def _format_number(speaker: _Speaker, node: nodes.FormatNumber) -> Worded:
    return speaker.say("FormatNumber", speaker.at(node.operand), decimals=node.decimals), ATOM


@_words_for(nodes.ReadNumber)
def _read_number(speaker: _Speaker, node: nodes.ReadNumber) -> Worded:
    return speaker.say("ReadNumber", speaker.at(node.operand)), ATOM


@_words_for(nodes.MissingItems)
def _missing_items(speaker: _Speaker, node: nodes.MissingItems) -> Worded:
    return speaker.say("MissingItems", speaker.at(node.wanted), speaker.at(node.given)), ATOM


@_words_for(nodes.TextTest)
def _text_test(speaker: _Speaker, node: nodes.TextTest) -> Worded:
    return speaker.say(node.test, speaker.at(node.operand, SUM), speaker.at(node.part, SUM)), COMPARISON


@_words_for(nodes.DatePart)
def _date_part(speaker: _Speaker, node: nodes.DatePart) -> Worded:
    return speaker.say(node.part, speaker.at(node.operand)), ATOM


@_words_for(nodes.ShiftDate)
def _shift_date(speaker: _Speaker, node: nodes.ShiftDate) -> Worded:
    return speaker.say(node.unit, speaker.at(node.moment, ATOM), speaker.at(node.amount, ATOM)), SUM


@_words_for(nodes.WorkdaysBetween)
def _workdays_between(speaker: _Speaker, node: nodes.WorkdaysBetween) -> Worded:
    return speaker.say("WorkdaysBetween", speaker.list((node.start, node.end))), ATOM


@_words_for(nodes.ShiftWorkdays)
def _shift_workdays(speaker: _Speaker, node: nodes.ShiftWorkdays) -> Worded:
    return speaker.say("ShiftWorkdays", speaker.at(node.moment, ATOM), speaker.at(node.amount, ATOM)), SUM


# --- cohorts and explanation


def _cohort(speaker: _Speaker, by: tuple[Node, ...], where: Node | None) -> list[str]:
    groups = [speaker.say("by", speaker.list(by))] if by else []
    return groups + ([speaker.say("where", speaker.at(where))] if where is not None else [])


@_words_for(nodes.SortKey)
def _sort_key(speaker: _Speaker, node: nodes.SortKey) -> Worded:
    phrase = "descending" if node.descending else "ascending"
    return speaker.say(phrase, speaker.at(node.operand, SUM)), CHOICE


@_words_for(nodes.Rank)
def _rank(speaker: _Speaker, node: nodes.Rank) -> Worded:
    parts = [speaker.list(node.keys), speaker.say(node.method), *_cohort(speaker, node.by, node.where)]
    return speaker.say("Rank", "; ".join(parts)), ATOM


@_words_for(nodes.CohortCount)
def _cohort_count(speaker: _Speaker, node: nodes.CohortCount) -> Worded:
    return speaker.say("CohortCount", "; ".join(_cohort(speaker, node.by, node.where))), ATOM


@_words_for(nodes.CohortCall)
def _cohort_call(speaker: _Speaker, node: nodes.CohortCall) -> Worded:
    options = [speaker.option(node.function, name, value) for name, value in node.options]
    arguments = speaker.say("list").join([*map(speaker.at, node.arguments), *filter(None, options)])
    parts = [arguments, *_cohort(speaker, node.by, node.where)]
    return f"{speaker.name(node.function)[0]}({'; '.join(parts)})", ATOM


@_words_for(nodes.CohortRef)
def _cohort_ref(speaker: _Speaker, node: nodes.CohortRef) -> Worded:
    return speaker.word(node.node)


@_words_for(nodes.Step)
def _step(speaker: _Speaker, node: nodes.Step) -> Worded:
    return speaker.word(node.operand)


# --- values from elsewhere


@_words_for(SuppliedRef)
def _supplied_ref(speaker: _Speaker, node: SuppliedRef) -> Worded:
    return speaker.word(node.node)


@_words_for(ParentValue)
def _parent_value(speaker: _Speaker, node: ParentValue) -> Worded:
    name = node.name.lstrip(PARENT_MARK)
    if name.startswith("#"):
        return speaker.say("own record"), ATOM
    known = speaker.labels.get(f"{PARENT_MARK}{node.name}")
    if known is not None:
        return known, ATOM
    for table in reversed(speaker.tables[:-1]):
        label = speaker.labels.get(f"{table}.{name}")
        if label is not None:
            return speaker.say("of the row", table=speaker.labels.get(table, table), value=label), ATOM
    return speaker.say("of the record", speaker.labels.get(name) or name), ATOM


@_words_for(TableCall)
def _table_call(speaker: _Speaker, node: TableCall) -> Worded:
    table, inner = speaker.labels.get(node.table, node.table), speaker.among(node.table)
    values = {name: _option_text(value) for name, value in node.options}
    if node.argument is None:
        text = speaker.say("rows count all", table=table)
    elif node.function in ("any", "all"):
        text = speaker.say(f"rows {node.function}", table=table, value=_row_value(inner, node.argument))
    else:
        rows = speaker.say("rows of", table=table, value=_row_value(inner, node.argument))
        text = speaker.say(f"rows {node.function}", rows=rows, **values)
    if node.where is not None:
        text += speaker.say("rows where", inner.at(node.where.node, DISJUNCTION))
    if node.order:
        text += speaker.say("rows order", inner.list(key.node for key in node.order))
    return text, ATOM if node.where is None and not node.order else CHOICE


def _row_value(speaker: _Speaker, part: RowPart) -> str:
    if isinstance(part.node, nodes.FieldRef | nodes.RuleRef):
        return speaker.word(part.node)[0]
    return speaker.say("rows quoted", speaker.at(part.node))


def _option_text(value: Fraction | str | bool) -> str:
    return format_number(value) if isinstance(value, Fraction) else str(value)


# --- earlier periods


def _previous(speaker: _Speaker, node: Node) -> Worded:
    assert isinstance(node, Previous | EarlierValue)  # noqa: S101 - registered for these
    phrase = "previous" if node.periods == 1 else "periods before"
    return speaker.say(phrase, speaker.name(node.name)[0], periods=node.periods), ATOM


def _previous_record(speaker: _Speaker, node: Node) -> Worded:
    assert isinstance(node, PreviousRecord | EarlierStanding)  # noqa: S101 - registered for these
    phrase = {0: "has earlier", 1: "has previous"}.get(node.periods, "has periods before")
    return speaker.say(phrase, periods=node.periods), ATOM


@_words_for(PreviousState)
def _previous_state(speaker: _Speaker, node: PreviousState) -> Worded:
    return speaker.say("state before"), ATOM


_WORDINGS[Previous] = _WORDINGS[EarlierValue] = _previous
_WORDINGS[PreviousRecord] = _WORDINGS[EarlierStanding] = _previous_record


# --- decisions of a committee


@_words_for(AdjustedValue)
def _adjusted_value(speaker: _Speaker, node: AdjustedValue) -> Worded:
    return speaker.say("decided value", label=node.label), ATOM
