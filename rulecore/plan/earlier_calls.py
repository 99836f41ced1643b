"""Calls about earlier periods: ``previous``, ``has_previous``, ``is_first_period``, ``consecutive``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from attrs import evolve

from rulecore.codes import history as codes
from rulecore.contracts import FunctionParameter
from rulecore.errors import Code
from rulecore.expr.earlier import Previous, PreviousRecord
from rulecore.expr.nodes import (
    COHORT_NODES,
    And,
    Branch,
    Conditional,
    FieldRef,
    Literal,
    Node,
    Not,
    RuleRef,
)
from rulecore.expr.supplied import SuppliedRef, TableCall
from rulecore.expr.transform import transform

EARLIER_FORMS: Final = {
    "previous": "previous",
    "上期": "previous",
    "has_previous": "has_previous",
    "有上期": "has_previous",
    "is_first_period": "is_first_period",
    "首期": "is_first_period",
    "consecutive": "consecutive",
    "连续期数": "consecutive",
}
"""The calls about earlier periods by every name."""

MOST_PERIODS: Final = 100
"""The most periods that can be looked back."""

_PERIODS: Final = FunctionParameter(
    name="periods",
    kind="number",
    default=Fraction(1),
    whole=True,
    low=Fraction(1),
    high=Fraction(MOST_PERIODS),
)

EARLIER_PARAMETERS: Final[Mapping[str, tuple[FunctionParameter, ...]]] = {
    "previous": (
        FunctionParameter(name="value"),
        _PERIODS,
        FunctionParameter(name="low", kind="number", required=False),
        FunctionParameter(name="high", kind="number", required=False),
        FunctionParameter(
            name="decimals", kind="number", required=False, whole=True, low=Fraction(0), high=Fraction(12)
        ),
    ),
    "has_previous": (_PERIODS,),
    "is_first_period": (),
    "consecutive": (
        FunctionParameter(name="condition"),
        FunctionParameter(
            name="periods", kind="number", whole=True, low=Fraction(1), high=Fraction(MOST_PERIODS)
        ),
    ),
}
"""The parameters of each of these calls, by the call's own name."""

Complain = Callable[..., None]
"""Notes a fault of the call: its code, the node where it stands, its values."""


def build_earlier(function: str, values: Mapping[str, object], fault: Complain) -> Node | None:
    """Return the node of a call about earlier periods, or None with its faults noted."""
    match function:
        case "previous":
            return _previous(values, fault)
        case "has_previous":
            return PreviousRecord(_whole(values["periods"]))
        case "is_first_period":
            return Not(PreviousRecord(0))
        case _:
            return _consecutive(values, fault)


def _whole(value: object) -> int:
    assert isinstance(value, Fraction)  # noqa: S101 - the parameter is a whole number
    return int(value)


def _previous(values: Mapping[str, object], fault: Complain) -> Node | None:
    value, low, high, decimals = (values[name] for name in ("value", "low", "high", "decimals"))
    if isinstance(value, SuppliedRef):
        fault(codes.PREVIOUS_IN_TABLE, value)
        return None
    if not isinstance(value, FieldRef | RuleRef):
        assert isinstance(value, Node)  # noqa: S101 - an expression is required
        fault(codes.PREVIOUS_NEEDS_NAME, value)
        return None
    return Previous(
        value.name,
        _whole(values["periods"]),
        isinstance(value, FieldRef),
        low if isinstance(low, Fraction) else None,
        high if isinstance(high, Fraction) else None,
        int(decimals) if isinstance(decimals, Fraction) else None,
    )


def _consecutive(values: Mapping[str, object], fault: Complain) -> Node | None:
    """Return 0 where the condition fails now, else how many periods up to now it has held without a break."""
    condition, most = values["condition"], _whole(values["periods"])
    assert isinstance(condition, Node)  # noqa: S101 - an expression is required
    wrong = _cannot_shift(condition)
    if wrong is not None:
        code: Code = codes.CONSECUTIVE_NEEDS_RECORD
        fault(code, wrong)
        return None
    branches = [Branch(Not(condition), _number(0))]
    for count in range(1, most):
        held = And((PreviousRecord(count), _before(condition, count)))
        branches.append(Branch(Not(held), _number(count)))
    return Conditional(tuple(branches), _number(most))


def _number(value: int) -> Literal:
    return Literal(Fraction(value))


def _cannot_shift(condition: Node) -> Node | None:
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (*COHORT_NODES, TableCall, SuppliedRef)):
            return part if part.span is not None else condition
        if isinstance(part, PreviousRecord) and part.periods == 0:
            return part
        waiting += part.children()
    return None


def _before(condition: Node, periods: int) -> Node:
    """Return a condition as it was that many periods before: each field and rule by its earlier value."""

    def earlier(node: Node) -> Node:
        match node:
            case FieldRef(name=name) | RuleRef(name=name):
                return Previous(name, periods, isinstance(node, FieldRef), span=node.span)
            case Previous() | PreviousRecord():
                return evolve(node, periods=node.periods + periods)
        return node

    return transform(condition, earlier)
