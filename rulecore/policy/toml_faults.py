"""What people get wrong in TOML, with the advice that helps: tomli says where, this says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import tomli
from attrs import frozen

from rulecore.codes import policy as codes
from rulecore.errors import Fault, InternalError
from rulecore.language import N_
from rulecore.policy.limits import MAX_DIGITS
from rulecore.policy.positions import locate
from rulecore.source import Place, format_key

LONG_NUMBER: Final = re.compile(r"[0-9][0-9_]{4000,}")
"""tomli reads integers with ``int()``, which refuses those of more than 4,300 digits."""

_WORD: Final = re.compile(r"[^\s=\[\]{},.\"'#＝，：“”]+")
_ASCII_FORMS: Final = {
    "［": "[", "］": "]", "｛": "{", "｝": "}", "【": "[", "】": "]", "．": ".", "＃": "#", "（": "(", "）": ")",
}  # fmt: skip


@frozen(kw_only=True)
class _Spot:
    """Where tomli stopped: the line, the index in it, the character there and the whole word around it."""

    line: str
    index: int

    @property
    def character(self) -> str:
        return self.line[self.index : self.index + 1]

    @property
    def word(self) -> str:
        for match in _WORD.finditer(self.line):
            if match.start() <= self.index < match.end():
                return match.group()
        return ""

    @property
    def before(self) -> str:
        return self.line[: self.index]


def decode_fault(error: tomli.TOMLDecodeError, name: str) -> Fault:
    """Return the fault for a document that tomli refuses, with advice for the usual slips."""
    lines = error.doc.split("\n")
    spot = _Spot(line=lines[error.lineno - 1], index=error.colno - 1)
    excerpt = spot.line if len(spot.line) <= 300 else ""
    place = Place(file=name, line=error.lineno, column=spot.index + 1, excerpt=excerpt)
    if error.msg.startswith(("Cannot declare", "Cannot overwrite", "Duplicate inline")):
        return _twice(error, lines, place)
    values = {"reason": error.msg, "found": spot.character, "word": spot.word}
    values["form"] = _ASCII_FORMS.get(spot.character, "")
    hint = next((slip.hint for slip in _SLIPS if slip.applies(spot, error.msg)), None)
    return Fault(code=codes.NOT_TOML, values=values, place=place, hint=hint)


def integer_fault(text: str, name: str) -> Fault:
    """Return the fault for an integer with more digits than Python reads."""
    match = LONG_NUMBER.search(text)
    line = text.count("\n", 0, match.start()) + 1 if match else None
    shown = f"{match.group()[:10]}…" if match else "…"
    values = {"found": shown, "digits": MAX_DIGITS}
    return Fault(code=codes.NUMBER_OUT_OF_BOUNDS, values=values, place=Place(file=name, line=line))


@frozen
class _Slip:
    applies: Callable[[_Spot, str], bool]
    hint: str


def _is_bare_chinese_key(spot: _Spot, message: str) -> bool:
    is_key = message.startswith(
        ("Invalid statement", "Invalid initial character", "Expected '='", "Expected ']")
    )
    return (
        is_key and not spot.character.isascii() and spot.character not in "“”‘’＝，：［］｛｝【】．（）＃　"
    )


_SLIPS: Final = (
    _Slip(
        lambda spot, _: spot.character in tuple("“”‘’＂「」《》"),
        N_('these are full-width quotes; TOML texts stand in straight ones: "…"'),
    ),
    _Slip(lambda spot, _: spot.character == "＝", N_("this is a full-width ＝; TOML uses the plain =")),
    _Slip(
        lambda spot, _: spot.character in tuple("，、"),
        N_("this is a Chinese comma {found}; TOML uses the plain ,"),
    ),
    _Slip(
        lambda spot, _: spot.character in tuple("：:"),
        N_("TOML writes key = value, with = and not {found}"),
    ),
    _Slip(
        lambda spot, _: spot.character in _ASCII_FORMS and bool(spot.character),
        N_("this is the full-width {found}; TOML uses the plain {form}"),
    ),
    _Slip(
        lambda spot, _: spot.character == "\u3000" or spot.character == "\u00a0",
        N_("there is a full-width or non-breaking blank here; use plain blanks"),
    ),
    _Slip(
        _is_bare_chinese_key,
        N_(
            'in TOML a key without quotes is ASCII letters, digits, - and _ only: a Chinese key must be quoted, "{word}"'
        ),
    ),
    _Slip(
        lambda spot, message: message.startswith("Expected newline") and spot.character == "%",
        N_('a percentage is not a TOML number: write 0.95 for 95%, or in an expression "95%"'),
    ),
    _Slip(
        lambda spot, message: message.startswith("Expected newline") and spot.character == ",",
        N_(
            "a number has no thousands separators in TOML: write 1000 or 1_000; nor do lines end with a comma"
        ),
    ),
    _Slip(
        lambda spot, message: (
            message.startswith("Expected newline") and '"' in spot.before[-1:] + spot.character
        ),
        N_('a quote inside a text ends it: use single quotes inside, or write \\" for it'),
    ),
    _Slip(
        lambda spot, message: (
            message.startswith("Invalid value") and spot.word in ("True", "False", "TRUE", "FALSE")
        ),
        N_("TOML writes true and false in small letters"),
    ),
    _Slip(
        lambda spot, message: message.startswith("Invalid value") and spot.character == ".",
        N_("a number starts with a digit in TOML: write 0.5, not .5"),
    ),
    _Slip(
        lambda spot, message: message.startswith("Invalid value") and spot.character in ("", "#"),
        N_("there is no value after the ="),
    ),
    _Slip(
        lambda spot, message: message.startswith("Invalid value") and bool(spot.word),
        N_('a text must stand in quotes: "{word}"'),
    ),
    _Slip(
        lambda _, message: message.startswith(("Illegal character '\\n'", "Unterminated")),
        N_("the quote that opens this text is never closed"),
    ),
    _Slip(
        lambda _, message: message.startswith('Expected "\'"'),
        N_("the quote that opens this text is never closed"),
    ),
    _Slip(
        lambda _, message: message.startswith("Unclosed array"),
        N_("a comma is missing between two elements, or the closing ]"),
    ),
    _Slip(
        lambda _, message: message.startswith("Unclosed inline table"),
        N_("a comma is missing between two keys, or the closing }}"),
    ),
    _Slip(
        lambda _, message: message.startswith("Unescaped"),
        N_("a backslash is written \\\\ in a text in double quotes, or the text stands in single quotes"),
    ),
    _Slip(
        lambda _, message: message.startswith("Expected '='"),
        N_("a line is key = value, or [table]"),
    ),
)


def _twice(error: tomli.TOMLDecodeError, lines: list[str], place: Place) -> Fault:
    """Return the fault for a key or table given twice, with the place of the first one where it can be found."""
    values = {"reason": error.msg}
    first = _first_of(lines, error.lineno, place.file)
    related = ((N_("first written here"), first),) if first is not None else ()
    return Fault(code=codes.KEY_TWICE, values=values, place=place, related=related)


def _first_of(lines: list[str], number: int, file: str) -> Place | None:
    """Return the place of the key of line ``number`` in the text before it, or None.

    The text before the line is TOML (tomli came this far); the line alone, below the last header, is TOML too.
    """
    before = "\n".join(lines[: number - 1])
    line = lines[number - 1]
    try:
        tomli.loads(before)
        tomli.loads(line)
        positions = locate(before)
        header = next((text for text in reversed(lines[: number - 1]) if text.lstrip().startswith("[")), "")
        tomli.loads(header)
        own = locate(line if line.lstrip().startswith("[") else f"{header}\n{line}")
    except (tomli.TOMLDecodeError, InternalError, ValueError):
        return None
    path = max(own, key=lambda key: (own[key].key_start, len(key)))
    own_start = positions.get(path)
    if own_start is None:
        return None
    count = before.count("\n", 0, own_start.key_start)
    column = own_start.key_start - (before.rfind("\n", 0, own_start.key_start) + 1) + 1
    length = own_start.key_end - own_start.key_start
    return Place(
        file=file, line=count + 1, column=column, length=length, key=format_key(path), excerpt=lines[count]
    )
