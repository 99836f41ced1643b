"""A record with all its rows or not at all: what a bad row takes along, and what stays, numbered anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

from attrs import evolve

from rulecore.codes import tables as codes
from rulecore.errors import Fault
from rulecore.planned import PlannedField
from rulecore.records.detail_levels import (
    OWNER,
    Level,
    Levels,
    TypedLevels,
    cell_value,
    reason_of,
    rows_that_stay,
    with_owners,
)
from rulecore.records.identity import ROW, TABLE, Refused, written
from rulecore.records.quarantine import Quarantined
from rulecore.records.rows import broken_rows
from rulecore.records.stray_rows import strays
from rulecore.records.table_fields import tables_in_file
from rulecore.records.typed import TypedRecords, as_quarantined, field_named

if TYPE_CHECKING:
    import polars as pl


def settled(all_levels: Levels, notes: Sequence[Fault], blank: int) -> TypedLevels:
    """Refuse every row of a record that has a bad row, and number those that stay."""
    import polars as pl

    levels = all_levels.ordered()
    roots = {level.name: all_levels.roots(level) for level in levels}
    culprit: set[int] = set()
    where: dict[int, str] = {}
    for level in levels:
        for reason in sorted(level.refused, key=lambda reason: (reason.position, reason.order)):
            root = roots[level.name][reason.position]
            if root is not None and root not in culprit:
                culprit.add(root)
                where[root] = all_levels.place_of(level, reason.position)
    for root, place in strays(all_levels, roots):
        culprit.add(root)
        where.setdefault(root, place)
    items: list[Quarantined] = []
    physical = [level for level in levels if not level.virtual]
    for level in physical:
        items += _items_of(all_levels, level, roots, culprit, where)
    kept, positions = _kept(all_levels, levels, roots, culprit)
    records = kept[""]
    rows = pl.concat(
        [
            level.frame.select(TABLE, ROW).with_columns(
                pl.Series(
                    OWNER,
                    [
                        None if root is None or root in culprit else positions[root]
                        for root in roots[level.name]
                    ],
                    dtype=pl.Int64,
                )
            )
            for level in physical
        ]
    ).drop_nulls(OWNER)
    broken = [item for source in all_levels.sources for item in broken_rows(source)]
    read = sum(level.frame.height for level in physical)
    bad_rows = read - rows.height
    typed = TypedRecords(
        frame=records,
        quarantined=tuple(broken + items),
        rows_in=read + blank + len(broken),
        quarantined_rows=bad_rows + len(broken),
        blank_rows=blank,
        tables=tuple((source.file, source.sheet) for source in all_levels.sources),
        notes=tuple(notes),
    )
    tables = {name: frame for name, frame in kept.items() if name}
    return TypedLevels(
        records=typed, tables=tables, rows=rows, refused=_refused_records(all_levels, roots, culprit)
    )


def _items_of(
    all_levels: Levels,
    level: Level,
    roots: Mapping[str, list[int | None]],
    culprit: Set[int],
    where: Mapping[int, str],
) -> list[Quarantined]:
    """Return why rows of a level that stands in a file are refused, each row with at least one reason."""
    entity = field_named(all_levels.plan.fields, all_levels.plan.policy.record.entity)
    refused = [*level.refused]
    own = {reason.position for reason in refused}
    above: dict[int, list[Refused]] = {}
    for virtual in all_levels.ordered():
        if virtual.virtual:
            for reason in virtual.refused:
                root = roots[virtual.name][reason.position]
                if root is not None:
                    above.setdefault(root, []).append(reason)
    for position, root in enumerate(roots[level.name]):
        if root is None or root not in culprit:
            continue
        name = all_levels.name_of(level, position)
        wholes = above.get(root, []) if level.table in tables_in_file(all_levels.plan) else []
        refused += [evolve(reason, position=position) for reason in wholes]
        if position not in own and not wholes:
            values = {"entity": name, "where": where[root]}
            refused.append(
                reason_of(position, codes.OTHER_ROW_REFUSED, values, level.fields[0], 0, "", whole=True)
            )
    if not refused:
        return []
    bad = sorted({reason.position for reason in refused})
    own_names = all_levels.by_name[""].frame[entity.name].to_list()
    names = [None if root is None else own_names[root] for root in roots[level.name]]
    frame = level.frame.with_columns(_series(entity, names).alias("#entity"))
    return as_quarantined(
        refused,
        frame.drop(entity.name, strict=False).rename({"#entity": entity.name}),
        bad,
        all_levels.sources,
        entity,
    )


def _kept(
    all_levels: Levels,
    levels: Sequence[Level],
    roots: Mapping[str, list[int | None]],
    culprit: Set[int],
) -> tuple[dict[str, pl.DataFrame], dict[int, int]]:
    """Return the rows that stay, numbered anew, and the new numbers of the records."""
    kept: dict[str, pl.DataFrame] = {}
    numbers: dict[str, dict[int, int]] = {}
    for level in levels:
        stays = [root is not None and root not in culprit for root in roots[level.name]]
        frame, numbers[level.name] = rows_that_stay(level.frame, stays)
        if level.table is not None:
            kept[level.name] = with_owners(frame, numbers[level.table.declaration.parent])
        else:
            kept[level.name] = frame.drop(OWNER)
    return kept, numbers[""]


def _refused_records(
    all_levels: Levels, roots: Mapping[str, list[int | None]], culprit: Set[int]
) -> tuple[tuple[str, str, int, str], ...]:
    """Return the refused records as results show them."""
    level = all_levels.by_name[""]
    entity = field_named(level.fields, all_levels.plan.policy.record.entity)
    found = []
    for root in sorted(culprit):
        source = all_levels.sources[level.frame[TABLE][root]]
        name = written(cell_value(level.frame[entity.name][root]), entity)
        found.append((source.file, source.sheet, int(level.frame[ROW][root]), name))
    return tuple(found)


def _series(planned: PlannedField, values: Sequence[object]) -> pl.Series:
    import polars as pl

    from rulecore.records.storage import storage

    held = storage(planned.type)
    return pl.Series(planned.name, values, dtype=held.dtype() if held is not None else None)
