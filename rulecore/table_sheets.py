"""The rows of detail tables as sheets of a result, where the policy shows them (``[tables.NAME.output]``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from rulecore.contracts import Sheet
from rulecore.records.details import OWNER
from rulecore.results import ORDER, PolicyResults, TableResults, column_kind, field_column

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["number", "text", "flag", "date"]


def table_sheets(parts: Sequence[PolicyResults]) -> list[Sheet]:
    """Return a sheet for each detail table that shows its rows: what names the record, then the table's columns."""
    import polars as pl

    frames: dict[str, list[pl.DataFrame]] = {}
    kinds: dict[str, dict[str, Kind]] = {}
    for part in parts:
        for found in part.tables.values():
            if found.table.declaration.output is None:
                continue
            label = found.table.label
            known = kinds.setdefault(label, {})
            for header in found.table.headers:
                known.setdefault(header, "text")
            for column in found.part.plan.columns:
                known.setdefault(column.header, column_kind(column))
            names = identity_texts(part, found)
            shown = [found.part.text(column) for column in found.part.plan.columns]
            frame = pl.DataFrame([*names, *(item for item in shown if item.name not in found.table.headers)])
            frames.setdefault(label, []).append(frame.with_columns(found.records[ORDER]))
    return [
        Sheet(
            name=label,
            headers=tuple(kinds[label]),
            kinds=tuple(kinds[label].values()),
            frame=pl.concat(each, how="diagonal")
            .sort(ORDER, maintain_order=True)
            .select(pl.col(header).fill_null("") for header in kinds[label]),
        )
        for label, each in frames.items()
    ]


def identity_texts(part: PolicyResults, found: TableResults) -> list[pl.Series]:
    """Return what names the record of each row of a table, as text under the table's headers."""
    chain = [found]
    while chain[0].table.declaration.parent:
        chain.insert(0, part.tables[chain[0].table.declaration.parent])
    positions = found.records[OWNER]
    names: dict[str, pl.Series] = {}
    for above in reversed(chain[:-1]):
        row = above.table.declaration.row
        names[row] = above.part.text(field_column(above.part.plan, row)).gather(positions)
        positions = above.records[OWNER].gather(positions)
    for name in found.table.identity:
        if name not in names:
            names[name] = part.text(field_column(part.plan, name)).gather(positions)
    pairs = zip(found.table.identity, found.table.headers, strict=True)
    return [names[name].alias(header) for name, header in pairs]
