"""Earlier records of all sources as one, and what each record of a run is given from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from rulecore.codes import history as codes
from rulecore.errors import Fault, InputError
from rulecore.expr.earlier import FOUND, MERGED, NONE
from rulecore.expr.types import Type
from rulecore.history.reading import (
    ENTITY,
    SOURCE,
    STANDING,
    STEP,
    WHERE,
    Reading,
    as_texts,
    earlier_frame,
    steps_of,
    today_names,
    unpacked,
    with_refused,
)
from rulecore.phrase import phrase
from rulecore.plan.earlier import place_column, shown_whole, standing_column, value_column
from rulecore.records.period_steps import KIND_WORDS, step_text
from rulecore.records.rows import place_text
from rulecore.records.storage import storage
from rulecore.results import ORDER, ROWS_OF_A_TABLE, PolicyResults
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class EarlierRecords:
    """The records of earlier periods: one row for each entity (as it is called today), key and period."""

    frame: pl.DataFrame = field(eq=False)


def own_records(
    reading: Reading, part: PolicyResults, tables: Sequence[tuple[str, str]], before: int
) -> pl.DataFrame:
    """Return the results of earlier periods of the same run: those of periods before ``before``."""
    import polars as pl

    record = reading.plan.policy.record
    identity = (record.entity, *reading.keys, record.period)
    columns = [part.records[name] for name in identity]
    for name in reading.names:
        if name in identity:
            continue
        column = shown_whole(reading.plan.columns, name)
        assert column is not None  # noqa: S101 - checked when the policy was compiled
        columns.append(_restored(part.stored(column), column.type, reading.type_of(name)).alias(name))
    frame = pl.DataFrame(columns)
    wheres = []
    for order in part.records[ORDER].to_list():
        number, row = divmod(order, ROWS_OF_A_TABLE)
        file, sheet = tables[number]
        wheres.append(place_text(file, sheet, row))
    steps = steps_of(reading, frame[record.period], tables[0][0] if tables else "")
    found = earlier_frame(reading, frame, steps, wheres)
    found = with_refused(reading, found, [name for _order, name in part.refused if name], "")
    return found.filter(found[STEP] < before)


def _restored(values: pl.Series, type_: Type, wanted: Type) -> pl.Series:
    """Return stored numbers at the scale under which earlier values are held."""
    import polars as pl

    held, kept = storage(type_), storage(wanted)
    if held is None or kept is None or held == kept:
        return values
    if held.kind not in ("int64", "int128"):
        return values
    restored: pl.Series = (values.cast(pl.Int128()) * 10 ** (kept.scale - held.scale)).cast(kept.dtype())
    return restored


def combined(reading: Reading, frames: Sequence[pl.DataFrame]) -> EarlierRecords:
    """Return earlier records of all sources as one, one row for each entity, key and period.

    The same record may be given twice if both are alike. Raises :class:`rulecore.errors.InputError` otherwise.
    """
    import polars as pl

    if not frames:
        return EarlierRecords(frame=_empty(reading))
    whole = pl.concat([_empty(reading), *frames], how="diagonal")
    own = [SOURCE, ENTITY, *reading.keys, STEP]
    rest = [name for name in whole.columns if name not in (*own, WHERE)]
    distinct = whole.unique([*own, *rest], keep="first", maintain_order=True)
    # A record that was refused in one file and stands in another is the one that stands.
    standing = distinct.filter(
        (distinct[STANDING] == FOUND) | ~distinct.select(pl.struct(own).is_duplicated()).to_series()
    )
    again = standing.filter(standing.select(pl.struct(own).is_duplicated()).to_series())
    if again.height:
        raise InputError(_twice(again, own))
    several = pl.col(SOURCE).n_unique().over([ENTITY, *reading.keys, STEP]) > 1
    mapped = pl.col(ENTITY).is_in(sorted(reading.mapping.merged)) & (pl.col(SOURCE) != pl.col(ENTITY))
    marked = standing.with_columns(
        pl.when(several | mapped).then(pl.lit(MERGED)).otherwise(pl.col(STANDING)).alias(STANDING)
    )
    return EarlierRecords(
        frame=marked.unique([ENTITY, *reading.keys, STEP], keep="first", maintain_order=True)
    )


def _empty(reading: Reading) -> pl.DataFrame:
    import polars as pl

    schema: dict[str, pl.DataType] = {ENTITY: pl.String(), SOURCE: pl.String()}
    for name in reading.keys:
        held = storage(reading.planned(name).type)
        assert held is not None  # noqa: S101 - fields are stored
        schema[name] = held.dtype()
    schema |= {STEP: pl.Int64(), WHERE: pl.String(), STANDING: pl.String()}
    for name in reading.names:
        held = storage(reading.type_of(name))
        assert held is not None  # noqa: S101 - checked when the policy was compiled
        schema[f"value:{name}"] = held.dtype()
    return pl.DataFrame(schema=schema)


def _twice(again: pl.DataFrame, own: Sequence[str]) -> Iterable[Fault]:
    for group in again.partition_by(own, maintain_order=True):
        values = {
            "entity": group[SOURCE][0],
            "period": step_text(unpacked(group[STEP][0])),
            "places": ", ".join(group[WHERE].to_list()),
        }
        yield Fault(code=codes.TWICE_IN_HISTORY, values=values)


def supplied(reading: Reading, frame: pl.DataFrame, earlier: EarlierRecords, file: str) -> pl.DataFrame:
    """Return typed records with the columns that the plan is supplied from earlier periods."""
    import polars as pl

    record = reading.plan.policy.record
    steps = steps_of(reading, frame[record.period], file)
    check_kinds(steps, earlier.frame[STEP], file)
    source = as_texts(frame[record.entity], reading.planned(record.entity))
    who = pl.DataFrame(
        [
            today_names(reading.mapping, source, steps).alias(ENTITY),
            *(frame[name] for name in reading.keys),
            steps.alias(STEP),
        ]
    )
    on = [ENTITY, *reading.keys, STEP]
    columns: list[pl.Series] = []
    for periods in dict.fromkeys((*reading.standings, *(back for _name, back in reading.values))):
        if periods == 0:
            columns.append(_any_earlier(reading, who, earlier.frame).alias(standing_column(0)))
            continue
        found = who.with_columns(pl.col(STEP) - periods).join(
            earlier.frame, on=on, how="left", nulls_equal=True, maintain_order="left"
        )
        columns.append(found[STANDING].fill_null(NONE).alias(standing_column(periods)))
        columns.append(found[WHERE].alias(place_column(periods)))
        certain = found[STANDING] == FOUND
        for name, back in reading.values:
            if back == periods:
                value = pl.when(certain).then(found[f"value:{name}"])
                columns.append(pl.select(value.alias(value_column(name, periods))).to_series())
    return frame.with_columns(columns)


def _any_earlier(reading: Reading, who: pl.DataFrame, earlier: pl.DataFrame) -> pl.Series:
    import polars as pl

    on = [ENTITY, *reading.keys]
    first = earlier.group_by(on).agg(pl.col(STEP).min().alias("#first"))
    found = who.join(first, on=on, how="left", nulls_equal=True, maintain_order="left")
    before = (found["#first"] < found[STEP]).fill_null(False)
    return pl.select(pl.when(before).then(pl.lit(FOUND)).otherwise(pl.lit(NONE))).to_series()


def check_kinds(steps: pl.Series, earlier: pl.Series, file: str) -> None:
    """Raise InputError where records and history are of different kinds of periods."""
    own, before = (
        {unpacked(step)[0] for step in series.drop_nulls().unique().to_list()} for series in (steps, earlier)
    )
    if own and before and (own != before or len(own) > 1):
        values = {
            "found": phrase(*(KIND_WORDS[kind] for kind in sorted(own))),
            "earlier": phrase(*(KIND_WORDS[kind] for kind in sorted(before))),
        }
        raise InputError([Fault(code=codes.OTHER_PERIODS, values=values, place=Place(file=file))])
