"""Calls over the rows of a detail table: ``sum(votes.points where votes.valid)`` and what may stand in them.

A call is over rows if its function is one of :data:`ROW_FUNCTIONS`, it has one positional argument, and that names a
table of the record (``votes``, ``votes.points``) outside any inner call over rows. Within it a bare name is the table's
own first, else the record's.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rulecore.codes import expressions as expression_codes
from rulecore.codes import tables as codes
from rulecore.expr.constants import constant_value
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.expr.nodes import Call, ListLiteral, Name, Node
from rulecore.expr.supplied import RowOrder, RowPart, TableCall
from rulecore.language import N_
from rulecore.phrase import Phrase

if TYPE_CHECKING:
    from rulecore.plan.resolve import Scope

ROW_FUNCTIONS: Final = {
    "sum": ("sum", ()),
    "求和": ("sum", ()),
    "合计": ("sum", ()),
    "count": ("count", ()),
    "计数": ("count", ()),
    "count_distinct": ("count_distinct", ()),
    "不同个数": ("count_distinct", ()),
    "mean": ("mean", ()),
    "平均": ("mean", ()),
    "min": ("min", ()),
    "最小": ("min", ()),
    "max": ("max", ()),
    "最大": ("max", ()),
    "median": ("median", ()),
    "中位数": ("median", ()),
    "product": ("product", ()),
    "连乘": ("product", ()),
    "trimmed_mean": ("trimmed_mean", ("low", "high")),
    "去极值平均": ("trimmed_mean", ("low", "high")),
    "first": ("first", ("order",)),
    "首个": ("first", ("order",)),
    "last": ("last", ("order",)),
    "末个": ("last", ("order",)),
    "nth_largest": ("nth_largest", ("n",)),
    "第几大": ("nth_largest", ("n",)),
    "sum_largest": ("sum_largest", ("n",)),
    "最大几项合计": ("sum_largest", ("n",)),
    "join": ("join", ("separator", "order")),
    "连接": ("join", ("separator", "order")),
    "any": ("any", ()),
    "任一": ("any", ()),
    "all": ("all", ()),
    "全部": ("all", ()),
}
"""The functions over rows by every name, with the arguments each takes by name besides ``where``."""

_NUMBERS: Final = {"low": Fraction(1), "high": Fraction(1), "n": Fraction(1)}
_NEEDED: Final = {"n"}


def tables_named(node: Node, scope: Scope) -> dict[str, Name]:
    """Return the tables that an unresolved expression names, each with the first name that does."""
    found: dict[str, Name] = {}
    for part in _names(node):
        if part.of in scope.tables:
            found.setdefault(part.of, part)
        elif not part.of and part.name in scope.tables and part.name not in scope.names:
            found.setdefault(part.name, part)
    return found


def _names(node: Node) -> Iterator[Name]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Name):
            yield part
        elif not isinstance(part, TableCall):
            waiting += part.children()
            if isinstance(part, Call):
                waiting += [value for _name, value in part.named]


def is_over_rows(call: Call, scope: Scope) -> bool:
    """Whether a call of an unresolved tree is over the rows of a table."""
    if call.name not in ROW_FUNCTIONS or len(call.arguments) != 1:
        return False
    return bool(tables_named(call.arguments[0], scope))


def table_call(call: Call, scope: Scope) -> tuple[TableCall | None, list[ExpressionFault]]:
    """Return the node of a call over rows, or None and its faults."""
    return _TableCall(call, scope).made()


class _TableCall:
    def __init__(self, call: Call, scope: Scope) -> None:
        self.call = call
        self.function, self.named = ROW_FUNCTIONS[call.name]
        self.tables = tables_named(call.arguments[0], scope)
        self.name = next(iter(self.tables))
        self.scope = scope.tables[self.name]
        self.problems: list[ExpressionFault] = []

    def fault(self, code: object, node: Node, hint: str | None = None, **values: object) -> None:
        shown = {"function": self.call.name, "parameters": self.signature(), **values}
        self.problems.append(ExpressionFault(code=code, values=shown, span=node.span, hint=hint))  # type: ignore[arg-type]

    def signature(self) -> str:
        named = (f"{name} = {_NUMBERS[name]}" if name in ("low", "high") else name for name in self.named)
        return ", ".join((f"{self.name}.…", *named, "where"))

    def made(self) -> tuple[TableCall | None, list[ExpressionFault]]:
        if len(self.tables) > 1:
            second = list(self.tables.values())[1]
            self.fault(codes.SEVERAL_TABLES, second, tables=", ".join(sorted(self.tables)))
            return None, self.problems
        given = self.given()
        argument = self.argument()
        where = self.row(given["where"]) if "where" in given else None
        order = self.order(given["order"]) if "order" in given else ()
        options = self.options(given)
        if self.problems:
            return None, self.problems
        node = TableCall(self.function, self.name, argument, where, order, options, span=self.call.span)
        return node, []

    def given(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        known = (*self.named, "where")
        for name, value in self.call.named:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                hint = N_("did you mean {suggestion}?") if close else None
                suggestion = close[0] if close else ""
                self.fault(
                    expression_codes.UNKNOWN_ARGUMENT, value, hint, argument=name, suggestion=suggestion
                )
            elif name in found:
                self.fault(expression_codes.DUPLICATE_ARGUMENT, value, argument=name)
            else:
                found[name] = value
        return found

    def argument(self) -> RowPart | None:
        only = self.call.arguments[0]
        if isinstance(only, Name) and not only.of and only.name == self.name:
            if self.function not in ("count",):
                known = ", ".join(sorted(self.scope.own))
                hint = N_("say which value of its rows: {table}.NAME; it has {known}")
                self.fault(
                    expression_codes.MISSING_ARGUMENT,
                    only,
                    hint,
                    argument="value",
                    table=self.name,
                    known=known,
                )
            return None
        return self.row(only)

    def row(self, node: Node) -> RowPart | None:
        """Return an expression over the table's rows, with the names in it resolved."""
        from rulecore.plan.resolve import resolve

        try:
            return RowPart(resolve(node, self.scope, of=self.name))
        except ExpressionError as error:
            self.problems += [problem for problem in error.problems if problem not in self.problems]
            return None

    def order(self, node: Node) -> tuple[RowOrder, ...]:
        parts = node.items if isinstance(node, ListLiteral) else (node,)
        found = [self.row(part) for part in parts]
        return tuple(RowOrder(part.node) for part in found if part is not None)

    def options(self, given: dict[str, Node]) -> tuple[tuple[str, Fraction | str | bool], ...]:
        found: list[tuple[str, Fraction | str | bool]] = []
        for name in self.named:
            if name == "order":
                continue
            node = given.get(name)
            if node is None:
                if name in _NEEDED:
                    self.fault(expression_codes.MISSING_ARGUMENT, self.call, argument=name)
                found.append((name, _NUMBERS.get(name, "、")))
                continue
            part = self.row(node)
            value = constant_value(part.node) if part is not None else None
            if part is None:
                continue
            if value is None:
                self.fault(expression_codes.NOT_CONSTANT, node, argument=name)
            elif name == "separator":
                self.check(isinstance(value, str), node, name, N_("a text"), value)
                found.append((name, str(value)))
            else:
                least = 1 if name == "n" else 0
                good = isinstance(value, Fraction) and value.denominator == 1 and value >= least
                self.check(good, node, name, N_("a whole number"), value)
                found.append((name, value if isinstance(value, Fraction) else Fraction(0)))
        return tuple(found)

    def check(self, good: bool, node: Node, name: str, wanted: str, value: object) -> None:
        if not good:
            expected = Phrase(alternatives=(wanted,))
            self.fault(expression_codes.WRONG_CONSTANT, node, argument=name, expected=expected, found=value)
