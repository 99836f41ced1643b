"""How numbers, texts and dates, and what is computed of them, are written."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rulecore.expr import nodes
from rulecore.expr.levels import CHOICE, PRODUCT, SIGN, SUM
from rulecore.expr.nodes import Node
from rulecore.expr.unparse.writing import Written, at_level, call, listed, number, write, write_text
from rulecore.numbers import Rounding

_SIGNS: Final[dict[type[Node], tuple[str, int]]] = {
    nodes.Add: ("+", SUM),
    nodes.Subtract: ("-", SUM),
    nodes.Multiply: ("*", PRODUCT),
    nodes.Divide: ("/", PRODUCT),
}


@write.register(nodes.Add)
@write.register(nodes.Subtract)
@write.register(nodes.Multiply)
@write.register(nodes.Divide)
def _(node: nodes.Add | nodes.Subtract | nodes.Multiply | nodes.Divide) -> Written:
    sign, level = _SIGNS[type(node)]
    return f"{at_level(node.left, level)} {sign} {at_level(node.right, level + 1)}", level


@write.register
def _(node: nodes.Negate) -> Written:
    # -5 is the constant; the negation of a constant keeps its brackets.
    bracketed = isinstance(node.operand, nodes.Literal)
    operand = f"({write(node.operand)[0]})" if bracketed else at_level(node.operand, SIGN)
    return f"-{operand}", SIGN


@write.register
def _(node: nodes.Round) -> Written:
    rounding = "" if node.rounding is Rounding.HALF_UP else f'rounding = "{node.rounding.value}"'
    decimals = decimal_places(node.unit)
    if decimals is None:
        return call("round_to", at_level(node.operand, CHOICE), number(node.unit)[0], rounding)
    return call("round", at_level(node.operand, CHOICE), str(decimals), rounding)


def decimal_places(unit: Fraction) -> int | None:
    """Return the decimals that a rounding unit stands for (1/100: 2; 10: −1), None for steps such as 1/2."""
    for decimals in range(-12, 31):
        if unit == Fraction(10) ** -decimals:
            return decimals
    return None


@write.register
def _(node: nodes.Power) -> Written:
    if node.exponent == Fraction(1, 2):
        return call("sqrt", at_level(node.base, CHOICE))
    return call("power", at_level(node.base, CHOICE), number(node.exponent)[0])


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
    return call(_FUNCTIONS[type(node)], listed(node.children()))


for _kind in _FUNCTIONS:
    write.register(_kind, _plain_call)


@write.register
def _(node: nodes.TrimmedMean) -> Written:
    return call("trimmed_mean", listed(node.operands), f"low = {node.low}", f"high = {node.high}")


@write.register
def _(node: nodes.Concatenate) -> Written:
    separator = f"separator = {write_text(node.separator)}" if node.separator else ""
    return call("concat", listed(node.operands), separator)


@write.register
def _(node: nodes.FormatNumber) -> Written:
    return call("text", at_level(node.operand, CHOICE), str(node.decimals))


@write.register
def _(node: nodes.ReadNumber) -> Written:
    return call("number", at_level(node.operand, CHOICE), str(node.decimals))


@write.register
def _(node: nodes.MissingItems) -> Written:
    separator = "" if node.separator == "|" else f"separator = {write_text(node.separator)}"
    joiner = "" if node.joiner == "、" else f"joiner = {write_text(node.joiner)}"
    return call("missing_items", listed((node.wanted, node.given)), separator, joiner)


@write.register
def _(node: nodes.TextTest) -> Written:
    return call(node.test, listed((node.operand, node.part)))


@write.register
def _(node: nodes.DatePart) -> Written:
    return call(node.part, at_level(node.operand, CHOICE))


_SHIFTS: Final = {"days": "add_days", "months": "add_months", "month_ends": "month_end"}


@write.register
def _(node: nodes.ShiftDate) -> Written:
    return call(_SHIFTS[node.unit], listed((node.moment, node.amount)))


def _calendar(node: nodes.WorkdaysBetween | nodes.ShiftWorkdays) -> tuple[str, ...]:
    lists = (("holidays", node.holidays), ("workdays", node.workdays))
    return tuple(f"{name} = [{', '.join(map(str, days))}]" if days else "" for name, days in lists)


@write.register
def _(node: nodes.WorkdaysBetween) -> Written:
    return call("workdays_between", listed((node.start, node.end)), *_calendar(node))


@write.register
def _(node: nodes.ShiftWorkdays) -> Written:
    return call("add_workdays", listed((node.moment, node.amount)), *_calendar(node))
