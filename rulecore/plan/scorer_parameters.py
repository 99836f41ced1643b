"""A rule's settings as an object of its scorer's class: the hooks for expressions, constants and sort keys.

Here the policy's values and the expression language meet, which know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal as OneOf
from typing import TypeVar, cast

import cattrs
from attrs import frozen

from rulecore.codes import policy as codes
from rulecore.contracts import Constant, Scorer
from rulecore.errors import Fault
from rulecore.expr.constants import constant_value
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.expr.nodes import ListLiteral, Literal, Name, Node, ParameterRef, SortKey
from rulecore.expr.parser import parse_expression
from rulecore.expr.transform import transform
from rulecore.language import N_
from rulecore.policy.document import Document
from rulecore.policy.located import Located, Scalar, Table
from rulecore.policy.refusals import DID_YOU_MEAN, Complaint, Refused, describe, last_key, wrong_type
from rulecore.policy.sections import RULE_KEYS
from rulecore.policy.structure import (
    class_hook,
    strict_converter,
    structure,
)
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import found, listed
from rulecore.source import KeyPath, Span

ScorerClass = TypeVar("ScorerClass", bound=Scorer)
Parameters = Mapping[str, Literal | ListLiteral]
"""The policy's parameters by name, as nodes."""

describe(Node, N_("an expression in quotes, or a number"))
describe(Constant, N_("a number, or the name of a parameter in quotes"))
describe(Literal, N_("a single value"))
describe(SortKey, N_('a name in quotes, or { by = "name", order = "ascending" }'), kinds=(Scalar, Table))


@frozen(kw_only=True)
class SortKeyTable:
    """A sort key as a table: what is sorted by, and in which order."""

    by: Node
    order: OneOf["ascending", "descending"] = "descending"


def structure_scorer(
    cls: type[ScorerClass],
    settings: Mapping[str, object],
    *,
    document: Document,
    key: KeyPath,
    parameters: Parameters,
    converter: cattrs.Converter | None = None,
    dated: tuple[str, ...] = (),
) -> tuple[ScorerClass | None, tuple[Fault, ...]]:
    """Return the scorer that a rule's settings describe, or None with every fault of theirs.

    ``key`` is the path of the rule's table, such as ``("rules", "score")``. Expressions are parsed, their
    names not yet resolved; every node knows its key path. ``dated`` are the parameters whose value depends on the
    record's period, which can stand in expressions but not for constants.
    """
    known = converter or scorer_converter(parameters, dated)
    result = structure(settings, cls, document=document, key=key, converter=known, also_known=RULE_KEYS)
    return result.value, result.faults


def parameter_nodes(parameters: Mapping[str, object]) -> dict[str, Literal | ListLiteral]:
    """Return a policy's ``[parameters]`` as nodes; numbers become exact fractions."""
    return {
        name: ListLiteral(tuple(literal(item) for item in value), name=name)
        if isinstance(value, tuple | list)
        else literal(value)
        for name, value in parameters.items()
    }


def literal(value: object, key: KeyPath = ()) -> Literal:
    """Return a single TOML value as a constant node."""
    exact = Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    span = Span(start=0, end=0, key=key) if key else None
    return Literal(cast("Fraction | str | bool | date", exact), span=span)


def scorer_converter(parameters: Parameters, dated: tuple[str, ...] = ()) -> cattrs.Converter:
    """Return the strict converter that also knows expressions, constants and sort keys."""
    converter = strict_converter()
    converter.register_structure_hook(Node, _node)
    converter.register_structure_hook(Literal, _literal)
    converter.register_structure_hook(Constant, lambda value, _: _constant(value, parameters, dated))
    sort_key = class_hook(SortKeyTable, converter)
    converter.register_structure_hook(SortKey, lambda value, _: _sort_key(value, sort_key))
    return converter


def _node(value: Located, _: object) -> Node:
    if not isinstance(value, Scalar) or not _is_literal(value.value):
        raise wrong_type(value, Node)
    if isinstance(value.value, str):
        return _parsed(value.value, value.key)
    return literal(value.value, value.key)


def _literal(value: Located, _: object) -> Literal:
    if not isinstance(value, Scalar) or not _is_literal(value.value):
        raise wrong_type(value, Literal)
    return literal(value.value, value.key)


def _is_literal(value: object) -> bool:
    return isinstance(value, str | bool | int | Decimal | date) and not isinstance(value, datetime)


def _parsed(text: str, key: KeyPath) -> Node:
    try:
        return parse_expression(text, key)
    except ExpressionError as error:
        raise Refused(*(_complaint(problem, key) for problem in error.problems)) from None


def _complaint(problem: ExpressionFault, key: KeyPath) -> Complaint:
    span = (problem.span.start, problem.span.end) if problem.span is not None else None
    return Complaint(code=problem.code, key=key, values=problem.values, hint=problem.hint, span=span)


def _constant(value: Located, parameters: Parameters, dated: tuple[str, ...]) -> Constant:
    """Structure a number as it is, and a text as a constant expression of numbers and parameters."""
    if not isinstance(value, Scalar) or isinstance(value.value, bool | date):
        raise wrong_type(value, Constant)
    if not isinstance(value.value, str):
        node: Node = literal(value.value, value.key)
    else:
        node = transform(_parsed(value.value, value.key), _with_parameters(parameters))
    exact = constant_value(node)
    if not isinstance(exact, Fraction):
        raise Refused(_not_constant(value, node, parameters, dated))
    return Constant(value=exact, node=node)


def _not_constant(value: Scalar, node: Node, parameters: Parameters, dated: tuple[str, ...]) -> Complaint:
    near = suggestion(node.name, parameters) if isinstance(node, Name) else None
    values = {
        "key": last_key(value.key),
        "found": found(value.value),
        "known": listed(parameters) or "—",
        "suggestion": near or "",
    }
    hint = DID_YOU_MEAN if near is not None else None
    if isinstance(node, Name) and node.name in dated:
        hint = N_(
            "its value changes while the policy holds: make the policy two versions, one for each value"
        )
    return Complaint(code=codes.NOT_CONSTANT, key=value.key, values=values, hint=hint)


def _with_parameters(parameters: Parameters) -> Callable[[Node], Node]:
    def replaced(node: Node) -> Node:
        if isinstance(node, Name):
            value = parameters.get(node.name)
            if isinstance(value, Literal):
                return ParameterRef(node.name, value, span=node.span)
        return node

    return replaced


def _sort_key(value: Located, table: Callable[[object, object], object]) -> SortKey:
    if not isinstance(value, Table):
        if not isinstance(value, Scalar) or not isinstance(value.value, str):
            raise wrong_type(value, SortKey)
        return SortKey(_parsed(value.value, value.key))
    written = cast("SortKeyTable", table(value, None))
    return SortKey(written.by, descending=written.order == "descending")
