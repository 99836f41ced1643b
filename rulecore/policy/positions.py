"""Where every key and value of a TOML document stands, as character offsets.

tomli is the parser; it says what a document means and refuses what is not TOML, but not where things stand.
This walk goes once over a text that tomli has already accepted, so it need not recognise faults: it only
steps from token to token. Keys are decoded by tomli. A property test holds it to that: every located piece,
read by tomli on its own, is the value that the document holds there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import tomli
from attrs import frozen

from rulecore.errors import InternalError
from rulecore.source import KeyPath

DEEPEST: Final = 64
"""Arrays and inline tables nested deeper are stepped over whole; such documents are refused."""

_GAP: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BLANKS: Final = re.compile(r"[ \t]*")
_STRING: Final = re.compile(
    r'"""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"{3,5}'
    r"|'''(?:.*?)'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+|[^\s,\]}#]+")
_BARE: Final = re.compile(r"[^\s,\]}#=.\"'{\[]+")
_KEY_PART: Final = re.compile(r"[A-Za-z0-9_-]+|" + r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"' + r"|'[^'\n]*'")
_ESCAPE: Final = re.compile(
    r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|(?P<join>\\[ \t]*\n[ \t\n]*)|\\.|.", re.DOTALL
)


@frozen(kw_only=True)
class Position:
    """Half-open character offsets of a key and its value; an array's element is its own key."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int


def locate(text: str) -> Mapping[KeyPath, Position]:
    """Return the position of every key path of a TOML document that tomli accepts, with line feeds only."""
    return _Walk(text).document()


def content_offsets(raw: str) -> list[int] | None:
    """Return for each character of a string's value its offset in ``raw``, the string as TOML writes it.

    The list has one entry more than the value has characters: the offset of the end.
    None if the two cannot be matched.
    """
    quotes = 3 if raw[:3] in ('"""', "'''") else 1
    start, end = quotes, len(raw) - quotes
    if quotes == 3 and raw[start : start + 1] == "\n":
        start += 1
    if raw[0] == "'":
        return list(range(start, end + 1))
    offsets = [token.start() for token in _ESCAPE.finditer(raw, start, end) if token["join"] is None]
    value = tomli.loads(f"x={raw}")["x"]
    return [*offsets, end] if len(offsets) == len(value) else None


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[KeyPath, Position] = {}
        self.tables: dict[KeyPath, int] = {}

    def document(self) -> dict[KeyPath, Position]:
        prefix: KeyPath = ()
        at = self._match(_GAP, 0)
        while at < len(self.text):
            if self.text[at] == "[":
                at, prefix = self._header(at)
            else:
                at = self._pair(at, prefix, 0)
            at = self._match(_GAP, at)
        return self.found

    def _match(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        if match is None:
            raise InternalError(f"no token at offset {at} of a document that tomli accepts")
        return match.end()

    def _header(self, at: int) -> tuple[int, KeyPath]:
        """Step over ``[a.b]`` or ``[[a.b]]``; a name of an array of tables means its last table."""
        start, many = at, self.text.startswith("[[", at)
        parts, at = self._key(at + (2 if many else 1))
        end = at + (2 if many else 1)
        path: KeyPath = ()
        for number, (part, key_start, key_end) in enumerate(parts, start=1):
            path = (*path, part)
            position = Position(key_start=key_start, key_end=key_end, value_start=start, value_end=end)
            last = number == len(parts)
            if last and not many:
                # A header that comes after its sub-tables is the better place for the table itself.
                self.found[path] = position
            self.found.setdefault(path, position)
            if last and many:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
                self.found.setdefault(path, position)
        return end, path

    def _key(self, at: int) -> tuple[list[tuple[str, int, int]], int]:
        """Return the parts of a (dotted) key with their offsets, and the offset of what follows it."""
        parts = []
        while True:
            at = self._match(_BLANKS, at)
            end = self._match(_KEY_PART, at)
            parts.append((_decoded(self.text[at:end]), at, end))
            at = self._match(_BLANKS, end)
            if self.text[at] != ".":
                return parts, at
            at += 1

    def _pair(self, at: int, prefix: KeyPath, depth: int) -> int:
        parts, at = self._key(at)
        value_start = self._match(_BLANKS, at + 1)
        path = (*prefix, *(part for part, _, _ in parts))
        value_end = self._value(value_start, path, depth)
        for number, (_, key_start, key_end) in enumerate(parts, start=len(prefix) + 1):
            self.found.setdefault(
                path[:number],
                Position(key_start=key_start, key_end=key_end, value_start=value_start, value_end=value_end),
            )
        return value_end

    def _value(self, at: int, path: KeyPath, depth: int) -> int:
        match self.text[at]:
            case "[" if depth < DEEPEST:
                return self._array(at, path, depth + 1)
            case "{" if depth < DEEPEST:
                return self._inline_table(at, path, depth + 1)
            case "[" | "{":
                return self._past_brackets(at)
            case '"' | "'":
                return self._match(_STRING, at)
            case _:
                return self._match(_SCALAR, at)

    def _array(self, at: int, path: KeyPath, depth: int) -> int:
        at, index = self._match(_GAP, at + 1), 0
        while self.text[at] != "]":
            end = self._value(at, (*path, index), depth)
            self.found[*path, index] = Position(key_start=at, key_end=end, value_start=at, value_end=end)
            at, index = self._past_comma(end), index + 1
        return at + 1

    def _inline_table(self, at: int, path: KeyPath, depth: int) -> int:
        at = self._match(_GAP, at + 1)
        while self.text[at] != "}":
            at = self._past_comma(self._pair(at, path, depth))
        return at + 1

    def _past_comma(self, at: int) -> int:
        at = self._match(_GAP, at)
        return self._match(_GAP, at + 1) if self.text[at] == "," else at

    def _past_brackets(self, at: int) -> int:
        depth = 0
        while True:
            at = self._match(_GAP, at)
            match self.text[at]:
                case "[" | "{":
                    depth, at = depth + 1, at + 1
                case "]" | "}":
                    depth, at = depth - 1, at + 1
                    if depth == 0:
                        return at
                case "," | "=" | ".":
                    at += 1
                case '"' | "'":
                    at = self._match(_STRING, at)
                case _:
                    at = self._match(_BARE, at)


def _decoded(part: str) -> str:
    return next(iter(tomli.loads(f"{part}=0"))) if part[0] in "\"'" else part
