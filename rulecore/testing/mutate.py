"""Mutation: the policy is changed in one point, all cases run again, and what none notices is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import define, evolve, field, frozen

from rulecore.contracts import Value
from rulecore.engines.exact import ExactValue
from rulecore.engines.reference import Computed, compute
from rulecore.errors import InternalError
from rulecore.language import N_, _
from rulecore.planned import Plan
from rulecore.reals import Real
from rulecore.testing.bind import BoundCase, Suite
from rulecore.testing.mutants import WORDS, Mutant, mutants_of
from rulecore.testing.report import position
from rulecore.testing.run import CaseResult
from rulecore.testing.scopes import Scope, refusals
from rulecore.testing.values import close
from rulecore.testing.words import place_of, short_formula

DEFAULT_COUNT = 500
"""The most mutants of one policy that are tried, unless asked otherwise.

They are spread evenly over all of them.
"""


@frozen(kw_only=True)
class Mutation:
    """The mutants of one policy that were tried, and those that survived: no case noticed them."""

    number: int
    plan: Plan = field(repr=False)
    found: int
    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def killed(self) -> int:
        """How many a case noticed."""
        return self.tried - len(self.survivors)


def mutate(suite: Suite, results: Sequence[CaseResult], count: int = DEFAULT_COUNT) -> tuple[Mutation, ...]:
    """Return for each policy of a suite which mutants its cases do not notice.

    The cases must pass as they are.
    """
    found = []
    for number in suite.wanted:
        plan = suite.policies.plans[number]
        checks = [
            _Check.of(scope, result.case)
            for result in results
            for scope in result.scopes
            if scope.number == number
        ]
        every = mutants_of(plan)
        chosen = _spread(every, count)
        survivors = tuple(mutant for mutant in chosen if not _noticed(mutant, plan, checks))
        found.append(
            Mutation(number=number, plan=plan, found=len(every), tried=len(chosen), survivors=survivors)
        )
    return tuple(found)


def _spread(mutants: tuple[Mutant, ...], count: int) -> tuple[Mutant, ...]:
    if len(mutants) <= count:
        return mutants
    return tuple(mutants[index * len(mutants) // count] for index in range(count))


def _noticed(mutant: Mutant, plan: Plan, checks: Sequence[_Check]) -> bool:
    changed = mutant.applied(plan)
    refusing = any(rule.name in mutant.targets for rule in plan.refusal_rules)
    first = min(
        (index for index, step in enumerate(plan.steps) if step.name in mutant.targets),
        default=len(plan.steps),
    )
    return any(check.notices(changed, first, refusing) for check in checks)


Fact = tuple[int, str, Value, Fraction]
"""What a case states of a record: its index, the step, the value it must have, the tolerance."""


@define(kw_only=True)
class _Check:
    """A scope of a case with what the case states of its records, computed once for the policy as it is."""

    scope: Scope
    base: Computed
    facts: tuple[Fact, ...]
    issues: Mapping[int, frozenset[str]]

    @classmethod
    def of(cls, scope: Scope, case: BoundCase) -> _Check:
        base = scope.computed()
        facts = list(_facts(scope, case, base))
        stated = {index for index, _step, _value, _tolerance in facts}
        issues = {
            index: frozenset(reason for reasons in base.issues[index].values() for reason in reasons)
            for index in stated
        }
        return cls(scope=scope, base=base, facts=tuple(facts), issues=issues)

    def notices(self, changed: Plan, first: int, refusing: bool) -> bool:
        """Whether anything that the case states comes out otherwise under a changed policy."""
        if refusing and refusals(changed, self.scope.typed) != self.scope.refusals:
            return True
        if first >= len(changed.steps) or not self.facts:
            return False
        before: list[dict[str, Value]] = [_values(values) for values in self.base.values]
        tail = evolve(changed, steps=changed.steps[first:])
        try:
            found = compute(tail, before)
        except (InternalError, ArithmeticError):
            # A change that no longer computes (a bound that goes below zero) is noticed by the engine itself.
            return True
        for index, step, value, tolerance in self.facts:
            if not close(value, found.values[index][step], tolerance):
                return True
        head = {step.name for step in changed.steps[:first]}
        for index, wanted in self.issues.items():
            kept = {r for step, reasons in self.base.issues[index].items() if step in head for r in reasons}
            if kept | {r for reasons in found.issues[index].values() for r in reasons} != wanted:
                return True
        return False


def _values(values: Mapping[str, ExactValue]) -> dict[str, Value]:
    # Inexact values may stand among them; compute() hands them on as they are.
    return dict(values)  # type: ignore[arg-type]


def _facts(scope: Scope, case: BoundCase, base: Computed) -> Iterator[Fact]:
    kept = scope.kept
    if case.expected_table is not None:
        for index in range(len(kept)):
            for column in scope.plan.columns:
                value = base.values[index][column.step]
                if not isinstance(value, Real):
                    yield index, column.step, value, Fraction(0)
    for wanted in case.expected:
        for index, place in enumerate(kept):
            mine = (
                (not wanted.entity or wanted.entity == scope.entities[place])
                and (not wanted.period or wanted.period == scope.periods[place])
                and (not wanted.position or wanted.position == scope.positions[place])
            )
            if mine:
                for one in wanted.values:
                    if scope.number in one.targets:
                        yield index, *one.targets[scope.number], one.tolerance


# --- the report -------------------------------------------------------------------------------------------


def mutation_lines(suite: Suite, mutations: Sequence[Mutation]) -> Iterator[str]:
    """Yield for each policy how many changes its cases notice, and every one they do not, with its place."""
    for mutation in mutations:
        name = mutation.plan.policy.policy.name
        values = {"policy": name, "killed": mutation.killed, "tried": mutation.tried, "found": mutation.found}
        values["percent"] = 100 * mutation.killed // mutation.tried if mutation.tried else 100
        yield "  " + _(
            N_("changes noticed in {policy}: {killed} of {tried} ({percent} %), {found} possible")
        ).format(**values)
        for mutant in mutation.survivors:
            yield "    " + _(N_("no case notices: {rule}: {change}")).format(
                rule=mutant.rule.label, change=change_words(mutant, mutation.plan)
            )
            document = suite.policies.loaded[mutation.number].document
            yield f"      {position(place_of(document, mutant.span, mutant.rule))}"


def change_words(mutant: Mutant, plan: Plan) -> str:
    """Return a change in words."""
    old, new = (
        part if isinstance(part, str) else short_formula(part, plan) for part in (mutant.old, mutant.new)
    )
    return _(WORDS[mutant.what]).format(old=old, new=new)
