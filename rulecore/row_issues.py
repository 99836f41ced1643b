"""Issues that the rows of detail tables met, told on the record they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rulecore.language import N_, translate
from rulecore.records.details import OWNER

if TYPE_CHECKING:
    import polars as pl

    from rulecore.results import PolicyResults, TableResults

MOST_TOLD: Final = 3
"""The most rows of one table whose issues a record tells; of further ones only how many there are."""


def with_row_issues(part: PolicyResults, own: pl.Series) -> pl.Series:
    """Return each record's issues with those of its rows behind them, each with the table and the row's name."""
    import polars as pl

    said: dict[int, list[str]] = {}
    for table in part.tables.values():
        for record, texts in _issues(part, table).items():
            shown = texts[:MOST_TOLD]
            if len(texts) > MOST_TOLD:
                more = translate(N_("{table}: {count} more rows with issues"), part.language)
                shown.append(more.format(table=table.table.label, count=len(texts) - MOST_TOLD))
            said.setdefault(record, []).extend(shown)
    if not said:
        return own
    texts = ["; ".join(filter(None, (text, *said.get(row, ())))) for row, text in enumerate(own)]
    return pl.Series(own.name, texts, dtype=pl.String())


def _issues(part: PolicyResults, table: TableResults) -> dict[int, list[str]]:
    """Return the issues of a table's rows by the record they belong to, in the order of the rows."""
    texts = table.part.issues()
    rows = (texts != "").arg_true()
    found: dict[int, list[str]] = {}
    for row in rows:
        record, above = table.records[OWNER][row], table.table.declaration.parent
        while above:
            record, above = (
                part.tables[above].records[OWNER][record],
                part.tables[above].table.declaration.parent,
            )
        name = table.part.field_at(table.table.declaration.row, row) if table.table.declaration.row else ""
        label = f"{table.table.label} {name}".strip()
        found.setdefault(int(record), []).append(f"{label}: {texts[row]}")
    return found
