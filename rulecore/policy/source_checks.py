"""What is wrong with fields that come from another policy's results."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.codes import history as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.sections import Sections
from rulecore.source import KeyPath


def check_sources(sections: Sections) -> Iterator[Fault]:
    """Yield faults of ``from``: no record named, fields that are none, and fields that name or route the record.

    Also a ``period_length`` of periods that are no dates.
    """
    yield from _period_length(sections)
    for table, inner in sections.tables.items():
        for name, declared in inner.fields.items():
            if declared.from_ is not None:
                row: KeyPath = ("tables", table, "fields", name, "from")
                yield _fault(
                    sections, row, name, phrase(N_("the rows of detail tables have their own columns only"))
                )
    header, record = sections.header, sections.record
    deciding = set(header.applies_to) if header is not None else set()
    naming = {record.entity, record.period, *record.key} if record is not None else set()
    for name, declared in sections.fields.items():
        source = declared.from_
        if source is None:
            continue
        path: KeyPath = ("fields", name, "from")
        if name in deciding:
            yield _fault(sections, path, name, phrase(N_("applies_to needs it before any policy has run")))
        if name in naming:
            yield _fault(sections, path, name, phrase(N_("it names the record itself")))
        if header is not None and source.policy == header.name:
            yield _fault(sections, path, name, phrase(N_("the policy is this one: use its rule")))
        if not source.by:
            yield _fault(sections, path, name, phrase(N_("by names no field")))
        for other, own in source.by.items():
            given = sections.fields.get(own)
            if own not in sections.field_names or (given is not None and given.from_ is not None):
                reason = phrase(N_("{own} is no field of the records"), own=own)
                yield _fault(sections, (*path, "by", other), name, reason)


def _period_length(sections: Sections) -> Iterator[Fault]:
    record = sections.record
    if record is None or not record.period_length:
        return
    declared = sections.fields.get(record.period)
    if declared is None or declared.type != "date":
        reason = phrase(N_("the period is no date") if record.period else N_("there is no period"))
        place = sections.document.place(("record", "period_length"))
        yield Fault(code=codes.PERIOD_LENGTH, values={"reason": reason}, place=place)


def _fault(sections: Sections, path: KeyPath, name: str, reason: Phrase) -> Fault:
    place = sections.document.place(path)
    return Fault(code=codes.UNKNOWN_SOURCE, values={"name": name, "reason": reason}, place=place)
