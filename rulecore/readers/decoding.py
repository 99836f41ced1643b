"""From bytes to text: byte order mark, else UTF-8, else GB18030; never a guess by statistics.

Guessing libraries were wrong on short GBK files. GB18030 decodes almost any bytes, so a file that is partly
UTF-8 and partly GBK would come out as nonsense without an error: such files are recognised line by line and
refused.
"""

from __future__ import annotations

import codecs
import re

from attrs import evolve

from rulecore.codes.inputs import MIXED_ENCODINGS, NUL_BYTES, UNKNOWN_ENCODING, WRONG_ENCODING
from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.source import Place

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


def decode(content: bytes, file: str, encoding: str = "") -> str:
    """Return the text of ``content``, in the stated encoding or in the one recognised.

    Raises :class:`InputError`, naming line and byte, where the bytes do not fit, where encodings are mixed,
    and where the text holds NUL characters.
    """
    text = _decode_stated(content, file, encoding) if encoding else _decode_recognised(content, file)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            [Fault(code=NUL_BYTES, values={"file": file, "line": line}, place=Place(file=file, line=line))]
        )
    return text


def _decode_stated(content: bytes, file: str, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except LookupError:
        raise InputError([Fault(code=UNKNOWN_ENCODING, values={"encoding": encoding})]) from None
    except UnicodeDecodeError as error:
        raise InputError([_misfit(content, file, encoding, error.start)]) from None
    return text.removeprefix("\ufeff")


def _decode_recognised(content: bytes, file: str) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise InputError([_misfit(content, file, encoding, error.start + len(mark))]) from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        utf8_misfit = error.start
    _refuse_mixed(content, file, utf8_misfit)
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise InputError([_neither(content, file, error.start, utf8_misfit)]) from None


def _refuse_mixed(content: bytes, file: str, utf8_misfit: int) -> None:
    """Refuse a file in which some line is Chinese in UTF-8 while another one is not UTF-8 at all."""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        # Two bytes alone may be a GBK character by chance (联通); three that make a Chinese one hardly are.
        if _CHINESE.search(text):
            raise InputError([_mixed(content, file, utf8_misfit, number)])


def _line_at(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def _misfit(content: bytes, file: str, encoding: str, offset: int) -> Fault:
    line = _line_at(content, offset)
    values = {"file": file, "encoding": encoding, "line": line, **_byte(content, offset)}
    return Fault(code=WRONG_ENCODING, values=values, place=Place(file=file, line=line))


def _mixed(content: bytes, file: str, offset: int, other: int) -> Fault:
    line = _line_at(content, offset)
    values = {"file": file, "line": line, "other": other, **_byte(content, offset)}
    return Fault(code=MIXED_ENCODINGS, values=values, place=Place(file=file, line=line))


def _neither(content: bytes, file: str, offset: int, utf8_misfit: int) -> Fault:
    hint = N_("UTF-8 fails in line {other}; save the whole file as UTF-8, or state its encoding")
    return evolve(_mixed(content, file, offset, _line_at(content, utf8_misfit)), hint=hint)


def _byte(content: bytes, offset: int) -> dict[str, object]:
    """Return the position of a byte in its line, from 1, and the byte as people write it."""
    start = content.rfind(b"\n", 0, offset) + 1
    return {"byte": offset - start + 1, "value": f"0x{content[offset]:02X}" if offset < len(content) else "…"}
