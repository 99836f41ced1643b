"""From names to what they name: fields, rules, parameters, functions; every fault of a tree in one error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from attrs import evolve, field, frozen

from rulecore.codes import expressions as codes
from rulecore.codes import tables as table_codes
from rulecore.contracts import CohortFunction, Function
from rulecore.errors import Code
from rulecore.expr.constants import constant_value
from rulecore.expr.errors import ExpressionFault, ResolveErrors
from rulecore.expr.nodes import (
    Call,
    Compare,
    IsIn,
    ListLiteral,
    Literal,
    Name,
    Node,
    NotApplicable,
    ParameterRef,
)
from rulecore.expr.tokens import keyword_in
from rulecore.expr.transform import transform
from rulecore.language import N_
from rulecore.plan.calls import SPECIAL_FORMS, Unresolved, build_call
from rulecore.plan.table_calls import ROW_FUNCTIONS, is_over_rows, table_call

_NOT_APPLICABLE: Final = NotApplicable()
_KEYWORDS: Final = re.compile("不属于|属于|否则|如果|且|或|则|非")


@frozen(kw_only=True)
class Scope:
    """What names mean at a place of a policy.

    ``names``: fields, rules and parameters by identifier (parameters that are lists as
    :class:`~rulecore.expr.nodes.ListLiteral`); ``headers``: fields by the header of their column, for names
    in 「」;
    ``functions`` and ``cohort_functions``: by every name and alias.
    """

    names: Mapping[str, Node] = field(factory=dict)
    headers: Mapping[str, Node] = field(factory=dict)
    functions: Mapping[str, Function] = field(factory=dict)
    cohort_functions: Mapping[str, CohortFunction] = field(factory=dict)
    tables: Mapping[str, Scope] = field(factory=dict)
    own: frozenset[str] = frozenset()
    """In the scope of a detail table: the names of its own fields and rules, without those of its parents."""


def resolve(node: Node, scope: Scope, of: str = "") -> Node:
    """Return the tree with every name and call replaced by what it stands for; spans are kept.

    ``of`` is the table whose rows the expression is over, where it stands in a call over rows: ``votes.points`` is then
    the row's own value. Raises :class:`~rulecore.expr.errors.ResolveErrors` with all faults of the tree.
    """
    resolver = _Resolver(scope, of)
    if scope.tables:
        node = transform(node, resolver.over_rows)
    resolved = transform(node, resolver.replace)
    if isinstance(resolved, ListLiteral):
        resolver.fault(codes.LIST_AS_VALUE, resolved)
    if resolver.problems:
        raise ResolveErrors(resolver.problems)
    return resolved


class _Resolver:
    def __init__(self, scope: Scope, of: str = "") -> None:
        self.scope = scope
        self.of = of
        self.problems: list[ExpressionFault] = []

    def fault(self, code: Code, node: Node, hint: str | None = None, **values: object) -> None:
        self.add(ExpressionFault(code=code, values=values, span=node.span, hint=hint))

    def add(self, problem: ExpressionFault) -> None:
        """Note a fault, once: a scorer may use the same expression at several places."""
        if problem not in self.problems:
            self.problems.append(problem)

    def over_rows(self, node: Node) -> Node:
        """Return a call over the rows of a table as its own node; the names in it are those of the rows."""
        if not isinstance(node, Call) or not is_over_rows(node, self.scope):
            return node
        made, problems = table_call(node, self.scope)
        for problem in problems:
            self.add(problem)
        return made if made is not None else Unresolved(span=node.span)

    def replace(self, node: Node) -> Node:
        match node:
            case Name():
                return self.name(node)
            case Call():
                return self.call(node)
            case ListLiteral():
                return self.list(node)
            case IsIn():
                self.check_values(node.operand)
                return node if node.choices.name else evolve(node, choices=self.constants(node.choices))
            case ParameterRef():
                return node
            case Compare():
                self.check_values(node.left, node.right)
                # Only where it was written: a scorer may well compare with a value that comes out as 不适用.
                if node.span is not None and _NOT_APPLICABLE in (node.left, node.right):
                    self.fault(codes.COMPARED_WITH_NOT_APPLICABLE, node)
                return node
            case _:
                self.check_values(*node.children())
                return node

    def check_values(self, *nodes: Node) -> None:
        for node in nodes:
            if isinstance(node, ListLiteral):
                self.fault(codes.LIST_AS_VALUE, node)

    def name(self, node: Name) -> Node:
        if node.of and node.of != self.of:
            return self.outside_rows(node)
        if not node.of and node.name in self.scope.tables and node.name not in self.scope.names:
            self.many_values(node, node.name, node.name)
            return Unresolved(span=node.span)
        if node.of and node.name not in self.scope.own and node.name not in self.scope.headers:
            known = ", ".join(sorted(self.scope.own))
            self.fault(
                codes.UNKNOWN_NAME,
                node,
                N_("names of {table}: {known}"),
                name=node.name,
                table=node.of,
                known=known,
            )
            return Unresolved(span=node.span)
        found = self.scope.names.get(node.name)
        if found is None and node.quoted:
            found = self.scope.headers.get(node.name)
        if found is not None:
            return evolve(found, span=node.span)
        hint, values = self.near_miss(node.name)
        self.fault(codes.UNKNOWN_NAME, node, hint, name=node.name, **values)
        return Unresolved(span=node.span)

    def outside_rows(self, node: Name) -> Node:
        """Note the fault of a name with a point that is not over rows, or whose table is none."""
        if node.of in self.scope.tables:
            self.many_values(node, f"{node.of}.{node.name}", node.of)
        elif self.scope.tables:
            known = ", ".join(self.scope.tables)
            self.fault(table_codes.NO_SUCH_TABLE, node, table=node.of, known=known)
        else:
            self.fault(codes.ATTRIBUTE_ACCESS, node, found=".")
        return Unresolved(span=node.span)

    def many_values(self, node: Name, name: str, table: str) -> None:
        known = ", ".join(sorted({function for function, _named in ROW_FUNCTIONS.values()}))
        self.fault(table_codes.MANY_VALUES, node, name=name, table=table, known=known)

    def near_miss(self, name: str) -> tuple[str | None, dict[str, object]]:
        """Return the best advice for an unknown name, and the values in it."""
        scope = self.scope
        if name in scope.headers:
            return N_("it is the header of a column: write 「{name}」"), {}
        if name in scope.functions or name in scope.cohort_functions or name in SPECIAL_FORMS:
            return N_("it is a function: write {name}(…)"), {}
        pieces = [piece for piece in _KEYWORDS.split(name) if piece]
        if keyword_in(name) and any(piece in scope.names for piece in pieces):
            spaced = " ".join(re.sub(rf"({_KEYWORDS.pattern})", r" \1 ", name).split())
            return N_("it is read as one name: put spaces around {keyword}, as in {spaced}"), {
                "keyword": keyword_in(name),
                "spaced": spaced,
            }
        close = get_close_matches(name, [*scope.names, *scope.headers], n=1)
        if close:
            shown = close[0] if close[0] in scope.names else f"「{close[0]}」"
            return N_("did you mean {suggestion}?"), {"suggestion": shown}
        return None, {}

    def list(self, node: ListLiteral) -> Node:
        """Return the list with lists named in it put in; a single one keeps its name."""
        if len(node.items) == 1 and isinstance(node.items[0], ListLiteral):
            return evolve(node.items[0], span=node.span)
        items: list[Node] = []
        for item in node.items:
            items += item.items if isinstance(item, ListLiteral) else (item,)
        return evolve(node, items=tuple(items)) if len(items) != len(node.items) else node

    def constants(self, choices: ListLiteral) -> ListLiteral:
        items: list[Node] = []
        for item in choices.items:
            value = constant_value(item)
            if isinstance(item, Literal | ParameterRef):
                items.append(item)
            elif value is not None:
                items.append(Literal(value, span=item.span))
            else:
                items.append(item)
                if not isinstance(item, Unresolved):
                    self.fault(codes.LIST_ITEM_NOT_CONSTANT, item)
        return evolve(choices, items=tuple(items))

    def call(self, node: Call) -> Node:
        function = self.function(node.name)
        if function is None:
            known = [*self.scope.functions, *self.scope.cohort_functions, *SPECIAL_FORMS]
            close = get_close_matches(node.name, known, n=1)
            hint = N_("did you mean {suggestion}?") if close else None
            if node.name in ROW_FUNCTIONS:
                hint = N_("{name} is over the rows of a detail table: {name}(TABLE.NAME where …)")
            if node.name in self.scope.names:
                hint = N_("{name} is a value, not a function: an operator such as × is missing")
            values = {"name": node.name, "suggestion": close[0] if close else ""}
            self.fault(codes.UNKNOWN_FUNCTION, node, hint, **values)
            return Unresolved(span=node.span)
        built, problems = build_call(node, function)
        for problem in problems:
            self.add(problem)
        return built if built is not None else Unresolved(span=node.span)

    def function(self, name: str) -> Function | CohortFunction | str | None:
        if name in SPECIAL_FORMS:
            return SPECIAL_FORMS[name]
        return self.scope.functions.get(name) or self.scope.cohort_functions.get(name)
