"""The cells of a record that may be changed: its own fields, and those of its detail rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from rulecore.codes import reaching as codes
from rulecore.errors import Fault, UsageError
from rulecore.explain.labels import label_words, labels_of
from rulecore.explain.rows import RowsOf
from rulecore.explain.values import Words
from rulecore.expr.types import NumberType
from rulecore.numbers import format_number
from rulecore.planned import Plan, PlannedField
from rulecore.reach.situation import Situation
from rulecore.source import Place

FieldKey = tuple[str, str]
"""A field: the table it belongs to ("" for the records) and its name."""


@frozen(kw_only=True)
class Cell:
    """One cell: a field of the record, or of one of its detail rows, called by name (or number) and source."""

    table: str
    row: int
    field: PlannedField
    label: Words
    row_name: str = ""
    row_number: int = 0
    source: Place | None = None

    @property
    def key(self) -> FieldKey:
        """The field, with its table."""
        return self.table, self.field.name


def cells_of(situation: Situation, chosen: Sequence[FieldKey]) -> Iterator[Cell]:
    """Yield the cells that the target depends on, but those that say which record or row it is."""
    plan = situation.part.plan
    rows_of = RowsOf(results=situation.results, part=situation.part)
    for table in ("", *(found.name for found in plan.tables)):
        level = plan.level(table)
        labels = labels_of(plan, table)
        for number, row in enumerate(situation.world.own_rows[table], start=1):
            for item in level.fields:
                key = (table, item.name)
                if key not in chosen or key not in situation.world.needed or item.name in _fixed(plan, table):
                    continue
                label = label_words(labels, item.name)
                if not table:
                    yield Cell(table="", row=row, field=item, label=label)
                    continue
                yield Cell(
                    table=table,
                    row=row,
                    field=item,
                    label=label,
                    row_name=rows_of.name(table, row),
                    row_number=number,
                    source=rows_of.source(table, row),
                )


def _fixed(plan: Plan, table: str) -> frozenset[str]:
    """Return the fields that say who a record is, which policy applies to it, or which row it is."""
    if table:
        found = next(item for item in plan.tables if item.name == table)
        return frozenset((found.declaration.row, *found.identity))
    record = plan.policy.record
    return frozenset((record.entity, record.period, *record.key, *plan.policy.policy.applies_to))


def known_fields(plan: Plan) -> Mapping[str, tuple[FieldKey, ...]]:
    """Return the fields by what people call them: name, label or column, with or without their table before it."""
    found: dict[str, dict[FieldKey, None]] = {}
    for table in ("", *(one.name for one in plan.tables)):
        called = [""] if not table else ["", *(f"{name}." for name in _names_of(plan, table))]
        for item in plan.level(table).fields:
            for before in called:
                for name in (item.header, item.label, item.name):
                    found.setdefault(before + name, {})[table, item.name] = None
    return {name: _of_records_first(tuple(keys)) for name, keys in found.items()}


def _of_records_first(keys: tuple[FieldKey, ...]) -> tuple[FieldKey, ...]:
    """Return what a name means: the record's own field if it has one of that name, else those of the tables."""
    own = tuple(key for key in keys if not key[0])
    return own or keys


def _names_of(plan: Plan, table: str) -> tuple[str, str]:
    found = next(item for item in plan.tables if item.name == table)
    return found.name, found.label


def chosen_fields(plan: Plan, wanted: Sequence[str]) -> tuple[FieldKey, ...]:
    """Return the fields that may change; raises UsageError for a name that is none."""
    known = known_fields(plan)
    missing = [name for name in wanted if name not in known]
    if missing:
        raise UsageError([_unknown(plan, name) for name in missing])
    names = wanted or known
    return tuple(dict.fromkeys(key for name in names for key in known[name]))


def _unknown(plan: Plan, name: str) -> Fault:
    listed = [
        f"{table}.{item.name}" if table else item.name
        for table in ("", *(one.name for one in plan.tables))
        for item in plan.level(table).fields
    ]
    return Fault(code=codes.UNKNOWN_INPUT, values={"name": name, "known": ", ".join(listed)})


def steps_of(plan: Plan, given: Mapping[str, Fraction]) -> dict[FieldKey, Fraction]:
    """Return the step of every field; raises UsageError for one that is no multiple of its last decimal."""
    known = known_fields(plan)
    fields = {
        (table, item.name): item
        for table in ("", *(one.name for one in plan.tables))
        for item in plan.level(table).fields
    }
    found = {key: unit_of(item) for key, item in fields.items()}
    faults = []
    for name, step in given.items():
        if name not in known:
            faults.append(_unknown(plan, name))
        for key in known.get(name, ()):
            unit = unit_of(fields[key])
            if step <= 0 or (step / unit).denominator != 1:
                values = {
                    "given": f"{name}={format_number(step)}",
                    "example": f"{name}={format_number(unit)}",
                }
                faults.append(Fault(code=codes.WRONG_STEP, values=values))
            found[key] = step
    if faults:
        raise UsageError(faults)
    return found


def unit_of(item: PlannedField) -> Fraction:
    """Return one in the last decimal of a field; a day for dates."""
    scale = item.type.scale if isinstance(item.type, NumberType) else 0
    return Fraction(1, 10 ** (scale or 0))
