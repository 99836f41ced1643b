"""One record from a mapping, typed without Polars: for evaluating a single record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from rulecore.codes.records import AMBIGUOUS_KEYS, MISSING_KEY
from rulecore.errors import Code, Fault, InternalError
from rulecore.language import N_
from rulecore.planned import PlannedField
from rulecore.records.cells import CellRules, cell_rules, read_by
from rulecore.records.characters import fold_header, shown
from rulecore.records.headers import near_header
from rulecore.records.outcome import CellValue
from rulecore.records.quick import CellRefused, QuickRead, quick_reader
from rulecore.records.storage import storage
from rulecore.source import Place

ExactValue = Fraction | str | bool | date | None
"""An exact value of a record, as engines take it; None is *not applicable*."""

MOST_SHAPES: Final = 64
"""How many sets of keys a :class:`RecordTyper` remembers."""

_Reading = tuple[str, str | None, CellRules, int]
"""A field's name, the key it is read from, the rules of its cells, and what its numbers are scaled by (0: nothing)."""


def type_record(
    record: Mapping[str, object], fields: Sequence[PlannedField], name: str = "record"
) -> tuple[dict[str, ExactValue], tuple[Fault, ...]]:
    """Return the exact value of each field of one record, and every fault found.

    Keys are field names, columns or aliases, compared as headers are. Keys that no field uses are left
    alone, but a key that all but names a field without a value is a fault even if the field may be blank.
    Values are read as cells (see :mod:`rulecore.records.cells`). Where there are faults the values are
    incomplete and must not be used.
    """
    found = _keys_by_field(record, fields)
    used = {key for keys in found.values() for key in keys}
    unused = [str(key) for key in record if key not in used]
    values: dict[str, ExactValue] = {}
    faults: list[Fault] = []
    for field in fields:
        keys = found[field.name]
        column = field.header or field.name
        place = Place(file=name, key=keys[0] if keys else column)
        if len(keys) > 1:
            listed = {"count": len(keys), "field": field.name, "columns": ", ".join(keys)}
            faults.append(Fault(code=AMBIGUOUS_KEYS, values=listed, place=place))
            continue
        if not keys:
            missing = _missing(field, record, unused, place)
            if missing is not None:
                faults.append(missing)
                continue
        value, fault = read_by(record[keys[0]] if keys else None, cell_rules(field))
        if fault is not None:
            faults.append(Fault(code=fault.code, values=fault.values, place=place, hint=fault.hint))
        else:
            values[field.name] = exact(value, field)
    return values, tuple(faults)


class RecordTyper:
    """Types one record after another under the same fields; what keys mean is worked out once for each set of keys."""

    def __init__(self, fields: Sequence[PlannedField], name: str = "record") -> None:
        self.fields = fields
        self.name = name
        self._shapes: dict[tuple[str, ...], list[_Reading] | None] = {}
        self._quick: dict[tuple[str, ...], list[tuple[str | None, QuickRead]]] = {}

    def stored(self, record: Mapping[str, object]) -> list[CellValue] | None:
        """Return the values of the fields as columns hold them (numbers scaled), or None for a record with a fault.

        :meth:`type_record` says which. A set of keys not seen before is read by it once.
        """
        shape = tuple(record)
        readers = self._quick.get(shape)
        if readers is None:
            if self.type_record(record)[1]:
                return None
            readers = self._readers(record)
            if len(self._quick) < MOST_SHAPES:
                self._quick[shape] = readers
        try:
            return [read(None if key is None else record[key]) for key, read in readers]
        except CellRefused:
            return None

    def _readers(self, record: Mapping[str, object]) -> list[tuple[str | None, QuickRead]]:
        """Return how each field is read from records with these keys, which are known to fit the fields."""
        found = _keys_by_field(record, self.fields)
        return [
            (found[field.name][0] if found[field.name] else None, _quick_reader(field))
            for field in self.fields
        ]

    def type_record(self, record: Mapping[str, object]) -> tuple[dict[str, ExactValue], tuple[Fault, ...]]:
        """Return what :func:`type_record` returns, faster for records whose keys were seen before."""
        shape = tuple(record)
        readings = self._shapes.get(shape)
        if readings is not None:
            values: dict[str, ExactValue] = {}
            for name, key, rules, factor in readings:
                value, fault = read_by(record[key] if key is not None else None, rules)
                if fault is not None:
                    break
                if isinstance(value, int) and not isinstance(value, bool):
                    values[name] = Fraction(value, factor)
                else:
                    values[name] = value
            else:
                return values, ()
        typed = type_record(record, self.fields, self.name)
        if readings is None and not typed[1] and len(self._shapes) < MOST_SHAPES:
            self._shapes[shape] = self._readings(record)
        return typed

    def _readings(self, record: Mapping[str, object]) -> list[_Reading]:
        """Return how each field is read from records with these keys, which are known to fit the fields."""
        found = _keys_by_field(record, self.fields)
        readings: list[_Reading] = []
        for field in self.fields:
            keys, held = found[field.name], storage(field.type)
            is_number = held is not None and held.kind in ("int64", "int128")
            factor = 10**held.scale if held is not None and is_number else 0
            readings.append((field.name, keys[0] if keys else None, cell_rules(field), factor))
        return readings


def _quick_reader(field: PlannedField) -> QuickRead:
    return quick_reader(cell_rules(field))


def exact(value: CellValue, field: PlannedField) -> ExactValue:
    """Return a typed cell as an exact value: scaled integers become fractions, all else stays as it is."""
    held = storage(field.type)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if held is None:
        raise InternalError(f"field {field.name} has no storage")
    return Fraction(value, 10**held.scale)


def _keys_by_field(record: Mapping[str, object], fields: Sequence[PlannedField]) -> dict[str, list[str]]:
    """Return the keys of the record that are each field, compared as headers are; more than one is a fault."""
    folded: dict[str, list[str]] = {}
    for key in record:
        folded.setdefault(fold_header(str(key)), []).append(key)
    claimed = {name for field in fields for name in _declared(field)}
    return {field.name: _keys(field, folded, claimed) for field in fields}


def _declared(field: PlannedField) -> dict[str, None]:
    """Return the folded column and aliases of a field."""
    return dict.fromkeys(
        fold_header(name) for name in (field.header or field.name, *field.declaration.aliases)
    )


def _keys(field: PlannedField, folded: Mapping[str, Sequence[str]], claimed: set[str]) -> list[str]:
    """Return the keys that are a field: its column, its aliases, or its name if no other field's column."""
    declared = _declared(field)
    name = fold_header(field.name)
    if name not in claimed:
        declared[name] = None
    return [key for wanted in declared for key in folded.get(wanted, ())]


def _missing(
    field: PlannedField, record: Mapping[str, object], unused: Sequence[str], place: Place
) -> Fault | None:
    column = field.header or field.name
    near = near_header(column, unused) or near_header(field.name, unused)
    if near is None and field.declaration.missing != "refuse":
        return None
    code: Code = MISSING_KEY
    values = {
        "column": column,
        "field": field.name,
        "near": shown(near or ""),
        "columns": shown(", ".join(str(key) for key in record)),
    }
    return Fault(code=code, values=values, place=place, hint=N_("did you mean {near}?") if near else None)
