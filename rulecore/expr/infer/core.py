"""Inference itself: names, the table of nodes, faults, and how types are joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from rulecore.codes import types as codes
from rulecore.errors import Code, InternalError
from rulecore.expr import nodes, ranges
from rulecore.expr.errors import ExpressionFault
from rulecore.expr.ranges import Range
from rulecore.expr.types import (
    DateType,
    FlagType,
    NothingType,
    NumberType,
    TextType,
    Type,
    as_nullable,
    kind,
)
from rulecore.language import N_
from rulecore.phrase import Phrase
from rulecore.source import Span

COHORT_LIMIT: Final = 10**10
"""More records than any cohort can have; the range of ranks and counts."""

NO_SPAN: Final = Span(start=0, end=0)
CohortTypes = Mapping[str, Callable[[tuple[Type, ...], Mapping[str, Fraction | str | bool]], Type]]


TYPES: dict[type[nodes.Node], Callable[..., Type]] = {}
"""The function that infers each type of node; the modules beside this one fill it."""


class Inference:
    """Infers the types of expressions over names whose types are known; ``faults`` collects what is wrong.

    ``names`` holds the types of fields, rules and cohort steps; ``cohort_types`` the result types of cohort
    functions.
    """

    def __init__(self, names: Mapping[str, Type], cohort_types: CohortTypes | None = None) -> None:
        self.names = names
        self.cohort_types = cohort_types or {}
        self.faults: list[ExpressionFault] = []
        self._known: dict[int, tuple[nodes.Node, Type]] = {}

    def type_of(self, node: nodes.Node) -> Type:
        """Return the type of an expression. A tree shared by several rules is inferred once."""
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        maker = TYPES.get(type(node))
        if maker is None:
            raise InternalError(f"no type is known for the node {type(node).__name__}")
        found = maker(self, node)
        self._known[id(node)] = (node, found)
        return found

    def fault(self, code: Code, node: nodes.Node, **values: object) -> None:
        """Record a fault at the text the node was written as, or at that of its first written part."""
        words = {name: Phrase(alternatives=(str(value),)) for name, value in values.items()}
        self.faults.append(ExpressionFault(code=code, values=words, span=written_span(node)))

    def number(self, node: nodes.Node, what: str, *, exact: bool = False) -> NumberType:
        """Return the number type of an operand, or a fault and a guess if it is no number (or not exact)."""
        found = self.type_of(node)
        if isinstance(found, NumberType):
            if exact and not found.exact:
                self.fault(codes.INEXACT_VALUE, node, what=what)
            return found
        if not isinstance(found, NothingType):
            self.fault(codes.WRONG_KIND, node, what=what, expected=N_("number"), found=kind(found))
        return NumberType(scale=None, nullable=True)

    def expect(self, node: nodes.Node, what: str, wanted: type[Type], word: str) -> Type:
        """Return the type of an operand and record a fault if it is of another kind than wanted."""
        found = self.type_of(node)
        if not isinstance(found, wanted | NothingType):
            self.fault(codes.WRONG_KIND, node, what=what, expected=word, found=kind(found))
        return found

    def condition(self, node: nodes.Node, what: str) -> Type:
        """Return the type of a condition, which must be a flag."""
        return self.expect(node, what, FlagType, N_("flag"))

    def certain(self, node: nodes.Node | None, what: str) -> None:
        """Check a condition that decides who takes part: it must be a flag that is never not applicable."""
        if node is not None and self.condition(node, what).nullable:
            self.fault(codes.CONDITION_MAY_BE_NOT_APPLICABLE, node, what=what)


def written_span(node: nodes.Node) -> Span:
    """Return the span of a node, or of the first of its parts that was written as text."""
    if node.span is not None:
        return node.span
    for child in node.children():
        span = written_span(child)
        if span is not NO_SPAN:
            return span
    return NO_SPAN


def range_of(type_: NumberType) -> Range:
    """Return the range of a number type."""
    return Range(type_.low, type_.high)


def ranged(range_: Range, *, scale: int | None, exact: bool = True, nullable: bool = False) -> NumberType:
    """Return the number type with a range."""
    return NumberType(scale=scale, low=range_.low, high=range_.high, exact=exact, nullable=nullable)


def widest(types: Sequence[NumberType]) -> int | None:
    """Return the scale that holds all the numbers, or None if one has no fixed scale."""
    scales = [type_.scale for type_ in types]
    known = [scale for scale in scales if scale is not None]
    return max(known, default=0) if len(known) == len(scales) else None


def join(inference: Inference, parts: Sequence[nodes.Node], types: Sequence[Type], what: str) -> Type:
    """Return one type that holds all the others; a fault where they are of different kinds."""
    known = [
        (part, type_) for part, type_ in zip(parts, types, strict=True) if not isinstance(type_, NothingType)
    ]
    nullable = any(type_.nullable for type_ in types)
    if not known:
        return NothingType()
    first = known[0][1]
    for part, type_ in known[1:]:
        if kind(type_) != kind(first):
            inference.fault(codes.KINDS_DIFFER, part, what=what, left=kind(first), right=kind(type_))
            return as_nullable(first, nullable)
    return _join_alike([type_ for _part, type_ in known], nullable)


def _join_alike(types: Sequence[Type], nullable: bool) -> Type:
    numbers = [type_ for type_ in types if isinstance(type_, NumberType)]
    if numbers:
        return ranged(
            ranges.union(range_of(type_) for type_ in numbers),
            scale=widest(numbers),
            exact=all(type_.exact for type_ in numbers),
            nullable=nullable,
        )
    texts = [type_.values for type_ in types if isinstance(type_, TextType)]
    if texts:
        known = [values for values in texts if values is not None]
        return TextType(
            values=frozenset().union(*known) if len(known) == len(texts) else None, nullable=nullable
        )
    if isinstance(types[0], DateType):
        return DateType(nullable=nullable)
    outcomes = {type_.always for type_ in types if isinstance(type_, FlagType)}
    return FlagType(nullable=nullable, always=outcomes.pop() if len(outcomes) == 1 else None)
