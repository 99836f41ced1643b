"""The record somebody asks about: by its entity and, where there are several, its period."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import Final

from attrs import frozen

from rulecore.codes import explaining as codes
from rulecore.codes.tables import OTHER_ROW_REFUSED
from rulecore.errors import Fault, UsageError
from rulecore.explain.make import explain_record
from rulecore.explain.values import Explanation
from rulecore.language import N_
from rulecore.results import PolicyResults, Results
from rulecore.source import Place

MOST_NAMED: Final = 5


@frozen(kw_only=True)
class FoundRecord:
    """The results that a record is among, and its row there."""

    part: PolicyResults
    row: int


def explain_entity(results: Results, entity: str, period: str = "") -> Explanation:
    """Return the explanation of one entity's results; see :meth:`rulecore.results.Results.explain`."""
    found = find_record(results, entity, period)
    if not isinstance(found, tuple):
        return explain_record(results, found.part, found.row)
    return Explanation(
        entity=entity, period=period, engine=results.engine, refused=found, language=results.language
    )


def find_record(results: Results, entity: str, period: str = "") -> FoundRecord | tuple[Fault, ...]:
    """Return where the one record of an entity (in a period) is, or every reason why it was refused.

    Raises :class:`rulecore.errors.UsageError` where there is none, or more than one.
    """
    found = list(results.find(entity, period))
    if len(found) == 1:
        part, row = found[0]
        return FoundRecord(part=part, row=row)
    if found:
        raise UsageError([_several(results, entity, period)])
    refused = [item.fault() for item in results.quarantined if item.entity == entity]
    # That a row is refused because another one is says nothing new, if that one's reasons are there.
    own = tuple(fault for fault in refused if fault.code is not OTHER_ROW_REFUSED)
    if refused:
        return own or tuple(refused)
    raise UsageError([_unknown(results, entity, period)])


def _several(results: Results, entity: str, period: str) -> Fault:
    """Return the fault of an entity with several records: in several periods, or under several policies."""
    periods: list[str] = []
    places: list[tuple[str, Place]] = []
    for part, row in results.find(entity, period):
        name = part.plan.policy.record.period
        periods.append(part.field_at(name, row) if name else "—")
        source = results.source(part, row)
        if source is not None:
            places.append((N_("record"), source))
    values = {"entity": entity, "periods": ", ".join(sorted(set(periods)))}
    code = codes.SEVERAL_PERIODS if len(set(periods)) > 1 else codes.SEVERAL_RECORDS
    return Fault(code=code, values=values, related=tuple(places[:MOST_NAMED]))


def _unknown(results: Results, entity: str, period: str) -> Fault:
    """Return the fault of an entity that is not there (in that period), with near names or its periods."""
    if period:
        periods = _periods(results, entity)
        if periods:
            values = {"entity": entity, "period": period, "periods": ", ".join(periods)}
            return Fault(code=codes.NOT_IN_PERIOD, values=values)
    names = _entities(results)
    folded = {_folded(name): name for name in reversed(names)}
    close = get_close_matches(_folded(entity), folded, n=MOST_NAMED, cutoff=0.5)
    hint = N_("did you mean {suggestion}?") if close else None
    values = {
        "entity": entity,
        "suggestion": ", ".join(folded[name] for name in close),
        "examples": ", ".join(names[:MOST_NAMED]) or "—",
    }
    return Fault(code=codes.UNKNOWN_ENTITY, values=values, hint=hint)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _periods(results: Results, entity: str) -> list[str]:
    found = {
        part.field_at(part.plan.policy.record.period, row)
        for part, row in results.find(entity)
        if part.plan.policy.record.period
    }
    return sorted(found)


def _entities(results: Results) -> list[str]:
    """Return the entities of all records, refused ones too, in the order of the inputs within each policy."""
    names: dict[str, None] = {}
    for part in results.parts:
        names |= dict.fromkeys(part.entities().to_list())
    names |= dict.fromkeys(item.entity for item in results.quarantined if item.entity)
    return list(names)
