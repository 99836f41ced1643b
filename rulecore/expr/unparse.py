"""From tree to text: what :func:`unparse` writes, the parser reads back as an equal tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Final

from rulecore.errors import InternalError
from rulecore.expr import nodes
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
from rulecore.expr.supplied import PARENT_MARK, ParentValue, RowPart, SuppliedRef, TableCall
from rulecore.expr.tokens import is_plain_name
from rulecore.expr.transform import transform
from rulecore.numbers import Rounding, decimal_scale, format_number

Written = tuple[str, int]
"""A text and how tightly it binds."""


def unparse(node: Node) -> str:
    """Return the expression-language text of a tree, with as few brackets as it needs.

    Parsing the text gives an equal tree; for a resolved tree, parsing and resolving does. Some kinds of nodes are
    not part of the language: a step is written as its operand, a reference to a cohort step or to a supplied value
    as what it stands for, and an undecided value as ``not_applicable``.
    """
    return _write(node)[0]


def write_name(name: str) -> str:
    """Return a name as it stands in an expression, in 「」 where it must be."""
    return name if is_plain_name(name) else f"「{name}」"


def write_text(text: str) -> str:
    """Return a text constant in quotes."""
    return '"' + text.replace('"', '""') + '"'


def _at(node: Node, level: int) -> str:
    text, own = _write(node)
    return text if own >= level else f"({text})"


def _list(items: Iterable[Node]) -> str:
    return ", ".join(_at(item, CHOICE) for item in items)


def _call(name: str, *arguments: str) -> Written:
    return f"{name}({', '.join(argument for argument in arguments if argument)})", ATOM


def _number(value: Fraction) -> Written:
    if decimal_scale(value) is None:
        return f"({value.numerator} / {value.denominator})", ATOM
    return format_number(value), SIGN if value < 0 else ATOM


def _constant(value: Fraction | str | bool | date) -> Written:
    if isinstance(value, bool):
        return ("true" if value else "false"), ATOM
    if isinstance(value, Fraction):
        return _number(value)
    return (write_text(value) if isinstance(value, str) else value.isoformat()), ATOM


@singledispatch
def _write(node: Node) -> Written:
    raise InternalError(f"unparse has no way to write {type(node).__name__}")


@_write.register
def _(node: nodes.Literal) -> Written:
    return _constant(node.value)


@_write.register(nodes.NotApplicable)
@_write.register(nodes.Undecided)
def _(node: Node) -> Written:
    return "not_applicable", ATOM


@_write.register
def _(node: nodes.Name) -> Written:
    name = f"「{node.name}」" if node.quoted else write_name(node.name)
    return (f"{write_name(node.of)}.{name}" if node.of else name), ATOM


@_write.register(nodes.FieldRef)
@_write.register(nodes.RuleRef)
@_write.register(nodes.ParameterRef)
def _(node: nodes.FieldRef | nodes.RuleRef | nodes.ParameterRef) -> Written:
    return write_name(node.name), ATOM


@_write.register
def _(node: nodes.ListLiteral) -> Written:
    return (write_name(node.name) if node.name else f"[{_list(node.items)}]"), ATOM


@_write.register
def _(node: nodes.Call) -> Written:
    named = (f"{name} = {_at(value, CHOICE)}" for name, value in node.named)
    return _call(node.name, _list(node.arguments), *named)


# --- arithmetic

_SIGNS: Final[dict[type[Node], tuple[str, int]]] = {
    nodes.Add: ("+", SUM),
    nodes.Subtract: ("-", SUM),
    nodes.Multiply: ("*", PRODUCT),
    nodes.Divide: ("/", PRODUCT),
}


@_write.register(nodes.Add)
@_write.register(nodes.Subtract)
@_write.register(nodes.Multiply)
@_write.register(nodes.Divide)
def _(node: nodes.Add | nodes.Subtract | nodes.Multiply | nodes.Divide) -> Written:
    sign, level = _SIGNS[type(node)]
    return f"{_at(node.left, level)} {sign} {_at(node.right, level + 1)}", level


@_write.register
def _(node: nodes.Negate) -> Written:
    # -5 is the constant; the negation of a constant keeps its brackets.
    constant = isinstance(node.operand, nodes.Literal)
    operand = f"({_write(node.operand)[0]})" if constant else _at(node.operand, SIGN)
    return f"-{operand}", SIGN


@_write.register
def _(node: nodes.Round) -> Written:
    rounding = "" if node.rounding is Rounding.HALF_UP else f'rounding = "{node.rounding.value}"'
    decimals = decimal_places(node.unit)
    if decimals is None:
        return _call("round_to", _at(node.operand, CHOICE), _number(node.unit)[0], rounding)
    return _call("round", _at(node.operand, CHOICE), str(decimals), rounding)


def decimal_places(unit: Fraction) -> int | None:
    """Return the decimals that a rounding unit stands for (1/100: 2; 10: −1), None for steps such as 1/2."""
    for decimals in range(-12, 31):
        if unit == Fraction(10) ** -decimals:
            return decimals
    return None


@_write.register
def _(node: nodes.Power) -> Written:
    if node.exponent == Fraction(1, 2):
        return _call("sqrt", _at(node.base, CHOICE))
    return _call("power", _at(node.base, CHOICE), _number(node.exponent)[0])


_FUNCTIONS: Final[dict[type[Node], str]] = {
    nodes.Absolute: "abs",
    nodes.NaturalLogarithm: "ln",
    nodes.Exponential: "exp",
    nodes.NormalProbability: "normal_probability",
    nodes.Minimum: "min",
    nodes.Maximum: "max",
    nodes.Total: "sum",
    nodes.Mean: "mean",
    nodes.Count: "count",
    nodes.Coalesce: "coalesce",
    nodes.IsApplicable: "is_applicable",
    nodes.DaysBetween: "days_between",
}


def _plain_call(node: Node) -> Written:
    return _call(_FUNCTIONS[type(node)], _list(node.children()))


for _kind in _FUNCTIONS:
    _write.register(_kind, _plain_call)


@_write.register
def _(node: nodes.TrimmedMean) -> Written:
    return _call("trimmed_mean", _list(node.operands), f"low = {node.low}", f"high = {node.high}")


# --- logic


@_write.register
def _(node: nodes.Compare) -> Written:
    return f"{_at(node.left, SUM)} {node.operator} {_at(node.right, SUM)}", COMPARISON


@_write.register
def _(node: nodes.IsIn) -> Written:
    return _membership(node, "in"), COMPARISON


def _membership(node: nodes.IsIn, word: str) -> str:
    choices = node.choices
    if choices.name:
        listed = write_name(choices.name)
    elif len(choices.items) == 1 and isinstance(choices.items[0], nodes.Name):
        listed = _write(choices.items[0])[0]
    else:
        listed = f"({_list(choices.items)})"
    return f"{_at(node.operand, SUM)} {word} {listed}"


@_write.register
def _(node: nodes.And) -> Written:
    return " and ".join(_at(operand, NEGATION) for operand in node.operands), CONJUNCTION


@_write.register
def _(node: nodes.Or) -> Written:
    return " or ".join(_at(operand, CONJUNCTION) for operand in node.operands), DISJUNCTION


@_write.register
def _(node: nodes.Not) -> Written:
    if isinstance(node.operand, nodes.IsIn):
        return _membership(node.operand, "not in"), COMPARISON
    operand = node.operand.node if isinstance(node.operand, SuppliedRef) else node.operand
    if operand == PreviousRecord(0):
        return "is_first_period()", ATOM
    return f"not {_at(node.operand, NEGATION)}", NEGATION


@_write.register
def _(node: nodes.Branch) -> Written:
    return f"if {_at(node.condition, CHOICE)} then {_at(node.value, CHOICE)}", CHOICE


@_write.register
def _(node: nodes.Conditional) -> Written:
    branches = " else ".join(_write(branch)[0] for branch in node.branches)
    # A conditional after else would join this one's branches: it keeps its brackets.
    return f"{branches} else {_at(node.otherwise, DISJUNCTION)}", CHOICE


# --- texts and dates


@_write.register
def _(node: nodes.Concatenate) -> Written:
    separator = f"separator = {write_text(node.separator)}" if node.separator else ""
    return _call("concat", _list(node.operands), separator)


@_write.register
def _(node: nodes.FormatNumber) -> Written:
    return _call("text", _at(node.operand, CHOICE), str(node.decimals))


@_write.register
def _(node: nodes.ReadNumber) -> Written:
    return _call("number", _at(node.operand, CHOICE), str(node.decimals))


@_write.register
def _(node: nodes.MissingItems) -> Written:
    separator = "" if node.separator == "|" else f"separator = {write_text(node.separator)}"
    joiner = "" if node.joiner == "、" else f"joiner = {write_text(node.joiner)}"
    return _call("missing_items", _list((node.wanted, node.given)), separator, joiner)


@_write.register
def _(node: nodes.TextTest) -> Written:
    return _call(node.test, _list((node.operand, node.part)))


@_write.register
def _(node: nodes.DatePart) -> Written:
    return _call(node.part, _at(node.operand, CHOICE))


_SHIFTS: Final = {"days": "add_days", "months": "add_months", "month_ends": "month_end"}


@_write.register
def _(node: nodes.ShiftDate) -> Written:
    return _call(_SHIFTS[node.unit], _list((node.moment, node.amount)))


def _calendar(node: nodes.WorkdaysBetween | nodes.ShiftWorkdays) -> tuple[str, ...]:
    lists = (("holidays", node.holidays), ("workdays", node.workdays))
    return tuple(f"{name} = [{', '.join(map(str, days))}]" if days else "" for name, days in lists)


@_write.register
def _(node: nodes.WorkdaysBetween) -> Written:
    return _call("workdays_between", _list((node.start, node.end)), *_calendar(node))


@_write.register
def _(node: nodes.ShiftWorkdays) -> Written:
    return _call("add_workdays", _list((node.moment, node.amount)), *_calendar(node))


# --- cohorts and explanation


def _scope(by: tuple[Node, ...], where: Node | None) -> tuple[str, str]:
    groups = f"by = [{_list(by)}]" if by else ""
    return groups, f"where = {_at(where, CHOICE)}" if where is not None else ""


@_write.register
def _(node: nodes.SortKey) -> Written:
    return _write(node.operand)


@_write.register
def _(node: nodes.Rank) -> Written:
    descending = all(key.descending for key in node.keys)
    order = "" if descending else 'order = "ascending"'
    method = "" if node.method == "min" else f'method = "{node.method}"'
    return _call("rank", _list(node.keys), order, method, *_scope(node.by, node.where))


@_write.register
def _(node: nodes.CohortCount) -> Written:
    return _call("cohort_count", *_scope(node.by, node.where))


@_write.register
def _(node: nodes.CohortCall) -> Written:
    options = (f"{name} = {_constant(value)[0]}" for name, value in node.options)
    return _call(node.function, _list(node.arguments), *options, *_scope(node.by, node.where))


@_write.register
def _(node: nodes.CohortRef) -> Written:
    return _write(node.node)


@_write.register
def _(node: nodes.Step) -> Written:
    return _write(node.operand)


# --- values from elsewhere


@_write.register
def _(node: SuppliedRef) -> Written:
    return _write(node.node)


@_write.register
def _(node: ParentValue) -> Written:
    return write_name(node.name.lstrip(PARENT_MARK)), ATOM


_DEFAULTS: Final = {"low": Fraction(1), "high": Fraction(1), "separator": "、"}


@_write.register
def _(node: TableCall) -> Written:
    value = write_name(node.table) if node.argument is None else _of_row(node.argument, node.table)
    if node.where is not None:
        value = f"{value} where {_of_row(node.where, node.table)}"
    options = (
        f"{name} = {_constant(option)[0]}" for name, option in node.options if _DEFAULTS.get(name) != option
    )
    keys = [_of_row(RowPart(key.node), node.table) for key in node.order]
    order = f"order = {keys[0]}" if len(keys) == 1 else f"order = [{', '.join(keys)}]" if keys else ""
    return _call(node.function, value, *options, order)


def _of_row(part: RowPart, table: str) -> str:
    """Return an expression over the rows of a table: what is the table's own is written with its name."""

    def qualified(node: Node) -> Node:
        if isinstance(node, nodes.FieldRef | nodes.RuleRef) and "@" not in node.name:
            return nodes.Name(node.name, of=table)
        return node

    return _at(transform(part.node, qualified), DISJUNCTION)


# --- earlier periods


@_write.register
def _(node: Previous) -> Written:
    periods = f"periods = {node.periods}" if node.periods != 1 else ""
    bounds = {"low": node.low, "high": node.high}
    stated = [f"{name} = {_number(bound)[0]}" for name, bound in bounds.items() if bound is not None]
    decimals = f"decimals = {node.decimals}" if node.decimals is not None else ""
    return _call("previous", write_name(node.name), periods, *stated, decimals)


@_write.register
def _(node: PreviousRecord) -> Written:
    if node.periods == 0:
        return "not is_first_period()", NEGATION
    return _call("has_previous", f"periods = {node.periods}" if node.periods != 1 else "")


@_write.register
def _(node: PreviousState) -> Written:
    return _write(Previous(node.name))


@_write.register
def _(node: EarlierStanding) -> Written:
    return _write(PreviousRecord(node.periods))


@_write.register
def _(node: EarlierValue) -> Written:
    return _write(Previous(node.name, node.periods))
