"""From text to tree: ``parse_expression`` for formulas, ``parse_unary_tests`` for the cells of tables.

The grammar (``grammar.lark``) is loaded when the first expression is parsed, and then kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from rulecore.codes import expressions as codes
from rulecore.expr.advice import bracket_faults, deepest_bracket, syntax_fault
from rulecore.expr.build import Subject
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.expr.grammar import load_grammar
from rulecore.expr.nodes import Node
from rulecore.expr.tokens import MAXIMUM_NESTING, Word, read_words
from rulecore.expr.transform import depth, transform
from rulecore.source import KeyPath, Span

if TYPE_CHECKING:
    from lark import Lark

MAXIMUM_DEPTH: Final = 128
"""The most nodes that may stand one inside the other: what recursive readers of trees can surely follow."""

Start = Literal["expression", "unary_tests"]


def parse_expression(text: str, key: KeyPath = ()) -> Node:
    """Return the tree of an expression, its names and calls as written.

    ``key`` is the key path of the text in its policy; it becomes part of every span. Raises
    :class:`~rulecore.expr.errors.ExpressionError` if the text is not an expression.
    """
    words = read_words(text, key)
    _check_words(words, text, key, balanced=True)
    return _parse(words, text, "expression")


def parse_unary_tests(text: str, subject: Node, key: KeyPath = ()) -> Node:
    """Return the flag that a table cell stands for, over ``subject``.

    ======================  ==========================================================
    ``-``                   anything, 不适用 included
    ``5``, ``"A"``          equal to it
    ``"A", "B"``            one of them; a comma between any tests means *or*
    ``>= 5``, ``!= "A"``    the comparison
    ``[1..5)``, ``]1..5]``  from 1 to 5; a round or outward bracket leaves the end out
    ``in names``            one of a parameter that is a list
    ``not("A", "B")``       none of them
    ``不适用``              not applicable
    ======================  ==========================================================

    Raises :class:`~rulecore.expr.errors.ExpressionError` if the text is none of these.
    """
    words = read_words(text, key)
    _check_words(words, text, key, balanced=False)
    tests = _parse(words, text, "unary_tests")

    def put_in(node: Node) -> Node:
        return subject if isinstance(node, Subject) else node

    return transform(tests, put_in)


def _check_words(words: list[Word], text: str, key: KeyPath, *, balanced: bool) -> None:
    problems = bracket_faults(words) if balanced else []
    if not words:
        span = Span(start=0, end=max(len(text), 1), key=key)
        problems = [ExpressionFault(code=codes.EMPTY_EXPRESSION, span=span)]
    nesting, where = deepest_bracket(words)
    if nesting > MAXIMUM_NESTING and where is not None:
        values = {"limit": MAXIMUM_NESTING}
        problems.append(ExpressionFault(code=codes.TOO_DEEP, values=values, span=where.span))
    if problems:
        raise ExpressionError(problems, text)


def _parse(words: list[Word], text: str, start: Start) -> Node:
    from lark.exceptions import UnexpectedToken

    try:
        node = cast(Node, _grammar().parse(cast(Any, words), start=start))
    except UnexpectedToken as error:
        found = error.token
        index = words.index(found) if isinstance(found, Word) else len(words)
        raise ExpressionError([syntax_fault(words, index, set(error.accepts or ()))], text) from None
    except ExpressionError as error:
        raise ExpressionError(error.problems, text) from None
    if depth(node) > MAXIMUM_DEPTH:
        values = {"limit": MAXIMUM_DEPTH}
        raise ExpressionError(
            [ExpressionFault(code=codes.TOO_MANY_STEPS, values=values, span=node.span)], text
        )
    return node


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    return load_grammar()
