"""Text with places in it: which file, line and column a value or an expression came from."""

from __future__ import annotations

import unicodedata

from attrs import frozen

KeyPath = tuple[str | int, ...]


def format_key(key: KeyPath) -> str:
    """Return a key path as people write it: ``rules.score.of[1]``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


@frozen(kw_only=True)
class Span:
    """A stretch of a text, as half-open character offsets.

    Offsets count characters, not bytes, from the start of the text they belong to (an expression's own text, not the
    whole file). ``key`` is the key path of that text in its policy, such as ``("rules", "score", "of", 1)``.
    """

    start: int
    end: int
    key: KeyPath = ()


@frozen(kw_only=True)
class Place:
    """Where something stands: file, line and column (both from 1), the key path and the line's text.

    ``line`` is None where only the file is known; ``column`` is None where only the line is known.
    For tables ``sheet``, and for records ``row`` (the row in the file, the header being row 1), are given.
    """

    file: str
    line: int | None = None
    column: int | None = None
    length: int = 1
    key: str = ""
    excerpt: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        """Return ``file:line:column``, as compilers write it and editors open it."""
        parts = [self.file]
        if self.sheet:
            parts[0] += f"[{self.sheet}]"
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


def display_width(text: str) -> int:
    """Return the number of terminal cells ``text`` takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def caret_line(place: Place) -> str:
    """Return the line of carets that stands below ``place.excerpt``, aligned under wide characters too."""
    if place.column is None or not place.excerpt:
        return ""
    before = place.excerpt[: place.column - 1]
    marked = place.excerpt[place.column - 1 : place.column - 1 + max(place.length, 1)]
    padding = "".join(
        character if character == "\t" else " " * display_width(character) for character in before
    )
    return padding + "^" * max(display_width(marked), 1)
