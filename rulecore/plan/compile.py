"""From a policy to a plan: scorers asked, names resolved, rules ordered, types inferred, every fault in one report."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from attrs import define, evolve, field

from rulecore.codes import plan as codes
from rulecore.codes.policy import NOT_CONSTANT
from rulecore.contracts import Problem, Scorer
from rulecore.declarations import Policy, RuleDeclaration
from rulecore.errors import Code, Fault, PolicyError, ordered
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.expr.nodes import FieldRef, ListLiteral, Literal, Node, ParameterRef, RuleRef
from rulecore.expr.parser import parse_expression
from rulecore.language import N_
from rulecore.plan.assemble import Assembly, Draft
from rulecore.plan.dated import dated_node, split_dated
from rulecore.plan.fingerprint import fingerprint
from rulecore.plan.references import rule_names
from rulecore.plan.resolve import Scope, resolve
from rulecore.plan.scorer_parameters import parameter_nodes, structure_scorer
from rulecore.planned import Claim, FullMarks, Origin, Plan, PlannedField
from rulecore.policy.load import LoadedPolicy, PartialPolicy
from rulecore.records.storage import field_type
from rulecore.registry import Registry
from rulecore.requirements import check_requirements
from rulecore.source import KeyPath, Place


def compile_policy(loaded: LoadedPolicy, registry: Registry) -> Plan:
    """Return the plan of a policy.

    Raises :class:`rulecore.errors.PolicyError` with every fault of its scorers, expressions, dependencies and types.
    """
    return _Compiler(loaded, registry).plan()


def further_faults(partial: PartialPolicy, registry: Registry) -> tuple[Fault, ...]:
    """Return the faults of the rules of a policy whose document has faults of its own.

    Rules that need something that could not be read are left out: what is wrong with them may only follow from that.
    """
    compiler = _Compiler(partial.loaded, registry, broken=partial.broken)
    compiler.collect()
    unsure = {NOT_CONSTANT.id} if partial.broken else set()
    return tuple(fault for fault in compiler.faults if fault.code.id not in unsure)


@define
class _Compiler:
    loaded: LoadedPolicy
    registry: Registry
    broken: frozenset[str] = frozenset()
    faults: list[Fault] = field(factory=list)
    fields: tuple[PlannedField, ...] = ()
    scope: Scope = field(factory=Scope)

    @property
    def policy(self) -> Policy:
        return self.loaded.policy

    def plan(self) -> Plan:
        assembly, complete = self.collect()
        if self.faults:
            raise PolicyError(ordered(self.faults))
        return self.made(assembly, complete)

    def collect(self) -> tuple[Assembly, Mapping[str, Draft]]:
        """Do all that can find a fault; return the steps and the rules they were made of."""
        requires = self.policy.policy.requires
        places = [self.place(("policy", "requires", index)) for index in range(len(requires))]
        self.faults += check_requirements(requires, self.registry, places)
        self.fields = self.planned_fields()
        self.scope = self.make_scope()
        drafts = {name: self.draft(name, rule) for name, rule in self.policy.rules.items()}
        complete = {name: draft for name, draft in drafts.items() if draft is not None}
        refusals = self.refusals()
        order, blocked = self.order(complete)
        assembly = Assembly(policy=self.policy, document=self.loaded.document, fields=self.fields)
        assembly.cohort_types = {
            name: found.value.result_type for name, found in self.registry.cohort_functions.items()
        }
        # Rules that cannot be typed, and what needs one, are left out: the other faults are found all the same.
        assembly.wrong |= blocked
        assembly.add(refusals, [complete[name] for name in order])
        self.faults += assembly.faults
        return assembly, complete

    def made(self, assembly: Assembly, complete: Mapping[str, Draft]) -> Plan:
        """Return the plan, once nothing is wrong with it."""
        origins = tuple(dict.fromkeys(draft.origin for draft in complete.values()))
        return Plan(
            policy=self.policy,
            file=self.loaded.document.name,
            fields=self.fields,
            refusal_rules=tuple(assembly.refusal_rules),
            refusals=tuple(assembly.refusals),
            steps=tuple(assembly.steps),
            columns=tuple(assembly.columns),
            cohort_functions={name: found.value for name, found in self.registry.cohort_functions.items()},
            origins=origins,
            parameter_places={
                name: self.loaded.document.place(("parameters", name), value=False)
                for name in self.policy.parameters
            },
            fingerprint=fingerprint(self.loaded.document.content, origins),
            document=self.loaded.document,
        )

    def place(self, key: KeyPath, start: int | None = None, end: int | None = None) -> Place:
        return self.loaded.document.place(key, start=start, end=end)

    def fault(self, code: Code, key: KeyPath, hint: str | None = None, **values: object) -> None:
        self.faults.append(Fault(code=code, values=values, place=self.place(key), hint=hint))

    def planned_fields(self) -> tuple[PlannedField, ...]:
        return tuple(
            PlannedField(
                name=name,
                header=declared.column or name,
                label=declared.label or declared.column or name,
                type=field_type(declared),
                declaration=declared,
                place=self.loaded.document.place(("fields", name), value=False),
            )
            for name, declared in self.policy.fields.items()
        )

    def make_scope(self) -> Scope:
        constant, dated = split_dated(self.policy.parameters)
        names: dict[str, Node] = {
            name: node if isinstance(node, ListLiteral) else ParameterRef(name, node)
            for name, node in parameter_nodes(constant).items()
        }
        period = self.policy.record.period
        names |= {
            name: dated_node(name, values, period, self.policy.fields[period])
            for name, values in dated.items()
        }
        names |= {name: FieldRef(name) for name in self.policy.fields}
        names |= {name: RuleRef(name) for name in (*self.policy.rules, *self.broken)}
        return Scope(
            names=names,
            headers={planned.header: FieldRef(planned.name) for planned in self.fields},
            functions={name: found.value for name, found in self.registry.functions.items()},
            cohort_functions={name: found.value for name, found in self.registry.cohort_functions.items()},
        )

    # --- one rule ---------------------------------------------------------------------------------------------------

    def draft(self, name: str, rule: RuleDeclaration) -> Draft | None:
        """Return a rule with its resolved expression, or None with its faults noted."""
        key: KeyPath = ("rules", name)
        found = self.registry.scorers.get(rule.scorer)
        if found is None:
            near = get_close_matches(rule.scorer, self.registry.scorers, n=1)
            hint = N_("did you mean {suggestion}?") if near else None
            known = ", ".join(sorted(self.registry.scorers))
            suggestion = near[0] if near else ""
            self.fault(
                codes.UNKNOWN_SCORER,
                (*key, "scorer"),
                hint,
                scorer=rule.scorer,
                known=known,
                suggestion=suggestion,
            )
            return None
        scorer = self.scorer(found.value, rule, key)
        node = self.expression(scorer, rule, key, found.origin) if scorer is not None else None
        resolved = self.resolved(node, key) if node is not None else None
        if scorer is None or resolved is None:
            return None
        claims = self.claims(scorer, rule, key, found.origin)
        return Draft(name=name, rule=rule, node=resolved, origin=found.origin, claims=claims)

    def scorer(self, cls: type[Scorer], rule: RuleDeclaration, key: KeyPath) -> Scorer | None:
        constant, dated = split_dated(self.policy.parameters)
        parameters: Mapping[str, Literal | ListLiteral] = parameter_nodes(constant)
        scorer, faults = structure_scorer(
            cls,
            rule.settings,
            document=self.loaded.document,
            key=key,
            parameters=parameters,
            dated=tuple(dated),
        )
        self.faults += faults
        return scorer

    def expression(self, scorer: Scorer, rule: RuleDeclaration, key: KeyPath, origin: Origin) -> Node | None:
        """Ask a scorer for its expression; what it finds wrong with its parameters, or crashes on, is a fault."""
        try:
            problems = list(scorer.problems())
            self.faults += [self.problem_fault(problem, key) for problem in problems]
            return None if problems else scorer.expression()
        except ExpressionError as error:
            self.expression_faults(error.problems, key)
        except Exception as error:
            self.crashed(error, rule, key, origin)
        return None

    def claims(
        self, scorer: Scorer, rule: RuleDeclaration, key: KeyPath, origin: Origin
    ) -> tuple[Claim, ...]:
        """Ask a scorer what it claims about values, and resolve the names in it."""
        try:
            return tuple(self.resolved_claim(claim, key) for claim in scorer.claims())
        except ExpressionError as error:
            self.expression_faults(error.problems, key)
        except Exception as error:
            self.crashed(error, rule, key, origin)
        return ()

    def resolved_claim(self, claim: Claim, key: KeyPath) -> Claim:
        if isinstance(claim, FullMarks):
            return evolve(claim, of=resolve(claim.of, self.scope), key=(*key, *claim.key))
        rows = (evolve(row, hit=resolve(row.hit, self.scope), key=(*key, *row.key)) for row in claim.rows)
        return evolve(claim, rows=tuple(rows))

    def crashed(self, error: Exception, rule: RuleDeclaration, key: KeyPath, origin: Origin) -> None:
        self.fault(
            codes.SCORER_FAILED,
            (*key, "scorer"),
            scorer=rule.scorer,
            origin=str(origin),
            error=f"{type(error).__name__}: {error}",
        )

    def problem_fault(self, problem: Problem, key: KeyPath) -> Fault:
        """Return what a scorer finds wrong with its parameters as a fault at its place."""
        span = problem.span
        start, end = (span.start, span.end) if span is not None else (None, None)
        place = self.place((*key, *problem.key), start, end)
        return Fault(code=problem.code, values=problem.values, place=place, hint=problem.hint)

    def resolved(self, node: Node, key: KeyPath) -> Node | None:
        try:
            return resolve(node, self.scope)
        except ExpressionError as error:
            self.expression_faults(error.problems, key)
            return None

    def expression_faults(self, problems: tuple[ExpressionFault, ...], key: KeyPath) -> None:
        self.faults += [located(problem, self.loaded, key) for problem in problems]

    def refusals(self) -> list[Draft]:
        """Return the conditions of ``[record] refuse`` as hidden rules."""
        drafts = []
        for index, refusal in enumerate(self.policy.record.refuse):
            key: KeyPath = ("record", "refuse", index, "when")
            try:
                node = resolve(parse_expression(refusal.when, key), self.scope)
            except ExpressionError as error:
                self.expression_faults(error.problems, key)
                continue
            rule = RuleDeclaration(scorer="formula", label=refusal.reason, reference=refusal.reference)
            drafts.append(
                Draft(
                    name=f"refuse@{index}",
                    rule=rule,
                    node=node,
                    origin=Origin(distribution="rulecore", version=""),
                )
            )
        return drafts

    def order(self, drafts: Mapping[str, Draft]) -> tuple[list[str], set[str]]:
        """Return the rules' names, each after those it needs, and the rules that cannot be put in order.

        Rules that could stand in any order keep the policy's. Those that cannot be ordered have a fault of their own,
        stand in a circle, or need one that does.
        """
        needs = {name: rule_names(draft.node) for name, draft in drafts.items()}
        blocked = _needing(needs, (set(self.policy.rules) - set(drafts)) | self.broken)
        while True:
            sorter = TopologicalSorter({name: sorted(needs[name]) for name in drafts if name not in blocked})
            try:
                sorter.prepare()
                break
            except CycleError as error:
                circle = [str(name) for name in reversed(error.args[1])]
                first = min(circle[:-1], key=list(drafts).index)
                start = circle.index(first)
                turned = [*circle[start:-1], *circle[: start + 1]]
                self.fault(codes.CYCLE, ("rules", first), circle=" → ".join(turned))
                blocked = _needing(needs, blocked | set(circle))
        place = {name: index for index, name in enumerate(drafts)}
        found: list[str] = []
        ready = sorted(sorter.get_ready(), key=place.__getitem__)
        while ready:
            found += ready
            sorter.done(*ready)
            ready = sorted(sorter.get_ready(), key=place.__getitem__)
        return found, blocked


def _needing(needs: Mapping[str, set[str]], wrong: set[str]) -> set[str]:
    """Return the names in ``wrong`` and all that need one of them, directly or not."""
    found = set(wrong)
    while more := {name for name, needed in needs.items() if name not in found and needed & found}:
        found |= more
    return found


def located(problem: ExpressionFault, loaded: LoadedPolicy, fallback: KeyPath) -> Fault:
    """Return an expression's fault at its place in the document; without a span, at ``fallback``."""
    span = problem.span
    if span is None or not span.key:
        return problem.at(loaded.document.place(fallback))
    return problem.at(loaded.document.place(span.key, start=span.start, end=span.end))
