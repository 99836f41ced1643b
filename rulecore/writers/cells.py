"""What the writers share: cells as texts, which texts are numbers and flags, and distinct headers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rulecore.codes.inputs import REPEATED_COLUMN
from rulecore.contracts import Sheet
from rulecore.errors import Fault, OutputError
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

PLAIN_NUMBER: Final = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
"""The pattern of a number as engines write it, which is also one as JSON has it."""

FLAG_WORDS: Final = {"true": True, "false": False, "是": True, "否": False}


def texts(sheet: Sheet) -> pl.DataFrame:
    """Return the sheet's cells as texts, columns named by position, blank cells null."""
    import polars as pl

    names = {name: str(index) for index, name in enumerate(sheet.frame.columns)}
    return sheet.frame.rename(names).with_columns(pl.all().cast(pl.String).replace("", None))


def refuse_repeated_headers(sheet: Sheet, file: str, format_name: str) -> None:
    """Raise an :class:`OutputError` for headers that occur twice, for formats that name their columns."""
    faults = [
        Fault(
            code=REPEATED_COLUMN,
            values={"file": file, "column": header, "format": format_name},
            place=Place(file=file),
        )
        for header, count in Counter(sheet.headers).items()
        if count > 1
    ]
    if faults:
        raise OutputError(faults)
