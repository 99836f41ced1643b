"""What taking a rule apart needs to know: values, types, words, places, and the full marks of other rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from attrs import field, frozen

from rulecore.engines.exact import Environment
from rulecore.errors import InternalError
from rulecore.explain.values import Words
from rulecore.explain.wording import LANGUAGES, Labels, translated
from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.types import NumberType
from rulecore.expr.words import formula
from rulecore.ledger.evaluator import Evaluator
from rulecore.ledger.quick import QuickFraction
from rulecore.ledger.values import Entry, Line, LineKind
from rulecore.plan.references import parts
from rulecore.planned import Plan, PlannedRule
from rulecore.source import Place

Writer = Callable[[Environment, Fraction], list[Entry]]
"""Gives the lines of a part of a rule for one record, their amounts times a factor.

They add up to the part's value times the factor. It is only called where the part is applicable.
"""

_CHANGES = ("rounding", "cap", "floor")
"""Kinds of lines about what was done to the lines before: they read no input of their own."""

ONE: Fraction = QuickFraction(1)
ZERO: Fraction = QuickFraction(0)


@frozen(kw_only=True)
class Known:
    """What is known of a plan as a whole; ``marks`` grows rule by rule, in the order they are computed."""

    plan: Plan
    labels: Labels
    types: Inference
    open_types: Inference
    """Types with fields and cohort steps left open: a bound found with these is the policy's own."""
    evaluator: Evaluator
    marks: dict[str, Fraction]
    table_labels: Mapping[str, str]
    """What the detail tables of the policy are called, by their names."""
    adjustments: set[str]
    """Rules that only ever add to or take off from others: bonuses and deductions count from zero."""

    def rule(self, name: str) -> PlannedRule:
        """Return a rule by its name."""
        found = self.plan.rule(name)
        if found is None:
            raise InternalError(f"the plan has no rule {name}")
        return found


@frozen(kw_only=True)
class Scope:
    """One rule that is taken apart."""

    known: Known
    rule: PlannedRule
    names: Mapping[int, Words]
    """What parts are called: those under a step whose label no other step of the rule has."""
    writers: dict[tuple[int, bool, LineKind], tuple[Node, Writer]] = field(factory=dict, eq=False, repr=False)
    """The writers of parts that were taken apart already, by the part's identity."""

    @classmethod
    def of(cls, known: Known, rule: PlannedRule) -> Scope:
        """Return the scope of a rule."""
        steps = [part for part in parts(rule.node) if isinstance(part, nodes.Step)]
        labels = Counter(step.label for step in steps)
        names = {id(step.operand): translated(step.label) for step in steps if labels[step.label] == 1}
        return cls(known=known, rule=rule, names=names)

    def number(self, node: Node) -> Callable[[Environment], Fraction]:
        """Return the function that gives the value of a part that is an applicable exact number."""
        evaluate = self.known.evaluator.of(node)
        planned = self.known.plan.rule(self.rule.name)
        if planned is None or bare(planned.node) is not bare(node):
            return evaluate  # type: ignore[return-value] # asked only where that is so
        name = self.rule.name

        def stored(environment: Environment) -> Fraction:
            # The engine found it already, unless it is asked what would be if something else were not so.
            value = environment.values.get(name)
            return evaluate(environment) if value is None else value  # type: ignore[return-value] # a number

        return stored

    def is_exact(self, node: Node) -> bool:
        """Return whether a part is a number without logarithms or roots that are not rounded yet."""
        found = self.known.types.type_of(node)
        return isinstance(found, NumberType) and found.exact

    def range_of(self, node: Node) -> NumberType | None:
        """Return the type of a part that is a number, or None."""
        found = self.known.types.type_of(node)
        return found if isinstance(found, NumberType) else None

    def bound(self, node: Node) -> Fraction | None:
        """Return the most that the policy itself lets a number be, if it is never below zero."""
        found = self.known.open_types.type_of(node)
        if isinstance(found, NumberType) and found.exact and found.low is not None and found.low >= 0:
            return found.high if found.high else None
        return None

    def words(self, node: Node) -> Words:
        """Return the formula of a part in both languages."""
        zh, en = (formula(node, language, self.known.labels[language]) for language in LANGUAGES)
        return Words(zh=zh, en=en)

    def line(self, kind: LineKind, node: Node, label: Words | None = None) -> Line:
        """Return the line of a part of the rule."""
        words = self.words(node)
        bare = _without_steps(node)
        name = bare.name if isinstance(bare, nodes.RuleRef) else ""
        target = self.known.plan.rule(name) if name else None
        owner = target if target is not None else self.rule
        return Line(
            kind=kind,
            label=label or self.names.get(id(node)) or self.names.get(id(bare)) or words,
            formula=words,
            rule=name if target is not None and not target.hidden else "",
            inputs=() if kind in _CHANGES else _fields_of(node),
            declared=self._limit_place(bare) or owner.place,
            reference=owner.reference,
            node=None if kind in _CHANGES else bare,
        )

    def _limit_place(self, node: Node) -> Place | None:
        if isinstance(node, nodes.ParameterRef):
            return self.known.plan.parameter_places.get(node.name)
        return None


def _fields_of(node: Node) -> tuple[str, ...]:
    """Return the fields a part reads, in the order they are written."""
    found: dict[str, None] = {}
    for part in walk_once(node):
        if isinstance(part, nodes.FieldRef):
            found[part.name] = None
    return tuple(found)


def walk_once(node: Node) -> Iterator[Node]:
    """Yield a part and all below it in the order they are written, each once, nothing behind a cohort step."""
    seen: set[int] = set()

    def walk(part: Node) -> Iterator[Node]:
        if id(part) in seen:
            return
        seen.add(id(part))
        yield part
        if not isinstance(part, nodes.CohortRef):
            for child in part.children():
                yield from walk(child)

    return walk(node)


def _without_steps(node: Node) -> Node:
    while isinstance(node, nodes.Step):
        node = node.operand
    return node


def bare(node: Node) -> Node:
    """Return a part without the steps that only name it."""
    return _without_steps(node)


def constant_value(node: Node) -> Fraction | None:
    """Return the number that a part is for every record, or None."""
    match bare(node):
        case nodes.Literal(value=Fraction() as number):
            return number
        case nodes.ParameterRef(value=inner):
            return constant_value(inner)
        case nodes.Negate(operand=operand):
            negated = constant_value(operand)
            return None if negated is None else -negated
        case nodes.Power(base=base, exponent=exponent) if exponent.denominator == 1:
            powered = constant_value(base)
            if powered is None or (powered == 0 and exponent < 0):
                return None
            return Fraction(powered**exponent.numerator)
        case _:
            return None
