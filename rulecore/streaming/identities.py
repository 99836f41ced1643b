"""Which records claim the same identity, where they are never all at hand: by hashes first, then by what they are.

Eight bytes a record are kept. Different hashes mean different records; only where two are the same are the records
behind them read once more and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from rulecore.contracts import RawTable
from rulecore.planned import Plan, PlannedField
from rulecore.records.headers import Matched
from rulecore.records.identity import ROW, TABLE, Refused, all_distinct, duplicates, key_hashes
from rulecore.records.typed import field_named, type_part

if TYPE_CHECKING:
    import polars as pl

Doubles = Mapping[int, Mapping[int, Refused]]
"""Why rows are refused that claim the identity of others: by the number of the input, by the row."""


@frozen(kw_only=True)
class Identity:
    """The fields that name a record of a plan."""

    plan: Plan
    entity: PlannedField
    key: tuple[PlannedField, ...]
    period: PlannedField | None

    @classmethod
    def of(cls, plan: Plan) -> Identity:
        """Return the identity of a plan's records."""
        record, fields = plan.policy.record, plan.fields
        return cls(
            plan=plan,
            entity=field_named(fields, record.entity),
            key=tuple(field_named(fields, name) for name in record.key),
            period=field_named(fields, record.period) if record.period else None,
        )

    @property
    def fields(self) -> tuple[PlannedField, ...]:
        """The fields, each once."""
        every = (self.entity, *self.key, *([self.period] if self.period is not None else []))
        return tuple({item.name: item for item in every}.values())

    def hashes(self, frame: pl.DataFrame) -> pl.Series:
        """Return a hash of each typed record, null for those that have no identity."""
        import polars as pl

        names = [item.name for item in self.fields]
        hashes = key_hashes(frame, names)
        if not any(frame[name].null_count() for name in names):
            return hashes
        known = pl.all_horizontal(pl.col(names).is_not_null())
        return frame.select(pl.when(known).then(pl.lit(hashes))).to_series()

    def records(self, table: RawTable, number: int, matched: Matched, hashes: pl.Series) -> pl.DataFrame:
        """Return the records of a table that have one of the hashes, with their rows and the number of the input."""
        frame = type_part(table, number, self.fields, self.entity.name, matched.positions).frame
        return frame.filter(self.hashes(frame).is_in(hashes.implode()))

    def doubles(self, frames: Sequence[pl.DataFrame], tables: Sequence[RawTable]) -> Doubles:
        """Return the rows of records that are there twice, of those whose hashes are."""
        import polars as pl

        frame = pl.concat(frames)
        order = [item.name for item in self.plan.fields].index(self.entity.name)
        refused = duplicates(frame, self.entity, self.period, order, tables, self.key)
        places = frame.select(TABLE, ROW).rows()
        found: dict[int, dict[int, Refused]] = {}
        for reason in refused:
            number, row = places[reason.position]
            found.setdefault(number, {})[row] = reason
        return found


@frozen(kw_only=True)
class Found:
    """The hashes of a plan's records so far, and the records that are known to be there twice."""

    identity: Identity
    doubles: Doubles = field(factory=dict)
    hashes: list[pl.Series] = field(factory=list)

    def same(self, frame: pl.DataFrame, number: int) -> list[Refused]:
        """Note the typed records of a part of input ``number``; return those that are known to be there twice."""
        import polars as pl

        self.hashes.append(self.identity.hashes(frame).drop_nulls())
        rows = self.doubles.get(number)
        if not rows:
            return []
        met = frame[ROW].is_in(pl.Series(list(rows), dtype=pl.Int64()).implode()).arg_true()
        return [
            evolve(rows[row], position=position)
            for position, row in zip(met, frame[ROW].gather(met), strict=True)
        ]

    def repeated(self) -> pl.Series | None:
        """Return the hashes that several records have, None if all differ."""
        import polars as pl

        every = pl.concat(self.hashes) if self.hashes else None
        if every is None or all_distinct(every):
            return None
        return every.filter(every.is_duplicated()).unique()


def stand_ins(names: Iterable[tuple[str, str]]) -> list[RawTable]:
    """Return tables without rows for the file and sheet of each input: what messages name them by."""
    import polars as pl

    rows = pl.Series("rows", [], dtype=pl.UInt32)
    return [
        RawTable(file=file, sheet=sheet, headers=(), frame=pl.DataFrame(), rows=rows) for file, sheet in names
    ]
