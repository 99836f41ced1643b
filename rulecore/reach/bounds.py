"""Bounds of expressions: for each kind of node, what it can be if its parts are only known within bounds.

Every function is sound: whatever values the parts take within their bounds, the node's value lies within the bounds
returned. A conditional looks only at branches that can be taken. A node that is not known here can be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Final

from attrs import evolve, fields, frozen

from rulecore.engines.exact import Environment, compile_node
from rulecore.expr import nodes, ranges
from rulecore.expr.nodes import Node
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import SuppliedRef
from rulecore.reach import logic
from rulecore.reach.possible import (
    ANY_FLAG,
    ANY_NUMBER,
    Anything,
    Flags,
    Nothing,
    Numbers,
    Possible,
    Texts,
    either,
    flags_of,
    known,
    nullable,
    range_of,
)
from rulecore.reach.slopes import Slopes
from rulecore.reals import (
    FIRST_PRECISION,
    Number,
    Real,
    exponential,
    logarithm,
    normal_probability,
    root_power,
)

FURTHEST_EXPONENT: Final = Fraction(1000)
_WIDE: Final = (nodes.Divide, nodes.Multiply, nodes.Subtract)
"""Nodes whose bounds are too wide where the same input stands on both sides."""
ZERO = Range(Fraction(0), Fraction(0))


@frozen(kw_only=True)
class Smooth:
    """Slopes over an interval, and the bounds at its two ends: what goes one way only lies between those."""

    slopes: Slopes
    ends: tuple[Bounds, Bounds]

    def narrowed(self, node: Node, found: Possible) -> Possible:
        """Return the bounds of a number, those at the ends where it goes one way only."""
        if not isinstance(found, Numbers) or found.null:
            return found
        if found.range.low == found.range.high and found.range.bounded:
            return found
        if not self.slopes.one_way(node):
            return found
        first, last = (end.of(node) for end in self.ends)
        if not isinstance(first, Numbers) or not isinstance(last, Numbers):
            return found
        return Numbers(range=ranges.union((first.range, last.range)), null=first.null or last.null)


class Bounds:
    """Bounds of the parts of expressions, given those of the names they refer to."""

    def __init__(self, names: Mapping[str, Possible]) -> None:
        self.names = names
        self.smooth: Smooth | None = None
        """What is known of how values rise over the interval, where one input alone changes."""
        self._known: dict[int, Possible] = {}

    def of(self, node: Node) -> Possible:
        """Return what a part can be; a part that stands at several places is looked at once."""
        found = self._known.get(id(node))
        if found is None:
            maker = _MAKERS.get(type(node))
            found = Anything() if maker is None else maker(self, node)
            self._known[id(node)] = found
            if self.smooth is not None and isinstance(node, _WIDE):
                found = self._known[id(node)] = self.smooth.narrowed(node, found)
        return found


def _numbers(operands: Iterable[Possible], range_: Range) -> Possible:
    """Return a number that is not applicable if one of its operands is."""
    listed = list(operands)
    if any(isinstance(operand, Nothing) for operand in listed):
        return Nothing()
    return Numbers(range=range_, null=any(operand.null for operand in listed))


def _add(bounds: Bounds, node: nodes.Add) -> Possible:
    pair = bounds.of(node.left), bounds.of(node.right)
    return _numbers(pair, ranges.add(range_of(pair[0]), range_of(pair[1])))


def _subtract(bounds: Bounds, node: nodes.Subtract) -> Possible:
    pair = bounds.of(node.left), bounds.of(node.right)
    return _numbers(pair, ranges.add(range_of(pair[0]), ranges.negate(range_of(pair[1]))))


def _multiply(bounds: Bounds, node: nodes.Multiply) -> Possible:
    pair = bounds.of(node.left), bounds.of(node.right)
    return _numbers(pair, ranges.multiply(range_of(pair[0]), range_of(pair[1])))


def _divide(bounds: Bounds, node: nodes.Divide) -> Possible:
    pair = bounds.of(node.left), bounds.of(node.right)
    divisor = range_of(pair[1])
    if divisor == ZERO:
        return Nothing()
    return nullable(_numbers(pair, ranges.divide(range_of(pair[0]), divisor)), divisor.holds(Fraction(0)))


def _negate(bounds: Bounds, node: nodes.Negate) -> Possible:
    operand = bounds.of(node.operand)
    return _numbers([operand], ranges.negate(range_of(operand)))


def _absolute(bounds: Bounds, node: nodes.Absolute) -> Possible:
    operand = bounds.of(node.operand)
    return _numbers([operand], ranges.absolute(range_of(operand)))


def _extreme(bounds: Bounds, node: nodes.Minimum | nodes.Maximum) -> Possible:
    operands = [bounds.of(operand) for operand in node.operands]
    combine = ranges.minimum if isinstance(node, nodes.Minimum) else ranges.maximum
    return _numbers(operands, combine(range_of(operand) for operand in operands))


def _round(bounds: Bounds, node: nodes.Round) -> Possible:
    operand = bounds.of(node.operand)
    return _numbers([operand], ranges.rounded(range_of(operand), node.unit, node.rounding))


def _power(bounds: Bounds, node: nodes.Power) -> Possible:
    base, exponent = bounds.of(node.base), node.exponent
    if exponent.denominator == 1 and exponent >= 0:
        return _numbers([base], ranges.whole_power(range_of(base), exponent.numerator))
    if exponent > 0:
        found, low = range_of(base), range_of(base).low
        positive = Range(Fraction(0) if low is None else max(low, Fraction(0)), found.high)
        rising = _rising(lambda value: root_power(value, exponent) if value > 0 else Fraction(0), positive)
        return nullable(_numbers([base], rising), low is None or low < 0)
    return nullable(_numbers([base], Range()))


def _logarithm(bounds: Bounds, node: nodes.NaturalLogarithm) -> Possible:
    operand = bounds.of(node.operand)
    source = range_of(operand)
    positive = source.low is not None and source.low > 0
    if source.high is not None and source.high <= 0:
        return Nothing()
    found = _rising(logarithm, source if positive else Range(None, source.high))
    return nullable(_numbers([operand], found), not positive)


def _exponential(bounds: Bounds, node: nodes.Exponential) -> Possible:
    operand = bounds.of(node.operand)
    low, high = range_of(operand).low, range_of(operand).high
    # Beyond these ends the exact bounds would have thousands of digits, and no precision may decide a rounding.
    far = low is None or high is None or low < -FURTHEST_EXPONENT or high > FURTHEST_EXPONENT
    low = None if low is None or low < -FURTHEST_EXPONENT else min(low, FURTHEST_EXPONENT)
    high = None if high is None or high > FURTHEST_EXPONENT else max(high, -FURTHEST_EXPONENT)
    found = _rising(exponential, Range(low, high))
    positive = Range(Fraction(0) if found.low is None else found.low, found.high)
    return nullable(_numbers([operand], positive), far)


def _normal(bounds: Bounds, node: nodes.NormalProbability) -> Possible:
    operand = bounds.of(node.operand)
    found = _rising(normal_probability, range_of(operand))
    low, high = found.low, found.high
    return _numbers(
        [operand], Range(Fraction(0) if low is None else low, Fraction(1) if high is None else high)
    )


def _rising(function: Callable[[Fraction], Number], operand: Range) -> Range:
    """Return the range of a rising function, from enclosures of its values at both ends."""
    low = None if operand.low is None else _enclosed(function(operand.low))
    high = None if operand.high is None else _enclosed(function(operand.high))
    return Range(None if low is None else low[0], None if high is None else high[1])


def _enclosed(value: Number) -> tuple[Fraction, Fraction] | None:
    """Return fractions that enclose a number; None for one that is too large to hold."""
    return value.bounds(FIRST_PRECISION) if isinstance(value, Real) else (value, value)


def _present(bounds: Bounds, operands: tuple[Node, ...]) -> list[Possible]:
    """Return the operands of a list that may be applicable."""
    found = [bounds.of(operand) for operand in operands]
    return [operand for operand in found if not isinstance(operand, Nothing)]


def _total(bounds: Bounds, node: nodes.Total) -> Possible:
    found = _present(bounds, node.operands)
    if not found:
        return Nothing()
    total = ZERO
    for operand in found:
        own = range_of(operand)
        total = ranges.add(total, ranges.union((own, ZERO)) if operand.null else own)
    return Numbers(range=total, null=all(operand.null for operand in found))


def _mean(bounds: Bounds, node: nodes.Mean | nodes.TrimmedMean) -> Possible:
    found = _present(bounds, node.operands)
    if not found:
        return Nothing()
    low, high = (node.low, node.high) if isinstance(node, nodes.TrimmedMean) else (0, 0)
    spans = [range_of(operand) for operand in found]
    if any(operand.null for operand in found):
        sure = sum(not operand.null for operand in found)
        return Numbers(range=ranges.union(spans), null=sure <= low + high)
    if len(found) <= low + high:
        return Nothing()
    # A trimmed mean never falls when one of its operands rises, so its ends are those of the operands' ends.
    return Numbers(
        range=Range(
            _trimmed([span.low for span in spans], low, high),
            _trimmed([span.high for span in spans], low, high),
        )
    )


def _trimmed(values: list[Fraction | None], low: int, high: int) -> Fraction | None:
    """Return the mean of some ends without the smallest and largest ones; None where one is not known."""
    known_ends = sorted(value for value in values if value is not None)
    if len(known_ends) < len(values):
        return None
    kept = known_ends[low : len(known_ends) - high]
    return sum(kept, start=Fraction(0)) / len(kept)


def _count(bounds: Bounds, node: nodes.Count) -> Possible:
    least = most = 0
    for operand in node.operands:
        found = bounds.of(operand)
        flags = isinstance(found, Flags)
        least += not found.null and not (isinstance(found, Flags) and found.false)
        most += not isinstance(found, Nothing) and not (flags and not flags_of(found).true)
    return Numbers(range=Range(Fraction(least), Fraction(most)))


def _coalesce(bounds: Bounds, node: nodes.Coalesce) -> Possible:
    found: Possible = Nothing()
    for operand in node.operands:
        own = bounds.of(operand)
        if isinstance(own, Nothing):
            continue
        certain = not own.null
        plain = own if certain or isinstance(own, Anything) else _applicable(own)
        found = plain if isinstance(found, Nothing) else either(found, plain)
        if certain:
            return found
    return nullable(found)


def _applicable(value: Possible) -> Possible:
    """Return a value that may be not applicable, for where it is."""
    match value:
        case Numbers(range=range_):
            return Numbers(range=range_)
        case Texts(values=values):
            return Texts(values=values)
        case Flags(true=true, false=false):
            return Flags(true=true, false=false)
        case _:
            return value


def _conditional(bounds: Bounds, node: nodes.Conditional) -> Possible:
    found: list[Possible] = []
    for branch in node.branches:
        met = flags_of(bounds.of(branch.condition))
        if met.true:
            found.append(bounds.of(branch.value))
        if met.null:
            found.append(Nothing())
        if not met.false:
            break
    else:
        found.append(bounds.of(node.otherwise))
    whole: Possible = found[0] if found else Nothing()
    for one in found[1:]:
        whole = either(whole, one)
    return whole


def _days_between(bounds: Bounds, node: nodes.DaysBetween) -> Possible:
    pair = bounds.of(node.end), bounds.of(node.start)
    return _numbers(pair, ranges.add(range_of(pair[0]), ranges.negate(range_of(pair[1]))))


def _reference(
    bounds: Bounds, node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | SuppliedRef
) -> Possible:
    return bounds.names[node.name]


def _computed(bounds: Bounds, node: Node, otherwise: Possible) -> Possible:
    """Return the one value of a node about texts where all its parts have one value; else what it can be at most."""
    changes: dict[str, Node | tuple[Node, ...]] = {}
    for attribute in fields(type(node)):
        value = getattr(node, attribute.name)
        parts = value if isinstance(value, tuple) else (value,)
        if parts and all(isinstance(part, Node) for part in parts):
            constants = [_constant(bounds.of(part)) for part in parts]
            found = tuple(constant for constant in constants if constant is not None)
            if len(found) < len(parts):
                return otherwise
            changes[attribute.name] = found if isinstance(value, tuple) else found[0]
    return known(compile_node(evolve(node, **changes))(Environment({})))  # type: ignore[arg-type]


def _constant(value: Possible) -> Node | None:
    """Return the node of the one value that is possible; None where there are several. Dates are no part of texts."""
    match value:
        case Texts(values=frozenset() as texts, null=False) if len(texts) == 1:
            return nodes.Literal(next(iter(texts)))
        case Flags(true=true, false=false, null=False) if true != false:
            return nodes.Literal(true)
        case Numbers(range=Range(low=Fraction() as low, high=high), null=False) if low == high:
            return nodes.Literal(low)
        case Nothing():
            return nodes.NotApplicable()
        case _:
            return None


_MAKERS: dict[type[Node], Callable[..., Possible]] = {
    nodes.Literal: lambda _bounds, node: known(node.value),
    nodes.NotApplicable: lambda _bounds, _node: Nothing(),
    nodes.Undecided: lambda _bounds, _node: Nothing(),
    nodes.FieldRef: _reference,
    nodes.RuleRef: _reference,
    nodes.CohortRef: _reference,
    SuppliedRef: _reference,
    nodes.ParameterRef: lambda bounds, node: bounds.of(node.value),
    nodes.Step: lambda bounds, node: bounds.of(node.operand),
    nodes.Add: _add,
    nodes.Subtract: _subtract,
    nodes.Multiply: _multiply,
    nodes.Divide: _divide,
    nodes.Negate: _negate,
    nodes.Absolute: _absolute,
    nodes.Minimum: _extreme,
    nodes.Maximum: _extreme,
    nodes.Round: _round,
    nodes.Power: _power,
    nodes.NaturalLogarithm: _logarithm,
    nodes.Exponential: _exponential,
    nodes.NormalProbability: _normal,
    nodes.Total: _total,
    nodes.Mean: _mean,
    nodes.TrimmedMean: _mean,
    nodes.Count: _count,
    nodes.Coalesce: _coalesce,
    nodes.Compare: logic.compare,
    nodes.IsIn: logic.is_in,
    nodes.And: logic.junction,
    nodes.Or: logic.junction,
    nodes.Not: logic.negation,
    nodes.IsApplicable: logic.is_applicable,
    nodes.Conditional: _conditional,
    nodes.DaysBetween: _days_between,
    nodes.Concatenate: lambda bounds, node: _computed(bounds, node, Texts(values=None, null=True)),
    nodes.FormatNumber: lambda bounds, node: _computed(bounds, node, Texts(values=None, null=True)),
    nodes.TextTest: lambda bounds, node: _computed(bounds, node, ANY_FLAG),
    nodes.ReadNumber: lambda bounds, node: _computed(bounds, node, ANY_NUMBER),
}
