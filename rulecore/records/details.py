"""Records with detail tables: every row typed, joined to its record, and a record taken whole or not at all.

A record's rows stand in the records' own file (one row of the file is one row of the table, the record's columns
repeat), or in tables of their own. One bad row refuses the record with all its rows: a sum over some of its rows would
be a number that nobody meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from attrs import define, evolve, frozen
from attrs import field as attribute

from rulecore.codes import tables as codes
from rulecore.contracts import RawTable
from rulecore.errors import Code, Fault, InputError
from rulecore.planned import Plan, PlannedField, PlannedTable
from rulecore.records.characters import shown
from rulecore.records.headers import Matched, match_headers
from rulecore.records.identity import ROW, TABLE, Refused, duplicates, nameless, written
from rulecore.records.outcome import CellValue
from rulecore.records.quarantine import Quarantined
from rulecore.records.rows import broken_rows, table_name
from rulecore.records.table_fields import (
    file_fields,
    identity_fields,
    key_fields,
    tables_apart,
    tables_in_file,
)
from rulecore.records.typed import TypedRecords, as_quarantined, field_named, joined, type_part

if TYPE_CHECKING:
    import polars as pl

OWNER: Final = "#record"
"""The column that says which record (or row of the table above) a row belongs to, by its position from 0."""
MOST_LISTED: Final = 10


@frozen(kw_only=True)
class TypedLevels:
    """Records and the rows of their detail tables, typed and complete.

    ``records`` are the records as :class:`~rulecore.records.typed.TypedRecords` (its counts are of all rows read);
    ``tables`` the rows of each table with ``#record``; ``rows`` every row that belongs to a record that stays:
    ``#table``, ``#row`` and ``#record``.
    """

    records: TypedRecords
    tables: Mapping[str, pl.DataFrame] = attribute(eq=False)
    rows: pl.DataFrame = attribute(eq=False)
    refused: tuple[tuple[str, str, int, str], ...] = ()
    """Refused records as they stay in results: file, sheet and row of the first of their rows, and the entity."""


def type_levels(
    plan: Plan, records: Sequence[RawTable], details: Mapping[str, Sequence[RawTable]]
) -> TypedLevels:
    """Return records with their detail rows, typed; ``details`` holds the tables that have sources of their own.

    Raises :class:`rulecore.errors.InputError` where required columns are missing or stand twice.
    """
    return _Reading(plan=plan, sources=[*records], details=details).levels()


@define
class _Level:
    """The rows of one level: ``name`` is empty for the records.

    ``frame`` holds the level's fields under their own names, ``#table`` and ``#row`` of each row (of the first row,
    where several rows of a file make one of this level) and ``#record``, the position of what it belongs to (null:
    unknown).
    """

    name: str
    fields: tuple[PlannedField, ...]
    frame: pl.DataFrame
    table: PlannedTable | None = None
    refused: list[Refused] = attribute(factory=list)
    virtual: bool = False
    """Whether its rows are made from several rows of a file, and do not count themselves."""


@define(kw_only=True)
class _Reading:
    plan: Plan
    sources: list[RawTable]
    details: Mapping[str, Sequence[RawTable]]
    levels_by_name: dict[str, _Level] = attribute(factory=dict)
    identities: dict[str, pl.DataFrame] = attribute(factory=dict)
    """For each level its rows' full identity: the record's fields and the row fields of the tables down to it."""
    notes: list[Fault] = attribute(factory=list)
    blank: int = 0
    chain: tuple[PlannedTable, ...] = ()

    def levels(self) -> TypedLevels:
        self.chain = tables_in_file(self.plan)
        count = len(self.sources)
        read = [self.read(range(count), file_fields(self.plan), self.plan.policy.record.entity)]
        own = tables_apart(self.plan)
        for table in own:
            first = len(self.sources)
            self.sources += self.details.get(table.name, ())
            fields = (*key_fields(self.plan, table), *table.plan.fields)
            read.append(self.read(range(first, len(self.sources)), fields, fields[0].name))
        faults = [fault for matched, _frame, _refused in read for match in matched for fault in match.faults]
        if faults:
            raise InputError(faults)
        self.add_records(*read[0][1:])
        for table, (_matched, frame, refused) in zip(own, read[1:], strict=True):
            self.add_table(table, frame, refused)
        for table in self.plan.tables:
            self.check_rows(table)
        return self.settled()

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(
        self, numbers: Iterable[int], fields: Sequence[PlannedField], entity: str
    ) -> tuple[list[Matched], pl.DataFrame, list[Refused]]:
        """Return the typed rows of some sources, with null where a cell was refused."""
        matched, parts = [], []
        for number in numbers:
            source = self.sources[number]
            # A header may be the name of a field, which stands after the table's: TABLE.FIELD
            plain = [evolve(item, name=item.name.rpartition(".")[2]) for item in fields]
            match = match_headers(source.headers, plain, source.file, source.sheet)
            matched.append(match)
            self.notes += match.notes
            if not match.faults:
                found = {
                    item.name: match.positions[own.name] for item, own in zip(fields, plain, strict=True)
                }
                part = type_part(source, number, fields, entity, found)
                self.blank += part.blank
                parts.append(part)
        frame, refused = joined(parts, fields)
        return matched, frame, refused

    # --- the records, and the tables in their file ------------------------------------------------------------------

    def add_records(self, frame: pl.DataFrame, refused: list[Refused]) -> None:
        """Add the records; where tables stand in their file, the rows of the file are the last table's."""
        import polars as pl

        identity = list(identity_fields(self.plan))
        fields = self.plan.fields
        for order, planned in enumerate(file_fields(self.plan)):
            if planned.name in identity:
                bad = {reason.position for reason in refused if reason.field == planned.name}
                refused += nameless(frame, planned, order, bad)
        if not self.chain:
            record = self.plan.policy.record
            parts = [field_named(fields, name) for name in dict.fromkeys((record.entity, *record.key))]
            when = field_named(fields, record.period) if record.period else None
            order = [item.name for item in fields].index(record.entity)
            refused += duplicates(frame, parts[0], when, order, self.sources, parts[1:])
            level = _Level("", fields, frame.with_columns(pl.lit(None, pl.Int64).alias(OWNER)), None, refused)
            self.levels_by_name[""] = level
            self.identities[""] = frame.select(identity)
            return
        rows = frame.with_row_index("#position").with_columns(pl.col("#position").cast(pl.Int64))
        keys = identity
        owners: pl.Series | None = None
        for table in (None, *self.chain):
            last = table is self.chain[-1]
            name = table.name if table is not None else ""
            prefix = f"{name}." if table is not None else ""
            own = fields if table is None else table.plan.fields
            if table is not None and table.declaration.row:
                keys = [*keys, f"{name}.{table.declaration.row}"]
            numbers = rows["#position"] if last else _group_numbers(rows, keys)
            first = rows.with_columns(numbers.alias("#group")).unique(
                "#group", keep="first", maintain_order=True
            )
            columns = [pl.col(f"{prefix}{item.name}").alias(item.name) for item in own]
            owner = pl.Series(OWNER, [None] * first.height, dtype=pl.Int64)
            if owners is not None:
                owner = owners.gather(first["#position"]).alias(OWNER)
            level_frame = first.select(*columns, ROW, TABLE).with_columns(owner)
            level = _Level(name, own, level_frame, table, virtual=not last)
            self.levels_by_name[name] = level
            self.identities[name] = first.select(
                pl.col(key).alias(key.partition(".")[2] or key) for key in keys
            )
            if not last:
                self.differences(rows, numbers, name, own, prefix, keys, refused)
            owners = numbers
        self.levels_by_name[self.chain[-1].name].refused += refused

    def differences(
        self,
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
            first = pl.col(column).first().over("#group")
            differs = grouped.select(~pl.col(column).eq_missing(first)).to_series()
            groups = set(grouped["#group"].filter(differs).to_list())
            for group in sorted(groups):
                inside = grouped.filter(pl.col("#group") == group)
                if any((position, column) in bad for position in inside["#position"]):
                    continue
                refused += self.difference(inside, planned, column, order)

    def difference(
        self, inside: pl.DataFrame, planned: PlannedField, column: str, order: int
    ) -> Iterable[Refused]:
        entity = self.entity_of(inside.row(0, named=True))
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
            yield _refused(
                position, codes.DIFFERS_WITHIN_RECORD, said, planned, order, written(value, planned)
            )

    def entity_of(self, row: Mapping[str, object]) -> str:
        """Return the name of a record from a row that holds its fields."""
        entity = field_named(self.plan.fields, self.plan.policy.record.entity)
        return shown(written(_cell(row[entity.name]), entity))

    # --- tables of their own ----------------------------------------------------------------------------------------

    def add_table(self, table: PlannedTable, frame: pl.DataFrame, refused: list[Refused]) -> None:
        """Add the rows of a table of its own, each with the record it belongs to."""
        import polars as pl

        keys = key_fields(self.plan, table)
        for order, planned in enumerate(keys):
            bad = {reason.position for reason in refused if reason.field == planned.name}
            refused += nameless(frame, planned, order, bad)
        names = list(table.identity)
        ids = frame.select(pl.col(f"#key:{name}").alias(name) for name in names)
        parents = self.identities[table.declaration.parent].with_row_index("#owner")
        parents = parents.unique(names, keep="first", maintain_order=True)
        found = ids.join(parents, on=names, how="left", maintain_order="left")["#owner"].cast(pl.Int64)
        known = {reason.position for reason in refused if reason.field.startswith("#key:")}
        for position in found.is_null().arg_true():
            if position not in known:
                name = " / ".join(
                    shown(written(_cell(frame[f"#key:{key}"][position]), planned))
                    for key, planned in zip(names, keys, strict=True)
                )
                values = {"entity": name, "table": table.label}
                refused.append(_refused(position, codes.ORPHAN_ROW, values, keys[0], 0, name))
        own = frame.select(*(item.name for item in table.plan.fields), ROW, TABLE).with_columns(
            found.alias(OWNER)
        )
        self.levels_by_name[table.name] = _Level(table.name, table.plan.fields, own, table, refused)
        row = table.plan.policy.record.entity
        if row:
            self.identities[table.name] = ids.with_columns(frame[row])

    # --- how many, and which ----------------------------------------------------------------------------------------

    def check_rows(self, table: PlannedTable) -> None:
        """Note rows that are there twice, and records with too few, too many or not all rows."""
        import polars as pl

        level, above = self.levels_by_name[table.name], self.levels_by_name[table.declaration.parent]
        declared = table.declaration
        counts = level.frame.group_by(OWNER).len().drop_nulls(OWNER)
        every = pl.DataFrame({OWNER: pl.arange(0, above.frame.height, dtype=pl.Int64, eager=True)})
        counted = every.join(counts, on=OWNER, how="left", maintain_order="left")["len"].fill_null(0)
        for position in (counted < declared.at_least).arg_true():
            values = {"count": counted[position], "least": declared.at_least}
            self.note_above(above, position, codes.TOO_FEW_ROWS, table, values)
        for position in (counted > declared.at_most).arg_true():
            values = {"count": counted[position], "most": declared.at_most}
            self.note_above(above, position, codes.TOO_MANY_ROWS, table, values)
        if declared.row:
            self.check_each(level, above, table)

    def check_each(self, level: _Level, above: _Level, table: PlannedTable) -> None:
        """Note rows of one name, and, where all are needed, those that are missing."""
        import polars as pl

        row = table.declaration.row
        planned = field_named(level.fields, row)
        numbered = level.frame.with_row_index("#position").drop_nulls([OWNER, row])
        twice = numbered.filter(pl.struct(OWNER, row).is_duplicated())
        for group in twice.group_by(OWNER, row, maintain_order=True).agg("#position", ROW).iter_rows():
            owner, name, positions, lines = group
            values = {
                "entity": self.name_of(above, owner),
                "table": table.label,
                "row": shown(written(_cell(name), planned)),
                "rows": ", ".join(str(line) for line in lines[:MOST_LISTED]),
            }
            for position in positions:
                level.refused.append(
                    _refused(position, codes.ROW_TWICE, values, planned, 0, written(_cell(name), planned))
                )
        if not table.declaration.complete:
            return
        wanted = planned.declaration.values
        present = dict(numbered.group_by(OWNER).agg(pl.col(row).unique()).iter_rows())
        for position in range(above.frame.height):
            lacking = [value for value in wanted if value not in present.get(position, ())]
            if lacking and position in present:
                values = {"lacking": "、".join(lacking)}
                self.note_above(above, position, codes.ROW_LACKING, table, values)

    def note_above(
        self, above: _Level, position: int, code: Code, table: PlannedTable, values: Mapping[str, object]
    ) -> None:
        """Note a reason that concerns a record as a whole."""
        said = {"entity": self.name_of(above, position), "table": table.label, **values}
        above.refused.append(_refused(position, code, said, above.fields[0], 0, "", whole=True))

    def name_of(self, level: _Level, position: int) -> str:
        """Return the name of the record that a row of a level belongs to (or is)."""
        while level.table is not None:
            above = self.levels_by_name[level.table.declaration.parent]
            position = level.frame[OWNER][position]
            level = above
        return self.entity_of(level.frame.row(position, named=True))

    # --- a record whole or not at all -------------------------------------------------------------------------------

    def settled(self) -> TypedLevels:
        """Refuse every row of a record that has a bad row, and number those that stay."""
        import polars as pl

        levels = self.ordered()
        roots = {level.name: self.roots(level) for level in levels}
        culprit: dict[int, Refused] = {}
        where: dict[int, str] = {}
        for level in levels:
            for reason in sorted(level.refused, key=lambda reason: (reason.position, reason.order)):
                root = roots[level.name][reason.position]
                if root is not None and root not in culprit:
                    culprit[root] = reason
                    where[root] = self.place_of(level, reason.position)
        items: list[Quarantined] = []
        physical = [level for level in levels if not level.virtual]
        for level in physical:
            items += self.items_of(level, roots, culprit, where)
        kept, positions = self.kept(levels, roots, culprit)
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
        broken = [item for source in self.sources for item in broken_rows(source)]
        read = sum(level.frame.height for level in physical)
        bad_rows = read - rows.height
        typed = TypedRecords(
            frame=records,
            quarantined=tuple(broken + items),
            rows_in=read + self.blank + len(broken),
            quarantined_rows=bad_rows + len(broken),
            blank_rows=self.blank,
            tables=tuple((source.file, source.sheet) for source in self.sources),
            notes=tuple(self.notes),
        )
        tables = {name: frame for name, frame in kept.items() if name}
        return TypedLevels(
            records=typed, tables=tables, rows=rows, refused=self.refused_records(roots, culprit)
        )

    def ordered(self) -> list[_Level]:
        """Return the levels, each after the one its rows belong to."""
        return [self.levels_by_name[""], *(self.levels_by_name[table.name] for table in self.plan.tables)]

    def roots(self, level: _Level) -> list[int | None]:
        """Return for each row of a level the position of its record."""
        found: list[int | None] = list(range(level.frame.height))
        while level.table is not None:
            owners = level.frame[OWNER].to_list()
            found = [None if position is None else owners[position] for position in found]
            level = self.levels_by_name[level.table.declaration.parent]
        return found

    def place_of(self, level: _Level, position: int) -> str:
        number, row = level.frame[TABLE][position], level.frame[ROW][position]
        return f"{table_name(self.sources[number])}:{row}"

    def items_of(
        self,
        level: _Level,
        roots: Mapping[str, list[int | None]],
        culprit: Mapping[int, Refused],
        where: Mapping[int, str],
    ) -> list[Quarantined]:
        """Return why rows of a level that stands in a file are refused, each row with at least one reason."""
        entity = field_named(self.plan.fields, self.plan.policy.record.entity)
        refused = [*level.refused]
        own = {reason.position for reason in refused}
        above: dict[int, list[Refused]] = {}
        for virtual in self.ordered():
            if virtual.virtual:
                for reason in virtual.refused:
                    root = roots[virtual.name][reason.position]
                    if root is not None:
                        above.setdefault(root, []).append(reason)
        for position, root in enumerate(roots[level.name]):
            if root is None or root not in culprit:
                continue
            name = self.name_of(level, position)
            wholes = above.get(root, []) if level.table in self.chain else []
            refused += [evolve(reason, position=position) for reason in wholes]
            if position not in own and not wholes:
                values = {"entity": name, "where": where[root]}
                refused.append(
                    _refused(position, codes.OTHER_ROW_REFUSED, values, level.fields[0], 0, "", whole=True)
                )
        bad = sorted({reason.position for reason in refused})
        names = [
            None if root is None else self.levels_by_name[""].frame[entity.name][root]
            for root in roots[level.name]
        ]
        frame = level.frame.with_columns(_series(entity, names).alias("#entity"))
        return as_quarantined(
            refused,
            frame.drop(entity.name, strict=False).rename({"#entity": entity.name}),
            bad,
            self.sources,
            entity,
        )

    def kept(
        self,
        levels: Sequence[_Level],
        roots: Mapping[str, list[int | None]],
        culprit: Mapping[int, Refused],
    ) -> tuple[dict[str, pl.DataFrame], dict[int, int]]:
        """Return the rows that stay, numbered anew, and the new numbers of the records."""
        import polars as pl

        kept: dict[str, pl.DataFrame] = {}
        numbers: dict[str, dict[int, int]] = {}
        for level in levels:
            stays = [root is not None and root not in culprit for root in roots[level.name]]
            old = [position for position, stay in enumerate(stays) if stay]
            numbers[level.name] = {position: index for index, position in enumerate(old)}
            frame = level.frame.filter(pl.Series(stays, dtype=pl.Boolean))
            if level.table is not None:
                above = numbers[level.table.declaration.parent]
                owners = [above[owner] for owner in frame[OWNER]]
                frame = frame.with_columns(pl.Series(OWNER, owners, dtype=pl.Int64))
            else:
                frame = frame.drop(OWNER)
            kept[level.name] = frame
        return kept, numbers[""]

    def refused_records(
        self, roots: Mapping[str, list[int | None]], culprit: Mapping[int, Refused]
    ) -> tuple[tuple[str, str, int, str], ...]:
        """Return the refused records as results show them."""
        level = self.levels_by_name[""]
        entity = field_named(level.fields, self.plan.policy.record.entity)
        found = []
        for root in sorted(culprit):
            source = self.sources[level.frame[TABLE][root]]
            name = written(_cell(level.frame[entity.name][root]), entity)
            found.append((source.file, source.sheet, int(level.frame[ROW][root]), name))
        return tuple(found)


def _group_numbers(rows: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Return the number of each row's group, counted from 0 in the order groups first appear.

    A row whose key cannot be read is a group of its own.
    """
    import polars as pl

    known = pl.all_horizontal([pl.col(key).is_not_null() for key in keys])
    apart = pl.when(known).then(None).otherwise(pl.col("#position"))
    key = rows.select(pl.struct([*keys, apart.alias("#apart")]).alias("#key")).to_series()
    groups = key.to_frame().unique(maintain_order=True).with_row_index("#group")
    found = key.to_frame().join(groups, on="#key", how="left", maintain_order="left", nulls_equal=True)
    return found["#group"].cast(pl.Int64)


def _refused(
    position: int,
    code: Code,
    values: Mapping[str, object],
    planned: PlannedField,
    order: int,
    text: str,
    *,
    whole: bool = False,
) -> Refused:
    return Refused(
        position=position,
        order=order,
        column="" if whole else planned.header,
        field="" if whole else planned.name,
        text=text,
        code=code,
        values=values,
    )


def _series(planned: PlannedField, values: Sequence[object]) -> pl.Series:
    import polars as pl

    from rulecore.records.storage import storage

    held = storage(planned.type)
    return pl.Series(planned.name, values, dtype=held.dtype() if held is not None else None)


def _cell(value: object) -> CellValue:
    from datetime import date

    return value if isinstance(value, int | str | date) else None
