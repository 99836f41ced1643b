"""How far the cells of a workbook reach, found out before they are loaded.

A single stray cell in XFD1048576 makes a table of seventeen thousand million cells: fastexcel asks for the
memory of all of them at once, and where there is not so much the whole process is aborted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from rulecore.codes.inputs import CORRUPT_FILE, STRAY_CELL, TOO_MANY_COLUMNS
from rulecore.errors import Fault, InputError
from rulecore.readers.tables import MAXIMUM_COLUMNS
from rulecore.source import Place

MAXIMUM_CELLS: Final = 100_000_000
"""The most cells between the first and the furthest one: a full sheet of 95 columns."""

# Cells without content end in "/>" and take no room.
_COLUMN = re.compile(rb'<c (?:[^>]*? )?r="([A-Z]{1,8})[0-9]{1,8}"(?:[^>]*[^/>])?>')
_ROW = re.compile(rb'<c (?:[^>]*? )?r="[A-Z]{1,8}([0-9]{1,8})"(?:[^>]*[^/>])?>')
_CHUNK = 1 << 24
_OVERLAP = 256


def refuse_stray_cells(content: bytes, file: str) -> None:
    """Raise an :class:`InputError` if the cells of some sheet reach too far, or the archive is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            faults = [
                fault
                for name in archive.namelist()
                if name.startswith("xl/worksheets/") and name.endswith(".xml")
                for fault in _stray(archive, name, file)
            ]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        values = {"file": file, "expected": "Excel (.xlsx)", "reason": str(error) or type(error).__name__}
        raise InputError([Fault(code=CORRUPT_FILE, values=values, place=Place(file=file))]) from None
    if faults:
        raise InputError(faults)


def _stray(archive: zipfile.ZipFile, name: str, file: str) -> list[Fault]:
    columns: set[bytes] = set()
    rows = 0
    with archive.open(name) as part:
        before = b""
        while chunk := part.read(_CHUNK):
            text = before + chunk
            columns.update(_COLUMN.findall(text))
            rows = max(rows, max(map(int, set(_ROW.findall(text))), default=0))
            before = text[-_OVERLAP:]
    furthest = max(columns, key=_number, default=b"A")
    if _number(furthest) > MAXIMUM_COLUMNS:
        values = {"file": file, "count": _number(furthest), "limit": MAXIMUM_COLUMNS}
        return [Fault(code=TOO_MANY_COLUMNS, values=values, place=Place(file=file))]
    if rows * _number(furthest) <= MAXIMUM_CELLS:
        return []
    values = {
        "file": file,
        "part": name.rpartition("/")[2],
        "cell": f"{furthest.decode()}{rows}",
        "limit": MAXIMUM_CELLS,
    }
    return [Fault(code=STRAY_CELL, values=values, place=Place(file=file))]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
