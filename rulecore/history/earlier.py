"""The records of earlier periods under one policy, typed, and what each record of a run is given from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from rulecore.codes import history as codes
from rulecore.contracts import RawTable
from rulecore.declarations import FieldDeclaration
from rulecore.errors import Fault, InputError
from rulecore.expr.earlier import FOUND, MERGED, NONE, REFUSED, EarlierStanding, EarlierValue
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type
from rulecore.history.mapping import NOBODY_RENAMED, EntityMapping
from rulecore.history.sealed import LANGUAGES, Sealed, SealedPolicy
from rulecore.language import N_, translate
from rulecore.phrase import phrase
from rulecore.plan.earlier import place_column, shown_whole, standing_column, value_column
from rulecore.planned import Plan, PlannedField
from rulecore.records.headers import match_headers
from rulecore.records.identity import ROW, Refused, written
from rulecore.records.period_steps import KIND_WORDS, Step, period_step, step_text
from rulecore.records.rows import place_text
from rulecore.records.storage import storage
from rulecore.records.typed import type_part
from rulecore.results import ORDER, ROWS_OF_A_TABLE, PolicyResults
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

ENTITY: Final = "#entity"
"""What the entity is called today."""
SOURCE: Final = "#source"
"""What it was called in that period."""
STEP: Final = "#step"
WHERE: Final = "#where"
STANDING: Final = "#standing"
_KINDS: Final[list[str]] = list(KIND_WORDS)


@frozen(kw_only=True)
class EarlierRecords:
    """The records of earlier periods: one row for each entity (as it is called today), key and period."""

    frame: pl.DataFrame = field(eq=False)


@frozen(kw_only=True)
class Reading:
    """What a plan reads from earlier periods: the columns by their names, and the values they need."""

    plan: Plan
    mapping: EntityMapping = NOBODY_RENAMED

    @property
    def standings(self) -> tuple[int, ...]:
        """How many periods back the plan asks whether there is a record; 0: in any earlier one."""
        return tuple(
            value.node.periods for value in self.plan.supplied if isinstance(value.node, EarlierStanding)
        )

    @property
    def values(self) -> tuple[tuple[str, int], ...]:
        """The values that the plan reads, and from how many periods back."""
        return tuple(
            (value.node.name, value.node.periods)
            for value in self.plan.supplied
            if isinstance(value.node, EarlierValue)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The rules and fields whose earlier values are read, each once."""
        return tuple(dict.fromkeys(name for name, _periods in self.values))

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields that tell the records of one entity and period apart."""
        record = self.plan.policy.record
        return tuple(name for name in record.key if name not in (record.entity, record.period))

    def type_of(self, name: str) -> Type:
        """Return the type under which the earlier values of a rule or field are held."""
        return next(
            value.type
            for value in self.plan.supplied
            if isinstance(value.node, EarlierValue) and value.node.name == name
        )

    def planned(self, name: str) -> PlannedField:
        """Return a field of the plan."""
        return next(item for item in self.plan.fields if item.name == name)


# --- steps ------------------------------------------------------------------------------------------------------------


def steps_of(reading: Reading, periods: pl.Series, file: str, *, of_history: bool = False) -> pl.Series:
    """Return the number of each period, packed with its kind; raises InputError for what cannot be counted back."""
    import polars as pl

    record = reading.plan.policy.record
    declared = reading.planned(record.period)
    distinct = periods.unique()
    found: dict[object, int | None] = {}
    faults: list[Fault] = []
    for value in distinct.to_list():
        step = None if value is None else period_step(_plain(value, declared), record.period_length)
        if step is None and value is not None:
            shown = written(value, declared)
            faults.append(
                Fault(code=codes.UNREADABLE_HISTORY_PERIOD, values={"value": shown}, place=Place(file=file))
            )
        found[value] = None if step is None else packed(step)
    if faults:
        raise InputError(faults)
    table = pl.DataFrame(
        {"value": distinct.alias("value"), STEP: pl.Series(list(found.values()), dtype=pl.Int64)}
    )
    joined = (
        periods.alias("value")
        .to_frame()
        .join(table, on="value", how="left", nulls_equal=True, maintain_order="left")
    )
    return joined[STEP]


def _plain(value: object, declared: PlannedField) -> object:
    held = storage(declared.type)
    if isinstance(value, int) and held is not None and held.scale:
        return Fraction(value, 10**held.scale)
    return value


_KIND_BASE: Final = 10**12


def packed(step: Step) -> int:
    """Return a step as one number: periods of one kind stand together, and one later is one more."""
    return _KINDS.index(step[0]) * _KIND_BASE + step[1]


def unpacked(number: int) -> Step:
    """Return the step of a packed number."""
    kind, rest = divmod(number, _KIND_BASE)
    return list(KIND_WORDS)[kind], rest


# --- reading results --------------------------------------------------------------------------------------------------


def records_of(reading: Reading, sealed: Sealed, policy: SealedPolicy) -> pl.DataFrame:
    """Return the earlier records that a file of results holds for one policy, typed.

    Raises :class:`rulecore.errors.InputError`.
    """
    record = reading.plan.policy.record
    fields = [_field(reading, policy, name) for name in (record.entity, *reading.keys, record.period)]
    fields += [_value_field(reading, policy, name) for name in reading.names if name not in _names(fields)]
    table = evolve(sealed.table, broken=())
    rows = sealed.rows_of(policy)
    if not rows.all():
        table = evolve(table, frame=table.frame.filter(rows), rows=table.rows.filter(rows))
    refused = refused_rows(sealed, policy, table)
    scored = evolve(table, frame=table.frame.filter(~refused), rows=table.rows.filter(~refused))
    match = match_headers(table.headers, fields, sealed.file, table.sheet)
    faults = [*match.faults, *_absent(fields, match.positions, sealed)]
    if faults:
        raise InputError(faults)
    part = type_part(scored, 0, fields, record.entity, match.positions)
    if part.refused:
        raise InputError(_cell_faults(reading, sealed, part.frame, part.refused))
    frame = part.frame
    steps = steps_of(reading, frame[record.period], sealed.file, of_history=True)
    found = _earlier_frame(reading, frame, steps, _wheres(sealed, frame[ROW].to_list()))
    return _with_refused(
        reading, found, refused_entities(table, refused, match.positions[record.entity]), sealed.file
    )


def sealed_policies(plan: Plan, sealed: Sealed) -> tuple[SealedPolicy, ...]:
    """Return what the manifest says of a plan's policy, as it is called now or was before, in each version there is."""
    header = plan.policy.policy
    names = (header.name, *header.formerly)
    return tuple(policy for policy in sealed.policies if policy.name in names)


def _names(fields: Iterable[PlannedField]) -> set[str]:
    return {item.name for item in fields}


def _field(reading: Reading, policy: SealedPolicy, name: str) -> PlannedField:
    planned = reading.planned(name)
    header = policy.headers.get(name, planned.header)
    declaration = evolve(planned.declaration, column=header, aliases=())
    return evolve(planned, header=header, declaration=declaration)


def _value_field(reading: Reading, policy: SealedPolicy, name: str) -> PlannedField:
    """Return how an earlier value is read: a column whose cells must be what the rule can give today."""
    column = shown_whole(reading.plan.columns, name)
    assert column is not None  # noqa: S101 - checked when the policy was compiled
    header = policy.headers.get(name, column.header)
    blank = policy.not_applicable.get(name, column.not_applicable)
    declaration = declared_as(reading.type_of(name), header, blank)
    return PlannedField(
        name=name,
        header=header,
        label=header,
        type=reading.type_of(name),
        declaration=declaration,
        place=Place(file=reading.plan.file),
    )


def declared_as(type_: Type, header: str, not_applicable: str = "") -> FieldDeclaration:
    """Return the declaration of a field whose cells are values of a type, as results write them."""
    missing = {"missing": "not_applicable", "not_applicable": (not_applicable,) if not_applicable else ()}
    match type_:
        case NumberType(scale=scale, low=low, high=high):
            factor = 10 ** (scale or 0)
            return FieldDeclaration(
                column=header,
                type="decimal",
                decimals=scale or 0,
                min=Decimal(ceil((low or 0) * factor)) / factor,
                max=Decimal(floor((high or 0) * factor)) / factor,
                **missing,  # type: ignore[arg-type]
            )
        case FlagType():
            words = {
                flag: tuple(dict.fromkeys(translate(word, language) for language in LANGUAGES))
                for flag, word in (("true", N_("yes")), ("false", N_("no")))
            }
            return FieldDeclaration(
                column=header,
                type="flag",
                true=(*words["true"], "true"),
                false=(*words["false"], "false"),
                **missing,  # type: ignore[arg-type]
            )
        case DateType(low=low_day, high=high_day):
            return FieldDeclaration(column=header, type="date", min=low_day, max=high_day, **missing)  # type: ignore[arg-type]
        case TextType(values=values):
            known = tuple(sorted(values - {""})) if values is not None else ()
            return FieldDeclaration(column=header, type="text", values=known, **missing)  # type: ignore[arg-type]
        case _:
            return FieldDeclaration(column=header, type="text", **missing)  # type: ignore[arg-type]


def _absent(
    fields: Sequence[PlannedField], positions: Mapping[str, int | None], sealed: Sealed
) -> Iterable[Fault]:
    for item in fields:
        if positions.get(item.name) is None and item.declaration.missing != "refuse":
            columns = ", ".join(sealed.table.headers)
            values = {"file": sealed.file, "column": item.header, "name": item.name, "columns": columns}
            yield Fault(code=codes.HISTORY_COLUMN, values=values, place=sealed.place)


def _cell_faults(
    reading: Reading, sealed: Sealed, frame: pl.DataFrame, refused: Iterable[Refused]
) -> Iterable[Fault]:
    record = reading.plan.policy.record
    for item in refused:
        position = item.position
        row = frame[ROW][position]
        values = {
            "column": item.column,
            "name": item.field,
            "value": item.text,
            "entity": written(frame[record.entity][position], reading.planned(record.entity)),
            "period": written(frame[record.period][position], reading.planned(record.period)),
        }
        place = Place(file=sealed.file, sheet=sealed.table.sheet, line=row)
        yield Fault(code=codes.HISTORY_CELL, values=values, place=place)


def _wheres(sealed: Sealed, rows: Sequence[int]) -> list[str]:
    return [place_text(sealed.file, sealed.table.sheet, row) for row in rows]


def refused_rows(sealed: Sealed, policy: SealedPolicy, table: RawTable) -> pl.Series:
    """Return which rows are of refused records that the policy keeps in its results."""
    import polars as pl

    frame, rows = table.frame, table.rows
    found = pl.repeat(False, rows.len(), dtype=pl.Boolean, eager=True)
    words = [translate(N_("refused"), language) for language in LANGUAGES]
    for language in LANGUAGES:
        position = sealed.position(translate("status", language))
        if position is not None:
            return frame.to_series(position).cast(pl.String).is_in(words).fill_null(False)
    if not policy.refused:
        return found
    found = ~found
    for name, text in policy.refused.items():
        position = sealed.position(policy.headers.get(name, name))
        if position is not None:
            found = found & (frame.to_series(position).cast(pl.String) == text).fill_null(False)
    period = policy.headers.get(policy.period, "")
    position = sealed.position(period) if period else None
    if position is not None:  # refused rows hold no period
        cells = frame.to_series(position).cast(pl.String).fill_null("")
        found = found & (cells == "")
    return found


def refused_entities(table: RawTable, refused: pl.Series, position: int | None) -> list[str]:
    """Return the entities of refused records that stand in results."""
    import polars as pl

    if position is None or not refused.any():
        return []
    cells = table.frame.to_series(position).filter(refused)
    return [text for text in cells.cast(pl.String).to_list() if text]


# --- from typed records to earlier ones -------------------------------------------------------------------------------


def _earlier_frame(
    reading: Reading, frame: pl.DataFrame, steps: pl.Series, wheres: Sequence[str]
) -> pl.DataFrame:
    """Return typed records as earlier ones: who they are today, when, where, and the values that are read."""
    import polars as pl

    record = reading.plan.policy.record
    source = as_texts(frame[record.entity], reading.planned(record.entity))
    return pl.DataFrame(
        [
            today_names(reading.mapping, source, steps).alias(ENTITY),
            source.alias(SOURCE),
            *(frame[name] for name in reading.keys),
            steps.alias(STEP),
            pl.Series(WHERE, wheres, dtype=pl.String),
            pl.repeat(FOUND, frame.height, dtype=pl.String, eager=True).alias(STANDING),
            *(frame[name].alias(f"value:{name}") for name in reading.names),
        ]
    )


def as_texts(values: pl.Series, declared: PlannedField) -> pl.Series:
    """Return typed values as the texts they were written as."""
    import polars as pl

    if values.dtype == pl.String:
        return values
    return pl.Series(values.name, [written(value, declared) for value in values.to_list()], dtype=pl.String)


def today_names(mapping: EntityMapping, source: pl.Series, steps: pl.Series) -> pl.Series:
    """Return what entities of given periods are called today."""
    import polars as pl

    if not mapping.renamings or not source.is_in(list(mapping.by_old)).any():
        return source
    names = [
        name if name not in mapping.by_old or step is None else mapping.today(name, unpacked(step))
        for name, step in zip(source.to_list(), steps.to_list(), strict=True)
    ]
    return pl.Series(source.name, names, dtype=pl.String)


def _with_refused(reading: Reading, frame: pl.DataFrame, entities: Sequence[str], where: str) -> pl.DataFrame:
    """Return earlier records with those that were refused then: in every period of the file that lacks the entity."""
    import polars as pl

    if not entities:
        return frame
    rows = []
    have = set(frame.select(SOURCE, STEP).rows())
    for entity in dict.fromkeys(entities):
        for step in frame[STEP].unique().sort().to_list():
            if (entity, step) not in have:
                rows.append((entity, step))
    if not rows:
        return frame
    source = pl.Series(SOURCE, [entity for entity, _step in rows], dtype=pl.String)
    steps = pl.Series(STEP, [step for _entity, step in rows], dtype=pl.Int64)
    refused = pl.DataFrame(
        [
            today_names(reading.mapping, source, steps).alias(ENTITY),
            source,
            steps,
            pl.repeat(where, len(rows), dtype=pl.String, eager=True).alias(WHERE),
            pl.repeat(REFUSED, len(rows), dtype=pl.String, eager=True).alias(STANDING),
        ]
    )
    return pl.concat([frame, refused], how="diagonal")


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
    found = _earlier_frame(reading, frame, steps, wheres)
    found = _with_refused(reading, found, [name for _order, name in part.refused if name], "")
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


# --- what records are given -------------------------------------------------------------------------------------------


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
