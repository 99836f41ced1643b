"""What a plan reads of earlier periods, and typed records as earlier ones: who they are today, and when they were."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.codes import history as codes
from rulecore.errors import Fault, InputError
from rulecore.expr.earlier import FOUND, REFUSED, EarlierStanding, EarlierValue
from rulecore.expr.types import Type
from rulecore.history.mapping import NOBODY_RENAMED, EntityMapping
from rulecore.planned import Plan, PlannedField
from rulecore.records.identity import written
from rulecore.records.period_steps import KIND_WORDS, Step, period_step
from rulecore.records.storage import storage
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


def steps_of(reading: Reading, periods: pl.Series, file: str) -> pl.Series:
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


def earlier_frame(
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


def with_refused(reading: Reading, frame: pl.DataFrame, entities: Sequence[str], where: str) -> pl.DataFrame:
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
