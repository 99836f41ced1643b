"""One level of a policy, its records or the rows of a detail table: fields, names, and a draft of each rule."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from attrs import define, evolve, field

from rulecore.codes import plan as codes
from rulecore.contracts import Problem, Scorer
from rulecore.declarations import Policy, RuleDeclaration
from rulecore.errors import Code, Fault
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.earlier import OWN_RULE, Previous, PreviousState
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.expr.nodes import FieldRef, IsApplicable, ListLiteral, Literal, Node, ParameterRef, RuleRef
from rulecore.expr.parser import parse_expression
from rulecore.expr.supplied import PARENT_MARK, ParentValue, SuppliedRef
from rulecore.expr.transform import transform
from rulecore.language import N_
from rulecore.plan.assemble import Draft
from rulecore.plan.dated import dated_node, split_dated
from rulecore.plan.resolve import Scope, resolve
from rulecore.plan.scorer_parameters import parameter_nodes, structure_scorer
from rulecore.planned import Claim, FullMarks, Origin, PlannedField
from rulecore.policy.load import LoadedPolicy
from rulecore.records.storage import field_type
from rulecore.registry import Registry
from rulecore.source import KeyPath, Place


@define
class Level:
    """The records of a policy (``name`` is empty) or the rows of one of its tables.

    ``broken`` are names that are declared but could not be structured; ``above`` is the level that rows belong to.
    """

    loaded: LoadedPolicy
    registry: Registry
    name: str = ""
    above: Level | None = None
    broken: frozenset[str] = frozenset()
    faults: list[Fault] = field(factory=list)
    fields: tuple[PlannedField, ...] = ()
    scope: Scope = field(factory=Scope)
    below: dict[str, Scope] = field(factory=dict)
    """The scopes of the tables whose rows belong to this level."""
    structured: dict[tuple[str, str], tuple[Scorer | None, tuple[Fault, ...]]] = field(factory=dict)
    """The scorers made so far, by table and rule, with what is wrong with their parameters; all levels share them."""
    waivers: dict[str, tuple[tuple[str, AdjustedValue], ...]] = field(factory=dict)
    """What adjustments may waive, by rule: the reasons of its grounds and the decisions."""

    def __attrs_post_init__(self) -> None:
        """Work out the fields and what names mean."""
        self.fields = self.planned_fields()
        self.scope = self.make_scope()
        if self.above is not None:
            self.above.below[self.name] = self.scope

    @property
    def policy(self) -> Policy:
        """What is declared at this level."""
        return self.loaded.policy

    def place(self, key: KeyPath, start: int | None = None, end: int | None = None) -> Place:
        """Return where a key of this level stands."""
        return self.loaded.document.place(key, start=start, end=end)

    def fault(self, code: Code, key: KeyPath, hint: str | None = None, **values: object) -> None:
        """Note a fault at a key."""
        self.faults.append(Fault(code=code, values=values, place=self.place(key), hint=hint))

    def planned_fields(self) -> tuple[PlannedField, ...]:
        """Return the fields with their types."""
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
        """Return what names mean at this level; in a table those of the record above are there too."""
        own: dict[str, Node] = {name: FieldRef(name) for name in self.policy.fields}
        own |= {name: RuleRef(name) for name in (*self.policy.rules, *self.broken)}
        names = self.parameters() if self.above is None else self.names_above(self.above)
        return Scope(
            names=names | own,
            headers={planned.header: FieldRef(planned.name) for planned in self.fields},
            functions={name: found.value for name, found in self.registry.functions.items()},
            cohort_functions={name: found.value for name, found in self.registry.cohort_functions.items()},
            tables=self.below,
            own=frozenset(own),
        )

    def names_above(self, above: Level) -> dict[str, Node]:
        """Return the names of the level above as a row sees them."""

        def supplied(node: Node) -> Node:
            match node:
                case FieldRef(name=name) | RuleRef(name=name):
                    given = ParentValue(name, isinstance(node, FieldRef))
                    return SuppliedRef(f"{PARENT_MARK}{name}", given, span=node.span)
                case SuppliedRef(name=name, node=ParentValue(is_field=is_field)):
                    return SuppliedRef(f"{PARENT_MARK}{name}", ParentValue(name, is_field), span=node.span)
            return node

        return {name: transform(node, supplied) for name, node in above.scope.names.items()}

    def parameters(self) -> dict[str, Node]:
        """Return what the policy's parameters stand for."""
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
        return names

    # --- one rule ---------------------------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Draft]:
        """Return the rules that could be read, by name; the faults of the others are noted."""
        found = {name: self.draft(name, rule) for name, rule in self.policy.rules.items()}
        return {name: draft for name, draft in found.items() if draft is not None}

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
        if scorer is not None:
            scorer = self.waived(name, scorer).beside(self.scorer_of)
        node = self.expression(scorer, rule, key, found.origin) if scorer is not None else None
        resolved = self.resolved(node, key) if node is not None else None
        if scorer is None or resolved is None:
            return None
        claims = self.claims(scorer, rule, key, found.origin)
        resolved = transform(resolved, lambda part: _of_own_rule(part, name))
        return Draft(name=name, rule=rule, node=resolved, origin=found.origin, claims=claims)

    def scorer_of(self, name: str) -> Scorer | None:
        """Return the scorer of another rule, None where there is none; its faults are told where it stands."""
        rule = self.policy.rules.get(name)
        found = self.registry.scorers.get(rule.scorer) if rule is not None else None
        if rule is None or found is None:
            return None
        known = len(self.faults)
        scorer = self.scorer(found.value, rule, ("rules", name))
        del self.faults[known:]
        return self.waived(name, scorer) if scorer is not None else None

    def waived(self, name: str, scorer: Scorer) -> Scorer:
        """Return a rule's scorer with the grounds that adjustments may waive out of force where they do."""
        for reason, decided in self.waivers.get(name, ()):
            scorer = scorer.without(reason, IsApplicable(decided))
        return scorer

    def scorer(self, cls: type[Scorer], rule: RuleDeclaration, key: KeyPath) -> Scorer | None:
        """Return the scorer with its parameters, or None with their faults noted."""
        known = (self.name, str(key[-1]))
        if known not in self.structured:
            constant, dated = split_dated(self.policy.parameters)
            parameters: Mapping[str, Literal | ListLiteral] = parameter_nodes(constant)
            self.structured[known] = structure_scorer(
                cls,
                rule.settings,
                document=self.loaded.document,
                key=key,
                parameters=parameters,
                dated=tuple(dated),
            )
        scorer, faults = self.structured[known]
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
        """Return a claim with the names in it resolved."""
        if isinstance(claim, FullMarks):
            return evolve(claim, of=resolve(claim.of, self.scope), key=(*key, *claim.key))
        rows = (evolve(row, hit=resolve(row.hit, self.scope), key=(*key, *row.key)) for row in claim.rows)
        return evolve(claim, rows=tuple(rows))

    def crashed(self, error: Exception, rule: RuleDeclaration, key: KeyPath, origin: Origin) -> None:
        """Note that a plugin's scorer failed."""
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
        """Return an expression with its names resolved, or None with its faults noted."""
        try:
            return resolve(node, self.scope)
        except ExpressionError as error:
            self.expression_faults(error.problems, key)
            return None

    def expression_faults(self, problems: tuple[ExpressionFault, ...], key: KeyPath) -> None:
        """Note the faults of an expression, those without a place of their own at ``key``."""
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


def _of_own_rule(node: Node, name: str) -> Node:
    """Return a rule's own earlier value, which its scorer asked for, by the rule's name."""
    if isinstance(node, Previous | PreviousState) and node.name == OWN_RULE:
        return evolve(node, name=name)
    return node


def located(problem: ExpressionFault, loaded: LoadedPolicy, fallback: KeyPath) -> Fault:
    """Return an expression's fault at its place in the document; without a span, at ``fallback``."""
    span = problem.span
    if span is None or not span.key:
        return problem.at(loaded.document.place(fallback))
    return problem.at(loaded.document.place(span.key, start=span.start, end=span.end))
