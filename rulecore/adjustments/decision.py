"""A decision as a file states it, and what came of it in a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Final

from attrs import evolve, field, frozen

from rulecore.contracts import Value
from rulecore.errors import Fault
from rulecore.source import Place


@frozen(kw_only=True)
class Decision:
    """One line of a file of adjustments.

    ``number`` names it in all files of a run. ``entity``, ``period``, ``key`` (by field) and ``row`` say what it is
    about, as cells; ``adjustment`` names the section of the policy, ``value`` is what is decided, where the kind has a
    value. ``revokes`` is the number of the decision that it takes back: then nothing else is decided. ``signatures``
    are the people who signed.
    """

    number: str
    policy: str = ""
    entity: object = None
    period: object = None
    key: Mapping[str, object] = field(factory=dict, hash=False)
    row: object = None
    adjustment: str = ""
    value: object = None
    reason: str = ""
    reference: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    signatures: tuple[str, ...] = ()
    revokes: str = ""
    remarks: str = ""
    place: Place = field(eq=False)
    headings: Mapping[str, str] = field(factory=dict, eq=False, repr=False)
    """What the columns are called in its table."""

    def at(self, column: str) -> Place:
        """Return where the line stands, naming a column of it as the table does."""
        return evolve(self.place, key=self.headings.get(column, column))


@frozen(kw_only=True)
class Applied:
    """What one decision made of one rule of one record (or row): the computed value beside the adjusted one.

    ``record`` is the position of the record in its policy's results; ``table`` and ``row`` (a position too) name a
    detail row, ``rule_row`` is the position of the record, or row, whose rule it is. ``computed`` is what the rule
    gives without any decision of the run, ``adjusted`` what it gives with all. ``scale``: the decimals both are shown
    with. ``revoked_by``: the decision that took this one back; nothing was applied then.
    """

    decision: Decision
    label: str = ""
    policy: str = ""
    record: int = -1
    entity: str = ""
    period: str = ""
    table: str = ""
    row: int = -1
    row_name: str = ""
    rule: str = ""
    rule_row: int = -1
    rule_label: str = ""
    computed: Value = None
    adjusted: Value = None
    scale: int | None = None
    reference: str = ""
    revoked_by: Decision | None = None


@frozen(kw_only=True, slots=False)
class Adjusted:
    """What came of the decisions about one policy's records.

    ``placed`` are the numbers of those that were placed on a record, ``placed_badly`` of those that a fault tells of,
    ``seen`` of those whose entity the policy has.
    """

    applied: tuple[Applied, ...] = ()
    faults: tuple[Fault, ...] = ()
    placed: frozenset[str] = frozenset()
    placed_badly: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()

    @property
    def records(self) -> frozenset[int]:
        """The positions of the records that were adjusted."""
        return frozenset(one.record for one in self.applied)

    def about(self, rule: str, row: int) -> tuple[Applied, ...]:
        """Return what was decided about a rule (``votes.points`` of a table) of the record, or row, at a position."""
        return self._by_rule.get((rule, row), ())

    @cached_property
    def _by_rule(self) -> Mapping[tuple[str, int], tuple[Applied, ...]]:
        found: dict[tuple[str, int], tuple[Applied, ...]] = {}
        for one in self.applied:
            key = (one.rule, one.rule_row)
            found[key] = (*found.get(key, ()), one)
        return found


NOTHING_ADJUSTED: Final = Adjusted()


@frozen(kw_only=True)
class Outcome:
    """What a run was given to adjust, and what came of it: the files as the manifest names them, every effect."""

    files: tuple[Mapping[str, object], ...] = ()
    applied: tuple[Applied, ...] = ()
