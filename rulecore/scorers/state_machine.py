"""The scorers ``state_machine`` (状态机) and ``state_reason``: a state that follows from that of the period before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.codes import states as state_codes
from rulecore.contracts import LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.earlier import OWN_RULE, PreviousRecord, PreviousState
from rulecore.expr.nodes import (
    And,
    Branch,
    Compare,
    Conditional,
    IsApplicable,
    IsIn,
    ListLiteral,
    Not,
    NotApplicable,
    Undecided,
)
from rulecore.language import N_

FIRST = Not(PreviousRecord(0))


@frozen(kw_only=True)
class Transition:
    """A way from one or several states to another."""

    from_: str | tuple[str, ...] = parameter(
        N_("The state, or states, it leads on from; left out: every one that is not terminal."), default=()
    )
    when: Node = parameter(N_("The condition."))
    to: str = parameter(N_("The state it leads to."))
    reason: str = parameter(N_("The reason, as explanations and state_reason name it."), default="")
    reference: str = parameter(N_("The article that says so."), default="")


@frozen(kw_only=True)
class StateMachine(Scorer):
    """The state that the first transition whose condition holds leads to, from the state of the period before.

    The state of the period before is this rule's own earlier value: the policy needs ``[record] period``, and the
    rule must be shown in ``[output]``. An entity without any earlier period begins in ``initial``; the transitions are
    then tried from there (``first_period = "moves"``), or it stays there (``"stays"``: 首年不考核). Where there are
    earlier periods but not the one just before, the state is not applicable, with the issue ``history_gap``, unless
    ``gap = "initial"``. Terminal states stay. Where no transition fits, the state is not applicable, with the issue
    ``no_transition``, unless ``no_transition = "stay"``. Where the state before is itself not applicable, so is this
    one, with the issue ``unknown_state``. Source: S07 (工作室周期考核), S12. Example::

        [rules.status]
        scorer = "state_machine"
        states = ["在培", "通过", "风险提示", "终止"]
        initial = "在培"
        terminal = ["终止"]
        no_transition = "stay"
        transitions = [
            { from = "风险提示", when = "score < 60", to = "终止", reason = "连续两期低于60分" },
            { when = "score < 60", to = "风险提示", reason = "低于60分" },
            { when = "score >= 80", to = "通过", reason = "达到80分" },
        ]
    """

    name: ClassVar[str] = "state_machine"

    states: tuple[str, ...] = parameter(N_("Every state there is."))
    initial: str = parameter(N_("The state in which an entity begins."))
    terminal: tuple[str, ...] = parameter(N_("The states that are never left."), default=())
    transitions: tuple[Transition, ...] = parameter(
        N_("The ways between states, in order; the first that fits is taken.")
    )
    no_transition: Literal["undecided", "stay"] = parameter(
        N_("What follows where no transition fits: an issue, or the state stays."), default="undecided"
    )
    first_period: Literal["moves", "stays"] = parameter(
        N_("Whether the transitions are tried in an entity's first period already."), default="moves"
    )
    gap: Literal["undecided", "initial"] = parameter(
        N_("What follows where the period just before is missing: an issue, or a new beginning."),
        default="undecided",
    )

    def problems(self) -> Iterator[Problem]:
        """Yield states given twice, undeclared, out of reach or without end, and transitions from terminal ones."""
        if not self.transitions:
            values = {"parameter": "transitions", "count": 0, "least": 1}
            yield Problem(code=codes.TOO_FEW, key=("transitions",), values=values)
        for index, state in enumerate(self.states):
            if state in self.states[:index]:
                values = {"value": f'"{state}"', "parameter": "states"}
                yield Problem(code=codes.GIVEN_TWICE, key=("states", index), values=values)
        yield from self._undeclared()
        if {self.initial, *self.terminal, *self._named()} <= set(self.states):
            yield from self._dead_ends()

    def _named(self) -> Iterator[str]:
        for transition in self.transitions:
            yield transition.to
            yield from stated(transition)

    def _undeclared(self) -> Iterator[Problem]:
        places: list[tuple[tuple[str | int, ...], str]] = [(("initial",), self.initial)]
        places += [(("terminal", index), state) for index, state in enumerate(self.terminal)]
        for number, transition in enumerate(self.transitions):
            places.append((("transitions", number, "to"), transition.to))
            single = isinstance(transition.from_, str)
            for index, state in enumerate(stated(transition)):
                key = ("transitions", number, "from") + (() if single else (index,))
                places.append((key, state))
                if state in self.terminal:
                    yield Problem(code=state_codes.FROM_TERMINAL, key=key, values={"state": state})
        for key, state in places:
            if state not in self.states:
                values = {"value": f'"{state}"', "parameter": "states"}
                yield Problem(code=codes.NOT_IN_LIST, key=key, values=values)

    def _dead_ends(self) -> Iterator[Problem]:
        reached = {self.initial}
        while True:
            more = {
                transition.to
                for transition in self.transitions
                if transition.to not in reached and reached & set(self.sources(transition))
            }
            if not more:
                break
            reached |= more
        left = {state for transition in self.transitions for state in self.sources(transition)}
        for index, state in enumerate(self.states):
            if state not in reached:
                yield Problem(
                    code=state_codes.STATE_UNREACHABLE, key=("states", index), values={"state": state}
                )
            elif state not in left and state not in self.terminal:
                yield Problem(
                    code=state_codes.STATE_WITHOUT_END, key=("states", index), values={"state": state}
                )

    def sources(self, transition: Transition) -> tuple[str, ...]:
        """Return the states that a transition leads on from."""
        named = stated(transition)
        return named or tuple(state for state in self.states if state not in self.terminal)

    def before(self, rule: str = OWN_RULE) -> Node:
        """Return the state of the period before; ``rule`` is the one whose earlier value it is.

        What nobody knows is an issue of that rule, not of others that look at it.
        """
        return PreviousState(rule, self.initial, self.gap == "initial", own=rule == OWN_RULE)

    def hits(self, before: Node) -> Iterator[tuple[Transition, Node]]:
        """Yield each transition with the condition under which it fits."""
        for transition in self.transitions:
            here = among(before, self.sources(transition))
            everywhere = set(self.sources(transition)) | set(self.terminal) == set(self.states)
            yield transition, transition.when if everywhere else And((here, transition.when))

    def expression(self) -> Node:
        """Return one branch for each transition, labelled with its reason, after those that keep a state."""
        before = self.before()
        branches = [
            Branch(when, LiteralNode(transition.to), transition.reason)
            for transition, when in self.hits(before)
        ]
        if self.terminal:
            branches.insert(0, Branch(among(before, self.terminal), before))
        stays = before if self.no_transition == "stay" else Undecided("no_transition")
        moved: Node = Conditional(tuple(branches), stays)
        # Without a state before there is nothing to move from, whatever the conditions say.
        moved = Conditional((Branch(IsApplicable(before), moved),), NotApplicable())
        if self.first_period == "stays":
            moved = Conditional((Branch(FIRST, LiteralNode(self.initial)),), moved)
        return moved


@frozen(kw_only=True)
class StateReason(Scorer):
    """The reason of the transition that a ``state_machine`` took, else the text ``none`` (empty unless stated).

    ``of`` names the rule with the state machine; its transitions are not written again. A state that stays, a terminal
    one too, has no reason. Example::

        [rules.status_reason]
        scorer = "state_reason"
        of = "status"
    """

    name: ClassVar[str] = "state_reason"

    of: str = parameter(N_("The name of the rule with the state machine."))
    none: str = parameter(N_("The text where no transition was taken."), default="")

    def beside(self, scorer_of: Callable[[str], Scorer | None]) -> Scorer:
        """Return the reasons of the state machine of the other rule."""
        machine = scorer_of(self.of)
        return _Reasons(
            of=self.of, none=self.none, machine=machine if isinstance(machine, StateMachine) else None
        )

    def expression(self) -> Node:
        """Never asked: the scorer is bound to its state machine first."""
        raise NotImplementedError


@frozen(kw_only=True)
class _Reasons(Scorer):
    name: ClassVar[str] = "state_reason"

    of: str
    none: str
    machine: StateMachine | None

    def problems(self) -> Iterator[Problem]:
        if self.machine is None:
            yield Problem(code=state_codes.NO_STATE_MACHINE, key=("of",), values={"name": self.of})

    def expression(self) -> Node:
        assert self.machine is not None  # noqa: S101 - problems() refuses that
        machine, none = self.machine, LiteralNode(self.none)
        before = machine.before(self.of)
        branches = [
            Branch(when, LiteralNode(transition.reason or self.none), transition.reason)
            for transition, when in machine.hits(before)
        ]
        if machine.terminal:
            branches.insert(0, Branch(among(before, machine.terminal), none))
        moved: Node = Conditional(tuple(branches), none)
        moved = Conditional((Branch(IsApplicable(before), moved),), NotApplicable())
        return Conditional((Branch(FIRST, none),), moved) if machine.first_period == "stays" else moved


def stated(transition: Transition) -> tuple[str, ...]:
    """Return the states that a transition names, none if it may start anywhere."""
    return (transition.from_,) if isinstance(transition.from_, str) else transition.from_


def among(value: Node, states: tuple[str, ...]) -> Node:
    """Return the condition that a state is one of several."""
    if len(states) == 1:
        return Compare("==", value, LiteralNode(states[0]))
    return IsIn(value, ListLiteral(tuple(LiteralNode(state) for state in states)))
