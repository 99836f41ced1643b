"""What a file really is, told from its first bytes rather than from its name."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from rulecore.codes.inputs import ENCRYPTED, OTHER_FORMAT
from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.source import Place


@frozen(kw_only=True)
class Signature:
    """A format recognised by its bytes: what to call it, and the suffix such a file should have."""

    name: str
    title: str
    suffix: str


XLSX: Final = Signature(name="xlsx", title=N_("an Excel workbook"), suffix=".xlsx")
ENCRYPTED_XLSX: Final = Signature(
    name="encrypted", title=N_("an Excel workbook with a password"), suffix=".xlsx"
)
XLS: Final = Signature(name="xls", title=N_("an old Excel workbook (.xls)"), suffix=".xls")
PARQUET: Final = Signature(name="parquet", title=N_("a Parquet file"), suffix=".parquet")
ZIP: Final = Signature(name="zip", title=N_("a zip archive"), suffix=".zip")
TEXT: Final = Signature(name="text", title=N_("a text file, perhaps a renamed CSV"), suffix=".csv")
HTML: Final = Signature(name="html", title=N_("a web page, as many systems export it"), suffix=".html")
OTHERS: Final = (
    (b"\x1f\x8b", Signature(name="gzip", title=N_("a gzip archive"), suffix=".gz")),
    (b"%PDF-", Signature(name="pdf", title=N_("a PDF document"), suffix=".pdf")),
    (b"Rar!\x1a\x07", Signature(name="rar", title=N_("a RAR archive"), suffix=".rar")),
    (b"7z\xbc\xaf\x27\x1c", Signature(name="7z", title=N_("a 7z archive"), suffix=".7z")),
    (b"SQLite format 3\x00", Signature(name="sqlite", title=N_("an SQLite database"), suffix=".db")),
)

_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def recognise(content: bytes) -> Signature | None:
    """Return the binary format that ``content`` is written in, or None for text and for what is not known."""
    if content.startswith(_COMPOUND_FILE):
        return ENCRYPTED_XLSX if _ENCRYPTED_STREAM in content else XLS
    if content.startswith(_ZIP_MARKS):
        return XLSX if b"xl/workbook" in content else ZIP
    # Both ends: four letters alone might begin a text.
    if content.startswith(b"PAR1") and content.endswith(b"PAR1"):
        return PARQUET
    return next((signature for mark, signature in OTHERS if content.startswith(mark)), None)


def recognise_text(content: bytes) -> Signature:
    """Return what content that should have been binary is, if not one of the known binary formats."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return HTML if start.startswith((b"<html", b"<!doctype html", b"<table")) else TEXT


def refuse_binary(content: bytes, file: str, expected: str) -> None:
    """Raise an :class:`InputError` that names the real format if ``content`` is not text at all.

    ``expected`` is what it should have been, such as ``CSV``.
    """
    signature = recognise(content)
    if signature is not None:
        raise InputError([other_format(file, expected, signature)])


def other_format(file: str, expected: str, actual: Signature) -> Fault:
    """Return the fault that a file is of another format than its name says."""
    if actual == ENCRYPTED_XLSX:
        return Fault(code=ENCRYPTED, values={"file": file}, place=Place(file=file))
    hint = N_("open it in Excel and save it as .xlsx") if actual == XLS else None
    return Fault(
        code=OTHER_FORMAT,
        values={"file": file, "expected": expected, "actual": phrase(actual.title), "suffix": actual.suffix},
        place=Place(file=file),
        hint=hint,
    )
