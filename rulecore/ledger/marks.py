"""Full marks: what a rule can come to at most, as its scorer claims it or the policy bounds it, and what was lost.

A sum starts from the full marks of its parts; each part's line is what it lost of its own. A product of scores that
each have full marks starts from theirs; each score's line is what the scores before it had left and it took. Bonuses
and deductions, which only add to or take off from others, count from zero. Where an expression does not
start from full marks, its lines count from zero (``split``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import frozen

from rulecore.declarations import FieldDeclaration
from rulecore.engines.exact import Environment
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.ledger import choices, products, sums
from rulecore.ledger.scope import ONE, ZERO, Scope, Writer, bare, constant_value
from rulecore.ledger.split import split
from rulecore.ledger.values import Entry, LineKind
from rulecore.planned import FullMarks, Plan, PlannedRule

FromMarks = Callable[[Environment, Fraction], tuple[Fraction, list[Entry]]]
"""Gives the full marks of a part for one record and the lines from there to its value, times a factor."""


@frozen(kw_only=True)
class Full:
    """A part that starts from full marks; ``marks`` are those of a record all of whose parts are applicable."""

    marks: Fraction
    write: FromMarks


def claimed_marks(plan: Plan) -> dict[str, Fraction]:
    """Return the full marks that scorers claim of fields and rules, by name."""
    found: dict[str, Fraction] = {}
    for step in plan.steps:
        for claim in step.claims if isinstance(step, PlannedRule) else ():
            inner = bare(claim.of) if isinstance(claim, FullMarks) else None
            if isinstance(claim, FullMarks) and isinstance(inner, nodes.RuleRef | nodes.FieldRef):
                found.setdefault(inner.name, claim.marks)
    return found


def adjusts(rule: PlannedRule, settings: object) -> bool:
    """Return whether a rule is points that others are given or lose: it counts from zero."""
    return rule.scorer == "bonus" or (
        rule.scorer == "deduction" and not (isinstance(settings, Mapping) and "from" in settings)
    )


def from_marks(scope: Scope, node: Node, wanted: Fraction | None, *, claimed: bool = False) -> Full | None:
    """Return how an expression starts from full marks, or None where it does not.

    ``wanted`` are the full marks of the rule, as ``claimed`` or as the most that the policy lets it be.
    """
    inner = bare(node)
    if not scope.is_exact(inner):
        return None
    match inner:
        case nodes.Round():
            found = from_marks(scope, inner.operand, wanted, claimed=claimed)
            return found and _after(found, choices.rounding(scope, inner))
        case nodes.Minimum() | nodes.Maximum():
            pair = choices.limit_of(inner)
            found = from_marks(scope, pair[0], wanted, claimed=claimed) if pair is not None else None
            return found and _after(found, choices.limiting(scope, inner))
        case nodes.Conditional():
            only = _only_value(inner)
            return None if only is None else from_marks(scope, only, wanted, claimed=claimed)
        case nodes.RuleRef() | nodes.FieldRef():
            return None
        case _:
            found = _part(scope, node, None)
            if found is not None and _fits(scope, inner, found, wanted, claimed):
                return found
            # The most a field may be counts as its full marks only where that explains those of the rule.
            found = _part(scope, node, wanted) if wanted is not None else None
            return found if found is not None and found.marks == wanted else None


def _only_value(node: nodes.Conditional) -> Node | None:
    """Return what a conditional gives, where all else it can give is not applicable."""
    values = [*(branch.value for branch in node.branches), node.otherwise]
    given = [value for value in values if not isinstance(bare(value), nodes.NotApplicable | nodes.Undecided)]
    return given[0] if len(given) == 1 else None


def _fits(scope: Scope, node: Node, found: Full, wanted: Fraction | None, claimed: bool) -> bool:
    """Return whether the full marks of the parts agree with what is known of the rule's."""
    if wanted is None or found.marks == wanted:
        return True
    return _has_adjustments(scope, node) or (not claimed and found.marks < wanted)


def _has_adjustments(scope: Scope, node: Node) -> bool:
    """Return whether a sum has parts that count from zero: the rule's bound is then not its full marks."""
    return any(_is_adjustment(scope, sign, part) for sign, part in sums.addends(node))


def _after(full: Full, change: Writer) -> Full:
    """Return the same with a limit or rounding done afterwards."""

    def write(environment: Environment, factor: Fraction) -> tuple[Fraction, list[Entry]]:
        start, entries = full.write(environment, factor)
        return start, [*entries, *change(environment, factor)]

    return Full(marks=full.marks, write=write)


def _part(scope: Scope, node: Node, wanted: Fraction | None) -> Full | None:
    """Return how a part of a sum or product starts from full marks."""
    inner = bare(node)
    constant = constant_value(inner)
    if constant is not None:
        return Full(marks=constant, write=lambda _environment, factor: (constant * factor, []))
    match inner:
        case nodes.RuleRef(name=name):
            marks = scope.known.marks.get(name)
            return None if marks is None or name in scope.known.adjustments else _lost(scope, node, marks)
        case nodes.FieldRef(name=name):
            marks = scope.known.marks.get(name) or _most(scope.known.plan, name, wanted)
            return None if marks is None else _lost(scope, node, marks)
        case nodes.Add() | nodes.Subtract() | nodes.Negate():
            return _sum(scope, inner, wanted)
        case nodes.Total(operands=operands) | nodes.Mean(operands=operands):
            return _total(scope, operands, wanted, mean=isinstance(inner, nodes.Mean))
        case nodes.Multiply() | nodes.Divide():
            return _product(scope, node, wanted)
        case _:
            return None


def _most(plan: Plan, name: str, wanted: Fraction | None) -> Fraction | None:
    """Return the most a field may be, where the rule is known to have full marks that it can make up."""
    if wanted is None:
        return None
    declaration: FieldDeclaration = next(item.declaration for item in plan.fields if item.name == name)
    most, least = declaration.max, declaration.min
    if most is None or least is None or isinstance(most, bool) or not isinstance(least, int | type(most)):
        return None
    found = Fraction(str(most)) if not hasattr(most, "isoformat") else None
    return found if found is not None and Fraction(str(least)) >= 0 < found else None


def _lost(scope: Scope, node: Node, marks: Fraction) -> Full:
    line, value_of = scope.line("lost", node), scope.number(node)

    def write(environment: Environment, factor: Fraction) -> tuple[Fraction, list[Entry]]:
        value = value_of(environment)
        if factor is ONE:
            return marks, [Entry(line, value - marks, value, factor, marks)]
        return marks * factor, [Entry(line, (value - marks) * factor, value, factor, marks)]

    return Full(marks=marks, write=write)


def _is_adjustment(scope: Scope, sign: int, node: Node) -> bool:
    """Return whether an addend counts from zero: it is taken off, a bonus, or may be below zero."""
    inner = bare(node)
    if constant_value(inner) is not None:
        return False
    if sign < 0 or (isinstance(inner, nodes.RuleRef) and inner.name in scope.known.adjustments):
        return True
    found = scope.range_of(inner)
    return found is not None and (found.low is None or found.low < 0)


def _sum(scope: Scope, node: Node, wanted: Fraction | None) -> Full | None:
    marks, scores, extras = ZERO, 0, False
    writers: list[FromMarks] = []
    for sign, part in sums.addends(node):
        adjusts_others = _is_adjustment(scope, sign, part)
        found = None if adjusts_others or sign < 0 else _part(scope, part, wanted)
        if found is not None:
            marks += found.marks
            scores += constant_value(part) is None
            writers.append(found.write)
            continue
        extras = extras or not adjusts_others
        writers.append(_from_zero(scope, sign, part))
    # Parts that are neither scores nor adjustments may only stand beside scores that make up the whole.
    if marks <= 0 or not scores or (extras and marks != wanted):
        return None
    return Full(marks=marks, write=_together(writers))


def _from_zero(scope: Scope, sign: int, node: Node) -> FromMarks:
    """Return a part of a sum that has no full marks: all of it is added or taken off."""
    found = scope.range_of(bare(node))
    kind: LineKind = (
        "bonus" if found is not None and found.low is not None and found.low >= 0 else "adjustment"
    )
    writer = split(scope, node, top=False, kind=kind if sign > 0 else "deduction")
    return lambda environment, factor: (ZERO, writer(environment, factor if sign > 0 else -factor))


def _together(writers: list[FromMarks]) -> FromMarks:
    def write(environment: Environment, factor: Fraction) -> tuple[Fraction, list[Entry]]:
        start, found = ZERO, []
        for writer in writers:
            marks, entries = writer(environment, factor)
            start += marks
            found += entries
        return start, found

    return write


def _total(scope: Scope, operands: tuple[Node, ...], wanted: Fraction | None, *, mean: bool) -> Full | None:
    found = [_part(scope, operand, wanted) for operand in operands]
    fulls = [full for full in found if full is not None]
    if len(fulls) != len(operands) or any(constant_value(operand) is not None for operand in operands):
        return None
    pairs = [
        (scope.known.evaluator.of(operand), full.write) for operand, full in zip(operands, fulls, strict=True)
    ]
    marks = sum((full.marks for full in fulls), start=ZERO)

    def write(environment: Environment, factor: Fraction) -> tuple[Fraction, list[Entry]]:
        present = [writer for value, writer in pairs if value(environment) is not None]
        return _together(present)(environment, factor / len(present) if mean else factor)

    return Full(marks=marks / len(operands) if mean else marks, write=write)


def _product(scope: Scope, node: Node, wanted: Fraction | None) -> Full | None:
    product = products.product_of(node)
    if len(product.factors) > 1 and not product.divisors:
        return _of_scores(scope, product)
    if len(product.factors) != 1 or product.constant <= 0:
        return None
    inner = _part(scope, product.factors[0], None if product.divisors else wanted)
    if inner is None:
        return None
    constant, divisors = product.constant, [scope.number(one) for one in product.divisors]
    full = inner

    def write(environment: Environment, factor: Fraction) -> tuple[Fraction, list[Entry]]:
        factor *= constant
        for one in divisors:
            factor /= one(environment)
        return full.write(environment, factor)

    return Full(marks=_divided(inner.marks * constant, product.divisors, scope), write=write)


def _divided(marks: Fraction, divisors: list[Node], scope: Scope) -> Fraction:
    """Return full marks over what a record with all parts applicable is divided by: the most it can be."""
    for divisor in divisors:
        found = scope.range_of(divisor)
        if found is not None and found.high:
            marks /= found.high
    return marks


def _of_scores(scope: Scope, product: products.Product) -> Full | None:
    """Return the lines of scores that multiply each other: each takes its rate off what was left before it."""
    marks = [_claimed(scope, factor) for factor in product.factors]
    known = [found for found in marks if found]
    if len(known) != len(marks) or product.constant <= 0:
        return None
    start = product.constant
    for found in known:
        start *= found
    lines = [
        (scope.line("lost", factor), scope.number(factor), most)
        for factor, most in zip(product.factors, known, strict=True)
    ]

    def write(environment: Environment, factor: Fraction) -> tuple[Fraction, list[Entry]]:
        left = start * factor
        entries = []
        for line, value_of, most in lines:
            value = value_of(environment)
            unit = left / most
            entries.append(Entry(line, (value - most) * unit, value, unit, most))
            left = value * unit
        return start * factor, entries

    return Full(marks=start, write=write)


def _claimed(scope: Scope, node: Node) -> Fraction | None:
    inner = bare(node)
    return scope.known.marks.get(inner.name) if isinstance(inner, nodes.RuleRef | nodes.FieldRef) else None
