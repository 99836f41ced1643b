"""What is wrong with the rows of records as they stand together: how many, which, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rulecore.codes import tables as codes
from rulecore.errors import Code
from rulecore.planned import PlannedField, PlannedTable
from rulecore.records.characters import shown
from rulecore.records.detail_levels import OWNER, Level, Levels, cell_value, reason_of
from rulecore.records.identity import ROW, Refused, written
from rulecore.records.typed import field_named

if TYPE_CHECKING:
    import polars as pl

MOST_LISTED: Final = 10


def check_rows(levels: Levels, table: PlannedTable) -> None:
    """Note rows that are there twice, and records with too few, too many or not all rows."""
    import polars as pl

    level, above = levels.by_name[table.name], levels.by_name[table.declaration.parent]
    declared = table.declaration
    counts = level.frame.group_by(OWNER).len().drop_nulls(OWNER)
    every = pl.DataFrame({OWNER: pl.arange(0, above.frame.height, dtype=pl.Int64, eager=True)})
    counted = every.join(counts, on=OWNER, how="left", maintain_order="left")["len"].fill_null(0)
    for position in (counted < declared.at_least).arg_true():
        values = {"count": counted[position], "least": declared.at_least}
        _note_above(levels, above, position, codes.TOO_FEW_ROWS, table, values)
    for position in (counted > declared.at_most).arg_true():
        values = {"count": counted[position], "most": declared.at_most}
        _note_above(levels, above, position, codes.TOO_MANY_ROWS, table, values)
    if declared.row:
        _check_each(levels, level, above, table)


def _check_each(levels: Levels, level: Level, above: Level, table: PlannedTable) -> None:
    """Note rows of one name, and, where all are needed, those that are missing."""
    import polars as pl

    row = table.declaration.row
    planned = field_named(level.fields, row)
    numbered = level.frame.with_row_index("#position").drop_nulls([OWNER, row])
    twice = numbered.filter(pl.struct(OWNER, row).is_duplicated())
    for group in twice.group_by(OWNER, row, maintain_order=True).agg("#position", ROW).iter_rows():
        owner, name, positions, lines = group
        values = {
            "entity": levels.name_of(above, owner),
            "table": table.label,
            "row": shown(written(cell_value(name), planned)),
            "rows": ", ".join(str(line) for line in lines[:MOST_LISTED]),
        }
        for position in positions:
            level.refused.append(
                reason_of(position, codes.ROW_TWICE, values, planned, 0, written(cell_value(name), planned))
            )
    if not table.declaration.complete:
        return
    wanted = planned.declaration.values
    present = dict(numbered.group_by(OWNER).agg(pl.col(row).unique()).iter_rows())
    for position in range(above.frame.height):
        lacking = [value for value in wanted if value not in present.get(position, ())]
        if lacking and position in present:
            values = {"lacking": "、".join(lacking)}
            _note_above(levels, above, position, codes.ROW_LACKING, table, values)


def _note_above(
    levels: Levels, above: Level, position: int, code: Code, table: PlannedTable, values: Mapping[str, object]
) -> None:
    """Note a reason that concerns a record as a whole."""
    said = {"entity": levels.name_of(above, position), "table": table.label, **values}
    above.refused.append(reason_of(position, code, said, above.fields[0], 0, "", whole=True))


def note_differences(
    levels: Levels,
    rows: pl.DataFrame,
    numbers: pl.Series,
    name: str,
    fields: Sequence[PlannedField],
    prefix: str,
    keys: Sequence[str],
    refused: list[Refused],
) -> None:
    """Note on every row of a record that a value of the record itself is not the same in all of them."""
    import polars as pl

    grouped = rows.with_columns(numbers.alias("#group"))
    bad = {(reason.position, reason.field) for reason in refused}
    for order, planned in enumerate(fields):
        column = f"{prefix}{planned.name}"
        if column in keys:
            continue
        differs = ~pl.col(column).eq_missing(pl.col(column).first().over("#group"))
        records = grouped.filter(differs.any().over("#group"))
        # One pass: a filter for each record would take longer with the square of the number of records.
        for inside in records.partition_by("#group", maintain_order=True):
            if any((position, column) in bad for position in inside["#position"]):
                continue
            refused += _difference(levels, inside, planned, column, order)


def _difference(
    levels: Levels, inside: pl.DataFrame, planned: PlannedField, column: str, order: int
) -> Iterable[Refused]:
    entity = levels.entity_of(inside.row(0, named=True))
    values = inside[column].to_list()
    other = next(index for index, value in enumerate(values) if value != values[0])
    said = {
        "entity": entity,
        "column": planned.header,
        "first": shown(written(values[0], planned)) or "—",
        "row": inside[ROW][0],
        "other": shown(written(values[other], planned)) or "—",
        "other_row": inside[ROW][other],
    }
    for position, value in zip(inside["#position"], values, strict=True):
        yield reason_of(position, codes.DIFFERS_WITHIN_RECORD, said, planned, order, written(value, planned))
