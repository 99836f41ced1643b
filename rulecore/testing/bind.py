"""Cases fitted to their policies: records as a table, expectations by the steps that hold the values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from attrs import define, field, frozen

from rulecore.api import PolicySet, compile_policies
from rulecore.codes import cases as codes
from rulecore.contracts import RawTable, Value
from rulecore.declarations import Scalar
from rulecore.errors import Code, Fault, PolicyError, ordered
from rulecore.expr.types import kind
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.document import Document
from rulecore.policy.load import only_a_base
from rulecore.policy.refusals import DID_YOU_MEAN
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import found as found_words
from rulecore.policy.words import listed
from rulecore.registry import Registry
from rulecore.source import KeyPath
from rulecore.testing.cases import Case, Cases, ExpectedCell, Unreachable, load_cases
from rulecore.testing.expected import expected_value
from rulecore.testing.files import inside, read_table
from rulecore.testing.names import PlanNames, issue_words
from rulecore.testing.overrides import BoundOverride, Member, bind_overrides, members_of


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
class WantedRecord:
    """What one record must come out as.

    ``issues`` are the reasons of the issues it must have, and no others.
    """

    path: KeyPath
    entity: str
    period: str = ""
    position: int = 0
    values: tuple[Wanted, ...] = ()
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
    """A case that fits its policies: ``plans`` are their numbers in the set."""

    case: Case
    path: KeyPath
    plans: tuple[int, ...]
    table: RawTable = field(repr=False, eq=False)
    expected: tuple[WantedRecord, ...] = ()
    refused: tuple[WantedRefusal, ...] = ()
    expected_table: RawTable | None = field(default=None, repr=False, eq=False)


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
        table = self.records(key, case, names)
        expected = self.expected(key, case, names, table)
        refused = [
            self.refusal(row, (*key, "refused", index), names) for index, row in enumerate(case.refused)
        ]
        expected_table = self.file((*key, "expect"), case.expect) if isinstance(case.expect, str) else None
        self.check_tolerance(key, case)
        if len(self.faults) > before or table is None:
            return None
        return BoundCase(
            case=case, path=key, plans=plans, table=table, expected=tuple(expected), refused=tuple(refused),
            expected_table=expected_table,
        )  # fmt: skip

    def check_unreachable(self) -> None:
        for index, entry in enumerate(self.cases.unreachable):
            if entry.policy and not self.numbers(entry.policy):
                known = [self.names_of(number)[0] for number in range(len(self.policies.plans))]
                path: KeyPath = ("unreachable", index, "policy")
                code = codes.UNKNOWN_CASE_POLICY
                self.unknown(code, path, entry.policy, known, at_key=False, name="policy")

    # --- records ------------------------------------------------------------------------------------------

    def file(self, path: KeyPath, name: str) -> RawTable | None:
        try:
            return read_table(inside(self.folder, name), self.policies.registry)
        except ValueError as error:
            self.fault(codes.CASE_FILE_REFUSED, path, file=name, reason=error.args[0])
        return None

    def records(self, key: KeyPath, case: Case, names: Mapping[int, PlanNames]) -> RawTable | None:
        if isinstance(case.records, str):
            return self.file((*key, "records"), case.records)
        from rulecore.records.frames import raw_table

        shared = self.cells(
            self.cases.defaults, ("defaults",), {n: PlanNames(p) for n, p in enumerate(self.policies.plans)}
        )
        shared |= self.cells(case.defaults, (*key, "defaults"), names)
        headers = [planned.header for plan in names.values() for planned in plan.plan.fields]
        blank: dict[str, Scalar | None] = dict.fromkeys(headers)
        rows: list[dict[str, Scalar | None]] = []
        for index, record in enumerate(case.records):
            own = self.cells(record, (*key, "records", index), names)
            known = {header: value for header, value in (shared | own).items() if header in blank}
            rows.append({**blank, **known})
        return raw_table(rows, self.cases.document.name)

    def cells(
        self, record: Mapping[str, Scalar], path: KeyPath, names: Mapping[int, PlanNames]
    ) -> dict[str, Scalar]:
        """Return a record's cells by the headers of their fields."""
        found: dict[str, Scalar] = {}
        written: dict[str, str] = {}
        for key, value in record.items():
            planned = next((one for plan in names.values() if (one := plan.field(key)) is not None), None)
            if planned is None:
                known = [word for plan in names.values() for word in plan.field_words()]
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
        self, key: KeyPath, case: Case, names: Mapping[int, PlanNames], table: RawTable | None
    ) -> list[WantedRecord]:
        if isinstance(case.expect, str):
            return []
        count = table.rows.len() if table is not None else 10**9
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
        for key, cell in row.items():
            role = self.role(key, names)
            if role == "entity":
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
            path=path, entity=entity, period=period, position=position, values=kept, issues=issues
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
        wanted = (cell,) if isinstance(cell, str) else cell if isinstance(cell, tuple) else (str(cell),)
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


__all__ = ["BoundCase", "Suite", "Wanted", "WantedRecord", "WantedRefusal", "load_suite"]
