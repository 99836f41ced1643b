"""Formulas of an explanation: in words, with parts called by name, and with the numbers put in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from attrs import evolve, field, fields, frozen

from rulecore.codes.issues import issue_code
from rulecore.engines.exact import ExactValue
from rulecore.explain.numbers import LONGEST_DECIMALS, explained, number_text, value_text
from rulecore.explain.recompute import Trace
from rulecore.explain.values import Words
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.transform import repeated
from rulecore.expr.words import formula
from rulecore.language import N_, Language, translate
from rulecore.numbers import decimal_scale
from rulecore.plan.references import parts
from rulecore.reals import Real

LANGUAGES: Final[tuple[Language, Language]] = ("zh", "en")
LARGEST: Final = N_("largest applicable value")
ALL_RECORDS: Final = N_("number of all records")
IS_GIVEN: Final = N_("{name} is {value}")
IS_NOT_GIVEN: Final = N_("{name} is not applicable")
UNNAMED: Final = "xyzuvw"
"""What repeated parts without a name of their own are called, in order."""

Labels = Mapping[Language, Mapping[str, str]]
Choose = Callable[[Node], Node | None]
"""What to put in the place of a node; None to keep it and go on with what it is made of."""


def translated(message: str, **values: str) -> Words:
    """Return a message marked with ``N_`` in both languages."""
    zh, en = (translate(message, language).format(**values) for language in LANGUAGES)
    return Words(zh=zh, en=en)


def replaced(node: Node, choose: Choose) -> Node:
    """Return the tree with every node replaced for which ``choose`` gives another, from the root down."""
    chosen = choose(node)
    if chosen is not None:
        return chosen
    changes: dict[str, Any] = {}
    for attribute in fields(type(node)):
        value = getattr(node, attribute.name)
        if isinstance(value, Node):
            changes[attribute.name] = replaced(value, choose)
        elif isinstance(value, tuple) and any(isinstance(item, Node) for item in value):
            changes[attribute.name] = tuple(
                replaced(item, choose) if isinstance(item, Node) else item for item in value
            )
    return evolve(node, **changes) if changes else node


@frozen(kw_only=True)
class Terms:
    """What formulas are worded with: ``labels`` are what fields and rules are called, ``values`` what they are.

    ``names`` are the parts that formulas call by a name, found by identity.
    """

    labels: Labels
    values: Mapping[str, ExactValue]
    names: Mapping[int, Words] = field(factory=dict)

    def name_of(self, node: Node) -> Words | None:
        """Return what a part is called, or None."""
        return self.names.get(id(node))

    def whole(self, node: Node) -> Words:
        """Return the whole formula in words."""
        return self._worded(lambda speaker: speaker.plain(node))

    def short(self, node: Node) -> Words:
        """Return the formula of a node, its named parts called by their names."""
        return self._worded(lambda speaker: speaker.short(node))

    def substituted(self, node: Node) -> Words:
        """Return the whole formula with the values put in for names."""
        return self._worded(lambda speaker: speaker.substituted(node))

    def _worded(self, say: Callable[[_Sayer], str]) -> Words:
        zh, en = (say(_Sayer(wording=self, language=language)) for language in LANGUAGES)
        return Words(zh=zh, en=en)


@frozen(kw_only=True)
class Wording(Terms):
    """Words for the parts of one rule as it was computed.

    ``names`` are steps whose label stands for one part only, and parts that occur more than once, in the trace's tree.
    """

    trace: Trace

    def reduced(self, node: Node) -> Words:
        """Return the formula with values for all names, and of each choice only the branch taken."""
        return self._worded(lambda speaker: speaker.reduced(node, self.trace))


@frozen(kw_only=True)
class _Sayer:
    """One formula in one language; ``said`` are texts that stand in its tree under names of their own."""

    wording: Terms
    language: Language
    said: dict[str, str] = field(factory=dict)

    def plain(self, node: Node) -> str:
        return self.say(replaced(node, self.tidied))

    def short(self, node: Node) -> str:
        def choose(part: Node) -> Node | None:
            named = self.named(part) if part is not node else None
            return named or self.tidied(part, choose)

        return self.say(replaced(node, choose))

    def substituted(self, node: Node) -> str:
        return self.say(replaced(node, self.value_of_name))

    def reduced(self, node: Node, trace: Trace) -> str:
        def choose(part: Node) -> Node | None:
            if part is not node and self.wording.name_of(part) and trace.saw(part):
                return self.constant(trace.value_of(part))
            if isinstance(part, nodes.Conditional) and trace.saw(part):
                taken = taken_branch(part, trace)
                return nodes.NotApplicable() if taken is None else replaced(taken, choose)
            return self.value_of_name(part, choose)

        return self.say(replaced(node, choose))

    def say(self, node: Node) -> str:
        labels = {**self.wording.labels[self.language], **self.said}
        return formula(node, self.language, labels)

    def spoken(self, text: str) -> Node:
        """Return a node that is worded as ``text``."""
        name = f"#{len(self.said)}"
        self.said[name] = text
        return nodes.Name(name)

    def named(self, node: Node) -> Node | None:
        words = self.wording.name_of(node)
        return self.spoken(words.of(self.language)) if words is not None else None

    def constant(self, value: ExactValue) -> Node:
        """Return a value as a node; numbers without few decimals are shown by their first digits."""
        if value is None:
            return nodes.NotApplicable()
        if isinstance(value, Real):
            return self.spoken(value_text(explained(value), self.language).replace("-", "−"))
        if isinstance(value, Fraction):
            scale = decimal_scale(value)
            if scale is None or scale > LONGEST_DECIMALS:
                return self.spoken(number_text(value).replace("-", "−"))
        return nodes.Literal(value)

    def value_of_name(self, node: Node, choose: Choose | None = None) -> Node | None:
        """Return the value for a name; a question for applicability keeps the name it asks about."""
        match node:
            case nodes.FieldRef() | nodes.RuleRef() | nodes.CohortRef() | SuppliedRef():
                return self.constant(self.wording.values[node.name])
            case nodes.Name(name=name) if name in self.wording.values:
                return self.constant(self.wording.values[name])
            case nodes.ParameterRef():
                return node.value
            case nodes.ListLiteral(name=name) if name:
                return evolve(node, name="")
            case nodes.IsApplicable(operand=nodes.FieldRef() | nodes.RuleRef() | SuppliedRef() as asked):
                return self.applicability(asked)
            case nodes.Not(operand=nodes.IsApplicable(operand=nodes.FieldRef() | nodes.RuleRef() as asked)):
                return self.applicability(asked)
            case _:
                return self.tidied(node, choose or self.value_of_name)

    def applicability(self, asked: nodes.FieldRef | nodes.RuleRef | SuppliedRef) -> Node:
        value = self.wording.values[asked.name]
        message = IS_NOT_GIVEN if value is None else IS_GIVEN
        name = formula(asked, self.language, self.wording.labels[self.language])
        shown = formula(self.constant(value), self.language, self.said)
        return self.spoken(translate(message, self.language).format(name=name, value=shown))

    def undecided(self, reason: str) -> str:
        """Return "not applicable" with the sentence of its issue instead of the short word for it."""
        sentence = translate(issue_code(reason).message, self.language).format(rule="", reason=reason)
        return formula(nodes.Undecided(sentence.strip(" :：")), self.language)

    def tidied(self, node: Node, choose: Choose | None = None) -> Node | None:
        """Return a shorter tree for what scorers must write in a roundabout way; only to be worded."""
        rewrite = choose or self.tidied
        match node:
            case nodes.Coalesce(operands=(flag, nodes.Literal(value=False))):
                return replaced(flag, rewrite)
            case nodes.Maximum(operands=operands) if applicable_ones(operands) is not None:
                ones = applicable_ones(operands) or ()
                largest = self.spoken(translate(LARGEST, self.language))
                assert isinstance(largest, nodes.Name)  # noqa: S101 - spoken() returns a name
                return nodes.Call(largest.name, tuple(replaced(one, rewrite) for one in ones))
            case nodes.Maximum(operands=(nodes.Minimum(operands=(value, high)), low)) if constants(low, high):
                # The other way round it is worded as one limit; low never lies above high.
                return replaced(nodes.Minimum((nodes.Maximum((value, low)), high)), rewrite)
            case nodes.Undecided(reason=reason):
                return self.spoken(self.undecided(reason))
            case nodes.CohortRef(node=nodes.CohortCount(by=(), where=None)):
                return self.spoken(translate(ALL_RECORDS, self.language))
            case _:
                return None


def constants(low: Node, high: Node) -> bool:
    """Return whether both are plain numbers, the first one not above the second."""
    limits = [node.value if isinstance(node, nodes.ParameterRef) else node for node in (low, high)]
    match limits:
        case [nodes.Literal(value=Fraction() as first), nodes.Literal(value=Fraction() as second)]:
            return first <= second
        case _:
            return False


def applicable_ones(operands: tuple[Node, ...]) -> tuple[Node, ...] | None:
    """Return the values of "the largest applicable", written max(coalesce(a, coalesce(a, b)), …)."""
    found: list[Node] = []
    for operand in operands:
        match operand:
            case nodes.Coalesce(operands=(one, nodes.Coalesce(operands=others))) if len(others) == len(
                operands
            ):
                found.append(one)
            case _:
                return None
    return tuple(found) or None


def taken_branch(node: nodes.Conditional, trace: Trace) -> Node | None:
    """Return the expression a conditional chose, or None where a condition is not applicable."""
    for branch in node.branches:
        met = trace.value_of(branch.condition)
        if met is None:
            return None
        if met is True:
            return branch.value
    return node.otherwise


_COMPUTED: Final = (
    nodes.Add,
    nodes.Subtract,
    nodes.Multiply,
    nodes.Divide,
    nodes.Conditional,
    nodes.Coalesce,
    nodes.Round,
    nodes.Power,
    nodes.Total,
    nodes.Mean,
)


def named_parts(trace: Trace) -> dict[int, Words]:
    """Return the parts of a rule that have a name.

    Steps whose label is unique have that label; repeated parts, and choices inside a calculation, have
    letters that are no names of the rule's own.
    """
    names: dict[int, Words] = {}
    steps = [part for part in parts(trace.node) if isinstance(part, nodes.Step)]
    labels = Counter(step.label for step in steps)
    for step in steps:
        if labels[step.label] == 1:
            names[id(step)] = translated(step.label)
    references = nodes.FieldRef | nodes.RuleRef | nodes.ParameterRef
    taken = {part.name for part in parts(trace.node) if isinstance(part, references)}
    letters = (letter for letter in UNNAMED if letter not in taken)
    wanted = repeated(trace.node) | _inner_choices(trace.node)
    for part in trace.order:
        if isinstance(part, _COMPUTED) and id(part) in wanted:
            letter = next(letters, None)
            if letter is not None:
                names[id(part)] = Words(zh=letter, en=letter)
    return names


def _inner_choices(root: Node) -> frozenset[int]:
    """Return the ids of choices inside a calculation: a formula with a whole choice in it is hard to read."""
    found: set[int] = set()
    for part in parts(root):
        if not (part is root and isinstance(part, nodes.Round)) and not isinstance(
            part, nodes.Branch | nodes.Conditional | nodes.Step
        ):
            found |= {id(child) for child in part.children() if isinstance(child, nodes.Conditional)}
    return frozenset(found)
