"""What people get wrong in TOML, with the advice that helps: tomli says where, this says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import tomli
from attrs import evolve, frozen

from rulecore.codes import policy as codes
from rulecore.errors import Fault, InternalError
from rulecore.language import N_
from rulecore.policy.limits import MAX_DIGITS
from rulecore.policy.positions import Position, locate
from rulecore.source import KeyPath, Place, format_key

LONG_NUMBER: Final = re.compile(r"[0-9][0-9_]{4000,}")
"""tomli reads integers with ``int()``, which refuses those of more than 4,300 digits."""

FURTHEST_BACK: Final = 100
"""How many lines back the beginning of an array or text that is never closed is looked for."""

_OPEN: Final = ("Unclosed", "Unterminated", "Expected \"'")
_WORD: Final = re.compile(r"[^\s=\[\]{},.\"'#＝，：“”]+")
_ASCII_FORMS: Final = {
    "［": "[", "］": "]", "｛": "{", "｝": "}", "【": "[", "】": "]",
    "．": ".", "＃": "#", "（": "(", "）": ")",
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
    begin = _beginning(lines, error.lineno, name) if error.msg.startswith(_OPEN) else None
    related = ((N_("it begins here"), begin),) if begin is not None else ()
    return Fault(code=codes.NOT_TOML, values=values, place=place, hint=hint, related=related)


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
            "in TOML a key without quotes is ASCII letters, digits, - and _ only: "
            'a Chinese key must be quoted, "{word}"'
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
    """Return the fault for a key or table given twice, with both places where they can be told."""
    key, own, first = _both_places(lines, error.lineno)
    related: tuple[tuple[str, Place], ...] = ()
    if own is not None and first is not None:
        place = _key_place(own, place.file, key, lines, error.lineno - 1)
        related = ((N_("first written here"), _key_place(first, place.file, key, lines)),)
    values = {"reason": error.msg, "key": format_key(key)}
    return Fault(code=codes.KEY_TWICE, values=values, place=place, related=related)


def _both_places(lines: list[str], number: int) -> tuple[KeyPath, Position | None, Position | None]:
    """Return the key written on line ``number``, its position there, and its position in the text before.

    The text before the line is TOML (tomli came this far); the line alone is TOML too, below the last header.
    Offsets of the first are those of the line, of the second those of the document.
    """
    line, headers = lines[number - 1], [text for text in lines[: number - 1] if text.lstrip().startswith("[")]
    header = "" if line.lstrip().startswith("[") or not headers else f"{headers[-1]}\n"
    before = "\n".join(lines[: number - 1])
    try:
        for text in (before, header + line):
            tomli.loads(text)
        earlier, own = locate(before), locate(header + line)
    except (tomli.TOMLDecodeError, InternalError, ValueError):
        return (), None, None
    key = max(own, key=lambda path: (own[path].key_start, len(path)))
    shift = len(header)
    here = evolve(own[key], key_start=own[key].key_start - shift, key_end=own[key].key_end - shift)
    return key, here, earlier.get(key)


def _key_place(
    position: Position, file: str, key: KeyPath, lines: list[str], line: int | None = None
) -> Place:
    """Return the place of a key: on the line given, or where its offset in the document lies."""
    start = position.key_start
    if line is None:
        line = 0
        while start > len(lines[line]):
            start, line = start - len(lines[line]) - 1, line + 1
    return Place(
        file=file,
        line=line + 1,
        column=start + 1,
        length=position.key_end - position.key_start,
        key=format_key(key),
        excerpt=lines[line],
    )


def _beginning(lines: list[str], number: int, file: str) -> Place | None:
    """Return where the statement begins that line ``number`` still belongs to, or None if there."""
    for begin in range(number - 1, max(number - FURTHEST_BACK, 0), -1):
        try:
            tomli.loads("\n".join(lines[: begin - 1]))
        except (tomli.TOMLDecodeError, ValueError):
            continue
        text = lines[begin - 1]
        if text.strip() and not text.lstrip().startswith("#"):
            return Place(file=file, line=begin, column=len(text) - len(text.lstrip()) + 1, excerpt=text)
    return None
