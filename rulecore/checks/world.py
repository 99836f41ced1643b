"""What records of a policy can be: whether values exist for which some conditions come out in given ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from attrs import define, evolve, field

from rulecore.checks.candidates import OTHER_TEXT, candidates
from rulecore.checks.judge import OPEN, Judge, Known
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import (
    Conditional,
    Literal,
    Node,
    NotApplicable,
    RuleRef,
    Step,
    Undecided,
)
from rulecore.expr.types import FlagType, NumberType, Type
from rulecore.expr.unparse import unparse
from rulecore.numbers import format_number
from rulecore.planned import CohortStep, Plan, PlannedRule

MOST_WORK: Final = 100_000
"""How many parts of conditions are judged before a question is given up: a fraction of a second."""

MOST_WORK_OF_ALL: Final = 500_000
"""How many are judged for all questions of one check about one policy: two or three seconds."""

Outcomes: TypeAlias = frozenset[bool | None]
Wanted: TypeAlias = tuple[Node, Outcomes]
"""A condition, and the outcomes it may have."""

TRUE: Final[Outcomes] = frozenset((True,))
FALSE: Final[Outcomes] = frozenset((False,))
NOT_TRUE: Final[Outcomes] = frozenset((False, None))
NOT_FALSE: Final[Outcomes] = frozenset((True, None))
Witness = Mapping[Node, Known]


class TooManyCases(Exception):  # noqa: N818 - a signal between the checks, not an error of anyone's
    """A question has more cases than are looked through; nothing is known then."""


@define
class World:
    """The possible records of a plan: its types, its rules, the conditions that no scored record meets."""

    plan: Plan
    inference: Inference
    rules: Mapping[str, PlannedRule]
    refusals: tuple[Wanted, ...] = ()
    spent: list[int] = field(factory=lambda: [0])
    """How much has been judged so far, shared by the worlds made from this one."""
    _inside: dict[str, Node | None] = field(factory=dict, init=False)
    _answers: dict[object, tuple[object, Witness | None]] = field(factory=dict, init=False)

    @classmethod
    def of(cls, plan: Plan) -> World:
        """Return the world of a plan."""
        steps = (*plan.refusal_rules, *plan.steps)
        types = {planned.name: planned.type for planned in plan.inputs} | {
            step.name: step.type for step in steps
        }
        cohort_types = {name: function.result_type for name, function in plan.cohort_functions.items()}
        rules = {step.name: step for step in steps if isinstance(step, PlannedRule)}
        refused = tuple((rules[refusal.step].node, FALSE) for refusal in plan.refusals)
        return cls(plan=plan, inference=Inference(types, cohort_types), rules=rules, refusals=refused)

    def at(self, step: PlannedRule | CohortStep) -> World:
        """Return the world as a step meets it: a refusal also sees the records that it refuses."""
        return evolve(self, refusals=()) if step.name.startswith("refuse@") else self

    def type_of(self, node: Node) -> Type:
        """Return the inferred type of an expression."""
        return self.inference.type_of(node)

    def find(self, wanted: Sequence[Wanted]) -> Witness | None:
        """Return values of the subjects for which every condition has a wanted outcome, or None.

        Raises :class:`TooManyCases`. That None is right for every record; that values are found does not mean
        that they occur together, where subjects depend on each other.
        """
        key = tuple((id(node), outcomes) for node, outcomes in wanted)
        if key not in self._answers:
            if self.spent[0] > MOST_WORK_OF_ALL:
                raise TooManyCases
            search = self._search(wanted)
            try:
                # The nodes are kept with the answer, so that their ids stay theirs.
                self._answers[key] = (tuple(wanted), search.run())
            finally:
                self.spent[0] += search.judge.work
        return self._answers[key][1]

    def subjects(self, condition: Node) -> list[Node]:
        """Return what a condition asks about; nothing if only parameters and constants decide it."""
        constants: dict[Node, list[Known]] = {}
        Judge(self.definition, self.is_number, constants=constants).judge(condition)
        return [*constants]

    def possible(self, wanted: Sequence[Wanted]) -> bool:
        """Whether records may meet all conditions; also where that is too much to find out."""
        try:
            return self.find(wanted) is not None
        except TooManyCases:
            return True

    def _search(self, wanted: Sequence[Wanted]) -> _Search:
        constants: dict[Node, list[Known]] = {}
        collector = Judge(self.definition, self.is_number, constants=constants)
        for node, _outcomes in wanted:
            collector.judge(node)
        conditions = list(wanted)
        for refusal in self.refusals:
            about: dict[Node, list[Known]] = {}
            Judge(self.definition, self.is_number, constants=about).judge(refusal[0])
            if about.keys() & constants.keys():
                conditions.append(refusal)
                for subject, values in about.items():
                    constants.setdefault(subject, []).extend(values)
        choices = {
            subject: candidates(self.type_of(subject), values) for subject, values in constants.items()
        }
        return _Search(Judge(self.definition, self.is_number), conditions, choices)

    def is_number(self, node: Node) -> bool:
        """Whether an expression is a number."""
        return isinstance(self.type_of(node), NumberType)

    def definition(self, name: str) -> Node | None:
        """Return a rule's expression if it is worth looking into: a condition, a choice among constants."""
        if name not in self._inside:
            self._inside[name] = None  # while it is looked at, and where it is not worth it
            rule = self.rules.get(name)
            if rule is not None and (isinstance(rule.type, FlagType) or self._is_choice(rule.node)):
                self._inside[name] = rule.node
        return self._inside[name]

    def _is_choice(self, node: Node) -> bool:
        match node:
            case Literal() | NotApplicable() | Undecided():
                return True
            case Step():
                return self._is_choice(node.operand)
            case RuleRef():
                return self.definition(node.name) is not None
            case Conditional():
                leaves = [*(branch.value for branch in node.branches), node.otherwise]
                return all(self._is_choice(leaf) for leaf in leaves)
            case _:
                return False


@define
class _Search:
    judge: Judge
    conditions: Sequence[Wanted]
    choices: Mapping[Node, tuple[Known, ...]]

    def run(self) -> Witness | None:
        """Try values for one subject after the other; what a condition already excludes is not followed."""
        return self._with({}, self.conditions)

    def _with(self, values: dict[Node, Known], conditions: Sequence[Wanted]) -> Witness | None:
        asked: Node | None = None
        undecided: list[Wanted] = []
        for wanted in conditions:
            node, outcomes = wanted
            self.judge.values, self.judge.asked = values, None
            found = self.judge.judge(node)
            if found is OPEN:
                asked = asked if asked is not None else self.judge.asked
                undecided.append(wanted)
            elif found not in outcomes:
                return None
        if self.judge.work > MOST_WORK:
            raise TooManyCases
        if asked is None:
            return values
        # What is decided stays so, whatever the values still open are.
        for value in self.choices[asked]:
            witness = self._with({**values, asked: value}, undecided)
            if witness is not None:
                return witness
        return None


def described(witness: Witness) -> str:
    """Return values as an example for people: ``days = 31, granted = 0``."""
    return ", ".join(f"{unparse(subject)} = {written(value)}" for subject, value in witness.items())


def is_certain(witness: Witness) -> bool:
    """Whether an example consists of values that nothing leaves open, no free text among them."""
    return all(value != OTHER_TEXT for value in witness.values())


def written(value: Known) -> str:
    """Return a value as a policy writes it."""
    match value:
        case None:
            return "不适用"
        case bool():
            return "true" if value else "false"
        case Fraction():
            return format_number(value)
        case str():
            return value if value == OTHER_TEXT else f'"{value}"'
        case _:
            return str(value)
