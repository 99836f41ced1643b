"""The quarantine: rows that were refused, each with every reason, and where they stand in the input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field as attribute
from attrs import frozen

from rulecore.errors import Code, Fault
from rulecore.language import Language
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class Quarantined:
    """One reason for which a row was refused; a row with several faults has several of these.

    ``row`` is the row number in the source (the header of a CSV file is row 1). ``column`` is the header
    and ``field`` the field's name, both empty for reasons that concern the whole row. ``value`` is the cell
    as read, at most 80 characters. ``entity`` is the row's entity, empty if it cannot be read.
    """

    file: str
    sheet: str = ""
    row: int
    column: str = ""
    field: str = ""
    value: str = ""
    code: Code
    values: Mapping[str, object] = attribute(factory=dict)
    hint: str | None = None
    entity: str = ""

    def reason(self, language: Language | None = None) -> str:
        """Return the reason as a sentence in ``language``."""
        return self.fault().message(language)

    def fault(self) -> Fault:
        """Return the reason as a fault with its place."""
        place = Place(
            file=self.file, sheet=self.sheet, line=self.row or None, key=self.column, excerpt=self.value
        )
        return Fault(code=self.code, values=self.values, place=place, hint=self.hint)


def count_rows(items: Iterable[Quarantined]) -> int:
    """Return how many rows are quarantined: a row with several reasons counts once."""
    return len({(item.file, item.sheet, item.row) for item in items})


def quarantine_frame(items: Sequence[Quarantined], language: Language | None = None) -> pl.DataFrame:
    """Return the quarantine as a table: file, sheet, row, column, value, reason (``code: sentence``)."""
    import polars as pl

    return pl.DataFrame(
        {
            "file": [item.file for item in items],
            "sheet": [item.sheet for item in items],
            "row": [item.row for item in items],
            "column": [item.column for item in items],
            "value": [item.value for item in items],
            "reason": [f"{item.code.id}: {item.reason(language)}" for item in items],
        },
        schema={
            "file": pl.String(),
            "sheet": pl.String(),
            "row": pl.Int64(),
            "column": pl.String(),
            "value": pl.String(),
            "reason": pl.String(),
        },
    )
