"""Cases fitted to their policies: records as a table, expectations by the steps that hold the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from attrs import define, evolve, field, frozen

from rulecore.adjustments.given import NO_ADJUSTMENTS, Adjustments
from rulecore.api import PolicySet, compile_policies
from rulecore.codes import cases as codes
from rulecore.contracts import RawTable, Value
from rulecore.declarations import Scalar
from rulecore.detail_sources import Details
from rulecore.errors import Code, Fault, InputError, PolicyError, ordered
from rulecore.expr.types import kind
from rulecore.history.run import History
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.planned import PlannedTable
from rulecore.policy.document import Document
from rulecore.policy.load import only_a_base
from rulecore.policy.refusals import DID_YOU_MEAN
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import found as found_words
from rulecore.policy.words import listed
from rulecore.registry import Registry
from rulecore.source import KeyPath
from rulecore.testing.case_decisions import case_decisions
from rulecore.testing.case_records import CaseRecord, CaseRecords, case_records, lacking
from rulecore.testing.cases import Case, Cases, ExpectedCell, RecordCell, Unreachable, load_cases
from rulecore.testing.earlier import case_history
from rulecore.testing.expected import expected_value
from rulecore.testing.files import inside, read_table
from rulecore.testing.names import PlanNames, issue_words
from rulecore.testing.overrides import BoundOverride, Member, bind_overrides, members_of

NO_HISTORY = History(stated=True)


@frozen(kw_only=True)
class Wanted:
    """One expected value: its key.

    ``targets`` are for each plan (by number) the step that holds it and the value it must have.
    """

    key: str
    path: KeyPath
    targets: Mapping[int, tuple[str, Value]]
    tolerance: Fraction = Fraction(0)


@frozen(kw_only=True)
class WantedRow:
    """What one detail row of a record must come out as: it is found by its name, or by its number in the record."""

    path: KeyPath
    table: str
    row: str = ""
    position: int = 0
    values: tuple[Wanted, ...] = ()
    rows: tuple[WantedRow, ...] = ()


@frozen(kw_only=True)
class WantedRecord:
    """What one record must come out as.

    ``issues`` are the reasons of the issues it and its rows must have, and no others.
    """

    path: KeyPath
    entity: str
    period: str = ""
    position: int = 0
    values: tuple[Wanted, ...] = ()
    rows: tuple[WantedRow, ...] = ()
    issues: frozenset[str] = frozenset()


@frozen(kw_only=True)
class WantedRefusal:
    """A record that must be refused, with a code, a reason or both."""

    path: KeyPath
    entity: str = ""
    position: int = 0
    code: str = ""
    reason: str = ""


@frozen(kw_only=True)
class BoundCase:
    """A case that fits its policies: ``plans`` are their numbers in the set.

    ``details`` are the rows of detail tables with sources of their own. ``numbers`` are the numbers of the records that
    rows belong to, by sheet (a detail table's name) and row; without them each row is a record.
    """

    case: Case
    path: KeyPath
    plans: tuple[int, ...]
    table: RawTable = field(repr=False, eq=False)
    details: Details = field(factory=dict, repr=False, eq=False)
    numbers: Mapping[tuple[str, int], int] | None = field(default=None, repr=False, eq=False)
    expected: tuple[WantedRecord, ...] = ()
    refused: tuple[WantedRefusal, ...] = ()
    expected_table: RawTable | None = field(default=None, repr=False, eq=False)
    history: History = field(default=NO_HISTORY, repr=False, eq=False)
    adjustments: Adjustments = field(default=NO_ADJUSTMENTS, repr=False, eq=False)

    def position(self, sheet: str, row: int) -> int:
        """Return the number of the record that a row belongs to, from 1; 0 if it is none of the case's."""
        if self.numbers is not None:
            return self.numbers.get((sheet, row), 0)
        rows = self.table.rows.to_list() if sheet == self.table.sheet else []
        return rows.index(row) + 1 if row in rows else 0


@frozen(kw_only=True)
class Suite:
    """The cases of one folder and the policies they test.

    ``wanted`` are the numbers of the policies asked for; ``members`` are those of them, and the bases, that
    overrides can be laid over.
    """

    file: Path
    document: Document = field(repr=False)
    policies: PolicySet = field(repr=False)
    cases: tuple[BoundCase, ...]
    wanted: tuple[int, ...]
    unreachable: tuple[tuple[int, Unreachable], ...] = ()
    overrides: tuple[BoundOverride, ...] = ()
    members: tuple[Member, ...] = field(default=(), repr=False)


def load_suite(file: Path, registry: Registry, *, policy: str = "", root: Path | None = None) -> Suite:
    """Return the cases of a ``cases.toml`` with the policies of its folder.

    ``policy`` keeps those of one policy.

    Raises :class:`rulecore.errors.PolicyError` with every fault of the policies or of the cases.
    """
    policies, broken = compile_policies(file.parent, registry)
    if broken:
        raise PolicyError(broken)
    cases = load_cases(file, root)
    if cases.cases and not policies.plans:
        raise PolicyError(only_a_base(base) for base in policies.bases)
    members = members_of(policies, file.parent)
    binder = _Binder(cases=cases, policies=policies, folder=file.parent)
    numbers = binder.numbers(policy) if policy else tuple(range(len(policies.plans)))
    binder.check_unreachable()
    bound = [found for key, case in cases.cases if (found := binder.bind(key, case)) is not None]
    overrides, wrong = bind_overrides(cases, members)
    if binder.faults or wrong:
        raise PolicyError(ordered([*binder.faults, *wrong]))
    asked = tuple(member for member in members if not policy or policy in member.names)
    kept = tuple(case for case in bound if set(case.plans) & set(numbers))
    unreachable = tuple(
        (number, entry)
        for entry in cases.unreachable
        for number in (binder.numbers(entry.policy) if entry.policy else range(len(policies.plans)))
    )
    return Suite(
        file=file,
        document=cases.document,
        policies=policies,
        cases=kept,
        wanted=numbers,
        unreachable=unreachable,
        overrides=tuple(one for one in overrides if any(member in asked for member in one.members)),
        members=asked,
    )


@define(kw_only=True)
class _Binder:
    cases: Cases
    policies: PolicySet
    folder: Path
    faults: list[Fault] = field(factory=list)

    def fault(
        self, code: Code, path: KeyPath, hint: str | None = None, *, at_key: bool = False, **values: object
    ) -> None:
        place = self.cases.document.place(path, value=not at_key)
        self.faults.append(Fault(code=code, values=values, place=place, hint=hint))

    def unknown(
        self, code: Code, path: KeyPath, key: str, known: list[str], *, at_key: bool = True, name: str = "key"
    ) -> None:
        near = suggestion(key, known)
        hint = DID_YOU_MEAN if near is not None else None
        words = listed(dict.fromkeys(known)) or "—"
        self.fault(code, path, hint, at_key=at_key, **{name: key}, known=words, suggestion=near or "")

    # --- policies -----------------------------------------------------------------------------------------

    def names_of(self, number: int) -> tuple[str, ...]:
        """Return the names a policy of the set goes by.

        Its file, with and without suffix, and its own name.
        """
        path = self.policies.loaded[number].document.path
        own = self.policies.plans[number].policy.policy.name
        inside_folder = (
            path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name
        )
        return (inside_folder, path.name, path.stem, own)

    def numbers(self, policy: str) -> tuple[int, ...]:
        every = range(len(self.policies.plans))
        return tuple(number for number in every if policy in self.names_of(number))

    def bind(self, key: KeyPath, case: Case) -> BoundCase | None:
        before = len(self.faults)
        plans = self.numbers(case.policy) if case.policy else tuple(range(len(self.policies.plans)))
        if not plans:
            known = [self.names_of(number)[0] for number in range(len(self.policies.plans))]
            self.unknown(
                codes.UNKNOWN_CASE_POLICY, (*key, "policy"), case.policy, known, at_key=False, name="policy"
            )
            return None
        names = {number: PlanNames(self.policies.plans[number]) for number in plans}
        records = self.records(key, case, names)
        history = self.history(key, case, names)
        adjustments = self.adjustments(key, case, plans)
        count = records.count if records is not None else 10**9
        expected = self.expected(key, case, names, count)
        refused = [
            self.refusal(row, (*key, "refused", index), names) for index, row in enumerate(case.refused)
        ]
        expected_table = self.file((*key, "expect"), case.expect) if isinstance(case.expect, str) else None
        self.check_tolerance(key, case)
        if len(self.faults) > before or records is None:
            return None
        return BoundCase(
            case=case, path=key, plans=plans, table=records.table, details=records.details,
            numbers=records.numbers, expected=tuple(expected), refused=tuple(refused),
            expected_table=expected_table, history=history, adjustments=adjustments,
        )  # fmt: skip

    def check_unreachable(self) -> None:
        for index, entry in enumerate(self.cases.unreachable):
            if entry.policy and not self.numbers(entry.policy):
                known = [self.names_of(number)[0] for number in range(len(self.policies.plans))]
                path: KeyPath = ("unreachable", index, "policy")
                code = codes.UNKNOWN_CASE_POLICY
                self.unknown(code, path, entry.policy, known, at_key=False, name="policy")

    # --- records ------------------------------------------------------------------------------------------

    def file(self, path: KeyPath, name: str, sheet: str = "") -> RawTable | None:
        try:
            table = read_table(inside(self.folder, name), self.policies.registry)
            return evolve(table, sheet=sheet) if sheet else table
        except ValueError as error:
            self.fault(codes.CASE_FILE_REFUSED, path, file=name, reason=error.args[0])
        return None

    def records(self, key: KeyPath, case: Case, names: Mapping[int, PlanNames]) -> CaseRecords | None:
        files = {
            name: self.file((*key, "tables", name), file, sheet=name) for name, file in case.tables.items()
        }
        details = {name: (table,) for name, table in files.items() if table is not None}
        if isinstance(case.records, str):
            table = self.file((*key, "records"), case.records)
            if table is None:
                return None
            return CaseRecords(table=table, details=details, count=table.rows.len())
        shared = self.shared | self.cells(case.defaults, (*key, "defaults"), names, rows=True)
        written = [
            self.record(record, (*key, "records", index), names, shared)
            for index, record in enumerate(case.records)
        ]
        for index, record in enumerate(written):
            without = lacking(record, names.values())
            if without:
                self.fault(codes.NO_ROWS, (*key, "records", index), table=without)
        found = case_records(written, list(names.values()), self.cases.document.name)
        return evolve(found, details={**found.details, **details})

    def history(self, key: KeyPath, case: Case, names: Mapping[int, PlanNames]) -> History:
        """Return the earlier periods of a case, nothing where it gives none: its records are their entities' first."""
        path: KeyPath = (*key, "history")
        given = self.file(path, case.history) if isinstance(case.history, str) and case.history else None
        document = self.cases.document

        def unknown(index: int, name: str, known: Sequence[str]) -> None:
            self.unknown(codes.UNKNOWN_RECORD_KEY, (*path, index, name), name, list(known))

        try:
            return case_history(case, list(names.values()), document.name, given, unknown)
        except InputError as error:
            place = document.place((*key, "mapping"))
            self.faults += [evolve(fault, place=place) for fault in error.faults]
            return NO_HISTORY

    def adjustments(self, key: KeyPath, case: Case, plans: Sequence[int]) -> Adjustments:
        """Return the decisions of a case for its policies."""
        path: KeyPath = (*key, "adjustments")
        about = [self.policies.plans[number] for number in plans]
        if isinstance(case.adjustments, str):
            table = self.file(path, case.adjustments) if case.adjustments else None
            return Adjustments.read((table,), about) if table is not None else NO_ADJUSTMENTS
        if not case.adjustments:
            return NO_ADJUSTMENTS
        return Adjustments.read((case_decisions(case, path, self.cases.document, about),), about)

    def record(
        self,
        record: Mapping[str, RecordCell],
        path: KeyPath,
        names: Mapping[int, PlanNames],
        shared: Mapping[str, Scalar],
    ) -> CaseRecord:
        """Return a record as written, its rows by the names of their tables."""
        own, rows = self.row(record, path, names, "")
        return CaseRecord(cells=dict(shared) | own, rows=rows)

    def row(
        self, record: Mapping[str, object], path: KeyPath, names: Mapping[int, PlanNames], parent: str
    ) -> tuple[dict[str, Scalar], dict[str, list[CaseRecord]]]:
        """Return the cells and the rows below of a record, or of a row of the table ``parent``."""
        cells: dict[str, Scalar] = {}
        rows: dict[str, list[CaseRecord]] = {}
        for key, value in record.items():
            tables = {number: found for number, plan in names.items() if (found := plan.table(key, parent))}
            if not tables or not isinstance(value, tuple | list):
                if isinstance(value, tuple | list | dict):
                    self.fault(codes.RECORD_CELL, (*path, key), key=key, found=found_words(value))
                else:
                    cells[key] = value  # type: ignore[assignment]
                continue
            name = next(iter(tables.values())).name
            if name in rows:
                self.fault(codes.FIELD_TWICE, (*path, key), at_key=True, key=key, other=name)
            inner = {number: PlanNames(table.plan) for number, table in tables.items()}
            for index, row in enumerate(value):
                if not isinstance(row, Mapping):
                    self.fault(codes.RECORD_CELL, (*path, key, index), key=key, found=found_words(row))
                    continue
                own, below = self.row(row, (*path, key, index), names, name)
                own = self.cells(own, (*path, key, index), inner)
                rows.setdefault(name, []).append(CaseRecord(cells=own, rows=below))
            rows.setdefault(name, [])
        return (self.cells(cells, path, names) if not parent else cells), rows

    @cached_property
    def shared(self) -> dict[str, Scalar]:
        """The cells that all records of all cases share; their faults are told once."""
        every = {number: PlanNames(plan) for number, plan in enumerate(self.policies.plans)}
        return self.cells(self.cases.defaults, ("defaults",), every, rows=True)

    def cells(
        self,
        record: Mapping[str, Scalar],
        path: KeyPath,
        names: Mapping[int, PlanNames],
        *,
        rows: bool = False,
    ) -> dict[str, Scalar]:
        """Return a record's cells by the headers of their fields.

        With ``rows`` they may be of detail rows that stand in the records' own file: what rows share.
        """
        found: dict[str, Scalar] = {}
        written: dict[str, str] = {}
        for key, value in record.items():
            fields = (plan.column(key) if rows else plan.field(key) for plan in names.values())
            planned = next((one for one in fields if one is not None), None)
            if planned is None:
                words = (plan.column_words() if rows else plan.field_words() for plan in names.values())
                known = [word for each in words for word in each]
                self.unknown(codes.UNKNOWN_RECORD_KEY, (*path, key), key, known)
            elif planned.header in found:
                self.fault(
                    codes.FIELD_TWICE, (*path, key), at_key=True, key=key, other=written[planned.header]
                )
            else:
                found[planned.header] = value
                written[planned.header] = key
        return found

    # --- expectations -------------------------------------------------------------------------------------

    def expected(
        self, key: KeyPath, case: Case, names: Mapping[int, PlanNames], count: int
    ) -> list[WantedRecord]:
        if isinstance(case.expect, str):
            return []
        return [
            self.wanted(row, (*key, "expect", index), case, names, count)
            for index, row in enumerate(case.expect)
        ]

    def wanted(
        self,
        row: Mapping[str, ExpectedCell],
        path: KeyPath,
        case: Case,
        names: Mapping[int, PlanNames],
        count: int,
    ) -> WantedRecord:
        entity = period = ""
        position = 0
        issues: frozenset[str] = frozenset()
        values = []
        rows: list[WantedRow] = []
        for key, cell in row.items():
            role = self.role(key, names)
            tables = _tables(key, cell, names, "")
            if tables:
                rows += self.wanted_rows(key, cell, (*path, key), case, tables, names)
            elif role == "entity":
                entity = str(cell)
            elif role == "period":
                period = str(cell)
            elif role == "record" and isinstance(cell, int):
                position = cell
                if not 1 <= cell <= count:
                    self.fault(codes.NO_SUCH_POSITION, (*path, key), record=cell, count=count)
            elif role == "issues":
                issues = self.issues(cell, (*path, key), names)
            else:
                values.append(self.value(key, cell, (*path, key), case, names))
        if not entity and not position:
            words = " / ".join(dict.fromkeys(plan.entity for plan in names.values()))
            self.fault(codes.NO_ENTITY, path, entity=words)
        kept = tuple(value for value in values if value is not None)
        return WantedRecord(
            path=path,
            entity=entity,
            period=period,
            position=position,
            values=kept,
            rows=tuple(rows),
            issues=issues,
        )

    def wanted_rows(
        self,
        key: str,
        cell: ExpectedCell | object,
        path: KeyPath,
        case: Case,
        tables: Mapping[int, PlannedTable],
        names: Mapping[int, PlanNames],
    ) -> Iterator[WantedRow]:
        """Yield what the rows of one table must come out as."""
        inner = {number: PlanNames(table.plan) for number, table in tables.items()}
        for index, row in enumerate(cell if isinstance(cell, tuple | list) else ()):
            place = (*path, index)
            if not isinstance(row, Mapping):
                self.fault(codes.RECORD_CELL, place, key=key, found=found_words(row))
                continue
            name, position = "", 0
            values: list[Wanted | None] = []
            rows: list[WantedRow] = []
            for part, value in row.items():
                below = _tables(part, value, names, next(iter(tables.values())).name)
                planned = next(
                    (one for plan in inner.values() if (one := plan.field(part)) is not None), None
                )
                taken = any(plan.target(part) is not None for plan in inner.values())
                if below:
                    rows += self.wanted_rows(part, value, (*place, part), case, below, names)
                elif planned is not None and planned.name in {plan.entity for plan in inner.values()}:
                    name = str(value)
                elif part == "row" and not taken and isinstance(value, int):
                    position = value
                else:
                    values.append(self.value(part, value, (*place, part), case, inner))
            if not name and not position:
                words = (
                    " / ".join(dict.fromkeys(plan.entity for plan in inner.values() if plan.entity)) or "—"
                )
                self.fault(codes.NO_ROW_NAMED, place, row=words)
            yield WantedRow(
                path=place,
                table=next(iter(tables.values())).name,
                row=name,
                position=position,
                values=tuple(one for one in values if one is not None),
                rows=tuple(rows),
            )

    def role(self, key: str, names: Mapping[int, PlanNames]) -> str:
        """Return whether a key names the entity, the period, the record's number or its issues."""
        for plan in names.values():
            planned = plan.field(key)
            if planned is not None and planned.name in (plan.entity, plan.period):
                return "entity" if planned.name == plan.entity else "period"
        taken = any(plan.target(key) is not None for plan in names.values())
        return key if key in ("record", "issues") and not taken else ""

    def issues(self, cell: ExpectedCell, path: KeyPath, names: Mapping[int, PlanNames]) -> frozenset[str]:
        known = issue_words(plan.plan for plan in names.values())
        wanted = tuple(str(reason) for reason in cell) if isinstance(cell, tuple) else (str(cell),)
        for index, reason in enumerate(wanted):
            if reason not in known:
                place = (*path, index) if isinstance(cell, tuple) else path
                self.unknown(codes.UNKNOWN_ISSUE, place, reason, known, at_key=False, name="issue")
        return frozenset(wanted)

    def value(
        self, key: str, cell: ExpectedCell, path: KeyPath, case: Case, names: Mapping[int, PlanNames]
    ) -> Wanted | None:
        targets: dict[int, tuple[str, Value]] = {}
        known = {number: target for number, plan in names.items() if (target := plan.target(key)) is not None}
        if not known:
            self.unknown(
                codes.UNKNOWN_EXPECTED_KEY,
                path,
                key,
                [w for plan in names.values() for w in plan.target_words()],
            )
            return None
        for number, target in known.items():
            if not target.exact:
                self.fault(codes.NEVER_EXACT, path, at_key=True, key=key)
                return None
            fits, value = expected_value(cell, target.type)
            if fits:
                targets[number] = (target.step, value)
        if not targets:
            words = phrase(kind(next(iter(known.values())).type))
            self.fault(codes.EXPECTED_KIND, path, key=key, kind=words, found=found_words(cell))
            return None
        tolerance = Fraction(case.tolerance.get(key, 0))
        return Wanted(key=key, path=path, targets=targets, tolerance=tolerance)

    def check_tolerance(self, key: KeyPath, case: Case) -> None:
        rows = case.expect if isinstance(case.expect, tuple) else ()
        stated = {name for row in rows for name, cell in row.items() if isinstance(cell, int | Decimal)}
        for name, tolerance in case.tolerance.items():
            path = (*key, "tolerance", name)
            if name not in stated:
                reason = phrase(N_("no row expects a number for it"))
                self.fault(codes.UNKNOWN_TOLERANCE, path, at_key=True, key=name, reason=reason)
            elif tolerance <= 0:
                self.fault(codes.UNKNOWN_TOLERANCE, path, key=name, reason=phrase(N_("it must be above 0")))

    def refusal(
        self, row: Mapping[str, Scalar], path: KeyPath, names: Mapping[int, PlanNames]
    ) -> WantedRefusal:
        entity, position, code, reason = "", 0, "", ""
        for key, cell in row.items():
            role = self.role(key, names)
            if key == "code":
                code = str(cell)
            elif key == "reason":
                reason = str(cell)
            elif role == "entity":
                entity = str(cell)
            elif role == "record" and isinstance(cell, int):
                position = cell
            elif role != "period":
                known = [*(plan.entity for plan in names.values()), "record", "code", "reason"]
                self.unknown(codes.UNKNOWN_EXPECTED_KEY, (*path, key), key, known)
        if not entity and not position:
            words = " / ".join(dict.fromkeys(plan.entity for plan in names.values()))
            self.fault(codes.NO_ENTITY, path, entity=words)
        if not code and not reason:
            self.fault(codes.REFUSAL_WITHOUT_REASON, path)
        return WantedRefusal(path=path, entity=entity, position=position, code=code, reason=reason)


def _tables(key: str, cell: object, names: Mapping[int, PlanNames], parent: str) -> dict[int, PlannedTable]:
    """Return the tables that a key of expected rows names; a list of texts is none."""
    if not isinstance(cell, tuple | list) or not any(isinstance(row, Mapping) for row in cell):
        return {}
    return {number: found for number, plan in names.items() if (found := plan.table(key, parent)) is not None}


__all__ = ["BoundCase", "Suite", "Wanted", "WantedRecord", "WantedRefusal", "load_suite"]
