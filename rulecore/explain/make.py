"""From a record's recomputation to its explanation: every rule with what led to its value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from attrs import evolve, frozen

from rulecore.codes.issues import issue_code
from rulecore.declarations import FieldDeclaration
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault
from rulecore.explain.adjusted import decisions_about
from rulecore.explain.earlier import earlier_of
from rulecore.explain.judgements import judgements_of
from rulecore.explain.labels import label_words
from rulecore.explain.numbers import explained
from rulecore.explain.recompute import Recomputed, Trace
from rulecore.explain.rows import RowsOf
from rulecore.explain.standings import Cohorts, edges
from rulecore.explain.values import (
    Aggregate,
    ExplainedField,
    ExplainedPolicy,
    ExplainedRounding,
    ExplainedRow,
    ExplainedRule,
    ExplainedStep,
    ExplainedTable,
    Explanation,
    Standing,
    UsedParameter,
    Words,
)
from rulecore.explain.wording import LANGUAGES, Labels, Wording, named_parts, translated
from rulecore.expr import nodes
from rulecore.expr.earlier import Previous, PreviousRecord, PreviousState
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.words import rounding_words
from rulecore.numbers import decimal_scale
from rulecore.plan.references import parts
from rulecore.planned import Plan, PlannedRule
from rulecore.results import PolicyResults, Results


def explain_record(results: Results, part: PolicyResults, row: int) -> Explanation:
    """Return why one record's results are what they are; ``row`` is its place in ``part``.

    Everything is computed once more, exactly, and must equal the stored results: otherwise
    :class:`rulecore.errors.InternalError` is raised.
    """
    rows = RowsOf(results, part)
    maker = _Maker(results=results, part=part, row=row, rows=rows)
    record = part.plan.policy.record
    return Explanation(
        entity=part.field_at(record.entity, row),
        period=part.field_at(record.period, row) if record.period else "",
        policy=explained_policy(part.plan),
        source=results.source(part, row),
        engine=results.engine,
        fields=tuple(maker.fields()),
        earlier=tuple(earlier_of(part, row, maker.record.values, maker.labels)),
        rules=tuple(maker.rules()),
        tables=maker.tables(),
        language=part.language,
    )


def flag_words(declaration: FieldDeclaration) -> tuple[str, str] | None:
    """Return what a flag's field calls true and false, where it declares words of its own: 有 and 无."""
    plain = FieldDeclaration(type="flag")
    if declaration.type != "flag" or (declaration.true, declaration.false) == (plain.true, plain.false):
        return None
    return (declaration.true[0], declaration.false[0]) if declaration.true and declaration.false else None


def explained_policy(plan: Plan) -> ExplainedPolicy:
    """Return a plan's policy as explanations name it."""
    header = plan.policy.policy
    return ExplainedPolicy(
        name=header.name,
        title=header.title,
        version=header.version,
        file=plan.file,
        fingerprint=plan.fingerprint,
        reference=header.reference,
        origins=plan.origins,
    )


@frozen(kw_only=True, slots=False)
class _Maker:
    results: Results
    part: PolicyResults
    row: int
    rows: RowsOf
    table: str = ""
    """The detail table that the record is a row of, if it is one."""

    @cached_property
    def record(self) -> Recomputed:
        return self.rows.computed(self.table, self.row)

    @cached_property
    def labels(self) -> Labels:
        return self.rows.labels(self.table)

    @cached_property
    def cohorts(self) -> Cohorts:
        return Cohorts(self.results, self.part, self.row, self.record)

    def fields(self) -> Iterator[ExplainedField]:
        for planned in self.part.plan.fields:
            yield ExplainedField(
                name=planned.name,
                label=label_words(self.labels, planned.name),
                header=planned.header,
                value=explained(self.record.values[planned.name]),
                scale=planned.declaration.decimals,
                percent=planned.declaration.percent,
                flag_words=flag_words(planned.declaration),
                reference=planned.declaration.reference,
                place=planned.place,
            )

    def tables(self) -> tuple[ExplainedTable, ...]:
        """Return the detail tables whose rows belong to this record (or row)."""
        return tuple(
            ExplainedTable(
                name=name,
                label=found.table.label,
                rows=tuple(
                    self.table_row(name, row, number)
                    for number, row in enumerate(self.rows.below(name, self.row), start=1)
                ),
            )
            for name, found in self.rows.part.tables.items()
            if found.table.declaration.parent == self.table
        )

    def table_row(self, table: str, row: int, number: int) -> ExplainedRow:
        self.rows.check_given(table, row, self.record)
        part = self.rows.level(table)
        maker = _Maker(results=self.results, part=part, row=row, rows=self.rows, table=table)
        return ExplainedRow(
            name=self.rows.name(table, row),
            number=number,
            source=self.rows.source(table, row),
            fields=tuple(maker.fields()),
            rules=tuple(maker.rules()),
            tables=maker.tables(),
        )

    def aggregates(self, rule: PlannedRule, wording: Wording) -> Iterator[Aggregate]:
        """Yield what functions made of rows for a rule, also for what it compares with other records."""
        found: dict[str, tuple[SuppliedRef, Words]] = {}
        for name, trace in self.record.traces.items():
            if name.split("@")[0] == rule.name:
                for part in _supplied(trace):
                    found.setdefault(part.name, (part, wording.short(part)))
        yield from self.rows.aggregates(self.table, self.row, self.record, tuple(found.values()))

    def rules(self) -> Iterator[ExplainedRule]:
        for step in self.part.plan.steps:
            if isinstance(step, PlannedRule) and not step.hidden:
                found = self.rule(step, self.record.traces[step.computed or step.name])
                decided = decisions_about(self.rows.part, self.table, self.row, step)
                if step.computed or decided:
                    value = explained(self.record.values[step.name])
                    found = evolve(found, value=value, adjustments=decided)
                yield found

    def rule(self, rule: PlannedRule, trace: Trace) -> ExplainedRule:
        node = trace.node
        wording = Wording(labels=self.labels, trace=trace, values=self.record.values)
        wording = evolve(wording, names=named_parts(trace))
        core = node.operand if isinstance(node, nodes.Round) else node
        shown, shown_rounding = self.shown(rule)
        return ExplainedRule(
            name=rule.name,
            label=label_words(self.labels, rule.name),
            value=explained(trace.value),
            shown=shown,
            shown_rounding=shown_rounding,
            reference=rule.reference,
            note=rule.note,
            place=rule.place,
            scorer=rule.scorer,
            origin=rule.origin,
            formula=wording.whole(node),
            substituted=wording.substituted(node),
            short=wording.short(core),
            reduced=wording.reduced(core),
            unrounded=explained(trace.value_of(core)),
            is_decision=isinstance(core, nodes.Conditional),
            steps=tuple(_steps(wording)),
            roundings=tuple(_roundings(wording, node)),
            judgements=tuple(judgements_of(node, wording)),
            standings=self.standings(wording),
            aggregates=tuple(self.aggregates(rule, wording)),
            parameters=tuple(self.parameters(node)),
            issues=tuple(self.issues(rule, trace)),
        )

    def shown(self, rule: PlannedRule) -> tuple[str | None, ExplainedRounding | None]:
        """Return the text of the first output column that shows a rule, and what showing it rounded."""
        column = next((column for column in self.part.plan.columns if column.of == rule.name), None)
        if column is None:
            return None, None
        text = self.part.text_at(column, self.row)
        hidden = self.part.plan.rule(column.step)
        if column.step == rule.name or hidden is None or not isinstance(hidden.node, nodes.Round):
            return text, None
        before, after = self.record.values[rule.name], self.record.values[column.step]
        words = label_words(self.labels, rule.name)
        return text, _rounding(words, before, after, hidden.node, outermost=True)

    def standings(self, wording: Wording) -> tuple[Standing, ...]:
        """Return the record's standings in the cohort steps that were looked at, equal ones once."""
        places = edges(wording.trace)
        found: list[Standing] = []
        for part in wording.trace.order:
            if isinstance(part, nodes.CohortRef):
                standing = self.cohorts.standing(part, wording, places.get(part.name))
                # The best and the worst possible rank are the same comparison unless a tie lies on the edge.
                if not any(evolve(standing, formula=other.formula) == other for other in found):
                    found.append(standing)
        return tuple(found)

    def parameters(self, node: Node) -> Iterator[UsedParameter]:
        found: dict[str, tuple[Node, ...]] = {}
        for part in _everywhere(node):
            if isinstance(part, nodes.ParameterRef):
                found.setdefault(part.name, (part.value,))
            elif isinstance(part, nodes.ListLiteral) and part.name:
                found.setdefault(part.name, part.items)
        for name, values in found.items():
            texts = tuple(value.value for value in values if isinstance(value, nodes.Literal))
            yield UsedParameter(
                name=name,
                label=label_words(self.labels, name),
                values=texts,
                place=self.part.plan.parameter_places.get(name),
            )

    def issues(self, rule: PlannedRule, trace: Trace) -> Iterator[Fault]:
        """Yield the issues of a rule, of the cohort steps it reads and of the earlier periods it looked at."""
        reasons = set(trace.issues)
        for part in trace.order:
            earlier = isinstance(part, SuppliedRef) and isinstance(
                part.node, Previous | PreviousRecord | PreviousState
            )
            if isinstance(part, nodes.CohortRef) or (earlier and isinstance(part, SuppliedRef)):
                reasons |= self.part.issues_at(part.name, self.row)
        for reason in sorted(reasons):
            values = {"rule": rule.label, "reason": reason}
            yield Fault(code=issue_code(reason), values=values, place=rule.place)


def _supplied(trace: Trace) -> Iterator[SuppliedRef]:
    """Yield the values from elsewhere that a rule looked at, also those it compares with other records."""
    for part in trace.order:
        if isinstance(part, SuppliedRef):
            yield part
        elif isinstance(part, nodes.CohortRef):
            yield from (inner for inner in parts(part.node) if isinstance(inner, SuppliedRef))


def _everywhere(node: Node) -> Iterator[Node]:
    """Yield a node and all below it in the order they are written, also what cohort steps compare by."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, nodes.CohortRef):
            waiting.append(part.node)
        elif not isinstance(part, SuppliedRef):
            waiting += [*part.children()][::-1]


def _steps(wording: Wording) -> Iterator[ExplainedStep]:
    """Yield the parts with a name, and steps that share a label, in the order in which they were computed."""
    for part in wording.trace.order:
        inner = part.operand if isinstance(part, nodes.Step) else part
        label = wording.name_of(part)
        if label is None and isinstance(part, nodes.Step):
            label = translated(part.label)
        if label is not None:
            yield ExplainedStep(
                label=label,
                is_decision=isinstance(inner, nodes.Conditional) and len(inner.branches) > 1,
                formula=wording.short(inner),
                substituted=wording.reduced(inner),
                value=explained(wording.trace.value_of(part)),
            )


def _roundings(wording: Wording, root: Node) -> Iterator[ExplainedRounding]:
    """Yield what each rounding did, in the order in which they were computed."""
    named: dict[int, Words] = {}
    for part in parts(root):
        name = wording.name_of(part)
        if name is not None:
            named[id(part.operand if isinstance(part, nodes.Step) else part)] = name
    for part in wording.trace.order:
        if isinstance(part, nodes.Round):
            before, after = wording.trace.value_of(part.operand), wording.trace.value_of(part)
            words = wording.short(part.operand)
            found = _rounding(words, before, after, part, outermost=part is root)
            yield evolve(found, of=named.get(id(part), Words()))


def _rounding(
    words: Words, before: ExactValue, after: ExactValue, node: nodes.Round, *, outermost: bool
) -> ExplainedRounding:
    return ExplainedRounding(
        formula=words,
        before=explained(before),
        after=explained(after),
        mode=rounding_mode(node),
        scale=decimal_scale(node.unit),
        outermost=outermost,
    )


def rounding_mode(node: nodes.Round) -> Words:
    """Return how a rounding is done in words: 四舍五入到2位."""
    (zh_how, zh_unit), (en_how, en_unit) = (
        rounding_words(node.unit, node.rounding, language) for language in LANGUAGES
    )
    return Words(zh=f"{zh_how}到{zh_unit}", en=f"{en_how} to {en_unit}")
