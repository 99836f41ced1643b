"""Comments that allow findings: ``# rulecore: allow RC211 D档留作以后使用``; several codes may be listed."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\#[^\n]*|[\[\]{}]|\n|[^\S\n]+|[^\s\[\]{}"\'#]+',
    re.DOTALL,
)
_CODE: Final = r"[A-Za-z]{1,8}\d+"
_ALLOW: Final = re.compile(
    rf"#\s*rulecore\s*[:：]\s*allow\s+(?P<codes>{_CODE}(?:[\s,，、]+{_CODE})*|[^\s,，]+)[\s:：,，—-]*(?P<reason>.*)"
)


@frozen(kw_only=True)
class Allowance:
    """A code that a comment allows, why, where it stands, and the first and last line of what it is about."""

    code: str
    reason: str
    line: int
    column: int
    length: int
    excerpt: str
    first: int
    last: int

    def covers(self, line: int | None) -> bool:
        """Whether a finding on a line (None: on no line at all) is among those it is about."""
        return self.first <= (1 if line is None else line) <= self.last


def allowances(text: str) -> list[Allowance]:
    """Return the comments of a TOML document that allow something.

    A comment is about its own line; one that stands alone on a line, about the next line that is no
    comment, and where that is the header of a table, about the whole table; one before everything else,
    about the whole file.
    """
    lines = text.split("\n")
    comments, headers, filled = _scan(text)
    found = []
    for line, column, comment in comments:
        match = _ALLOW.match(comment)
        if match is None:
            continue
        first, last = _about(line, headers, filled, len(lines))
        found += [
            Allowance(
                code=code,
                reason=match["reason"].strip(),
                line=line,
                column=column,
                length=len(comment.rstrip()),
                excerpt=lines[line - 1],
                first=first,
                last=last,
            )
            for code in re.split(r"[\s,，、]+", match["codes"])
        ]
    return found


def _about(line: int, headers: list[int], filled: list[int], count: int) -> tuple[int, int]:
    """Return the first and last line that a comment is about; ``filled`` are the lines with TOML on them."""
    if line in filled:
        return line, line
    if not filled or line < filled[0]:
        return 1, count
    following = next((other for other in filled if other > line), None)
    if following is None:
        return line, line
    if following in headers:
        return following, next((other - 1 for other in headers if other > following), count)
    return following, following


def _scan(text: str) -> tuple[list[tuple[int, int, str]], list[int], list[int]]:
    """Return the comments with line and column, the lines of table headers, and all lines with TOML."""
    comments: list[tuple[int, int, str]] = []
    headers: list[int] = []
    filled: list[int] = []
    line, start, depth, empty = 1, 0, 0, True
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "\n":
            line, start, empty = line + 1, token.end(), True
            continue
        if word.startswith("#"):
            comments.append((line, token.start() - start + 1, word))
            continue
        if word.isspace():
            continue
        if empty and depth == 0 and word == "[":
            headers.append(line)
        depth += (word in "[{") - (word in "]}") if word in ("[", "]", "{", "}") else 0
        breaks = word.count("\n")
        filled += [number for number in range(line, line + breaks + 1) if not filled or filled[-1] < number]
        if breaks:
            line, start = line + breaks, token.start() + word.rindex("\n") + 1
        empty = False
    return comments, headers, filled
