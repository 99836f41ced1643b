"""Limits, decisions and roundings taken apart: what stood before them, and what they changed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from attrs import evolve

from rulecore.engines.exact import Environment
from rulecore.explain.make import rounding_mode
from rulecore.explain.values import Words
from rulecore.explain.wording import translated
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.language import N_
from rulecore.ledger.scope import Scope, Writer, constant_value
from rulecore.ledger.values import Entry, Line, LineKind

AT_MOST = N_("at most {limit}")
AT_LEAST = N_("at least {limit}")
OTHERWISE = N_("otherwise")

Inner = Callable[[Node], Writer]
"""Gives the writer of a part."""


def rounding(scope: Scope, node: nodes.Round) -> Writer:
    """Return the line of what a rounding added or took; none where it changed nothing."""
    line = scope.line("rounding", node, rounding_mode(node))
    return _change(scope.number(node.operand), scope.number(node), line)


def then(first: Writer, second: Writer) -> Writer:
    """Return the lines of both, one after the other."""

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        return [*first(environment, factor), *second(environment, factor)]

    return write


def _change(
    before: Callable[[Environment], Fraction],
    after: Callable[[Environment], Fraction],
    line: Line,
    limit: Callable[[Environment], Fraction] | None = None,
) -> Writer:
    """Return the line of what changed a value, where it did."""

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        change = after(environment) - before(environment)
        if not change:
            return []
        return [Entry(line, change * factor, limit(environment) if limit is not None else None)]

    return write


def limit_of(node: nodes.Minimum | nodes.Maximum) -> tuple[Node, Node] | None:
    """Return what is limited and by which constant, or None where the operands are no such pair."""
    constants = [operand for operand in node.operands if constant_value(operand) is not None]
    others = [operand for operand in node.operands if constant_value(operand) is None]
    return (others[0], constants[0]) if len(node.operands) == 2 and len(others) == 1 else None


def limiting(scope: Scope, node: nodes.Minimum | nodes.Maximum) -> Writer:
    """Return the line of what a limit that is a constant changed; none where it changed nothing."""
    pair = limit_of(node)
    assert pair is not None  # noqa: S101 - asked only where there is a limit
    operand, limit = pair
    words = scope.words(limit)
    kind: LineKind = "cap" if isinstance(node, nodes.Minimum) else "floor"
    message = AT_MOST if kind == "cap" else AT_LEAST
    label = Words(zh=translated(message, limit=words.zh).zh, en=translated(message, limit=words.en).en)
    line = scope.line(kind, limit, label)
    return _change(scope.number(operand), scope.number(node), line, scope.number(limit))


def capped(scope: Scope, node: nodes.Minimum, first: Writer) -> Writer:
    """Return the lines of the first operand, and what each later one that is smaller cut off."""
    start = scope.number(node.operands[0])
    limits = []
    for operand in node.operands[1:]:
        words = scope.words(operand)
        label = Words(zh=translated(AT_MOST, limit=words.zh).zh, en=translated(AT_MOST, limit=words.en).en)
        line = evolve(scope.line("cap", operand, label), rule="", node=operand)
        limits.append((scope.number(operand), line))

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        found, value = first(environment, factor), start(environment)
        for limit_of_it, line in limits:
            limit = limit_of_it(environment)
            if limit < value:
                found.append(Entry(line, (limit - value) * factor, limit))
                value = limit
        return found

    return write


def extreme(scope: Scope, node: nodes.Minimum | nodes.Maximum, lines: list[Writer]) -> Writer:
    """Return the lines of the operand that is the smallest (or largest), the first of equal ones."""
    after = scope.number(node)
    pairs = [(scope.number(operand), writer) for operand, writer in zip(node.operands, lines, strict=True)]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        wanted = after(environment)
        writer = next(writer for value, writer in pairs if value(environment) == wanted)
        return writer(environment, factor)

    return write


def first_applicable(scope: Scope, node: nodes.Coalesce, inner: Inner) -> Writer:
    """Return the lines of the first applicable operand."""
    pairs = [(scope.known.evaluator.of(operand), inner(operand)) for operand in node.operands]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        writer = next(writer for value, writer in pairs if value(environment) is not None)
        return writer(environment, factor)

    return write


def decided(scope: Scope, node: nodes.Conditional, inner: Inner) -> Writer:
    """Return the lines of the branch that was taken; a veto is a line after those of what stood without it."""
    conditions = [scope.known.evaluator.of(branch.condition) for branch in node.branches]
    vetoes = [_veto(scope, node, branch) for branch in node.branches]
    writers = [
        _branch(scope, branch, inner) if veto is None else None
        for branch, veto in zip(node.branches, vetoes, strict=True)
    ]
    otherwise = _otherwise(scope, node, inner)
    plain = scope.known.evaluator.of(node.otherwise)
    chosen = [_branch(scope, branch, inner) for branch in node.branches]
    after = scope.number(node)

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        for index, condition in enumerate(conditions):
            if condition(environment):
                veto, writer = vetoes[index], writers[index]
                if writer is not None:
                    return writer(environment, factor)
                without = plain(environment)
                if veto is None or not isinstance(without, Fraction):
                    return chosen[index](environment, factor)
                value = after(environment)
                return [
                    *otherwise(environment, factor),
                    Entry(veto, (value - without) * factor, value),
                ]
        return otherwise(environment, factor)

    return write


def _otherwise(scope: Scope, node: nodes.Conditional, inner: Inner) -> Writer:
    """Return the lines of what holds otherwise; a constant is one line that says so."""
    if constant_value(node.otherwise) is None:
        return inner(node.otherwise)
    return _decision(scope, node.otherwise, scope.line("choice", node.otherwise, translated(OTHERWISE)))


def _veto(scope: Scope, node: nodes.Conditional, branch: nodes.Branch) -> Line | None:
    """Return the line of a labelled branch that replaces or limits what would stand without it."""
    if not branch.label or constant_value(node.otherwise) is not None or not scope.is_exact(node.otherwise):
        return None
    value = branch.value
    limits = isinstance(value, nodes.Minimum | nodes.Maximum) and node.otherwise in value.operands
    if not limits and constant_value(value) is None:
        return None
    return scope.line("veto", branch.condition, Words(zh=branch.label, en=branch.label))


def _branch(scope: Scope, branch: nodes.Branch, inner: Inner) -> Writer:
    """Return the lines of a branch; a constant is one line, named by the branch or its condition."""
    if constant_value(branch.value) is None:
        return inner(branch.value)
    label = Words(zh=branch.label, en=branch.label) if branch.label else scope.words(branch.condition)
    return _decision(scope, branch.value, scope.line("choice", branch.condition, label))


def _decision(scope: Scope, given: Node, line: Line) -> Writer:
    value_of = scope.number(given)

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        value = value_of(environment)
        return [Entry(line, value * factor, value, factor)]

    return write
