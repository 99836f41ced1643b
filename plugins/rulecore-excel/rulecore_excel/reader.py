"""Reads one sheet of an .xlsx or .xlsm workbook: the header is its first row that holds something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import fastexcel

from rulecore.codes.inputs import (
    CORRUPT_FILE,
    EMPTY_FILE,
    SEVERAL_SHEETS,
    TITLE_ROW,
    UNKNOWN_SHEET,
)
from rulecore.contracts import RawTable, ReadOptions
from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.readers.header import refuse_missing_header
from rulecore.readers.tables import drop_nothing, refuse_width, sha256
from rulecore.signatures import XLSX, other_format, recognise, recognise_text
from rulecore.source import Place
from rulecore_excel.cells import cell_texts, shows_cells
from rulecore_excel.extent import refuse_stray_cells

if TYPE_CHECKING:
    import polars as pl

_LETTERS = re.compile(r"[^\s_\-()（）]+")


def read(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read the sheet that is named, or the only visible one that holds something.

    Every cell comes as text: numbers with the up to 15 digits that Excel shows, dates in ISO form, errors
    as ``#DIV/0!``. Rows keep the numbers that Excel shows; rows without any cell are left out. Raises
    :class:`InputError` for another format, a damaged or protected workbook, a missing or ambiguous sheet.
    """
    workbook = _open(content, file)
    try:
        sheet = _choose(workbook, file, options.sheet)
        frame = cell_texts(workbook, sheet)
    except (fastexcel.FastExcelError, ValueError) as error:
        raise InputError([_corrupt(file, error)]) from None
    refuse_width(frame.width, file)
    headers, body, rows = _below_header(frame, file, sheet)
    headers, body, rows = drop_nothing(headers, body, rows)
    return RawTable(file=file, sheet=sheet, headers=headers, frame=body, rows=rows, sha256=sha256(content))


def _open(content: bytes, file: str) -> fastexcel.ExcelReader:
    place = Place(file=file)
    if not content:
        raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=place)])
    signature = recognise(content)
    if signature != XLSX:
        raise InputError([other_format(file, "Excel (.xlsx)", signature or recognise_text(content))])
    refuse_stray_cells(content, file)
    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        raise InputError([_corrupt(file, error)]) from None


def _corrupt(file: str, error: Exception) -> Fault:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    values = {"file": file, "expected": "Excel (.xlsx)", "reason": reason}
    return Fault(code=CORRUPT_FILE, values=values, place=Place(file=file))


def _choose(workbook: fastexcel.ExcelReader, file: str, wanted: str) -> str:
    names = workbook.sheet_names
    place = Place(file=file)
    if wanted:
        if wanted in names:
            return wanted
        values = {"file": file, "sheet": wanted, "sheets": ", ".join(names), "near": _near(wanted, names)}
        hint = N_("did you mean {near}? Its sheets are: {sheets}") if values["near"] else None
        raise InputError([Fault(code=UNKNOWN_SHEET, values=values, place=place, hint=hint)])
    filled = [name for name in names if shows_cells(workbook, name)]
    if len(filled) > 1:
        values = {"file": file, "sheets": ", ".join(filled)}
        raise InputError([Fault(code=SEVERAL_SHEETS, values=values, place=place)])
    if not filled:
        raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=place)])
    return filled[0]


def _near(wanted: str, names: list[str]) -> str:
    """Return the sheet whose name is like the wanted one, or differs in blanks, brackets and case only."""
    import difflib

    def letters(name: str) -> str:
        return "".join(_LETTERS.findall(name)).casefold()

    folded = {letters(name): name for name in names}
    close = difflib.get_close_matches(letters(wanted), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else ""


def _below_header(
    frame: pl.DataFrame, file: str, sheet: str
) -> tuple[tuple[str, ...], pl.DataFrame, pl.Series]:
    """Take the first row that holds something as the header; a lone cell above a table is refused."""
    import polars as pl

    place = Place(file=file, sheet=sheet)
    rows = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True)
    if frame.width:
        counts = frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.UInt32))).to_series()
        frame, rows, counts = frame.filter(counts > 0), rows.filter(counts > 0), counts.filter(counts > 0)
    if not frame.height:
        raise InputError([Fault(code=EMPTY_FILE, values={"file": file}, place=place)])
    cells = tuple(cell or "" for cell in frame.row(0))
    number = int(rows[0])
    if frame.height > 1 and counts[0] == 1 and counts[1] > 1:
        cell = next(cell for cell in cells if cell)
        values = {"file": file, "row": number, "cell": cell}
        place = Place(file=file, line=number, sheet=sheet)
        raise InputError([Fault(code=TITLE_ROW, values=values, place=place)])
    refuse_missing_header(cells, file, number, sheet)
    return cells, frame.slice(1), rows.slice(1)
