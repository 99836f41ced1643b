"""Mutation: the policy is changed in one point, all cases run again, and what none notices is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import define, field, frozen

from rulecore.contracts import Value
from rulecore.engines.nested import Levels, LevelValues, run
from rulecore.engines.reference import Computed
from rulecore.engines.schedule import Task, schedule
from rulecore.errors import InternalError
from rulecore.language import N_, _
from rulecore.levels import limited
from rulecore.planned import Plan
from rulecore.reals import Real
from rulecore.testing.bind import BoundCase, Suite, WantedRecord, WantedRow
from rulecore.testing.mutants import WORDS, Mutant, mutants_of
from rulecore.testing.report import position
from rulecore.testing.run import CaseResult
from rulecore.testing.scopes import Scope, refusals, row_places, rows_meant
from rulecore.testing.values import close
from rulecore.testing.words import document_of, place_of, rule_words, short_formula

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
    conditions = limited(changed, changed.refusal_rules)
    refusing = any(task.key in mutant.targets for task in schedule(conditions)) if plan.refusals else False
    tasks = schedule(changed)
    first = min((index for index, task in enumerate(tasks) if task.key in mutant.targets), default=len(tasks))
    return any(check.notices(changed, tasks, first, refusing) for check in checks)


Fact = tuple[str, int, str, Value, Fraction]
"""What a case states: the level and the row there, the step, the value it must have, the tolerance."""


@define(kw_only=True)
class _Check:
    """A scope of a case with what the case states of its records, computed once for the policy as it is."""

    scope: Scope
    base: Levels
    facts: tuple[Fact, ...]
    issues: Mapping[int, frozenset[str]]
    """The issues of each record of which the case states anything, those of its rows among them."""

    @classmethod
    def of(cls, scope: Scope, case: BoundCase) -> _Check:
        base = scope.computed()
        facts = list(_facts(scope, case, base))
        stated = set(_stated(scope, case))
        issues = {index: frozenset(_issues(base, index)) for index in stated}
        return cls(scope=scope, base=base, facts=tuple(facts), issues=issues)

    def notices(self, changed: Plan, tasks: Sequence[Task], first: int, refusing: bool) -> bool:
        """Whether anything that the case states comes out otherwise under a changed policy."""
        if refusing and refusals(changed, self.scope.typed) != self.scope.refusals:
            return True
        if first >= len(tasks) or not self.facts:
            return False
        head = {task.key for task in tasks[:first]}
        levels = {name: _copied(name, level, changed, head) for name, level in self.base.items()}
        try:
            run(tasks[first:], levels)
        except (InternalError, ArithmeticError):
            # A change that no longer computes (a bound that goes below zero) is noticed by the engine itself.
            return True
        for level, index, step, value, tolerance in self.facts:
            if not close(value, levels[level].computed.values[index][step], tolerance):
                return True
        return any(set(_issues(levels, index)) != wanted for index, wanted in self.issues.items())


def _copied(name: str, level: LevelValues, changed: Plan, head: set[tuple[str, str]]) -> LevelValues:
    """Return a level as the changed policy finds it: what comes before the change is as it was."""
    computed = Computed(
        [dict(values) for values in level.computed.values],
        [
            {step: reasons for step, reasons in issues.items() if (name, step) in head}
            for issues in level.computed.issues
        ],
    )
    return LevelValues(plan=changed.level(name), above=level.above, computed=computed, owners=level.owners)


def _issues(levels: Levels, record: int) -> Iterator[str]:
    for level, row in row_places(levels, record):
        for reasons in levels[level].computed.issues[row].values():
            yield from reasons


def _stated(scope: Scope, case: BoundCase) -> Iterator[int]:
    """Yield the records that a case states anything of."""
    if case.expected_table is not None:
        yield from range(len(scope.kept))
    for wanted in case.expected:
        if any(scope.number in one.targets for one in wanted.values) or wanted.rows:
            yield from _meant(scope, wanted)


def _meant(scope: Scope, wanted: WantedRecord) -> Iterator[int]:
    for index, place in enumerate(scope.kept):
        if (
            (not wanted.entity or wanted.entity == scope.entities[place])
            and (not wanted.period or wanted.period == scope.periods[place])
            and (not wanted.position or wanted.position == scope.positions[place])
        ):
            yield index


def _facts(scope: Scope, case: BoundCase, base: Levels) -> Iterator[Fact]:
    records = base[""].computed.values
    if case.expected_table is not None:
        for index, values in enumerate(records):
            for column in scope.plan.columns:
                value = values[column.step]
                if not isinstance(value, Real):
                    yield "", index, column.step, value, Fraction(0)
    for wanted in case.expected:
        for index in _meant(scope, wanted):
            for one in wanted.values:
                if scope.number in one.targets:
                    yield "", index, *one.targets[scope.number], one.tolerance
            for row in wanted.rows:
                yield from _row_facts(row, scope, base, index)


def _row_facts(wanted: WantedRow, scope: Scope, base: Levels, owner: int) -> Iterator[Fact]:
    for index in rows_meant(wanted, base[wanted.table], owner)[:1]:
        for one in wanted.values:
            if scope.number in one.targets:
                yield wanted.table, index, *one.targets[scope.number], one.tolerance
        for row in wanted.rows:
            yield from _row_facts(row, scope, base, index)


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
                rule=rule_words(mutant.owner, mutant.rule, mutation.plan),
                change=change_words(mutant, mutation.plan),
            )
            document = document_of(suite, mutation.number, mutant.owner)
            yield f"      {position(place_of(document, mutant.span, mutant.rule))}"


def change_words(mutant: Mutant, plan: Plan) -> str:
    """Return a change in words."""
    old, new = (
        part if isinstance(part, str) else short_formula(part, plan) for part in (mutant.old, mutant.new)
    )
    return _(WORDS[mutant.what]).format(old=old, new=new)
