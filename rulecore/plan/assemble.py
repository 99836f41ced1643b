"""The steps of a plan: rounding around each rule, cohort nodes lifted out, types inferred, columns to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import define, evolve, field, frozen

from rulecore.codes import plan as codes
from rulecore.declarations import (
    AdjustmentDeclaration,
    OutputColumn,
    Policy,
    RuleDeclaration,
    TableDeclaration,
)
from rulecore.errors import Code, Fault
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.earlier import Previous, PreviousRecord, PreviousState
from rulecore.expr.errors import ExpressionFault
from rulecore.expr.infer import CohortTypes, Inference
from rulecore.expr.nodes import (
    CohortCall,
    CohortCount,
    CohortRef,
    FieldRef,
    Literal,
    Node,
    ParameterRef,
    Rank,
    Round,
    RuleRef,
    SortKey,
)
from rulecore.expr.supplied import PARENT_MARK, RECORD_NUMBER, SuppliedRef, TableCall
from rulecore.expr.transform import transform
from rulecore.expr.types import NumberType, Type, kind
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.plan.decisions import COMPUTED, supply_decision, with_decisions, with_fitting_recusals
from rulecore.plan.earlier import EarlierUse, state_before, supply_from_history
from rulecore.plan.references import issue_reasons, parts, rules_read
from rulecore.plan.structure_keys import StructureKeys
from rulecore.plan.supply import (
    given_from_above,
    looks_at_other_records,
    supply_from_above,
    supply_from_rows,
)
from rulecore.planned import (
    Claim,
    CohortStep,
    Origin,
    PlannedColumn,
    PlannedField,
    PlannedRefusal,
    PlannedRule,
    SuppliedValue,
)
from rulecore.policy.document import Document
from rulecore.records.storage import storage
from rulecore.source import KeyPath

RULECORE = Origin(distribution="rulecore", version="")


@frozen(kw_only=True)
class Draft:
    """A rule whose expression is resolved but not yet typed."""

    name: str
    rule: RuleDeclaration
    node: Node
    origin: Origin
    claims: tuple[Claim, ...] = ()
    hidden: bool = False
    decisions: tuple[tuple[str, AdjustmentDeclaration], ...] = ()
    """The adjustments that may put another value in the place of this rule's, by name."""
    recusals: tuple[tuple[str, AdjustmentDeclaration], ...] = ()
    """Those that take records out of what this rule compares; its expression begins with them, the last one first."""


@define(kw_only=True)
class Assembly:
    """Builds the steps and columns of a plan; ``faults`` collects what is wrong with types.

    ``name`` is that of a detail table, empty for the records; ``above`` what its rows belong to, ``levels`` all of
    them.
    """

    policy: Policy
    document: Document
    fields: tuple[PlannedField, ...]
    cohort_types: CohortTypes = field(factory=dict)
    name: str = ""
    above: Assembly | None = None
    declaration: TableDeclaration | None = None
    period: str = ""
    levels: dict[str, Assembly] = field(factory=dict)
    supplied: list[SuppliedValue] = field(factory=list)
    ratios: set[str] = field(factory=set)
    assumed: Mapping[str, Type] = field(factory=dict)
    """The types of rules as far as they are known before this pass: for earlier values of theirs."""
    earlier: list[EarlierUse] = field(factory=list)
    cohort_issues: Mapping[str, tuple[str, ...]] = field(factory=dict)
    """The reasons for which cohort functions leave a record unsettled, by their names."""
    refusal_rules: list[PlannedRule] = field(factory=list)
    refusals: list[PlannedRefusal] = field(factory=list)
    steps: list[PlannedRule | CohortStep] = field(factory=list)
    columns: list[PlannedColumn] = field(factory=list)
    faults: list[Fault] = field(factory=list)
    types: dict[str, Type] = field(factory=dict)
    wrong: set[str] = field(factory=set)
    """Rules with a fault of types, and those that need one: what else is wrong with them may only follow from it."""
    keys: StructureKeys = field(factory=StructureKeys)
    made: dict[int, str] = field(factory=dict)
    """The hidden rules and cohort steps by what they compute: what several rules need is computed once."""

    inference: Inference = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Know the fields' types."""
        self.types = {planned.name: planned.type for planned in self.fields}
        self.inference = Inference(self.types, self.cohort_types)

    def add_refusals(self, refusals: Sequence[Draft]) -> None:
        """Add the conditions of ``[record] refuse``, after the rules."""
        for draft in refusals:
            if not self.reads_wrong(draft.node):
                # Conditions that could not be read are left out: the position is in the name, refuse@2.
                self.add_refusal(int(draft.name.partition("@")[2]), draft)

    def add_columns(self) -> None:
        """Add the output columns."""
        for index, column in enumerate(self.policy.output.columns):
            if column.of not in self.wrong:
                self.add_column(index, column)

    def settled_faults(self) -> list[Fault]:
        """Return every fault found at this level."""
        return [*self.faults, *(self.located(problem) for problem in self.inference.faults)]

    def is_rule(self, name: str) -> bool:
        """Whether a name is that of a rule, a hidden one included."""
        return any(isinstance(step, PlannedRule) and step.name == name for step in self.steps)

    def reads_wrong(self, node: Node) -> bool:
        """Whether an expression reads a rule that is wrong, at this level or another."""
        return any(
            table in self.levels and name in self.levels[table].wrong
            for table, name in rules_read(node, self, self.levels)
        )

    def located(self, problem: ExpressionFault) -> Fault:
        """Return a fault of an expression at its place, or at that of the rule in hand."""
        return self.located_at(problem, self.current)

    def located_at(self, problem: ExpressionFault, otherwise: KeyPath) -> Fault:
        """Return a fault of an expression at its place, or at a key if it has none."""
        span = problem.span
        if span is None or not span.key:
            return problem.at(self.document.place(otherwise))
        return problem.at(self.document.place(span.key, start=span.start, end=span.end))

    current: KeyPath = ()

    # --- rules ------------------------------------------------------------------------------------------------------

    def add_rule(self, draft: Draft) -> None:
        """Add a rule, after the hidden rules and cohort steps it needs."""
        self.current = ("rules", draft.name.partition("@")[0])
        inference = self.inference
        before, known = len(inference.faults), len(self.faults)
        node = with_fitting_recusals(self, draft, self.lifted(draft))
        type_ = inference.type_of(node)
        unit = _unit(draft.rule)
        if unit is not None and isinstance(type_, NumberType):
            node = Round(node, unit, draft.rule.rounding)
            type_ = inference.type_of(node)
        elif unit is not None:
            place = self.document.place((*self.current, "decimals" if draft.rule.step is None else "step"))
            values = {"rule": draft.name, "found": phrase(kind(type_))}
            self.faults.append(Fault(code=codes.ROUNDING_NEEDS_NUMBER, values=values, place=place))
        self.place_faults(inference, before)
        if len(inference.faults) > before or len(self.faults) > known or self.reads_wrong(draft.node):
            self.wrong.add(draft.name)
        computed = ""
        if draft.decisions and draft.name not in self.wrong:
            computed = f"{draft.name}@{COMPUTED}"
            self.append(computed, draft, node, type_, hidden=True)
            node, type_ = with_decisions(self, draft, computed, type_)
        self.append(draft.name, draft, node, type_, hidden=draft.hidden, computed=computed)

    def place_faults(self, inference: Inference, before: int) -> None:
        """Give faults without a span of their own the place of the rule they were found in."""
        for index in range(before, len(inference.faults)):
            problem = inference.faults[index]
            if problem.span is None or not problem.span.key:
                self.faults.append(problem.at(self.document.place(self.current)))
        inference.faults[before:] = [
            problem for problem in inference.faults[before:] if problem.span is not None and problem.span.key
        ]

    def append(
        self, name: str, draft: Draft, node: Node, type_: Type, *, hidden: bool = False, computed: str = ""
    ) -> None:
        """Add a rule whose expression is complete."""
        self.types[name] = type_
        self.steps.append(
            PlannedRule(
                name=name,
                label=draft.rule.label or draft.name,
                reference=draft.rule.reference,
                note=draft.rule.note,
                scorer=draft.rule.scorer,
                origin=draft.origin,
                node=node,
                type=type_,
                issues=issue_reasons(node),
                hidden=hidden,
                claims=() if hidden else draft.claims,
                computed=computed,
                place=self.document.place(self.current, value=False),
            )
        )

    def lifted(self, draft: Draft) -> Node:
        """Return the rule's tree with each cohort node made a step of its own, its operands plain references.

        What comes from detail rows or from the record above becomes a value supplied to this level.
        """
        count = 0
        inference = self.inference
        earlier: dict[
            Node, SuppliedRef
        ] = {}  # each rule its own, since an issue belongs to the rule it was met in

        def lift(node: Node) -> Node:
            nonlocal count
            if isinstance(node, SuppliedRef | AdjustedValue):
                return self.given(node, draft.name)
            if isinstance(node, TableCall):
                key = self.keys.key(node)
                if key not in self.made:
                    count += 1
                    name = f"{draft.name}@{count}"
                    supply_from_rows(self, node, name, draft)
                    self.made[key] = name
                return SuppliedRef(self.made[key], node, span=node.span)
            if isinstance(node, PreviousState):
                if node not in earlier:
                    known = transform(state_before(node), lift)
                    count += 1
                    name = f"{draft.name}@{count}"
                    self.append(name, draft, known, inference.type_of(known), hidden=True)
                    earlier[node] = SuppliedRef(name, node)
                return evolve(earlier[node], span=node.span)
            if isinstance(node, Previous | PreviousRecord):
                if node not in earlier:
                    count += 1
                    earlier[node] = supply_from_history(self, node, draft, f"{draft.name}@{count}")
                return evolve(earlier[node], span=node.span)
            if not isinstance(node, Rank | CohortCount | CohortCall):
                return node
            name = f"{draft.name}@{count + 1}"
            step = self.with_plain_operands(self.with_period(node, draft.name), name, draft)
            type_ = inference.type_of(step)
            key = self.keys.key(step)
            if key in self.made:
                return CohortRef(self.made[key], node, span=node.span)
            count += 1
            self.types[name] = type_
            issues = self.issues_of(node)
            if not issues:  # an issue belongs to the rule it was met in
                self.made[key] = name
            self.steps.append(CohortStep(name=name, node=step, type=type_, rule=draft.name, issues=issues))
            return CohortRef(name, node, span=node.span)

        return transform(draft.node, lift)

    def given(self, node: SuppliedRef | AdjustedValue, rule: str) -> Node:
        """Return a reference to a value of the record above, or to a decision, which the level is then given."""
        if isinstance(node, AdjustedValue):
            return supply_decision(self, node, rule)
        return supply_from_above(self, node, rule)

    def issues_of(self, node: Rank | CohortCount | CohortCall) -> tuple[str, ...]:
        """Return the reasons for which a cohort step can raise an issue."""
        match node:
            case Rank(method="ordinal"):
                return ("full_tie",)
            case CohortCall(function=name):
                return self.cohort_issues.get(name, ())
            case _:
                return ()

    def with_period(
        self, node: Rank | CohortCount | CohortCall, rule: str
    ) -> Rank | CohortCount | CohortCall:
        """Return the node among the records of one period only; in a table without ``by``, among one record's rows."""
        if self.above is not None and not node.by:
            return evolve(node, by=(given_from_above(self, RECORD_NUMBER, rule),))
        if not self.period:
            return node
        if self.above is None:
            return evolve(node, by=(*node.by, FieldRef(self.period)))
        above, name = self.above, self.period
        while above.above is not None:
            above, name = above.above, f"{PARENT_MARK}{name}"
        return evolve(node, by=(*node.by, given_from_above(self, name, rule)))

    def plain(self, operand: Node, name: str, draft: Draft, made: list[str]) -> Node:
        """Return an operand that is more than a name as a hidden rule's value; ``made`` numbers those of ``name``."""
        if isinstance(operand, FieldRef | RuleRef | CohortRef | SuppliedRef | Literal | ParameterRef):
            return operand
        type_ = self.inference.type_of(operand)
        key = self.keys.key(operand)
        if key in self.made:
            return RuleRef(self.made[key], span=operand.span)
        hidden = f"{name}.{len(made) + 1}"
        made.append(hidden)
        if not issue_reasons(operand):  # an issue belongs to the rule it was met in
            self.made[key] = hidden
        self.append(hidden, draft, operand, type_, hidden=True)
        return RuleRef(hidden, span=operand.span)

    def with_plain_operands(
        self, node: Rank | CohortCount | CohortCall, name: str, draft: Draft
    ) -> Rank | CohortCount | CohortCall:
        """Return the node with each operand that is more than a name computed by a hidden rule before it."""
        made: list[str] = []

        def plain(operand: Node) -> Node:
            return self.plain(operand, name, draft, made)

        where = plain(node.where) if node.where is not None else None
        by = tuple(plain(part) for part in node.by)
        match node:
            case Rank():
                keys = tuple(SortKey(plain(key.operand), key.descending, span=key.span) for key in node.keys)
                return evolve(node, keys=keys, by=by, where=where)
            case CohortCount():
                return evolve(node, by=by, where=where)
            case CohortCall():
                arguments = tuple(plain(argument) for argument in node.arguments)
                return evolve(node, arguments=arguments, by=by, where=where)

    # --- refusals ---------------------------------------------------------------------------------------------------

    def add_refusal(self, index: int, draft: Draft) -> None:
        """Add a refusal condition and the rules it needs, none of which may look at other records."""
        self.current = ("record", "refuse", index, "when")
        inference = self.inference
        draft = evolve(draft, node=self.lifted(draft))
        before = len(inference.faults)
        inference.certain(draft.node, N_("the condition of a refusal"))
        self.place_faults(inference, before)
        place = self.document.place(self.current)
        needed = self.needed(draft.node)
        if any(isinstance(step, CohortStep) for step in needed) or looks_at_other_records(self, draft.node):
            self.faults.append(Fault(code=codes.COHORT_IN_REFUSAL, place=place))
        known = {rule.name for rule in self.refusal_rules}
        self.refusal_rules += [
            step for step in needed if isinstance(step, PlannedRule) and step.name not in known
        ]
        type_ = inference.type_of(draft.node)
        self.refusal_rules.append(
            PlannedRule(
                name=draft.name,
                label=draft.rule.label,
                reference=draft.rule.reference,
                note="",
                scorer=draft.rule.scorer,
                origin=draft.origin,
                node=draft.node,
                type=type_,
                issues=issue_reasons(draft.node),
                hidden=True,
                place=place,
            )
        )
        self.refusals.append(PlannedRefusal(step=draft.name, reason=draft.rule.label, place=place))

    def needed(self, node: Node) -> list[PlannedRule | CohortStep]:
        """Return the steps an expression needs, directly or not, in their order."""
        wanted: set[str] = set()
        pending = [node]
        by_name = {step.name: step for step in self.steps}
        while pending:
            for part in parts(pending.pop()):
                if not isinstance(part, RuleRef | CohortRef | SuppliedRef):
                    continue
                if part.name in by_name and part.name not in wanted:
                    wanted.add(part.name)
                    pending.append(by_name[part.name].node)
        return [step for step in self.steps if step.name in wanted]

    # --- output -----------------------------------------------------------------------------------------------------

    def add_column(self, index: int, column: OutputColumn) -> None:
        """Add an output column; showing fewer decimals than the value has needs a hidden rule that rounds it."""
        key: KeyPath = ("output", "columns", index)
        self.current = key
        type_ = self.types[column.of]
        step, scale = column.of, None
        if not isinstance(type_, NumberType):
            if column.decimals is not None:
                self.column_fault(codes.SHOWN_DECIMALS_NEED_NUMBER, column, found=phrase(kind(type_)))
        elif column.decimals is not None and (type_.scale is None or type_.scale > column.decimals):
            scale, step = column.decimals, f"output@{index}"
            reference = FieldRef(column.of) if column.of in self.policy.fields else RuleRef(column.of)
            node = Round(reference, Fraction(1, 10**scale), column.rounding)
            type_ = Inference(self.types).type_of(node)
            rule = RuleDeclaration(scorer="formula", label=self.header_of(column))
            draft = Draft(name=column.of, rule=rule, node=node, origin=RULECORE)
            self.append(step, draft, node, type_, hidden=True)
        else:
            scale = type_.scale if column.decimals is None else column.decimals
            if scale is None:
                self.column_fault(codes.DECIMALS_NEEDED, column)
        if isinstance(type_, NumberType) and type_.scale is not None and storage(type_) is None:
            self.column_fault(codes.TOO_LARGE_TO_SHOW, column)
        self.columns.append(
            PlannedColumn(
                of=column.of,
                step=step,
                header=self.header_of(column),
                type=type_,
                scale=scale,
                rounding=column.rounding,
                not_applicable=column.not_applicable,
                trim=column.trim,
            )
        )

    def column_fault(self, code: Code, column: OutputColumn, **values: object) -> None:
        """Record a fault of the output column in hand."""
        place = self.document.place(self.current)
        self.faults.append(Fault(code=code, values={"column": column.of, **values}, place=place))

    def header_of(self, column: OutputColumn) -> str:
        """Return the column's header: as stated, else the field's own, else the rule's label, else the name."""
        if column.header:
            return column.header
        for planned in self.fields:
            if planned.name == column.of:
                return planned.header
        rule = self.policy.rules.get(column.of)
        return rule.label if rule is not None and rule.label else column.of


def _unit(rule: RuleDeclaration) -> Fraction | None:
    if rule.decimals is not None:
        return Fraction(1, 10**rule.decimals)
    return Fraction(rule.step) if rule.step is not None else None
