"""The cells of a sheet as texts that lose nothing, though fastexcel knows only one type for a whole column.

Read as texts, fastexcel cuts numbers to nine decimals (1/3 is ``0.333333333``) and turns errors into
blanks; read as floats, it turns texts such as ``007`` into numbers. So a sheet is read as texts, and where
some cell looks like a number or a date it is read again in the ways that tell: only a number or a flag has
a value as ``boolean``, only a number or a date as ``datetime``. Errors are reported beside the texts.
(Measured with fastexcel 0.21.)
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

if TYPE_CHECKING:
    import fastexcel

SIGNIFICANT_DIGITS: Final = 15
"""How many digits of a number Excel keeps and shows; what binary floats hold beyond is noise (0.1+0.2)."""

_NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$"
_LARGEST_EXACT = 2**53
_ERRORS: Final = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_ERROR = re.compile(r"Error\((\w+)\)")


def cell_texts(workbook: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    """Return all cells of a sheet from its first row on: columns of texts by position, blank cells null."""
    batch, problems = workbook.load_sheet(
        sheet, header_row=None, skip_rows=0, dtypes="string"
    ).to_arrow_with_errors()
    frame = pl.DataFrame(pl.from_arrow(batch))
    frame.columns = [str(index) for index in range(frame.width)]
    numeric = [name for name in frame.columns if frame[name].str.contains(_NUMBER).any()]
    if numeric:
        frame = _with_numbers(
            frame, _load(workbook, sheet, "boolean"), _load(workbook, sheet, "float"), numeric
        )
    dated = [name for name in frame.columns if frame[name].str.contains(_DATE).any()]
    if dated:
        frame = _with_dates(frame, _load(workbook, sheet, "datetime"), dated)
    errors = problems.errors if problems is not None else []
    return _with_errors(frame, [(error.offset_position, error.detail) for error in errors])


def shows_cells(workbook: fastexcel.ExcelReader, sheet: str) -> bool:
    """Return whether a sheet is visible and holds anything; templates hide their lists of choices."""
    loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    return loaded.visible == "visible" and any(
        series.replace("", None).is_not_null().any() for series in loaded.to_polars()
    )


def number_text(value: float) -> str:
    """Return a number of a cell as plain decimal text, with the 15 significant digits that Excel shows.

    Whole numbers that a float holds exactly keep all of their digits. No exponent, no trailing zeros, no
    minus zero.
    """
    if value == int(value) and abs(value) < _LARGEST_EXACT:
        return str(int(value))
    return f"{Decimal(f'{value:.{SIGNIFICANT_DIGITS}g}'):f}"


def _load(
    workbook: fastexcel.ExcelReader, sheet: str, dtype: Literal["string", "boolean", "float", "datetime"]
) -> pl.DataFrame:
    frame = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=dtype).to_polars()
    frame.columns = [str(index) for index in range(frame.width)]
    return frame


def _with_numbers(
    texts: pl.DataFrame, booleans: pl.DataFrame, floats: pl.DataFrame, columns: list[str]
) -> pl.DataFrame:
    replaced = []
    for name in columns:
        is_number = booleans[name].is_not_null() & ~texts[name].is_in(["true", "false"])
        values = floats[name].filter(is_number & floats[name].is_not_null()).unique()
        spelled = {value: number_text(value) for value in values.to_list()}
        numbers = floats[name].replace_strict(spelled, default=None, return_dtype=pl.String)
        replaced.append(
            pl.select(pl.when(is_number).then(numbers).otherwise(texts[name]).alias(name)).to_series()
        )
    return texts.with_columns(replaced)


def _with_dates(texts: pl.DataFrame, moments: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Write midnight as a date alone, and a time of no day as a time alone."""
    replaced = []
    for name in columns:
        is_date = moments[name].is_not_null() & texts[name].str.contains(_DATE)
        short = texts[name].str.replace(r" 00:00:00(?:\.0+)?$", "").str.replace(r"^1899-12-3[01] ", "")
        replaced.append(
            pl.select(pl.when(is_date).then(short).otherwise(texts[name]).alias(name)).to_series()
        )
    return texts.with_columns(replaced)


def _with_errors(texts: pl.DataFrame, errors: list[tuple[tuple[int, int], str]]) -> pl.DataFrame:
    """Put Excel's errors where they stand: typing refuses them there, while a blank might be allowed."""
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), detail in errors:
        found = _ERROR.search(detail)
        word = found.group(1) if found else ""
        by_column.setdefault(column, {})[row] = _ERRORS.get(word, f"#{word or 'ERROR'}!")
    for column, words in by_column.items():
        cells = texts.to_series(column).scatter(list(words), list(words.values()))
        texts = texts.with_columns(cells.alias(str(column)))
    return texts.with_columns(pl.all().replace("", None))
