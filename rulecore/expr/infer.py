"""What kind of value an expression gives, with scale, range, exactness and whether it may be not applicable.

One small function a node. Faults are collected, not raised, and inference goes on with the most useful guess,
so that one report shows them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import evolve

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
from rulecore.numbers import decimal_scale
from rulecore.phrase import Phrase
from rulecore.source import Span
from rulecore.texts import TEXT_NUMBER_BOUND

COHORT_LIMIT: Final = 10**10
"""More records than any cohort can have; the range of ranks and counts."""

NO_SPAN: Final = Span(start=0, end=0)
CohortTypes = Mapping[str, Callable[[tuple[Type, ...], Mapping[str, Fraction | str | bool]], Type]]


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
        maker = _TYPES.get(type(node))
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


def _range(type_: NumberType) -> Range:
    return Range(type_.low, type_.high)


def _ranged(range_: Range, *, scale: int | None, exact: bool = True, nullable: bool = False) -> NumberType:
    return NumberType(scale=scale, low=range_.low, high=range_.high, exact=exact, nullable=nullable)


def _widest(types: Sequence[NumberType]) -> int | None:
    scales = [type_.scale for type_ in types]
    known = [scale for scale in scales if scale is not None]
    return max(known, default=0) if len(known) == len(scales) else None


# --- leaves -------------------------------------------------------------------------------------------------


def _literal(_inference: Inference, node: nodes.Literal) -> Type:
    match node.value:
        case bool():
            return FlagType(always=node.value)
        case Fraction():
            return NumberType(scale=decimal_scale(node.value), low=node.value, high=node.value)
        case str():
            return TextType(values=frozenset((node.value,)))
        case date():
            return DateType(low=node.value, high=node.value)


def _nothing(_inference: Inference, _node: nodes.NotApplicable | nodes.Undecided) -> Type:
    return NothingType()


def _reference(inference: Inference, node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef) -> Type:
    return inference.names[node.name]


def _parameter(inference: Inference, node: nodes.ParameterRef) -> Type:
    return inference.type_of(node.value)


def _step(inference: Inference, node: nodes.Step) -> Type:
    return inference.type_of(node.operand)


# --- arithmetic ---------------------------------------------------------------------------------------------


def _sum(inference: Inference, node: nodes.Add | nodes.Subtract) -> Type:
    left = inference.number(node.left, N_("a sum") if isinstance(node, nodes.Add) else N_("a difference"))
    right = inference.number(node.right, N_("a sum") if isinstance(node, nodes.Add) else N_("a difference"))
    second = _range(right) if isinstance(node, nodes.Add) else ranges.negate(_range(right))
    return _ranged(
        ranges.add(_range(left), second),
        scale=_widest((left, right)),
        exact=left.exact and right.exact,
        nullable=left.nullable or right.nullable,
    )


def _multiply(inference: Inference, node: nodes.Multiply) -> Type:
    left, right = inference.number(node.left, N_("a product")), inference.number(node.right, N_("a product"))
    scale = None if left.scale is None or right.scale is None else left.scale + right.scale
    return _ranged(
        ranges.multiply(_range(left), _range(right)),
        scale=scale,
        exact=left.exact and right.exact,
        nullable=left.nullable or right.nullable,
    )


def _divide(inference: Inference, node: nodes.Divide) -> Type:
    left, right = (
        inference.number(node.left, N_("a quotient")),
        inference.number(node.right, N_("a quotient")),
    )
    scale = None
    if left.scale is not None and right.low is not None and right.low == right.high and right.low != 0:
        inverse = decimal_scale(1 / right.low)
        scale = None if inverse is None else left.scale + inverse
    return _ranged(
        ranges.divide(_range(left), _range(right), smallest=_smallest(right)),
        scale=scale,
        exact=left.exact and right.exact,
        nullable=left.nullable or right.nullable or _range(right).holds(Fraction(0)),
    )


def _smallest(divisor: NumberType) -> Fraction | None:
    """Return the least size of a divisor that is not zero: one unit in its last decimal."""
    return None if divisor.scale is None else Fraction(1, 10**divisor.scale)


def _negate(inference: Inference, node: nodes.Negate) -> Type:
    operand = inference.number(node.operand, N_("a minus sign"))
    turned = ranges.negate(_range(operand))
    return evolve(operand, low=turned.low, high=turned.high)


def _absolute(inference: Inference, node: nodes.Absolute) -> Type:
    operand = inference.number(node.operand, N_("abs()"))
    positive = ranges.absolute(_range(operand))
    return evolve(operand, low=positive.low, high=positive.high)


def _extreme(inference: Inference, node: nodes.Minimum | nodes.Maximum) -> Type:
    what = N_("min()") if isinstance(node, nodes.Minimum) else N_("max()")
    if not node.operands:
        inference.fault(codes.EMPTY_OPERANDS, node, what=what)
        return NumberType(scale=None, nullable=True)
    if any(isinstance(inference.type_of(operand), DateType) for operand in node.operands):
        found = [inference.expect(operand, what, DateType, N_("date")) for operand in node.operands]
        return DateType(nullable=any(type_.nullable for type_ in found))
    types = [inference.number(operand, what) for operand in node.operands]
    combine = ranges.minimum if isinstance(node, nodes.Minimum) else ranges.maximum
    return _ranged(
        combine(_range(type_) for type_ in types),
        scale=_widest(types),
        exact=all(type_.exact for type_ in types),
        nullable=any(type_.nullable for type_ in types),
    )


def _round(inference: Inference, node: nodes.Round) -> Type:
    operand = inference.number(node.operand, N_("rounding"))
    return _ranged(
        ranges.rounded(_range(operand), node.unit, node.rounding),
        scale=decimal_scale(node.unit),
        nullable=operand.nullable or not operand.exact,
    )


def _logarithm(inference: Inference, node: nodes.NaturalLogarithm) -> Type:
    operand = inference.number(node.operand, N_("ln()"))
    positive = operand.low is not None and operand.low > 0
    source = _range(operand) if positive else Range(None, operand.high)
    return _ranged(
        ranges.monotone(math.log, source, below=None),
        scale=None,
        exact=False,
        nullable=operand.nullable or not positive,
    )


def _exponential(inference: Inference, node: nodes.Exponential) -> Type:
    operand = inference.number(node.operand, N_("exp()"))
    found = ranges.monotone(math.exp, _range(operand), below=Fraction(0))
    return _ranged(found, scale=None, exact=False, nullable=operand.nullable)


def _power(inference: Inference, node: nodes.Power) -> Type:
    operand = inference.number(node.base, N_("power()"))
    exponent = node.exponent
    if exponent.denominator == 1 and exponent >= 0:
        scale = None if operand.scale is None else operand.scale * exponent.numerator
        found = ranges.whole_power(_range(operand), exponent.numerator)
        return _ranged(found, scale=scale, exact=operand.exact, nullable=operand.nullable)
    if exponent.denominator == 1:
        powered = ranges.whole_power(_range(operand), -exponent.numerator)
        found = ranges.divide(Range(Fraction(1), Fraction(1)), powered)
        nullable = operand.nullable or _range(operand).holds(Fraction(0))
        return _ranged(found, scale=None, exact=operand.exact, nullable=nullable)
    safe = operand.low is not None and (operand.low >= 0 if exponent > 0 else operand.low > 0)
    found = Range(Fraction(0), None)
    if exponent > 0:
        found = ranges.monotone(
            lambda value: max(value, 0.0) ** float(exponent), _range(operand), below=Fraction(0)
        )
    return _ranged(
        Range(max(found.low or Fraction(0), Fraction(0)), found.high),
        scale=None,
        exact=False,
        nullable=operand.nullable or not safe,
    )


# --- lists of operands --------------------------------------------------------------------------------------


def _operands(
    inference: Inference, node: nodes.Total | nodes.Mean | nodes.TrimmedMean, what: str
) -> list[NumberType]:
    if not node.operands:
        inference.fault(codes.EMPTY_OPERANDS, node, what=what)
        return [NumberType(scale=None, nullable=True)]
    exact = isinstance(node, nodes.TrimmedMean)
    return [inference.number(operand, what, exact=exact) for operand in node.operands]


def _total(inference: Inference, node: nodes.Total) -> Type:
    types = _operands(inference, node, N_("sum()"))
    parts = [
        ranges.union((_range(type_), Range(Fraction(0), Fraction(0)))) if type_.nullable else _range(type_)
        for type_ in types
    ]
    found = parts[0]
    for part in parts[1:]:
        found = ranges.add(found, part)
    return _ranged(
        found,
        scale=_widest(types),
        exact=all(type_.exact for type_ in types),
        nullable=all(type_.nullable for type_ in types),
    )


def _mean(inference: Inference, node: nodes.Mean) -> Type:
    types = _operands(inference, node, N_("mean()"))
    scale, inverse = _widest(types), decimal_scale(Fraction(1, len(types)))
    fixed = scale is not None and inverse is not None and not any(type_.nullable for type_ in types)
    return _ranged(
        ranges.union(_range(type_) for type_ in types),
        scale=scale + inverse if fixed and scale is not None and inverse is not None else None,
        exact=all(type_.exact for type_ in types),
        nullable=all(type_.nullable for type_ in types),
    )


def _trimmed_mean(inference: Inference, node: nodes.TrimmedMean) -> Type:
    types = _operands(inference, node, N_("trimmed_mean()"))
    sure = sum(not type_.nullable for type_ in types)
    kept = len(types) - node.low - node.high
    scale, inverse = _widest(types), decimal_scale(Fraction(1, kept)) if kept > 0 else None
    fixed = scale is not None and inverse is not None and sure == len(types)
    return _ranged(
        ranges.union(_range(type_) for type_ in types),
        scale=scale + inverse if fixed and scale is not None and inverse is not None else None,
        nullable=sure <= node.low + node.high,
    )


def _count(inference: Inference, node: nodes.Count) -> Type:
    for operand in node.operands:
        inference.type_of(operand)
    return NumberType(scale=0, low=Fraction(0), high=Fraction(len(node.operands)))


def _coalesce(inference: Inference, node: nodes.Coalesce) -> Type:
    if not node.operands:
        inference.fault(codes.EMPTY_OPERANDS, node, what=N_("coalesce()"))
        return NothingType()
    types = [inference.type_of(operand) for operand in node.operands]
    joined = _join(inference, node.operands, types, N_("coalesce()"))
    return as_nullable(joined, all(type_.nullable for type_ in types))


def _join(inference: Inference, parts: Sequence[nodes.Node], types: Sequence[Type], what: str) -> Type:
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
        return _ranged(
            ranges.union(_range(type_) for type_ in numbers),
            scale=_widest(numbers),
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


# --- logic --------------------------------------------------------------------------------------------------


def _compare(inference: Inference, node: nodes.Compare) -> Type:
    left, right = inference.type_of(node.left), inference.type_of(node.right)
    nullable = left.nullable or right.nullable
    if isinstance(left, NothingType) or isinstance(right, NothingType):
        inference.fault(codes.NOTHING_KNOWN, node, what=N_("this comparison"))
        return FlagType(nullable=True)
    if kind(left) != kind(right):
        inference.fault(
            codes.KINDS_DIFFER, node, what=N_("this comparison"), left=kind(left), right=kind(right)
        )
        return FlagType(nullable=nullable)
    if isinstance(left, NumberType) and isinstance(right, NumberType):
        inference.number(node.left, N_("a comparison"), exact=True)
        inference.number(node.right, N_("a comparison"), exact=True)
        return FlagType(nullable=nullable, always=_always(node.operator, left, right))
    if isinstance(left, TextType | FlagType) and node.operator not in ("==", "!="):
        inference.fault(codes.NOT_ORDERED, node, found=kind(left), operator=node.operator)
    return FlagType(nullable=nullable)


def _always(operator: str, left: NumberType, right: NumberType) -> bool | None:
    """Return the only outcome the ranges allow, or None if both are possible."""
    difference = ranges.add(_range(left), ranges.negate(_range(right)))
    low, high = difference.low, difference.high
    less = high is not None and high < 0
    greater = low is not None and low > 0
    at_most = high is not None and high <= 0
    at_least = low is not None and low >= 0
    outcome: dict[str, tuple[bool, bool]] = {
        "<": (less, at_least),
        "<=": (at_most, greater),
        ">": (greater, at_most),
        ">=": (at_least, less),
        "==": (at_most and at_least, less or greater),
        "!=": (less or greater, at_most and at_least),
    }
    true, false = outcome[operator]
    return True if true else False if false else None


def _is_in(inference: Inference, node: nodes.IsIn) -> Type:
    operand = inference.type_of(node.operand)
    if isinstance(operand, NumberType):
        inference.number(node.operand, N_("'in'"), exact=True)
    for item in node.choices.items:
        found = inference.type_of(item)
        if kind(found) != kind(operand):
            inference.fault(codes.KINDS_DIFFER, item, what=N_("'in'"), left=kind(operand), right=kind(found))
    return FlagType(nullable=operand.nullable)


def _junction(inference: Inference, node: nodes.And | nodes.Or) -> Type:
    what = N_("'and'") if isinstance(node, nodes.And) else N_("'or'")
    types = [inference.condition(operand, what) for operand in node.operands]
    deciding = isinstance(node, nodes.Or)
    outcomes = [type_.always for type_ in types if isinstance(type_, FlagType)]
    always = None
    if deciding in outcomes:
        always = deciding
    elif outcomes and all(outcome is (not deciding) for outcome in outcomes):
        always = not deciding
    return FlagType(nullable=any(type_.nullable for type_ in types), always=always)


def _not(inference: Inference, node: nodes.Not) -> Type:
    operand = inference.condition(node.operand, N_("'not'"))
    always = operand.always if isinstance(operand, FlagType) else None
    return FlagType(nullable=operand.nullable, always=None if always is None else not always)


def _is_applicable(inference: Inference, node: nodes.IsApplicable) -> Type:
    operand = inference.type_of(node.operand)
    if isinstance(operand, NothingType):
        return FlagType(always=False)
    return FlagType(always=None if operand.nullable else True)


def _conditional(inference: Inference, node: nodes.Conditional) -> Type:
    conditions = [inference.condition(branch.condition, N_("a condition")) for branch in node.branches]
    parts = [*(branch.value for branch in node.branches), node.otherwise]
    types = [inference.type_of(part) for part in parts]
    joined = _join(inference, parts, types, N_("if … then … else"))
    nullable = any(type_.nullable for type_ in (*conditions, *types))
    return as_nullable(joined, nullable)


# --- texts and dates ----------------------------------------------------------------------------------------


def _concatenate(inference: Inference, node: nodes.Concatenate) -> Type:
    types = [inference.expect(operand, N_("concat()"), TextType, N_("text")) for operand in node.operands]
    return TextType(nullable=all(type_.nullable for type_ in types))


def _format_number(inference: Inference, node: nodes.FormatNumber) -> Type:
    return TextType(nullable=inference.number(node.operand, N_("text()"), exact=True).nullable)


def _read_number(inference: Inference, node: nodes.ReadNumber) -> Type:
    inference.expect(node.operand, N_("number()"), TextType, N_("text"))
    bound = Fraction(TEXT_NUMBER_BOUND)
    return NumberType(scale=node.decimals, low=-bound, high=bound, nullable=True)


def _missing_items(inference: Inference, node: nodes.MissingItems) -> Type:
    wanted = inference.expect(node.wanted, N_("missing_items()"), TextType, N_("text"))
    given = inference.expect(node.given, N_("missing_items()"), TextType, N_("text"))
    return TextType(nullable=wanted.nullable or given.nullable)


def _text_test(inference: Inference, node: nodes.TextTest) -> Type:
    operand = inference.expect(node.operand, node.test, TextType, N_("text"))
    part = inference.expect(node.part, node.test, TextType, N_("text"))
    return FlagType(nullable=operand.nullable or part.nullable)


_PART_RANGES = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}


def _date_part(inference: Inference, node: nodes.DatePart) -> Type:
    operand = inference.expect(node.operand, node.part, DateType, N_("date"))
    low, high = _PART_RANGES[node.part]
    return NumberType(scale=0, low=Fraction(low), high=Fraction(high), nullable=operand.nullable)


def _days_between(inference: Inference, node: nodes.DaysBetween) -> Type:
    start = inference.expect(node.start, N_("days_between()"), DateType, N_("date"))
    end = inference.expect(node.end, N_("days_between()"), DateType, N_("date"))
    days = Fraction((date.max - date.min).days)
    return NumberType(scale=0, low=-days, high=days, nullable=start.nullable or end.nullable)


# --- cohorts ------------------------------------------------------------------------------------------------


def _groups(inference: Inference, by: Sequence[nodes.Node], where: nodes.Node | None) -> bool:
    """Check grouping and condition; return whether a record may belong to no group."""
    types = [inference.type_of(part) for part in by]
    for part, type_ in zip(by, types, strict=True):
        if isinstance(type_, NumberType):
            inference.number(part, N_("'by'"), exact=True)
    inference.certain(where, N_("the condition of 'where'"))
    return any(type_.nullable for type_ in types)


def _rank(inference: Inference, node: nodes.Rank) -> Type:
    nullable = _groups(inference, node.by, node.where) or node.where is not None or node.method == "ordinal"
    for index, key in enumerate(node.keys):
        type_ = inference.type_of(key.operand)
        if isinstance(type_, NumberType):
            inference.number(key.operand, N_("a rank"), exact=True)
        elif not isinstance(type_, DateType | TextType):
            inference.fault(
                codes.WRONG_KIND, key.operand, what=N_("a rank"), expected=N_("number"), found=kind(type_)
            )
        nullable = nullable or (index == 0 and type_.nullable)
    return NumberType(scale=0, low=Fraction(1), high=Fraction(COHORT_LIMIT), nullable=nullable)


def _cohort_count(inference: Inference, node: nodes.CohortCount) -> Type:
    nullable = _groups(inference, node.by, node.where)
    return NumberType(scale=0, low=Fraction(0), high=Fraction(COHORT_LIMIT), nullable=nullable)


def _cohort_call(inference: Inference, node: nodes.CohortCall) -> Type:
    nullable = _groups(inference, node.by, node.where) or node.where is not None
    types = []
    for argument in node.arguments:
        found = inference.type_of(argument)
        if isinstance(found, NumberType):
            inference.number(argument, node.function, exact=True)
        types.append(found)
    result = inference.cohort_types[node.function](tuple(types), dict(node.options))
    return as_nullable(result, result.nullable or nullable)


_TYPES: Mapping[type[nodes.Node], Callable[..., Type]] = {
    nodes.Literal: _literal,
    nodes.NotApplicable: _nothing,
    nodes.Undecided: _nothing,
    nodes.FieldRef: _reference,
    nodes.RuleRef: _reference,
    nodes.CohortRef: _reference,
    nodes.ParameterRef: _parameter,
    nodes.Step: _step,
    nodes.Add: _sum,
    nodes.Subtract: _sum,
    nodes.Multiply: _multiply,
    nodes.Divide: _divide,
    nodes.Negate: _negate,
    nodes.Absolute: _absolute,
    nodes.Minimum: _extreme,
    nodes.Maximum: _extreme,
    nodes.Round: _round,
    nodes.NaturalLogarithm: _logarithm,
    nodes.Exponential: _exponential,
    nodes.Power: _power,
    nodes.Total: _total,
    nodes.Mean: _mean,
    nodes.TrimmedMean: _trimmed_mean,
    nodes.Count: _count,
    nodes.Coalesce: _coalesce,
    nodes.Compare: _compare,
    nodes.IsIn: _is_in,
    nodes.And: _junction,
    nodes.Or: _junction,
    nodes.Not: _not,
    nodes.IsApplicable: _is_applicable,
    nodes.Conditional: _conditional,
    nodes.Concatenate: _concatenate,
    nodes.FormatNumber: _format_number,
    nodes.ReadNumber: _read_number,
    nodes.MissingItems: _missing_items,
    nodes.TextTest: _text_test,
    nodes.DatePart: _date_part,
    nodes.DaysBetween: _days_between,
    nodes.Rank: _rank,
    nodes.CohortCount: _cohort_count,
    nodes.CohortCall: _cohort_call,
}
