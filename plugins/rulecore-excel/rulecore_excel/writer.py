"""Writes a document as one .xlsx workbook, a worksheet for each sheet, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl
import xlsxwriter
from attrs import frozen

from rulecore.codes.inputs import SHEET_TOO_LARGE
from rulecore.contracts import Document, Sheet
from rulecore.errors import Fault, OutputError
from rulecore.source import Place, display_width
from rulecore_excel.cells import SIGNIFICANT_DIGITS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MAXIMUM_ROWS: Final = 1_048_576
MAXIMUM_COLUMNS: Final = 16_384
MAXIMUM_TEXT: Final = 32_767
MAXIMUM_NAME: Final = 31
A4: Final = 9  # the number the format gives that size of paper

# Part of the file, so it must not be the time of writing.
_CREATED: Final = datetime(2000, 1, 1)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_DATE = date(1900, 3, 1)  # before it Excel counts a day that never was
_WIDEST = 60
_MEASURED_ROWS = 1000


@frozen(kw_only=True)
class _Styles:
    header: Format
    text: Format
    date: Format
    numbers: dict[int, Format]


def write(document: Document, path: Path) -> None:
    """Write the workbook.

    Numbers are number cells where Excel's 15 digits hold them exactly, with the decimals their column has;
    longer ones and all texts are text cells, never formulas or links. Raises
    :class:`rulecore.errors.OutputError` where a sheet is larger than Excel allows.
    """
    _refuse_too_large(document, path.name)
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        content,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"title": document.title, "author": "rulecore", "created": _CREATED})
    styles = _Styles(
        header=workbook.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True}),
        text=workbook.add_format({"num_format": "@"}),
        date=workbook.add_format({"num_format": "yyyy-mm-dd"}),
        numbers={},
    )
    names: set[str] = set()
    for sheet in document.sheets:
        worksheet = workbook.add_worksheet(_sheet_name(sheet.name, names))
        _write_sheet(workbook, worksheet, sheet, styles)
    workbook.close()
    path.write_bytes(content.getvalue())


def _write_sheet(workbook: Workbook, worksheet: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    worksheet.freeze_panes(1, 0)
    # Printed: across the page, all columns beside each other, the header on every sheet of paper.
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    if sheet.headers:
        worksheet.autofilter(0, 0, sheet.frame.height, len(sheet.headers) - 1)
    for column, (header, kind) in enumerate(zip(sheet.headers, sheet.kinds, strict=True)):
        cells = [cell or "" for cell in sheet.frame.to_series(column).to_list()]
        worksheet.write_string(0, column, header, styles.header)
        worksheet.set_column(column, column, _width(header, cells))
        if kind == "number":
            _write_numbers(workbook, worksheet, column, cells, styles)
        elif kind == "date":
            _write_dates(worksheet, column, cells, styles)
        else:
            _write_texts(worksheet, column, cells, styles)


def _write_texts(worksheet: Worksheet, column: int, cells: Sequence[str], styles: _Styles) -> None:
    for row, cell in enumerate(cells, start=1):
        if cell:
            worksheet.write_string(row, column, cell, styles.text)


def _write_dates(worksheet: Worksheet, column: int, cells: Sequence[str], styles: _Styles) -> None:
    for row, cell in enumerate(cells, start=1):
        day = _date(cell)
        if day is not None:
            worksheet.write_datetime(row, column, day, styles.date)
        elif cell:
            worksheet.write_string(row, column, cell, styles.text)


def _write_numbers(
    workbook: Workbook, worksheet: Worksheet, column: int, cells: Sequence[str], styles: _Styles
) -> None:
    places = max((_places(cell) for cell in cells if _NUMBER.fullmatch(cell)), default=0)
    for row, cell in enumerate(cells, start=1):
        if not cell:
            continue
        if not fits_excel(cell):
            worksheet.write_string(row, column, cell, styles.text)
            continue
        # A Decimal, because xlsxwriter prints 16 digits: of the float 88.99 it would print 88.98999999999999.
        worksheet.write_number(row, column, Decimal(cell), _number_format(workbook, styles, places))


def fits_excel(cell: str) -> bool:
    """Return whether a cell is a plain number that Excel holds with all its digits."""
    if not _NUMBER.fullmatch(cell):
        return False
    digits = cell.lstrip("-").replace(".", "").lstrip("0").rstrip("0")
    return len(digits) <= SIGNIFICANT_DIGITS and len(cell) <= 2 * SIGNIFICANT_DIGITS


def _number_format(workbook: Workbook, styles: _Styles, places: int) -> Format:
    if places not in styles.numbers:
        pattern = "0." + "0" * places if places else "0"
        styles.numbers[places] = workbook.add_format({"num_format": pattern})
    return styles.numbers[places]


def _places(cell: str) -> int:
    return len(cell.partition(".")[2])


def _date(cell: str) -> date | None:
    if not _DATE.fullmatch(cell):
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return None
    return day if day >= _FIRST_DATE else None


def _width(header: str, cells: Sequence[str]) -> float:
    """Return a column's width in characters, Chinese ones counting double, and room for the filter."""
    widest = max((display_width(cell) for cell in cells[:_MEASURED_ROWS]), default=0)
    return min(max(display_width(header) + 3, widest + 2, 6), _WIDEST)


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name Excel allows: none of its special characters, at most 31, unlike the others."""
    base = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:MAXIMUM_NAME] or "Sheet"
    candidate, number = base, 2
    while candidate.casefold() in taken:
        suffix = f" ({number})"
        candidate, number = base[: MAXIMUM_NAME - len(suffix)] + suffix, number + 1
    taken.add(candidate.casefold())
    return candidate


def _refuse_too_large(document: Document, file: str) -> None:
    faults = []
    for sheet in document.sheets:
        lengths = [series.str.len_chars().max() for series in sheet.frame if series.dtype == pl.String]
        longest = max((length for length in lengths if isinstance(length, int)), default=0)
        for count, limit, what in (
            (sheet.frame.height + 1, MAXIMUM_ROWS, "rows"),
            (len(sheet.headers), MAXIMUM_COLUMNS, "columns"),
            (longest, MAXIMUM_TEXT, "characters in a cell"),
        ):
            if count > limit:
                values = {"sheet": sheet.name, "count": count, "what": what, "limit": limit}
                faults.append(Fault(code=SHEET_TOO_LARGE, values=values, place=Place(file=file)))
    if faults:
        raise OutputError(faults)
