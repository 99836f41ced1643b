"""Calls: arguments to parameters, constants checked, and the node a call stands for."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Final, Literal, cast

from attrs import evolve, frozen

from rulecore.codes import expressions as codes
from rulecore.contracts import CohortFunction, Function, FunctionParameter
from rulecore.errors import Code
from rulecore.expr.constants import constant_value
from rulecore.expr.errors import ExpressionFault
from rulecore.expr.nodes import Call, CohortCall, CohortCount, ListLiteral, Node, Rank, SortKey
from rulecore.expr.nodes import Literal as LiteralNode
from rulecore.expr.transform import transform
from rulecore.expr.unparse import unparse
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import Phrase
from rulecore.plan.earlier_calls import EARLIER_FORMS, EARLIER_PARAMETERS, build_earlier

Argument = Node | Fraction | str | tuple[Node, ...] | tuple[date, ...] | None

SPECIAL_FORMS: Final = {
    "rank": "rank",
    "排名": "rank",
    "cohort_count": "cohort_count",
    "组内计数": "cohort_count",
    **EARLIER_FORMS,
}
"""The calls that are nodes of their own, over a cohort or over earlier periods, by every name."""

_BY = FunctionParameter(name="by", required=False)
_WHERE = FunctionParameter(name="where", required=False)

_ORDERS: Final = ("descending", "ascending")

_SPECIAL_PARAMETERS: Final = {
    "rank": (
        FunctionParameter(name="values", many=True),
        FunctionParameter(name="order", kind="text", default="descending", choices=_ORDERS),
        FunctionParameter(
            name="method", kind="text", default="min", choices=("min", "max", "dense", "ordinal")
        ),
    ),
    "cohort_count": (),
    **EARLIER_PARAMETERS,
}


@frozen
class Unresolved(Node):
    """Stands where a name or call could not be resolved, so that its fault is told once."""


def build_call(
    call: Call, function: Function | CohortFunction | str
) -> tuple[Node | None, list[ExpressionFault]]:
    """Return the node a call stands for, or None and its faults; for special forms ``function`` is a name."""
    if isinstance(function, str):
        over_cohort = function not in EARLIER_PARAMETERS
        binding = _Binding(call, _SPECIAL_PARAMETERS[function], over_cohort=over_cohort)
    else:
        over_cohort = isinstance(function, CohortFunction) or function.over_cohort
        binding = _Binding(call, function.parameters, over_cohort=over_cohort)
    node = None if binding.problems or binding.unresolved else _built(function, binding)
    if node is None or binding.problems:
        return None, binding.problems

    def with_span(inner: Node) -> Node:
        return inner if inner.span is not None else evolve(inner, span=call.span)

    return evolve(transform(node, with_span), span=call.span), []


def _built(function: Function | CohortFunction | str, binding: _Binding) -> Node | None:
    if isinstance(function, Function):
        return _build_function(function, binding)
    if isinstance(function, CohortFunction):
        return _build_cohort_call(function, binding)
    if function in EARLIER_PARAMETERS:
        return build_earlier(function, binding.values, binding.fault)
    return _build_rank(binding) if function == "rank" else CohortCount(binding.by, binding.where)


def _build_function(function: Function, binding: _Binding) -> Node | None:
    try:
        cohort = {"by": binding.by, "where": binding.where} if function.over_cohort else {}
        built: object = function.build(*binding.values.values(), **cohort)
        if not isinstance(built, Node):
            raise TypeError(f"build returned {type(built).__name__}, not a node")
        return built
    except Exception as error:  # a plugin's code: whatever it raises is told, with its name, and no traceback
        reason = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        binding.fault(codes.FUNCTION_FAILED, binding.call, reason=reason)
        return None


def _build_rank(binding: _Binding) -> Node:
    descending = binding.values["order"] == "descending"
    values = cast(tuple[Node, ...], binding.values["values"])
    return Rank(
        tuple(SortKey(value, descending, span=value.span) for value in values),
        cast(Literal["min", "max", "dense", "ordinal"], binding.values["method"]),
        binding.by,
        binding.where,
    )


def _build_cohort_call(function: CohortFunction, binding: _Binding) -> Node:
    arguments: list[Node] = []
    options: list[tuple[str, Fraction | str | bool]] = []
    for name, value in binding.values.items():
        if isinstance(value, Node):
            arguments.append(value)
        elif isinstance(value, tuple):
            arguments += [item for item in value if isinstance(item, Node)]
        elif value is not None:
            options.append((name, value))
    return CohortCall(function.name, tuple(arguments), tuple(options), binding.by, binding.where)


class _Binding:
    """The arguments of one call under the names of the parameters they are for, in the parameters' order."""

    def __init__(
        self,
        call: Call,
        parameters: tuple[FunctionParameter, ...],
        *,
        over_cohort: bool = False,
    ) -> None:
        self.call = call
        self.parameters = parameters
        self.extra = (_BY, _WHERE) if over_cohort else ()
        self.problems: list[ExpressionFault] = []
        self.unresolved = False
        self.values: dict[str, Argument] = {}
        self.by: tuple[Node, ...] = ()
        self.where: Node | None = None
        given = self.positional()
        self.named(given)
        if not self.problems:
            self.take(given)

    def fault(self, code: Code, node: Node, hint: str | None = None, **values: object) -> None:
        shown = {
            "function": self.call.name,
            "parameters": ", ".join(_signature(parameter) for parameter in (*self.parameters, *self.extra)),
            **values,
        }
        self.problems.append(ExpressionFault(code=code, values=shown, span=node.span, hint=hint))

    def positional(self) -> dict[str, Node | tuple[Node, ...]]:
        given: dict[str, Node | tuple[Node, ...]] = {}
        rest = list(self.call.arguments)
        for parameter in self.parameters:
            if parameter.many:
                given[parameter.name], rest = tuple(rest), []
                break
            if rest:
                given[parameter.name] = rest.pop(0)
        if rest:
            limit = len(self.call.arguments) - len(rest)
            self.fault(codes.TOO_MANY_ARGUMENTS, rest[0], limit=limit, count=len(self.call.arguments))
        return given

    def named(self, given: dict[str, Node | tuple[Node, ...]]) -> None:
        known = [parameter.name for parameter in (*self.parameters, *self.extra) if not parameter.many]
        for name, value in self.call.named:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                hint = N_("did you mean {suggestion}?") if close else None
                suggestion = close[0] if close else ""
                self.fault(codes.UNKNOWN_ARGUMENT, value, hint, argument=name, suggestion=suggestion)
            elif name in given:
                self.fault(codes.DUPLICATE_ARGUMENT, value, argument=name)
            else:
                given[name] = value

    def take(self, given: dict[str, Node | tuple[Node, ...]]) -> None:
        for parameter in self.parameters:
            value = given.get(parameter.name)
            if value is None or value == ():
                if not parameter.optional:
                    self.fault(codes.MISSING_ARGUMENT, self.call, argument=parameter.name)
                self.values[parameter.name] = self.default(parameter)
            elif isinstance(value, tuple):
                self.refuse_lists(*value)
                self.values[parameter.name] = value
            elif parameter.kind == "expression":
                self.refuse_lists(value)
                self.values[parameter.name] = value
            elif parameter.kind == "dates":
                self.values[parameter.name] = self.dates(parameter, value)
            else:
                self.values[parameter.name] = self.constant(parameter, value)
        by, where = given.get("by"), given.get("where")
        if self.extra and isinstance(by, Node):
            if isinstance(by, ListLiteral) and by.name:
                self.refuse_lists(by)
            self.by = by.items if isinstance(by, ListLiteral) else (by,)
        if self.extra and isinstance(where, Node):
            self.refuse_lists(where)
            self.where = where

    def default(self, parameter: FunctionParameter) -> Argument:
        if parameter.kind == "expression" and parameter.default is not None:
            return LiteralNode(parameter.default)
        return () if parameter.many or parameter.kind == "dates" else parameter.default

    def dates(self, parameter: FunctionParameter, node: Node) -> tuple[date, ...]:
        items = [constant_value(item) for item in (node.items if isinstance(node, ListLiteral) else (node,))]
        days = [item for item in items if isinstance(item, date)]
        if isinstance(node, Unresolved):
            self.unresolved = True
        elif len(days) < len(items):
            expected = Phrase(alternatives=(N_("a list of dates"),))
            self.fault(
                codes.WRONG_CONSTANT, node, argument=parameter.name, expected=expected, found=unparse(node)
            )
        return tuple(sorted(set(days)))

    def refuse_lists(self, *nodes: Node) -> None:
        for node in nodes:
            if isinstance(node, ListLiteral):
                self.fault(codes.LIST_AS_VALUE, node)

    def constant(self, parameter: FunctionParameter, node: Node) -> Fraction | str | None:
        value = constant_value(node)
        if value is None:
            if isinstance(node, Unresolved):
                self.unresolved = True
                return None
            self.fault(codes.NOT_CONSTANT, node, argument=parameter.name)
            return None
        wanted = _wanted(parameter, value)
        if wanted is not None:
            found = format_number(value) if isinstance(value, Fraction) else value
            expected = Phrase(alternatives=wanted)
            self.fault(codes.WRONG_CONSTANT, node, argument=parameter.name, expected=expected, found=found)
        return value if isinstance(value, Fraction | str) else None


def _signature(parameter: FunctionParameter) -> str:
    name = f"{parameter.name}, …" if parameter.many else parameter.name
    if parameter.default is None:
        return name if parameter.required else f"[{name}]"
    default = parameter.default
    shown = format_number(default) if isinstance(default, Fraction) else f'"{default}"'
    return f"{name} = {shown}"


def _wanted(parameter: FunctionParameter, value: Fraction | str | bool | date) -> tuple[str, ...] | None:
    """Return what a constant should have been, in words, or None if it will do."""
    if parameter.kind == "text":
        if not isinstance(value, str):
            return (N_("a text"),)
        return parameter.choices if parameter.choices and value not in parameter.choices else None
    if not isinstance(value, Fraction):
        return (N_("a number"),)
    if parameter.whole and value.denominator != 1:
        return (N_("a whole number"),)
    if parameter.above is not None and value <= parameter.above:
        return (f"> {format_number(parameter.above)}",)
    if parameter.low is not None and value < parameter.low:
        return (f">= {format_number(parameter.low)}",)
    if parameter.high is not None and value > parameter.high:
        return (f"<= {format_number(parameter.high)}",)
    return None
