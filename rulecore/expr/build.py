"""From grammar to nodes: a method for each rule of ``grammar.lark``, called when the rule is recognised.

Every method gets the rule's parts, nodes and words, in the order of the text; the node's span runs from the
first to the last of them. Nothing here recurses.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, cast

from attrs import evolve, field, frozen

from rulecore.codes import expressions as codes
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.expr.nodes import (
    Add,
    And,
    Branch,
    Call,
    Compare,
    Comparison,
    Conditional,
    Divide,
    IsApplicable,
    IsIn,
    ListLiteral,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Not,
    NotApplicable,
    Or,
    Subtract,
)
from rulecore.expr.tokens import Word
from rulecore.source import Span


@frozen
class Subject(Node):
    """What unary tests are about, until ``parse_unary_tests`` puts the real subject in."""


@frozen
class Items:
    """Several expressions in a row, separated by commas."""

    nodes: tuple[Node, ...]
    span: Span


@frozen
class Named:
    """A ``name = value`` argument."""

    name: Word
    value: Node
    span: Span


@frozen
class Restricted:
    """A ``value where condition`` argument: rows of a table that meet a condition."""

    value: Node
    condition: Node
    span: Span


@frozen
class Arguments:
    """The arguments of a call."""

    positional: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...]
    span: Span = field(eq=False)


Part = Node | Word | Items | Named | Restricted | Arguments

SUBJECT: Final = Subject()

_COMPARISONS: Final[dict[str, Comparison]] = {
    "EQUAL": "==",
    "NOT_EQUAL": "!=",
    "LESS": "<",
    "AT_MOST": "<=",
    "MORE": ">",
    "AT_LEAST": ">=",
}
_SHARES: Final = {"%": 100, "‰": 1000}


def _span(parts: list[Part]) -> Span:
    first, last = cast(Span, parts[0].span), cast(Span, parts[-1].span)
    return Span(start=first.start, end=last.end, key=first.key)


def _nodes(parts: list[Part]) -> tuple[Node, ...]:
    return tuple(part for part in parts if isinstance(part, Node))


def _word(part: Part) -> Word:
    return cast(Word, part)


def _node(part: Part) -> Node:
    return cast(Node, part)


def _items(part: Part) -> Items:
    return cast(Items, part)


def read_number(text: str) -> Fraction:
    """Return the exact value of a number as written: ``1_000``, ``0.05``, ``95%`` (0.95), ``5‰`` (0.005)."""
    share = _SHARES.get(text[-1], 1)
    return Fraction(text.rstrip("%‰").replace("_", "")) / share


def read_text(written: str) -> str:
    """Return the text between its quotes; a straight quote written twice stands for itself."""
    quote, inner = written[0], written[1:-1]
    return inner.replace(quote * 2, quote) if quote in "'\"" else inner


class _Builder:
    """Makes the nodes; Lark calls the method that has the rule's name."""

    # --- constants and names

    def number(self, parts: list[Part]) -> Node:
        return Literal(read_number(_word(parts[0]).text), span=_span(parts))

    def negative_number(self, parts: list[Part]) -> Node:
        number = cast(Literal, parts[1])
        return Literal(-cast(Fraction, number.value), span=_span(parts))

    def text(self, parts: list[Part]) -> Node:
        return Literal(read_text(_word(parts[0]).text), span=_span(parts))

    def day(self, parts: list[Part]) -> Node:
        return Literal(date.fromisoformat(_word(parts[0]).text), span=_span(parts))

    def true(self, parts: list[Part]) -> Node:
        return Literal(True, span=_span(parts))

    def false(self, parts: list[Part]) -> Node:
        return Literal(False, span=_span(parts))

    def not_applicable(self, parts: list[Part]) -> Node:
        return NotApplicable(span=_span(parts))

    def name(self, parts: list[Part]) -> Node:
        return Name(_word(parts[0]).text, span=_span(parts))

    def quoted_name(self, parts: list[Part]) -> Node:
        return Name(_word(parts[0]).text[1:-1], quoted=True, span=_span(parts))

    def name_of_table(self, parts: list[Part]) -> Node:
        table, name = _word(parts[0]), _word(parts[2])
        quoted = name.type == "QUOTED"
        written = name.text[1:-1] if quoted else name.text
        of = table.text[1:-1] if table.type == "QUOTED" else table.text
        return Name(written, quoted, of, span=_span(parts))

    def bracketed(self, parts: list[Part]) -> Node:
        return evolve(_node(parts[1]), span=_span(parts))

    # --- arithmetic

    def add(self, parts: list[Part]) -> Node:
        return Add(*_nodes(parts), span=_span(parts))

    def subtract(self, parts: list[Part]) -> Node:
        return Subtract(*_nodes(parts), span=_span(parts))

    def multiply(self, parts: list[Part]) -> Node:
        return Multiply(*_nodes(parts), span=_span(parts))

    def divide(self, parts: list[Part]) -> Node:
        return Divide(*_nodes(parts), span=_span(parts))

    def negate(self, parts: list[Part]) -> Node:
        return Negate(*_nodes(parts), span=_span(parts))

    # --- logic

    def any_of(self, parts: list[Part]) -> Node:
        return Or(_nodes(parts), span=_span(parts))

    def all_of(self, parts: list[Part]) -> Node:
        return And(_nodes(parts), span=_span(parts))

    def negation(self, parts: list[Part]) -> Node:
        return Not(*_nodes(parts), span=_span(parts))

    def operator(self, parts: list[Part]) -> Part:
        return parts[0]

    def comparison(self, parts: list[Part]) -> Node:
        pairs = tuple(
            Compare(
                _COMPARISONS[_word(parts[index]).type],
                _node(parts[index - 1]),
                _node(parts[index + 1]),
                span=_span(parts[index - 1 : index + 2]),
            )
            for index in range(1, len(parts), 2)
        )
        return pairs[0] if len(pairs) == 1 else And(pairs, span=_span(parts))

    def is_in(self, parts: list[Part]) -> Node:
        return IsIn(_node(parts[0]), cast(ListLiteral, parts[-1]), span=_span(parts))

    def is_not_in(self, parts: list[Part]) -> Node:
        return Not(self.is_in(parts), span=_span(parts))

    def list_of(self, parts: list[Part]) -> Node:
        return ListLiteral(_items(parts[1]).nodes, span=_span(parts))

    def list_by_name(self, parts: list[Part]) -> Node:
        return ListLiteral(_nodes(parts), span=_span(parts))

    def items(self, parts: list[Part]) -> Part:
        return Items(_nodes(parts), _span(parts))

    def conditional(self, parts: list[Part]) -> Node:
        condition, value, otherwise = _nodes(parts)
        branch = Branch(condition, value, span=_span(parts[:4]))
        return Conditional((branch,), otherwise, span=_span(parts))

    def conditional_chained(self, parts: list[Part]) -> Node:
        condition, value, rest = _nodes(parts)
        following = cast(Conditional, rest)
        branch = Branch(condition, value, span=_span(parts[:4]))
        return Conditional((branch, *following.branches), following.otherwise, span=_span(parts))

    # --- calls

    def restricted(self, parts: list[Part]) -> Part:
        return Restricted(_node(parts[0]), _node(parts[2]), _span(parts))

    def named(self, parts: list[Part]) -> Part:
        return Named(_word(parts[0]), _node(parts[2]), _span(parts))

    def named_list(self, parts: list[Part]) -> Part:
        nodes: list[Node] = []
        for part in parts[2:]:
            nodes += part.nodes if isinstance(part, Items) else _nodes([part])
        return Named(_word(parts[0]), ListLiteral(tuple(nodes), span=_span(parts[2:])), _span(parts))

    def arguments(self, parts: list[Part]) -> Part:
        positional: list[Node] = []
        named: list[tuple[str, Node]] = []
        for part in parts:
            if isinstance(part, Named):
                named.append((part.name.text, part.value))
            elif isinstance(part, Restricted):
                positional.append(part.value)
                named.append(("where", part.condition))
            elif isinstance(part, Node):
                if named:
                    raise ExpressionError(
                        [ExpressionFault(code=codes.POSITIONAL_AFTER_NAMED, span=part.span)],
                    )
                positional.append(part)
        return Arguments(tuple(positional), tuple(named), _span(parts))

    def call(self, parts: list[Part]) -> Node:
        name, arguments = _word(parts[0]).text, parts[2]
        if isinstance(arguments, Arguments):
            return Call(name, arguments.positional, arguments.named, span=_span(parts))
        return Call(name, span=_span(parts))

    # --- unary tests

    def anything(self, parts: list[Part]) -> Node:
        return Literal(True, span=_span(parts))

    def equal_test(self, parts: list[Part]) -> Node:
        value = _node(parts[0])
        if isinstance(value, NotApplicable):
            return Not(IsApplicable(SUBJECT, span=value.span), span=value.span)
        return Compare("==", SUBJECT, value, span=value.span)

    def compare_test(self, parts: list[Part]) -> Node:
        operator, value = _COMPARISONS[_word(parts[0]).type], _node(parts[1])
        if operator in {"==", "!="} and isinstance(value, NotApplicable):
            applicable = IsApplicable(SUBJECT, span=_span(parts))
            return applicable if operator == "!=" else Not(applicable, span=_span(parts))
        return Compare(operator, SUBJECT, value, span=_span(parts))

    def in_test(self, parts: list[Part]) -> Node:
        return IsIn(SUBJECT, cast(ListLiteral, parts[-1]), span=_span(parts))

    def not_in_test(self, parts: list[Part]) -> Node:
        return Not(self.in_test(parts), span=_span(parts))

    def not_test(self, parts: list[Part]) -> Node:
        (test,) = _nodes(parts)
        if isinstance(test, Not):
            return evolve(test.operand, span=_span(parts))
        return Not(test, span=_span(parts))

    def interval(self, parts: list[Part]) -> Node:
        left, low, _, high, right = parts
        from_low: Comparison = ">=" if _word(left).type == "LSQB" else ">"
        to_high: Comparison = "<=" if _word(right).type == "RSQB" else "<"
        return And(
            (
                Compare(from_low, SUBJECT, _node(low), span=_span([left, low])),
                Compare(to_high, SUBJECT, _node(high), span=_span([high, right])),
            ),
            span=_span(parts),
        )

    def tests(self, parts: list[Part]) -> Node:
        tests = _nodes(parts)
        if len(tests) == 1:
            return tests[0]
        constants = [
            test.right
            for test in tests
            if isinstance(test, Compare) and test.operator == "==" and isinstance(test.right, Literal)
        ]
        if len(constants) == len(tests):
            return IsIn(SUBJECT, ListLiteral(tuple(constants), span=_span(parts)), span=_span(parts))
        return Or(tests, span=_span(parts))


BUILDER: Final = _Builder()
"""The one builder: it holds no state."""
