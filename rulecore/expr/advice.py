"""What is said of a text that breaks the grammar: what was found, what could stand there, the usual slips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rulecore.codes import expressions as codes
from rulecore.expr.errors import ExpressionFault
from rulecore.expr.tokens import Word, keyword_in
from rulecore.language import N_
from rulecore.phrase import Phrase
from rulecore.source import Span

_VALUES: Final = frozenset({"NAME", "NUMBER", "TEXT", "DATE", "QUOTED", "TRUE", "FALSE", "NOT_APPLICABLE"})
_COMPARISONS: Final = frozenset({"EQUAL", "NOT_EQUAL", "LESS", "AT_MOST", "MORE", "AT_LEAST"})
_CLOSING: Final = {"(": ")", "[": "]", "（": "）", "［": "］"}

# In the order in which they are named; a group is named when its terminal could stand at the place.
_EXPECTED: Final = (
    ("NUMBER", N_("a value")),
    ("PLUS", N_("an operator")),
    ("THEN", N_("then (则)")),
    ("ELSE", N_("else (否则)")),
    ("RANGE", N_("..")),
    ("COMMA", N_("a comma")),
    ("RPAR", N_("a closing bracket")),
    ("RSQB", N_("a closing bracket ]")),
    ("$END", N_("the end")),
)


def syntax_fault(words: Sequence[Word], index: int, accepted: set[str]) -> ExpressionFault:
    """Return the fault for the word at ``index``, where terminals ``accepted`` could stand.

    An index one past the last word means that the text ended too early.
    """
    expected = _expected(accepted)
    before = words[index - 1] if index else None
    if index >= len(words):
        last = words[-1].span
        span = Span(start=max(last.end - 1, 0), end=last.end, key=last.key)
        return ExpressionFault(code=codes.UNFINISHED, values={"expected": expected}, span=span)
    word = words[index]
    if word.type == "ASSIGN":
        hint = N_("leave it out") if index == 0 else None
        return ExpressionFault(
            code=codes.SINGLE_EQUALS, values={"found": word.text}, span=word.span, hint=hint
        )
    hint, extra = _slip(before, word, words[index + 1] if index + 1 < len(words) else None)
    return ExpressionFault(
        code=codes.UNEXPECTED,
        values={"found": word.text, "expected": expected, **extra},
        span=word.span,
        hint=hint,
    )


def _expected(accepted: set[str]) -> Phrase:
    if {"LSQB", "NAME"} <= accepted and "NUMBER" not in accepted:
        return Phrase(alternatives=(N_('a list such as ("A", "B")'),))
    words = tuple(word for terminal, word in _EXPECTED if terminal in accepted)
    if "LPAR" in accepted and not accepted & {"NUMBER", "PLUS"}:
        words = (N_("an opening bracket"), *words)
    return Phrase(alternatives=words or (N_("something else"),))


def _slip(before: Word | None, word: Word, after: Word | None) -> tuple[str | None, dict[str, object]]:
    if word.type == "RANGE":
        return N_("intervals stand only in table cells, as [1..5); elsewhere write 1 <= x < 5"), {}
    if before is not None and before.type in {"IN", "NOT_IN"}:
        return N_('write x in ("A", "B"); whether a text contains another is contains(x, "A")'), {}
    if before is not None and before.type in {"AND", "OR"} and word.type in _COMPARISONS:
        return N_("name the value again, as in x > 1 and x < 5, or chain: 1 < x < 5"), {}
    if before is not None and before.type in {*_VALUES, "RPAR"} and word.type in {*_VALUES, "LPAR"}:
        for name in (before, word):
            keyword = keyword_in(name.text) if name.type == "NAME" else ""
            if keyword:
                return N_("{name} is read as one name: put spaces around {keyword}"), {
                    "name": name.text,
                    "keyword": keyword,
                }
        return N_("an operator or a comma is missing before it; a name with spaces is written 「…」"), {}
    if before is not None and before.type != "MINUS" and word.type == "COMMA" and after is not None:
        return N_("several values stand only in calls and in lists: min(a, b), x in (1, 2)"), {}
    if before is not None and before.type == "ELSE" and word.type in {"THEN", "ELSE"}:
        return N_("a value stands after else (否则)"), {}
    return None, {}


def bracket_faults(words: Sequence[Word]) -> list[ExpressionFault]:
    """Return a fault for every bracket that is never closed or closes nothing."""
    problems: list[ExpressionFault] = []
    opened: list[Word] = []
    for word in words:
        if word.type in {"LPAR", "LSQB"}:
            opened.append(word)
        elif word.type in {"RPAR", "RSQB"}:
            if not opened:
                values = {"found": word.text}
                problems.append(ExpressionFault(code=codes.BRACKET_NOT_OPENED, values=values, span=word.span))
            elif opened[-1].type[1:] == word.type[1:]:
                opened.pop()
            else:
                problems.append(_not_closed(opened.pop()))
    return problems + [_not_closed(word) for word in opened]


def _not_closed(word: Word) -> ExpressionFault:
    values = {"found": word.text, "closing": _CLOSING[word.text]}
    return ExpressionFault(code=codes.BRACKET_NOT_CLOSED, values=values, span=word.span)


def deepest_bracket(words: Sequence[Word]) -> tuple[int, Word | None]:
    """Return how many brackets are open at once, at most, and the bracket that reaches it."""
    level, deepest, where = 0, 0, None
    for word in words:
        if word.type in {"LPAR", "LSQB"}:
            level += 1
            if level > deepest:
                deepest, where = level, word
        elif word.type in {"RPAR", "RSQB"}:
            level = max(level - 1, 0)
    return deepest, where
