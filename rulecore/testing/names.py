"""What the keys of a case mean: fields by header or name, and the values that a row may expect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from rulecore.expr.types import NumberType, Type
from rulecore.planned import Plan, PlannedField, PlannedRule, PlannedTable
from rulecore.records.characters import fold_header


@frozen(kw_only=True)
class Target:
    """A value that a key names in one policy: the field or step that holds it, and its type."""

    step: str
    type: Type

    @property
    def exact(self) -> bool:
        """Whether the value is known exactly, so that it can be expected."""
        return not isinstance(self.type, NumberType) or self.type.exact


@frozen
class PlanNames:
    """The names of one policy."""

    plan: Plan

    def field(self, key: str) -> PlannedField | None:
        """Return the field that a key names: by its header, one of its aliases, or its name."""
        wanted = fold_header(key)
        for planned in self.plan.fields:
            names = (planned.header, *planned.declaration.aliases)
            if wanted in {fold_header(name) for name in names}:
                return planned
        return next((planned for planned in self.plan.fields if planned.name == key), None)

    def column(self, key: str) -> PlannedField | None:
        """Return the field that a key names among all columns of the records' own file.

        Those are the record's fields and the ones of the detail tables whose rows stand in that file.
        """
        long = [PlanNames(table.plan) for table in self.plan.tables if table.declaration.source == "records"]
        found = (names.field(key) for names in (self, *long))
        return next((planned for planned in found if planned is not None), None)

    def target(self, key: str) -> Target | None:
        """Return what a key of an expected row names.

        A field or rule by name, else an output column by header.
        """
        for planned in self.plan.fields:
            if planned.name == key:
                return Target(step=planned.name, type=planned.type)
        rule = self.plan.rule(key)
        if rule is not None and not rule.hidden:
            return Target(step=rule.name, type=rule.type)
        for column in self.plan.columns:
            if fold_header(column.header) == fold_header(key):
                return Target(step=column.step, type=column.type)
        found = self.field(key)
        return Target(step=found.name, type=found.type) if found is not None else None

    def table(self, key: str, parent: str = "") -> PlannedTable | None:
        """Return the detail table that a key names, by its name or label; ``parent`` is what its rows belong to."""
        wanted = fold_header(key)
        for table in self.plan.tables:
            if table.declaration.parent == parent and (
                key == table.name or wanted == fold_header(table.label)
            ):
                return table
        return None

    @property
    def entity(self) -> str:
        """The field that names the entity."""
        return self.plan.policy.record.entity

    @property
    def period(self) -> str:
        """The field that names the period, or nothing."""
        return self.plan.policy.record.period

    def field_words(self) -> Iterator[str]:
        """Yield the fields' headers and names, for messages."""
        for planned in self.plan.fields:
            yield planned.header

    def column_words(self) -> Iterator[str]:
        """Yield the headers of the records' own file, for messages."""
        yield from self.field_words()
        for table in self.plan.tables:
            if table.declaration.source == "records":
                yield from PlanNames(table.plan).field_words()

    def target_words(self) -> Iterator[str]:
        """Yield what can be expected, for messages."""
        yield from (column.header for column in self.plan.columns)
        yield from (
            step.name for step in self.plan.steps if isinstance(step, PlannedRule) and not step.hidden
        )
        yield from (planned.name for planned in self.plan.fields)


def issue_words(plans: Iterable[Plan]) -> list[str]:
    """Return the reasons of the issues that some policies can raise, for a record or one of its rows."""
    levels = [level for plan in plans for level in (plan, *(table.plan for table in plan.tables))]
    return sorted({reason for level in levels for step in level.steps for reason in step.issues})
