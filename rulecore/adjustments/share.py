"""One policy's share of the adjustments: decisions put into columns, and what they made of the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from rulecore.adjustments.decision import NOTHING_ADJUSTED, Adjusted, Applied, Decision
from rulecore.adjustments.matching import Match, Matches, match, named
from rulecore.adjustments.ties import tie_faults
from rulecore.adjustments.unwaivable import (
    Grounded,
    comes_from,
    grounded,
    lifted,
    record_of,
    records_held,
)
from rulecore.adjustments.values import Refused, bound_fault, decided_value, too_far
from rulecore.codes import adjustments as codes
from rulecore.contracts import Engine, Value
from rulecore.declarations import AdjustmentDeclaration, rule_key
from rulecore.engines.decode import decode, encode
from rulecore.errors import Fault, InternalError
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.types import FlagType, NumberType
from rulecore.language import N_
from rulecore.levels import Computed, evaluate_levels
from rulecore.phrase import phrase
from rulecore.plan.adjusted import GROUND
from rulecore.planned import Plan, SuppliedValue
from rulecore.records.details import OWNER
from rulecore.records.identity import written
from rulecore.records.storage import storage
from rulecore.records.typed import field_named

if TYPE_CHECKING:
    import polars as pl

Frames = Mapping[str, "pl.DataFrame"]
"""The records under "", the rows of tables by name."""


@frozen(kw_only=True)
class Share:
    """The decisions that may be about one policy's records; ``asked`` are those of adjustments it does not allow."""

    decisions: tuple[Decision, ...] = ()
    asked: tuple[Decision, ...] = ()

    def blank(
        self, plan: Plan, frame: pl.DataFrame, tables: Frames
    ) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
        """Return records and rows with the columns of decisions, all blank; as they are where the plan has none."""
        below = {name: _with_blanks(plan.level(name), rows) for name, rows in tables.items()}
        return _with_blanks(plan, frame), below

    def place(self, plan: Plan, frame: pl.DataFrame, tables: Frames, engine: Engine) -> Placed:
        """Return the decisions placed on their records; records and rows have the blank columns."""
        frames = {"": frame, **tables}
        if not self.decisions and not self.asked:
            return Placed(plan=plan, frames=frames)
        matches = match(plan, (*self.decisions, *self.asked), frames[""], frames)
        if not self.decisions or not matches.found:
            seen = matches.seen
            bad = frozenset(_numbers_of(matches.faults))
            adjusted = Adjusted(faults=matches.faults, seen=seen, placed_badly=bad)
            return Placed(plan=plan, frames=frames, adjusted=adjusted)
        base = evaluate_levels(plan, engine, frame, tables)
        return _placed(plan, frames, matches, base)


NO_SHARE: Final = Share()


@frozen(kw_only=True)
class Setting:
    """A decision that was read and is within the bounds of the policy: what it puts into which column."""

    match: Match
    declared: AdjustmentDeclaration
    value: Value
    item: int

    @property
    def decision(self) -> Decision:
        """The decision."""
        return self.match.decision

    @property
    def column(self) -> str:
        """The name of the column of the level."""
        return f"adjusted:{self.decision.adjustment}:{self.item}"


@frozen(kw_only=True)
class Placed:
    """Decisions in their columns; ``frames`` are the levels to compute with, ``base`` what comes without them."""

    plan: Plan
    frames: Frames = field(eq=False)
    adjusted: Adjusted = NOTHING_ADJUSTED
    settings: tuple[Setting, ...] = ()
    base: Mapping[str, Computed] = field(factory=dict, eq=False)

    @property
    def frame(self) -> pl.DataFrame:
        """The records to compute with."""
        return self.frames[""]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The rows of detail tables to compute with."""
        return {name: rows for name, rows in self.frames.items() if name}

    def settled(self, computed: Mapping[str, Computed]) -> Adjusted:
        """Return what the decisions made of the results, and what of that the policy does not allow."""
        if not self.settings:
            return self.adjusted
        faults = [*self.adjusted.faults, *self._ties(computed), *self._unwaivable(computed)]
        applied = tuple(one for each in self.settings for one in self._applied(each, computed))
        return evolve(self.adjusted, faults=tuple(faults), applied=applied)

    # --- what may not be ------------------------------------------------------------------------------------------

    def _ties(self, computed: Mapping[str, Computed]) -> Iterator[Fault]:
        sections = dict.fromkeys(
            one.decision.adjustment for one in self.settings if one.declared.kind == "tie"
        )
        for section in sections:
            matches = [one.match for one in self.settings if one.decision.adjustment == section]
            level = matches[0].level
            plan = self.plan.level(level)
            yield from tie_faults(plan, section, matches, computed[level], self._names(level))

    def _names(self, level: str) -> Callable[[int], str]:
        plan, frame = self.plan.level(level), self.frames[level]
        name = plan.policy.record.entity
        planned = field_named(plan.fields, name)
        return lambda row: written(frame[name][row], planned)

    def _unwaivable(self, computed: Mapping[str, Computed]) -> Iterator[Fault]:
        about = {name for one in self.settings for name in one.declared.rules}
        needed = {name: comes_from(self.plan, *rule_key(name)) for name in sorted(about)}
        for rule in grounded(self.plan):
            for row, number in lifted(rule, self.base, computed):
                record = record_of(self.plan, rule.level, row, self.tables)
                own = [one.decision for one in self.settings if one.match.record == record]
                yield self._unwaivable_fault(
                    rule, number, record, own or [one.decision for one in self.settings]
                )
            held = records_held(rule, self.plan, self.base, [one.match.record for one in self.settings])
            for one in self.settings:
                if one.match.record in held and _touches(one, rule, needed):
                    yield self._unwaivable_fault(
                        rule, held[one.match.record], one.match.record, [one.decision]
                    )

    def _unwaivable_fault(
        self, rule: Grounded, number: int, record: int, decisions: Sequence[Decision]
    ) -> Fault:
        level = self.plan.level(rule.level)
        ground = level.rule(f"{rule.rule}@{GROUND}:{number}")
        if ground is None:
            raise InternalError(f"the plan has no ground {number} of {rule.rule}")
        numbers = ", ".join(dict.fromkeys(decision.number for decision in decisions))
        values = {
            "decision": phrase(N_("the decision {numbers}"), numbers=numbers),
            "reason": f'"{ground.label}"',
            "entity": self._names("")(record),
        }
        span, place = ground.node.span, ground.place
        if span is not None and span.key and level.document is not None:
            place = level.document.place(span.key)
        related = ((N_("it is declared here"), place),)
        return Fault(code=codes.UNWAIVABLE, values=values, place=decisions[0].place, related=related)

    # --- what was done --------------------------------------------------------------------------------------------

    def _applied(self, one: Setting, computed: Mapping[str, Computed]) -> Iterator[Applied]:
        plan, declared, found = self.plan, one.declared, one.match
        record = plan.policy.record
        period = field_named(plan.fields, record.period) if record.period else None
        frame = self.frames[""]
        for name in declared.rules:
            level, rule = rule_key(name)
            planned = plan.level(level).rule(rule)
            if planned is None:
                raise InternalError(f"the plan has no rule {name}")
            row = found.row if level == found.level else self._row_at(level, found)
            type_ = planned.type
            yield Applied(
                decision=one.decision,
                label=declared.label or one.decision.adjustment,
                policy=plan.policy.policy.name,
                record=found.record,
                entity=self._names("")(found.record),
                period=written(frame[period.name][found.record], period) if period is not None else "",
                table=found.level,
                row=found.row if found.level else -1,
                row_name=self._names(found.level)(found.row) if found.level else "",
                rule=name,
                rule_row=row,
                rule_label=planned.label,
                computed=_value_at(self.base[level].steps, rule, row, type_),
                adjusted=_value_at(computed[level].steps, rule, row, type_),
                scale=type_.scale if isinstance(type_, NumberType) else None,
                reference=declared.reference,
            )

    def _row_at(self, level: str, found: Match) -> int:
        """Return the row of a level above that a row belongs to."""
        at, row = found.level, found.row
        while at != level:
            row = int(self.frames[at][OWNER][row])
            at = next(table.declaration.parent for table in self.plan.tables if table.name == at)
        return row


def _touches(one: Setting, rule: Grounded, needed: Mapping[str, set[tuple[str, str]]]) -> bool:
    """Whether a decision is about a rule with unwaivable grounds, or about what comes from it.

    ``needed`` holds what each adjusted rule comes from, itself included.
    """
    if one.declared.vetoes:
        return False  # it lifts other grounds; that the unwaivable ones still decide is looked at by itself
    own = (rule.level, rule.rule)
    if one.declared.kind == "tie":
        return own in map(rule_key, one.declared.rules)
    return any(own in needed[name] for name in one.declared.rules)


def _value_at(steps: pl.DataFrame, rule: str, row: int, type_: object) -> Value:
    if rule not in steps.columns:
        return None
    return decode(steps[rule][row : row + 1], type_)[0]  # type: ignore[arg-type]


def _numbers_of(faults: Sequence[Fault]) -> Iterator[str]:
    for fault in faults:
        yield str(fault.values["number"])


# --- into columns ---------------------------------------------------------------------------------------------------


def _decided(plan: Plan) -> Iterator[SuppliedValue]:
    for value in plan.supplied:
        if isinstance(value.node, AdjustedValue):
            yield value


def _with_blanks(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    blank = []
    for value in _decided(plan):
        kept = storage(value.type)
        if kept is None:
            raise InternalError(f"decisions of type {value.type} cannot be kept")
        blank.append(pl.lit(None, dtype=kept.dtype()).alias(value.name))
    return frame.with_columns(blank) if blank else frame


def _placed(plan: Plan, frames: Frames, matches: Matches, base: Mapping[str, Computed]) -> Placed:
    """Return the decisions that may be as they are in their columns, and the faults of the others."""
    faults = [*matches.faults]
    bad = {*_numbers_of(faults)}
    settings: list[Setting] = []
    for found in matches.found:
        try:
            settings.append(_set(plan, found, base))
        except Refused as refused:
            faults.append(bound_fault(found.decision, refused.reason))
            bad.add(found.decision.number)
    faults += _several(settings)
    levels = dict(frames)
    for name in levels:
        levels[name] = _with_values(
            plan.level(name), levels[name], [one for one in settings if one.match.level == name]
        )
    adjusted = Adjusted(
        faults=tuple(faults),
        placed=frozenset(found.decision.number for found in matches.found),
        placed_badly=frozenset(bad),
        seen=matches.seen,
    )
    return Placed(plan=plan, frames=levels, adjusted=adjusted, settings=tuple(settings), base=base)


def _set(plan: Plan, found: Match, base: Mapping[str, Computed]) -> Setting:
    decision = found.decision
    declared = plan.policy.adjustments[decision.adjustment]
    level, rule = rule_key(declared.rules[0])
    types = {
        value.node.section: value.node.type
        for value in _decided(plan.level(found.level))
        if isinstance(value.node, AdjustedValue)
    }
    type_ = types.get(decision.adjustment, FlagType())
    value, item = decided_value(decision, declared, type_, plan.level(level).policy.rules[rule])
    if declared.kind == "override":
        planned = plan.level(level).rule(rule)
        if planned is not None:
            computed = _value_at(base[level].steps, rule, found.row, planned.type)
            reason = too_far(value, computed, declared)
            if reason is not None:
                raise Refused(reason)
    return Setting(match=found, declared=declared, value=value, item=item)


def _with_values(plan: Plan, frame: pl.DataFrame, settings: Sequence[Setting]) -> pl.DataFrame:
    columns = {value.name: value for value in _decided(plan)}
    for name in dict.fromkeys(one.column for one in settings):
        own = [one for one in settings if one.column == name]
        values = encode(name, [one.value for one in own], columns[name].type)
        if values is None:
            raise InternalError(f"decisions of type {columns[name].type} cannot be kept")
        frame = frame.with_columns(frame[name].scatter([one.match.row for one in own], values))
    return frame


def _several(settings: Sequence[Setting]) -> Iterator[Fault]:
    """Yield a fault for each two decisions in force about one value."""
    about: dict[tuple[object, ...], list[Setting]] = {}
    for one in settings:
        for rule in one.declared.rules:
            about.setdefault((one.match.level, one.match.row, rule), []).append(one)
    for several in about.values():
        for number, one in enumerate(several):
            other = next((other for other in several[:number] if _exclude(one, other)), None)
            if other is None:
                continue
            values = {
                "number": other.decision.number,
                "other": one.decision.number,
                "reason": phrase(N_("are both in force for {entity}"), entity=named(one.decision)),
            }
            related = ((N_("the other one is here"), other.decision.place),)
            yield Fault(code=codes.TWICE, values=values, place=one.decision.place, related=related)


def _exclude(one: Setting, other: Setting) -> bool:
    """Whether two decisions about one rule and record cannot both be in force."""
    if one.declared.vetoes and other.declared.vetoes:
        return one.declared.vetoes[one.item] == other.declared.vetoes[other.item]
    value = ("override", "exemption")
    if one.declared.kind in value or other.declared.kind in value:
        return one.declared.kind in value and other.declared.kind in value
    return one.declared.kind == other.declared.kind and one.declared.table == other.declared.table
