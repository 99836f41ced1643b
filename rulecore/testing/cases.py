"""``cases.toml`` as declared: each case's records and what they must give.

The format's page is docs/cases.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from rulecore.codes import cases as codes
from rulecore.codes import policy as policy_codes
from rulecore.declarations import Scalar
from rulecore.errors import Fault, PolicyError, ordered
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.document import Document, read_document
from rulecore.policy.sections import policy_converter
from rulecore.policy.structure import structure
from rulecore.source import KeyPath

CASES_FILE: Final = "cases.toml"
SECTIONS: Final = ("cases", "defaults", "unreachable", "overrides")

Cells = Mapping[str, Scalar]
RecordCell = Scalar | tuple[Mapping[str, object], ...]
"""A cell of a record, or under a detail table's name or label its rows."""
ExpectedCell = Scalar | tuple[str, ...] | tuple[Mapping[str, object], ...]
"""A value expected, the issues, or under a detail table's name or label its rows."""


@frozen(kw_only=True)
class Case:
    """One ``[[cases]]``: records, and what the policy must make of them.

    ``records`` are tables whose keys are headers or field names, or the name of a file beside ``cases.toml``. The rows
    of a detail table stand in their record, as a list of tables under the table's name or label, or in a file
    (``tables``: its name by that of the table).
    ``expect`` are tables keyed by the entity (and the period), or the name of a CSV file that the text of
    the result must equal. ``refused`` are the records that must be refused; every other record must not be.
    ``history`` are records of earlier periods as results show them (the fields that name them, and rules), or the name
    of a file with such results; ``mapping`` says which entities were renamed since (``old``, ``new``, ``from``).
    ``adjustments`` are decisions by the headings of a file of adjustments, or the name of such a file;
    ``adjustments_refused`` the code, or codes, with which they must stop the run.
    ``tolerance`` is the largest difference allowed, by key of ``expect``; without it values are equal or
    wrong.
    """

    name: str
    why: str = ""
    reference: str = ""
    policy: str = ""
    as_of: date | None = None
    defaults: Mapping[str, Scalar] = field(factory=dict)
    records: tuple[Mapping[str, Scalar | tuple[Mapping[str, object], ...]], ...] | str
    tables: Mapping[str, str] = field(factory=dict)
    history: tuple[Mapping[str, Scalar], ...] | str = ()
    mapping: tuple[Mapping[str, Scalar], ...] = ()
    adjustments: tuple[Mapping[str, Scalar], ...] | str = ()
    adjustments_refused: str | tuple[str, ...] = ()
    expect: tuple[Mapping[str, Scalar | tuple[str, ...] | tuple[Mapping[str, object], ...]], ...] | str = ()
    refused: tuple[Mapping[str, Scalar], ...] = ()
    tolerance: Mapping[str, Decimal] = field(factory=dict)


@frozen(kw_only=True)
class Unreachable:
    """One ``[[unreachable]]``: a part of a rule that no record can reach, and why.

    It is for what the ranges of fields do not show by themselves. ``part`` is the part as the policy writes
    it, such as ``100``; ``policy`` is as in a case.
    """

    rule: str
    part: str
    why: str
    policy: str = ""


@frozen(kw_only=True)
class Override:
    """One ``[[overrides]]``: what a policy might set over a base, and whether the base lets it.

    ``set`` holds values by their key in the policy, as guardrails write it. ``refused`` is the code of the
    breach, or all of them; ``guardrail`` the key of a guardrail that must be among those that refuse.
    ``policy`` is the base it is laid over (or a policy that extends one); left out: every one of the folder
    that sets guardrails.
    """

    name: str
    why: str = ""
    reference: str = ""
    policy: str = ""
    set: Mapping[str, object]
    refused: str | tuple[str, ...] = ()
    guardrail: str = ""
    accepted: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it must be refused with; none if it must be accepted."""
        return (self.refused,) if isinstance(self.refused, str) else self.refused


@frozen(kw_only=True)
class Cases:
    """A ``cases.toml``: its document, the cases with the key path of each.

    ``defaults`` are the cells that all records share.
    """

    document: Document
    defaults: Cells
    cases: tuple[tuple[KeyPath, Case], ...]
    unreachable: tuple[Unreachable, ...] = ()
    overrides: tuple[tuple[KeyPath, Override], ...] = ()


def load_cases(path: Path, root: Path | None = None) -> Cases:
    """Return the cases in the file at ``path``, structured but not yet fitted to their policies.

    Raises :class:`rulecore.errors.PolicyError` with every fault of the document.
    """
    document = _document(path, root)
    faults = [
        Fault(
            code=codes.UNKNOWN_CASES_SECTION,
            values={"name": name},
            place=document.place((name,), value=False),
        )
        for name in document.data
        if name not in SECTIONS
    ]
    whole = structure(
        {key: value for key, value in document.data.items() if key in SECTIONS},
        _Sections,
        document=document,
        key=(),
        converter=policy_converter(),
    )
    faults += whole.faults
    sections = whole.value
    if sections is not None:
        if not sections.cases and not sections.overrides:
            faults.append(Fault(code=codes.CASES_EMPTY, place=document.place(("cases",))))
        faults += _case_faults(document, sections.cases)
        faults += _override_faults(document, sections)
    if faults or sections is None:
        raise PolicyError(ordered(faults))
    numbered = tuple((("cases", index), case) for index, case in enumerate(sections.cases))
    overrides = tuple((("overrides", index), override) for index, override in enumerate(sections.overrides))
    return Cases(
        document=document,
        defaults=sections.defaults,
        cases=numbered,
        unreachable=sections.unreachable,
        overrides=overrides,
    )


@frozen(kw_only=True)
class _Sections:
    cases: tuple[Case, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()
    overrides: tuple[Override, ...] = ()
    defaults: Mapping[str, Scalar] = field(factory=dict)


def _document(path: Path, root: Path | None) -> Document:
    try:
        return read_document(path, root)
    except PolicyError as error:
        empty = policy_codes.EMPTY_FILE
        raise PolicyError(
            evolve(fault, code=codes.CASES_EMPTY) if fault.code is empty else fault for fault in error.faults
        ) from None


def _case_faults(document: Document, cases: tuple[Case, ...]) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[str, KeyPath] = {}
    for index, case in enumerate(cases):
        key: KeyPath = ("cases", index)
        values = {"name": case.name}
        if case.name in first:
            place = document.place((*key, "name"))
            other = ((N_("the other one is here"), document.place((*first[case.name], "name"))),)
            faults.append(Fault(code=codes.CASE_TWICE, values=values, place=place, related=other))
        first.setdefault(case.name, key)
        if not case.expect and not case.refused and not case.adjustments_refused:
            faults.append(
                Fault(code=codes.EXPECTS_NOTHING, values=values, place=document.place((*key, "name")))
            )
        if not case.records:
            faults.append(
                Fault(code=codes.NO_RECORDS, values=values, place=document.place((*key, "records")))
            )
    return faults


def _override_faults(document: Document, sections: _Sections) -> list[Fault]:
    """Return what is wrong with overrides in themselves: their names, and what they say must happen."""
    faults: list[Fault] = []
    first: dict[str, KeyPath] = {}
    for index, case in enumerate(sections.cases):
        first.setdefault(case.name, ("cases", index))
    for index, override in enumerate(sections.overrides):
        key: KeyPath = ("overrides", index)
        place = document.place((*key, "name"))
        if override.name in first:
            other = ((N_("the other one is here"), document.place((*first[override.name], "name"))),)
            faults.append(
                Fault(code=codes.CASE_TWICE, values={"name": override.name}, place=place, related=other)
            )
        first.setdefault(override.name, key)
        reason = _not_usable(override)
        if reason:
            values = {"name": override.name, "reason": phrase(reason)}
            faults.append(Fault(code=codes.OVERRIDE_UNUSABLE, values=values, place=place))
    return faults


def _not_usable(override: Override) -> str:
    if not override.set:
        return N_("it sets nothing")
    if not override.codes and not override.accepted:
        return N_("it says neither that it must be refused nor that it must be accepted")
    if override.accepted and (override.codes or override.guardrail):
        return N_("it says both that it must be refused and that it must be accepted")
    return ""
