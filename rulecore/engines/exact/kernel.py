"""The kernel: what an expression is evaluated in, and how a tree becomes one function of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import define, field

from rulecore.contracts import Value
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.transform import repeated
from rulecore.reals import Number, Real

ExactValue = Value | Real
"""A value on its way through an expression; a Real is always rounded before it leaves its rule."""


@define
class Environment:
    """A record's values by the names of fields, rules and cohort steps, and the issues met on the way."""

    values: Mapping[str, ExactValue]
    issues: set[str] = field(factory=set)
    shared: dict[object, ExactValue] = field(factory=dict, repr=False)
    """What parts that stand at several places of a rule were found to be, so that each is computed once."""


Evaluate = Callable[[Environment], ExactValue]
Observe = Callable[[nodes.Node, ExactValue], None]
Compile = Callable[[nodes.Node], Evaluate]


MakerTable = Mapping[type[nodes.Node], Callable[..., Evaluate]]
"""The function that compiles each type of node."""


def compile_with(makers: MakerTable, node: nodes.Node, observe: Observe | None = None) -> Evaluate:
    """Return a function that evaluates ``node`` in an environment; ``observe`` is told every node's value.

    A node that stands at several places is compiled once, and computed (and told) once for each record:
    scorers share parts freely, so a tree can be many times the size of the graph it is drawn from.
    """
    several = repeated(node)
    compiled: dict[int, Evaluate] = {}

    def compile_one(part: nodes.Node) -> Evaluate:
        known = compiled.get(id(part))
        if known is not None:
            return known
        maker = makers.get(type(part))
        if maker is None:
            raise InternalError(f"the exact engine does not know the node {type(part).__name__}")
        evaluate = maker(part, compile_one)
        if observe is not None:
            evaluate = _observed(part, evaluate, observe)
        compiled[id(part)] = _once(evaluate) if id(part) in several else evaluate
        return compiled[id(part)]

    return compile_one(node)


def _once(evaluate: Evaluate) -> Evaluate:
    key = object()

    def remembered(environment: Environment) -> ExactValue:
        if key not in environment.shared:
            environment.shared[key] = evaluate(environment)
        return environment.shared[key]

    return remembered


def _observed(node: nodes.Node, evaluate: Evaluate, observe: Observe) -> Evaluate:
    def watched(environment: Environment) -> ExactValue:
        value = evaluate(environment)
        observe(node, value)
        return value

    return watched


def number(value: ExactValue) -> Number:
    """Return a value that must be a number."""
    if isinstance(value, Fraction | Real):
        return value
    raise InternalError(f"expected a number, found {value!r}")


def exact_number(value: ExactValue) -> Fraction:
    """Return a value that must be an exact number."""
    if isinstance(value, Fraction):
        return value
    raise InternalError(f"expected an exact number, found {value!r}")
