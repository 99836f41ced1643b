"""Characters as people type them: blanks of all widths, full-width signs, texts safe to show."""

from __future__ import annotations

import unicodedata
from typing import Final

INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
"""Characters that take no space and stand at the edges of copied cells: byte order mark, zero-width ones."""

BLANKS: Final = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000" + INVISIBLE
)
"""What is trimmed from the edges of every cell: Unicode's blanks and the invisible characters."""

LONGEST_SHOWN: Final = 80
"""The longest value a message quotes, in characters."""

_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0x2212: ord("-"),  # − MINUS SIGN
    0xFE63: ord("-"),
    0xFE6A: ord("%"),
}
"""Full-width forms to ordinary ones. Unlike NFKC it leaves ², ① and ½ alone: they are no digits."""

_LINE_BREAKS: Final = "\n\r\t"


def trim(text: str) -> str:
    """Return ``text`` without blanks and invisible characters at its edges."""
    return text.strip(BLANKS)


def fold_width(text: str) -> str:
    """Return ``text`` with full-width letters, digits and signs in their ordinary forms."""
    return text if text.isascii() else text.translate(_WIDTH)


def fold_word(text: str) -> str:
    """Return the form in which tokens and flag words are compared: trimmed, narrow, without case."""
    return fold_width(trim(text)).casefold()


def fold_header(text: str) -> str:
    """Return the form in which headers are compared: NFKC, without any blanks and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(character for character in folded if character not in BLANKS)


def forbidden_character(text: str) -> str | None:
    """Return the first character no text cell may hold, or None.

    Refused are control characters (other than line breaks and tabs, which spreadsheet cells hold), lone
    surrogates and invisible format characters: two texts that look the same must be the same.
    """
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in _LINE_BREAKS:
            return character
    return None


def shown(value: object) -> str:
    """Return a value as a message quotes it: invisible characters escaped, at most 80 characters."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > LONGEST_SHOWN:
        text = text[: LONGEST_SHOWN - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character.isprintable() or character == "\u3000":
        return character
    return character.encode("unicode_escape").decode("ascii")
