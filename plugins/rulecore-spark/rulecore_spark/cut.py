"""A plan cut into stages: what each record gives by itself, cohorts computed together, and ranks over everything.

Everything here is decided by the plan alone, so that the program and every worker cut it alike. A rule without a
column of its own (a quotient that nobody rounded) cannot be carried from stage to stage: each stage that reads it
computes it again, from the same exact values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import define, evolve, field, frozen

from rulecore.engines.decode import is_ratio
from rulecore.errors import InternalError
from rulecore.expr.nodes import CohortCall, CohortRef, FieldRef, Rank, RuleRef
from rulecore.expr.types import DateType, FlagType, NothingType, NumberType, TextType, Type
from rulecore.plan.references import names_read
from rulecore.planned import CohortStep, Plan, PlannedRule, SuppliedValue
from rulecore.records.storage import storage
from rulecore_spark.layout import Held, held

Step = PlannedRule | CohortStep
Kind = Literal["rows", "cohorts", "ranks"]


@frozen(kw_only=True)
class Stage:
    """A part of a plan.

    ``kind``: ``rows`` looks at each record alone, ``cohorts`` at all records that have ``key`` in common (at all there
    are, without one), ``ranks`` is one rank or count over everything, which Spark itself computes. ``plan`` is what the
    engine runs, with what earlier stages gave as supplied values; ``new`` are the steps that are computed for the first
    time, ``kept`` the columns that go on to later stages and to the results.
    """

    kind: Kind
    plan: Plan
    new: tuple[Step, ...]
    key: tuple[str, ...] = ()
    kept: tuple[Held, ...] = ()

    @property
    def cohort_steps(self) -> tuple[CohortStep, ...]:
        """The steps that compare records with each other."""
        return tuple(step for step in self.new if isinstance(step, CohortStep))

    @property
    def rule(self) -> str:
        """The rule to name where the stage cannot be computed."""
        steps = self.cohort_steps
        return next((step for step in steps if isinstance(step.node, CohortCall)), steps[0]).rule


@frozen(kw_only=True)
class Cut:
    """A plan in stages; ``start`` are the fields that they read and that the results show."""

    stages: tuple[Stage, ...]
    start: tuple[Held, ...]


def cut_plan(plan: Plan) -> Cut:
    """Return the stages of a plan without detail tables and earlier periods."""
    stages = _Cutter(plan).stages()
    return _with_kept(plan, stages)


def has_column(type_: Type) -> bool:
    """Whether the values of a rule are held in a column."""
    return storage(type_) is not None


@define
class _Cutter:
    plan: Plan
    known: set[str] = field(init=False)
    types: dict[str, Type] = field(init=False)
    steps: dict[str, Step] = field(init=False)
    pending: list[Step] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.known = {planned.name for planned in self.plan.fields}
        self.types = {item.name: item.type for item in (*self.plan.fields, *self.plan.steps)}
        self.steps = {step.name: step for step in self.plan.steps}
        self.pending = list(self.plan.steps)

    def stages(self) -> list[Stage]:
        """Return the stages in order: first what each record gives by itself, then as few passes as will do."""
        found = [self.row_stage()] if self.rules() else []
        while self.pending:
            ready = [step for step in self.pending if isinstance(step, CohortStep) and self.ready(step)]
            ranked = [step for step in ready if not self.key(step) and self.rankable(step)]
            if ranked:
                found.append(self.stage("ranks", ranked))
            elif ready:
                found.append(self.cohort_stage(ready))
            elif self.rules():
                found.append(self.row_stage())
            else:
                raise InternalError("the steps of a plan wait for one another")
        return found

    def rules(self) -> list[Step]:
        """Return the pending rules that can be computed record by record."""
        return self.closure(lambda step: isinstance(step, PlannedRule))

    def row_stage(self) -> Stage:
        """Return the stage of those rules."""
        return self.stage("rows", self.rules())

    def ready(self, step: Step, also: Iterable[str] = ()) -> bool:
        """Whether all that a step reads is known."""
        known = self.known.union(also)
        return all(name in known for name in names_read(step.node))

    def closure(self, wanted: Callable[[Step], bool]) -> list[Step]:
        """Return the pending steps that are wanted and that can be computed one after the other."""
        found: list[Step] = []
        names: set[str] = set()
        for step in self.pending:
            if wanted(step) and self.ready(step, names):
                found.append(step)
                names.add(step.name)
        return found

    def cohort_stage(self, ready: Sequence[CohortStep]) -> Stage:
        """Return the stage of the key that most of the steps that are ready can share, and all it allows."""
        keys = dict.fromkeys(self.key(step) for step in ready)
        shared = {
            key: sum(bool(self.key(step)) and set(key) <= set(self.key(step)) for step in ready)
            for key in keys
            if key
        }
        key = max(shared, key=lambda key: shared[key]) if shared else self.columns_of(ready[0].node.by)

        def within(step: Step) -> bool:
            return isinstance(step, PlannedRule) or set(key) <= set(self.columns_of(step.node.by))

        return self.stage("cohorts", self.closure(within), key=key)

    def columns_of(self, parts: Sequence[object]) -> tuple[str, ...]:
        """Return the columns that groups are made by; a group's part without a column makes larger groups."""
        names = [part.name for part in parts if isinstance(part, FieldRef | RuleRef | CohortRef)]
        return tuple(dict.fromkeys(name for name in names if has_column(self.types[name])))

    def key(self, step: CohortStep) -> tuple[str, ...]:
        """Return the columns that a step's groups are made by; none if one group may be everything."""
        period = self.plan.policy.record.period
        names = self.columns_of(step.node.by)
        return names if any(name != period for name in names) else ()

    def rankable(self, step: CohortStep) -> bool:
        """Whether Spark can compute a step itself: a count, or a rank by values that it puts in the same order."""
        node = step.node
        if isinstance(node, CohortCall):
            return False
        parts = [*node.by, *([] if node.where is None else [node.where])]
        if isinstance(node, Rank):
            parts += [key.operand for key in node.keys]
        named = all(isinstance(part, FieldRef | RuleRef | CohortRef) for part in parts)
        types = [self.types[part.name] for part in parts if isinstance(part, FieldRef | RuleRef | CohortRef)]
        return named and all(_ordered_by_spark(type_) for type_ in types)

    def stage(self, kind: Kind, new: Sequence[Step], key: tuple[str, ...] = ()) -> Stage:
        names = {step.name for step in new}
        again = [step for step in self.again(new) if step.name not in names]
        together = {step.name: step for step in (*again, *new)}
        # Of its rules without columns a stage computes those anew that it needs; the plan's order holds for all.
        steps = tuple(step for step in self.plan.steps if step.name in together)
        read = {name for step in steps for name in names_read(step.node)} - set(together)
        supplied = tuple(_carried(self.steps[name]) for name in self.steps if name in read)
        fields = tuple(planned for planned in self.plan.fields if planned.name in read)
        plan = evolve(
            self.plan,
            fields=fields,
            supplied=supplied,
            steps=steps,
            columns=(),
            refusals=(),
            refusal_rules=(),
            ratios=frozenset(),
        )
        self.known |= names
        self.pending = [step for step in self.pending if step.name not in names]
        return Stage(kind=kind, plan=plan, new=tuple(new), key=key)

    def again(self, new: Sequence[Step]) -> Iterator[Step]:
        """Yield the rules without columns, of earlier stages, that some steps need, directly or not."""
        seen: set[str] = set()
        waiting = [name for step in new for name in names_read(step.node)]
        own = {step.name for step in new}
        while waiting:
            name = waiting.pop()
            step = self.steps.get(name)
            if name in seen or name in own or not isinstance(step, PlannedRule) or has_column(step.type):
                continue
            seen.add(name)
            yield step
            waiting += names_read(step.node)


def _ordered_by_spark(type_: Type) -> bool:
    match type_:
        case NumberType():
            return not is_ratio(type_) and has_column(type_) and held("", type_).kind != "wide"
        case TextType() | DateType() | FlagType():
            return True
        case NothingType():
            return False


def _carried(step: Step) -> SuppliedValue:
    rule = step.rule if isinstance(step, CohortStep) else step.name
    return SuppliedValue(name=step.name, node=step.node, type=step.type, rule=rule)


def _with_kept(plan: Plan, stages: Sequence[Stage]) -> Cut:
    """Return the stages with the columns that each hands on: what later ones read and what the results show."""
    types: Mapping[str, Type] = {item.name: item.type for item in (*plan.fields, *plan.steps)}
    wanted = {column.step for column in plan.columns} | set(plan.policy.record.identity)
    found: list[Stage] = []
    made = [[step.name for step in stage.new] for stage in stages]
    fields = [planned.name for planned in plan.fields]
    for index in reversed(range(len(stages))):
        stage = stages[index]
        there = {*fields, *(name for names in made[: index + 1] for name in names)}
        kept = [held(name, types[name]) for name in types if name in wanted and name in there]
        found.append(evolve(stage, kept=tuple(kept)))
        wanted = (wanted - set(made[index])) | {item.name for item in stage.plan.inputs} | set(stage.key)
        if stage.kind == "ranks":
            wanted |= {name for step in stage.new for name in names_read(step.node)}
    start = [held(name, types[name]) for name in fields if name in wanted]
    return Cut(stages=tuple(reversed(found)), start=tuple(start))


def issue_bits(plan: Plan) -> dict[tuple[str, str], int]:
    """Return a number for each issue that each step can raise, in order."""
    found = [(step.name, reason) for step in plan.steps for reason in step.issues]
    return {issue: number for number, issue in enumerate(found)}
