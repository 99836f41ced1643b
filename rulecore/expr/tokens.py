"""The words of the expression language: full-width forms, Chinese keywords, exact offsets.

Lexical faults (an unknown character, an unclosed quote, an impossible date) are all found in one pass.
"""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, Final

from attrs import frozen

from rulecore.codes import expressions as codes
from rulecore.errors import Code
from rulecore.expr.errors import ExpressionError, ExpressionFault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.source import KeyPath, Span

MAXIMUM_LENGTH: Final = 4_000
"""The most characters an expression may have."""
MAXIMUM_NESTING: Final = 64
"""The most brackets that may be open at once."""

KEYWORDS: Final[dict[str, tuple[str, ...]]] = {
    "and": ("AND",),
    "且": ("AND",),
    "or": ("OR",),
    "或": ("OR",),
    "not": ("NOT",),
    "非": ("NOT",),
    "in": ("IN",),
    "属于": ("IN",),
    "不属于": ("NOT_IN",),
    "if": ("IF",),
    "如果": ("IF",),
    "then": ("THEN",),
    "则": ("THEN",),
    "else": ("ELSE",),
    "否则": ("ELSE",),
    "否则如果": ("ELSE", "IF"),
    "true": ("TRUE",),
    "真": ("TRUE",),
    "false": ("FALSE",),
    "假": ("FALSE",),
    "not_applicable": ("NOT_APPLICABLE",),
    "不适用": ("NOT_APPLICABLE",),
}

RESTRICTION: Final = ("where", "其中")
"""The words before a condition on rows; keywords only behind a value: ``where = …`` still names an argument."""

_ENDS_OF_VALUES: Final = {
    "NAME",
    "QUOTED",
    "NUMBER",
    "TEXT",
    "DATE",
    "TRUE",
    "FALSE",
    "NOT_APPLICABLE",
    "RPAR",
    "RSQB",
}

OPERATORS: Final[dict[str, str]] = {
    "..": "RANGE",
    "==": "EQUAL",
    "!=": "NOT_EQUAL",
    "≠": "NOT_EQUAL",
    "<=": "AT_MOST",
    "≤": "AT_MOST",
    "≦": "AT_MOST",
    ">=": "AT_LEAST",
    "≥": "AT_LEAST",
    "≧": "AT_LEAST",
    "<": "LESS",
    ">": "MORE",
    "=": "ASSIGN",
    "+": "PLUS",
    "-": "MINUS",
    "*": "TIMES",
    "×": "TIMES",
    "/": "OVER",
    "÷": "OVER",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    ",": "COMMA",
}

# One character for one, so that offsets stay those of the text as written.
_HALF_WIDTH: Final = str.maketrans(
    "（）［］，＋－−＊／＜＞＝！％．＆｜０１２３４５６７８９", "()[],+--*/<>=!%.&|0123456789"
)

_FOREIGN: Final[dict[str, str]] = {
    "&&": N_("and (且)"),
    "||": N_("or (或)"),
    "&": N_("and (且)"),
    "|": N_("or (或)"),
    "<>": N_("!= (≠)"),
    "!": N_("not (非)"),
    "**": N_("power(x, 2)"),
    "^": N_("power(x, 2)"),
    "//": N_("floor(a / b)"),
    "===": "==",
    "=>": ">=",
    "=<": "<=",
    "%": N_("a percentage without a space, as in 95%; there is no remainder"),
    "、": N_("a comma"),
    ";": N_("a comma"),
    "；": N_("a comma"),
    "+=": "+",
    "-=": "-",
}

_QUOTES: Final[dict[str, str]] = {"'": "'", '"': '"', "“": "”", "‘": "’", "「": "」"}

_SYMBOLS: Final = "|".join(
    re.escape(symbol) for symbol in sorted({*OPERATORS, *_FOREIGN}, key=lambda symbol: (-len(symbol), symbol))
)

# The pattern runs over the text in half-width forms; texts in quotes are cut from the text as written.
_PATTERN: Final = re.compile(
    rf"""(?P<SPACE>[\s\ufeff\u200b]+)
    |(?P<DATE>[0-9]{{4}}-[0-9]+-[0-9]+(?:[\w%‰]|\.(?!\.))*)
    |(?P<NUMBER>[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?[%‰]?)
    |(?P<NAME>[^\W\d]\w*)
    |(?P<QUOTED>「[^「」]*」)
    |(?P<TEXT>"(?:[^"]|"")*"|'(?:[^']|'')*'|“[^”]*”|‘[^’]*’)
    |(?P<SYMBOL>{_SYMBOLS})
    |(?P<DOT>\.)""",
    re.VERBOSE,
)


@frozen
class Word:
    """One token: its terminal in the grammar, its text as written, and where it stands.

    Lark takes it as a token as it is; where the text ends it copies the positions below from the last one.
    """

    type: str
    text: str
    span: Span
    line: ClassVar[None] = None
    column: ClassVar[None] = None
    end_line: ClassVar[None] = None
    end_column: ClassVar[None] = None
    start_pos: ClassVar[None] = None
    end_pos: ClassVar[None] = None


def read_words(text: str, key: KeyPath) -> list[Word]:
    """Return the tokens of ``text``, or raise an ``ExpressionError`` with all its lexical faults."""
    if len(text) > MAXIMUM_LENGTH:
        values = {"length": len(text), "limit": MAXIMUM_LENGTH}
        span = Span(start=MAXIMUM_LENGTH, end=MAXIMUM_LENGTH + 1, key=key)
        raise ExpressionError([ExpressionFault(code=codes.TOO_LONG, values=values, span=span)], text)
    reader = _Reader(text, key)
    words = reader.read()
    if reader.problems:
        raise ExpressionError(reader.problems, text)
    return words


def is_plain_name(name: str) -> bool:
    """Return whether ``name`` can stand in an expression without 「」."""
    return bool(re.fullmatch(r"[^\W\d]\w*", name)) and name.isidentifier() and name not in KEYWORDS


def keyword_in(name: str) -> str:
    """Return the keyword that a name without spaces has swallowed (且 in ``得分且扣分``), or "".

    English keywords count only at an end that a number or a bracket could precede, as in ``80and``.
    """
    for keyword in ("不属于", "属于", "否则", "如果", "且", "或", "则", "非"):
        if keyword in name:
            return keyword
    for keyword in ("and", "or", "then", "else", "in"):
        if name == keyword or re.match(rf"{keyword}[^a-z_]", name):
            return keyword
    return ""


class _Reader:
    def __init__(self, text: str, key: KeyPath) -> None:
        self.text = text
        self.half = text.translate(_HALF_WIDTH)
        self.key = key
        self.problems: list[ExpressionFault] = []

    def fault(self, code: Code, start: int, end: int, hint: str | None = None, **values: object) -> None:
        span = Span(start=start, end=end, key=self.key)
        found = {"found": self.text[start:end], **values}
        self.problems.append(ExpressionFault(code=code, values=found, span=span, hint=hint))

    def read(self) -> list[Word]:
        words: list[Word] = []
        position = 0
        while position < len(self.text):
            match = _PATTERN.match(self.half, position)
            if match is None:
                position = self.unreadable(position)
                continue
            kind = str(match.lastgroup)
            end = match.end()
            if kind == "DOT" and self.joins_names(words, position, end):
                words.append(Word("DOT", match.group(), Span(start=position, end=end, key=self.key)))
            elif (
                kind == "NAME"
                and match.group() in RESTRICTION
                and words
                and words[-1].type in _ENDS_OF_VALUES
            ):
                words.append(Word("WHERE", match.group(), Span(start=position, end=end, key=self.key)))
            elif kind != "SPACE":
                words += self.word(kind, match.group(), position, end)
            position = end
        return words

    def word(self, kind: str, half: str, start: int, end: int) -> list[Word]:
        written = self.text[start:end]
        types: tuple[str, ...] = (kind,)
        if kind == "NAME":
            types = KEYWORDS.get(written, (kind,))
            self.check_name(written, start)
        elif kind == "NUMBER":
            written = half
            self.check_number(start, end)
        elif kind == "DATE":
            written = half
            self.check_date(half, start, end)
        elif kind == "QUOTED":
            if not written[1:-1].strip():
                self.fault(codes.UNKNOWN_CHARACTER, start, end, hint=N_("put a name between 「 and 」"))
        elif kind == "DOT":
            self.dot(start, end)
        elif kind == "SYMBOL":
            if half not in OPERATORS:
                self.fault(codes.FOREIGN_OPERATOR, start, end, instead=phrase(_FOREIGN[half]))
                return []
            types = (OPERATORS[half],)
        span = Span(start=start, end=end, key=self.key)
        return [Word(type_, written, span) for type_ in types]

    def check_name(self, name: str, start: int) -> None:
        if name.isidentifier():
            return
        length = next(size for size in range(1, len(name) + 1) if not name[:size].isidentifier())
        self.fault(codes.UNKNOWN_CHARACTER, start + length - 1, start + length)

    def check_number(self, start: int, end: int) -> None:
        after = re.compile(r"\w+|\.(?!\.)\w*").match(self.half, end)
        if after is None:
            return
        keyword = keyword_in(after.group())
        hint = N_("put spaces around {keyword}") if keyword else None
        self.fault(codes.INVALID_NUMBER, start, after.end(), hint=hint, keyword=keyword)

    def check_date(self, half: str, start: int, end: int) -> None:
        # 2024-1-5 is refused rather than read as 2018: who means to subtract puts spaces around the minus.
        try:
            proper = len(half) == len("2024-01-31") and date.fromisoformat(half)
        except ValueError:
            proper = False
        if not proper:
            self.fault(codes.INVALID_DATE, start, end)

    def joins_names(self, words: list[Word], start: int, end: int) -> bool:
        """Whether a point stands between a table's name and that of one of its fields or rules, without spaces."""
        after = _PATTERN.match(self.half, end)
        before = words[-1] if words else None
        return (
            before is not None
            and before.type in ("NAME", "QUOTED")
            and before.span.end == start
            and after is not None
            and after.lastgroup in ("NAME", "QUOTED")
        )

    def dot(self, start: int, end: int) -> None:
        if self.problems and self.problems[-1].span is not None and self.problems[-1].span.end > start:
            return  # part of a number already refused, as in 1.2.3
        number = re.compile(r"[0-9]+").match(self.half, end)
        if number is not None:
            hint = N_("write a zero before the point, as in 0.5")
            self.fault(codes.INVALID_NUMBER, start, number.end(), hint=hint)
        else:
            self.fault(codes.ATTRIBUTE_ACCESS, start, end)

    def unreadable(self, position: int) -> int:
        character = self.text[position]
        if character in _QUOTES:
            self.fault(codes.UNCLOSED_QUOTE, position, position + 1, closing=_QUOTES[character])
            return len(self.text)
        self.fault(codes.UNKNOWN_CHARACTER, position, position + 1)
        return position + 1
